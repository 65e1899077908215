import { describe, expect, it } from 'vitest'
import { momentAt } from './moment.ts'

describe('a moment by the clock of a zone', () => {
  it.each([
    ['2026-11-21', '14:03', 'UTC', '2026-11-21T14:03:00.000Z'],
    ['2026-11-21', '08:30', 'Asia/Tokyo', '2026-11-20T23:30:00.000Z'],
    ['2026-07-01', '12:00', 'Europe/Berlin', '2026-07-01T10:00:00.000Z'],
    ['2026-12-01', '12:00', 'Europe/Berlin', '2026-12-01T11:00:00.000Z'],
    ['2026-03-29', '03:00', 'Europe/Berlin', '2026-03-29T01:00:00.000Z'],
    ['2026-01-01', '00:00', 'America/New_York', '2026-01-01T05:00:00.000Z'],
  ])('%s %s %s is %s', (day, time, zone, moment) => {
    expect(momentAt(day, time, zone)).toBe(moment)
  })

  it.each([
    ['2026-02-30', '12:00'],
    ['21.11.2026', '12:00'],
    ['2026-11-21', '24:00'],
    ['2026-11-21', '9:00'],
    ['', ''],
  ])('%s %s is none', (day, time) => {
    expect(momentAt(day, time, 'Asia/Tokyo')).toBeNull()
  })
})
