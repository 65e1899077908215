import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { isIsoDate, todayHere } from './date-input.tsx'

beforeEach(() => {
  vi.useFakeTimers()
  vi.setSystemTime(new Date('2026-11-21T20:30:00Z'))
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const inZone = (installationZone: string) =>
  vi.stubGlobal('document', { documentElement: { dataset: { installationZone } } })

test('today is the day of the installation, wherever the computer stands', () => {
  inZone('UTC')
  expect(todayHere()).toBe('2026-11-21')
  inZone('Asia/Tokyo')
  expect(todayHere()).toBe('2026-11-22')
  inZone('Pacific/Pago_Pago')
  expect(todayHere()).toBe('2026-11-21')
})

test('a day is written YYYY-MM-DD and exists', () => {
  expect(['2026-02-28', '2024-02-29', '2026-02-30', '2026-2-3', ''].map(isIsoDate)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ])
})
