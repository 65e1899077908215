import { describe, expect, test } from 'vitest'
import type { StudyEventDef } from '#domain/definition/definition.ts'
import { dateOfStudyDay, plannedVisit, studyDay, visitPlan } from './schedule.ts'

const event = (more: Partial<StudyEventDef> = {}): StudyEventDef => ({
  oid: 'W4',
  label: { en: 'Week 4' },
  kind: 'scheduled',
  day: 29,
  window: [-3, 3],
  forms: [],
  ...more,
})

describe('days', () => {
  test('day 1 is the anchor and there is no day 0', () => {
    expect(dateOfStudyDay('2020-03-01', 1)).toBe('2020-03-01')
    expect(dateOfStudyDay('2020-03-01', 29)).toBe('2020-03-29')
    expect(dateOfStudyDay('2020-03-01', -1)).toBe('2020-02-29')
    expect(dateOfStudyDay('2020-03-01', 0)).toBeNull()
    expect(dateOfStudyDay('2020-03', 29)).toBeNull()
  })

  test('study day is its inverse', () => {
    for (const day of [-28, -1, 1, 2, 365]) {
      expect(studyDay('2019-11-30', dateOfStudyDay('2019-11-30', day))).toBe(day)
    }
    expect(studyDay(null, '2020-01-01')).toBeNull()
    expect(studyDay('2020-01-01', '2020-01')).toBeNull()
  })
})

test('a visit has target and window once the anchor is known', () => {
  expect(plannedVisit(event(), '2020-03-02')).toEqual({
    event: 'W4',
    target: '2020-03-30',
    from: '2020-03-27',
    to: '2020-04-02',
  })
  expect(plannedVisit(event(), null)).toEqual({ event: 'W4', target: null, from: null, to: null })
  const screening = event({ oid: 'SCR', kind: 'screening', day: -1, window: [-27, 0] })
  expect(visitPlan({ events: [screening] }, '2020-03-02')).toEqual([
    { event: 'SCR', target: '2020-03-01', from: '2020-02-03', to: '2020-03-01' },
  ])
  const noWindow = event({ window: undefined })
  expect(plannedVisit(noWindow, '2020-03-02')).toMatchObject({ target: '2020-03-30', to: null })
})
