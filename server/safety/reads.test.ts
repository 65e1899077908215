import { expect, it } from 'vitest'
import { idFrom } from './reads.ts'

it('makes the lowest id of a moment, so that ids made before are below and ids made after are not', () => {
  const at = Date.parse('2026-11-21T00:00:00Z')
  expect(idFrom(at)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7000-8000-0{12}$/)
  expect(idFrom(at) > idFrom(at - 1)).toBe(true)
  expect(Number.parseInt(idFrom(at).replaceAll('-', '').slice(0, 12), 16)).toBe(at)
})
