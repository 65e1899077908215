import { describe, expect, test } from 'vitest'
import type { StudyEventDef } from '#domain/definition/definition.ts'
import { type CellFacts, cellOf } from './visit-cell.ts'

const event = (more: Partial<StudyEventDef> = {}): StudyEventDef => ({
  oid: 'W4',
  label: { en: 'Week 4' },
  kind: 'scheduled',
  day: 29,
  window: [-3, 3],
  forms: [],
  ...more,
})

describe('cells of the matrix', () => {
  const none = { state: 'notStarted' as const, required: true }
  const cell = (more: Partial<CellFacts> = {}) =>
    cellOf({
      study: { mode: 'prospective' },
      state: 'randomised',
      event: event(),
      anchor: '2020-03-02',
      today: '2020-04-02',
      visitDate: null,
      occurred: null,
      forms: [none, none],
      queries: 0,
      ...more,
    })

  test('overdue on the day after the window, not on its last day', () => {
    expect(cell().overdue).toBe(false)
    expect(cell({ today: '2020-04-03' }).overdue).toBe(true)
    expect(cell({ today: '2020-04-03', state: 'withdrawn' }).overdue).toBe(false)
    expect(cell({ today: '2020-04-03', visitDate: '2020-03-30' }).overdue).toBe(false)
    expect(cell({ today: '2020-04-03', occurred: false })).toMatchObject({
      overdue: false,
      state: 'missed',
    })
  })

  test('outside the window by a day', () => {
    for (const [date, outside] of [
      ['2020-03-26', true],
      ['2020-03-27', false],
      ['2020-04-02', false],
      ['2020-04-03', true],
    ] as const) {
      expect(cell({ visitDate: date }).outsideWindow).toBe(outside)
    }
    expect(cell({ visitDate: '2020-06', anchor: null }).outsideWindow).toBe(false)
  })

  test('the state follows the required forms', () => {
    const forms = (...states: CellFacts['forms'][number]['state'][]) =>
      cell({ forms: states.map((state) => ({ state, required: true })) })
    expect(forms('notStarted', 'notStarted').state).toBe('notStarted')
    expect(forms('complete', 'notStarted')).toMatchObject({
      state: 'inProgress',
      done: 1,
      expected: 2,
    })
    expect(forms('complete', 'signed').state).toBe('complete')
    expect(forms('signed', 'frozen').state).toBe('signed')
    expect(forms('locked', 'locked').state).toBe('locked')
    expect(forms('complete', 'removed')).toMatchObject({ state: 'complete', expected: 1 })
    const optional = { state: 'notStarted' as const, required: false }
    expect(cell({ forms: [{ state: 'complete', required: true }, optional] }).state).toBe(
      'complete',
    )
    const verified = { state: 'complete' as const, required: true, verified: true }
    expect(cell({ forms: [verified, verified] }).state).toBe('verified')
    expect(cell({ forms: [verified, { ...verified, verified: false }] }).state).toBe('complete')
  })

  test('a visit that never has to happen shows nothing until it does', () => {
    const early = event({ kind: 'early-termination', day: undefined, window: [0, 7] })
    expect(cell({ event: early }).state).toBe('none')
    expect(cell({ event: early, forms: [{ state: 'inProgress', required: true }] }).state).toBe(
      'inProgress',
    )
  })
})
