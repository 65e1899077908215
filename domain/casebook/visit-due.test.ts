import { describe, expect, test } from 'vitest'
import type { StudyEventDef } from '#domain/definition/definition.ts'
import { cellOf } from './visit-cell.ts'
import {
  dueWindow,
  type FollowUp,
  followedStates,
  type StandingFacts,
  visitStanding,
} from './visit-due.ts'

const prospective: FollowUp = { mode: 'prospective' }
const event = (more: Partial<StudyEventDef> = {}): StudyEventDef => ({
  oid: 'W4',
  label: { en: 'Week 4' },
  kind: 'scheduled',
  day: 29,
  window: [-3, 3],
  forms: [],
  ...more,
})
const own = { anchor: 'SECOND' }
const facts = (more: Partial<StandingFacts> = {}): StandingFacts => ({
  study: prospective,
  event: event(),
  state: 'randomised',
  anchor: '2020-03-02',
  visitDate: null,
  occurred: null,
  begun: false,
  today: '2020-04-03',
  ...more,
})

test('who is followed', () => {
  const always = ['screening', 'enrolled', 'randomised']
  expect(followedStates(prospective)).toEqual([...always, 'discontinued'])
  expect(followedStates({ ...prospective, followUpAfterDiscontinuation: true })).toEqual([
    ...always,
    'discontinued',
  ])
  expect(followedStates({ ...prospective, followUpAfterDiscontinuation: false })).toEqual(always)
})

test.each<[string, FollowUp['mode'], Partial<StudyEventDef>, ReturnType<typeof dueWindow>]>([
  ['a window', 'prospective', {}, { target: 28, opens: 25, closes: 31 }],
  [
    'a target day alone',
    'prospective',
    { window: undefined },
    { target: 28, opens: 28, closes: 28 },
  ],
  [
    'before day 1',
    'prospective',
    { day: -7, window: [-1, 2] },
    { target: -7, opens: -8, closes: -5 },
  ],
  [
    'day 1 of its own anchor',
    'prospective',
    { ...own, day: 1 },
    { target: 0, opens: -3, closes: 3 },
  ],
  ['a bin', 'prospective', { windowMode: 'bin' }, null],
  ['a window that decides nothing', 'prospective', { windowMode: 'none' }, null],
  ['no target day', 'prospective', { day: undefined }, null],
  ['screening', 'prospective', { kind: 'screening' }, null],
  ['baseline', 'prospective', { kind: 'baseline' }, null],
  ['early termination', 'prospective', { kind: 'early-termination' }, null],
  ['an unscheduled visit', 'prospective', { kind: 'unscheduled' }, null],
  ['a registry', 'registry', {}, null],
  ['a registry with an enforced window', 'registry', { windowMode: 'enforce' }, null],
  ['a chart review without a window', 'retrospective', { window: undefined }, null],
  [
    'a chart review with an anchor of its own',
    'retrospective',
    { ...own, window: undefined },
    null,
  ],
])('when a visit falls due: %s', (_, mode, more, expected) => {
  expect(dueWindow({ mode }, event(more))).toEqual(expected)
})

const standings: [string, Partial<StandingFacts>, ReturnType<typeof visitStanding>][] = [
  ['before the window', { today: '2020-03-26' }, 'planned'],
  ['first day of the window', { today: '2020-03-27' }, 'due'],
  ['last day of the window', { today: '2020-04-02' }, 'due'],
  ['the day after', {}, 'overdue'],
  ['no anchor yet', { anchor: null }, 'planned'],
  ['a partial anchor', { anchor: '2020-03' }, 'planned'],
  ['recorded as not held', { occurred: false }, 'missed'],
  ['recorded as not held, of the dead', { occurred: false, state: 'dead' }, 'missed'],
  ['dated', { visitDate: '2020-03-30' }, 'held'],
  ['begun without a date', { begun: true }, 'held'],
  ['begun, of the dead', { begun: true, state: 'dead' }, 'held'],
  ['its condition is not true', { applies: false }, 'notExpected'],
  ['its condition is undecided', { applies: null }, 'notExpected'],
  ['its condition is true', { applies: true }, 'overdue'],
  ['in screening, with an anchor', { state: 'screening' }, 'overdue'],
  ['in screening, without', { state: 'screening', anchor: null }, 'planned'],
  ['screening failed', { state: 'screenFailure' }, 'notExpected'],
  ['enrolled', { state: 'enrolled' }, 'overdue'],
  ['completed', { state: 'completed' }, 'notExpected'],
  ['withdrawn', { state: 'withdrawn' }, 'notExpected'],
  ['dead', { state: 'dead' }, 'notExpected'],
  ['discontinued', { state: 'discontinued' }, 'overdue'],
  [
    'discontinued where that ends the study',
    {
      state: 'discontinued',
      study: { ...prospective, followUpAfterDiscontinuation: false },
    },
    'notExpected',
  ],
  ['its own anchor is not known', { event: event(own) }, 'planned'],
  ['its own anchor is late', { event: event(own), eventAnchor: '2020-03-20' }, 'planned'],
  [
    'its own anchor is early',
    { event: event(own), eventAnchor: '2020-01-20', anchor: null },
    'overdue',
  ],
  ['an early termination', { event: event({ kind: 'early-termination' }) }, 'notExpected'],
  ['a baseline', { event: event({ kind: 'baseline' }) }, 'planned'],
  ['a bin', { event: event({ windowMode: 'bin' }) }, 'planned'],
  ['a registry', { study: { mode: 'registry' } }, 'planned'],
  [
    'a chart review with an anchor of its own and no window',
    {
      study: { mode: 'retrospective' },
      event: event({ ...own, window: undefined }),
      eventAnchor: '2010-01-01',
    },
    'planned',
  ],
  [
    'a chart review of the dead',
    { study: { mode: 'retrospective' }, state: 'dead' },
    'notExpected',
  ],
]

describe('how a visit stands', () => {
  test.each(standings)('%s', (_, more, expected) => {
    expect(visitStanding(facts(more))).toBe(expected)
  })

  test.each(standings)('the cell of the matrix says the same: %s', (_, more, standing) => {
    const { begun, ...given } = facts(more)
    const forms = [
      { state: begun ? ('inProgress' as const) : ('notStarted' as const), required: true },
    ]
    const cell = cellOf({ ...given, forms, queries: 0 })
    expect(cell.overdue).toBe(standing === 'overdue')
    expect(cell.state === 'missed').toBe(standing === 'missed')
    expect(cell.state === 'none').toBe(standing === 'notExpected')
    expect(cell.expected).toBe(standing === 'notExpected' ? 0 : 1)
  })
})
