import { describe, expect, it } from 'vitest'
import { recruitmentPace } from './pace.ts'

const day = (date: string, enrolled: number) => ({ date, screened: 0, enrolled })

describe('the pace of recruitment', () => {
  it('is nothing before the first subject', () => {
    expect(
      recruitmentPace([{ date: '2026-01-01', screened: 3, enrolled: 0 }], 10, '2026-06-01'),
    ).toEqual({
      enrolled: 0,
      since: null,
      inWindow: 0,
      perMonth: null,
      reachedOn: null,
      projected: null,
    })
  })

  it('is that of the last six months, older subjects left out', () => {
    const pace = recruitmentPace(
      [day('2025-01-10', 40), day('2026-03-01', 6), day('2026-06-30', 6)],
      70,
      '2026-07-01',
    )
    // 1 Jan to 1 Jul 2026 are 182 days, both counted: 12 subjects in 5.98 months.
    expect(pace).toMatchObject({ enrolled: 52, since: '2026-01-01', inWindow: 12, reachedOn: null })
    expect(pace.perMonth).toBeCloseTo((12 / 182) * 30.4375, 10)
    // 18 more at 12 in 182 days: 273 days.
    expect(pace.projected).toBe('2027-03-31')
  })

  it('begins with the first subject where that is later', () => {
    const pace = recruitmentPace([day('2026-05-01', 2), day('2026-05-31', 2)], 100, '2026-05-31')
    expect(pace.since).toBe('2026-05-01')
    expect(pace.perMonth).toBeCloseTo((4 / 31) * 30.4375, 10)
  })

  it.each([
    ['a window of fewer than 28 days', [day('2026-05-10', 9)], 100],
    ['fewer than three subjects in it', [day('2025-01-01', 9), day('2026-05-01', 2)], 100],
    ['nobody in it', [day('2024-01-01', 9)], 100],
    ['no plan', [day('2026-01-01', 9)], null],
    ['more than ten years ahead', [day('2026-01-01', 3)], 100_000],
  ] as const)('says no day of the end with %s', (_, days, planned) => {
    expect(recruitmentPace(days, planned, '2026-06-01').projected).toBeNull()
  })

  it('names the day on which the plan was reached, and projects nothing from then on', () => {
    const days = [day('2026-01-01', 5), day('2026-02-01', 5), day('2026-03-01', 5)]
    expect(recruitmentPace(days, 10, '2026-06-01')).toMatchObject({
      reachedOn: '2026-02-01',
      projected: null,
    })
  })

  it('leaves out dates that lie ahead', () => {
    expect(
      recruitmentPace([day('2026-01-01', 5), day('2026-12-01', 5)], 10, '2026-06-01').enrolled,
    ).toBe(5)
  })
})
