import { describe, expect, it } from 'vitest'
import { type EndpointDef, endpointSchema } from '#domain/definition/endpoint-schema.ts'
import type { Value } from '#domain/expression/types.ts'
import { endpointVerdict } from './endpoint-verdict.ts'

const base = {
  oid: 'PFS',
  label: { en: 'PFS' },
  kind: 'time-to-event',
  population: 'ITT',
  timeZero: 'ZERO',
  event: 'EVENT',
  censor: 'LAST',
  horizon: 364,
} as const
const criterion = (oid: string) => ({
  oid,
  label: { en: oid },
  rule: `${oid}_RULE`,
  date: `${oid}_DATE`,
})
const endpoint = (changes: object): EndpointDef => endpointSchema.parse({ ...base, ...changes })
const zero = { ZERO: '2020-01-01', LAST: '2020-06-30' }

/** Answers of a subject; `atLeast` and `||` of criteria as the language has them. */
function ask(values: Record<string, Value>) {
  const value = (text: string): Value => {
    if (text in values) return values[text] ?? null
    const k = /^atLeast\((\d+), (.*)\)$/.exec(text)
    const parts = k
      ? (k[2] as string).split(', ')
      : text.includes(' || ')
        ? text.split(' || ')
        : null
    if (parts) {
      const answers = parts.map((part) => values[part.replace(/^\(|\)$/g, '')] ?? null)
      const needed = k ? Number(k[1]) : 1
      const yes = answers.filter((one) => one === true).length
      const open = answers.filter((one) => one === null).length
      return yes >= needed ? true : yes + open >= needed ? null : false
    }
    return values[text.replace(/^\(|\)$/g, '')] ?? null
  }
  return { value }
}

describe('an event that is one date', () => {
  it.each([
    ['on the day', { EVENT: '2020-01-01' }, 'event', 'rule', 0],
    ['at the horizon', { EVENT: '2020-12-30' }, 'event', 'rule', 364],
    ['a day beyond it', { EVENT: '2020-12-31' }, 'censored', 'horizon', 364],
    ['none, followed', {}, 'censored', 'end-of-follow-up', 181],
    ['none, followed beyond', { LAST: '2022-01-01' }, 'censored', 'horizon', 364],
    ['none, nobody knows until when', { LAST: null }, 'undecided', 'no-follow-up', null],
    ['no time zero', { ZERO: null, EVENT: '2020-02-01' }, 'undecided', 'no-time-zero', null],
    ['before time zero', { EVENT: '2019-12-31' }, 'undecided', 'date-not-usable', null],
    ['known to the month only', { EVENT: '2020-03' }, 'undecided', 'date-not-usable', null],
    ['followed until before zero', { LAST: '2019-12-01' }, 'undecided', 'date-not-usable', null],
  ] as const)('%s', (_, values, status, because, days) => {
    expect(endpointVerdict(ask({ ...zero, ...values }), endpoint({}))).toMatchObject({
      status,
      because,
      days,
    })
  })
})

describe('criteria', () => {
  const two = endpoint({ event: { atLeast: 2, of: ['A', 'B', 'C'].map(criterion) } })
  const any = endpoint({ event: { any: ['A', 'B'].map(criterion) } })
  const dates = { A_DATE: '2020-03-01', B_DATE: '2020-02-01', C_DATE: '2020-04-01' }
  const rules = (a: Value, b: Value, c: Value) => ({ A_RULE: a, B_RULE: b, C_RULE: c })

  it('happen on the day on which the k-th was met, whatever their order', () => {
    const verdict = endpointVerdict(ask({ ...zero, ...dates, ...rules(true, true, true) }), two)
    expect(verdict).toMatchObject({ status: 'event', date: '2020-03-01', days: 60 })
    expect(verdict.criteria.map(({ met, date }) => [met, date])).toEqual([
      [true, '2020-03-01'],
      [true, '2020-02-01'],
      [true, '2020-04-01'],
    ])
  })

  it.each([
    [true, null, null, null],
    [true, false, null, null],
    [true, false, false, false],
    [null, false, false, false],
    [false, null, null, null],
    [true, true, null, true],
  ] as const)('two of three: %s, %s, %s are %s', (a, b, c, met) => {
    const verdict = endpointVerdict(ask({ ...zero, ...dates, ...rules(a, b, c) }), two)
    expect(verdict.rule.met).toBe(met)
    expect(verdict.status).toBe(met === null ? 'undecided' : met ? 'event' : 'censored')
  })

  it('any of them: the first, and an undecided one does not undo it', () => {
    const values = { ...zero, ...dates, ...rules(true, true, null) }
    expect(endpointVerdict(ask(values), any).date).toBe('2020-02-01')
    const one = { ...zero, ...dates, ...rules(null, true, null) }
    expect(endpointVerdict(ask(one), any)).toMatchObject({ status: 'event', date: '2020-02-01' })
    const none = { ...zero, ...dates, ...rules(null, false, null) }
    expect(endpointVerdict(ask(none), any)).toMatchObject({
      status: 'undecided',
      because: 'criteria-undecided',
      days: null,
    })
  })

  it('met without a date leave the subject out, never censored', () => {
    const values = { ...zero, ...rules(true, false, false) }
    expect(endpointVerdict(ask(values), any)).toMatchObject({
      status: 'undecided',
      because: 'event-without-date',
    })
  })
})

describe('competing events', () => {
  const def = endpoint({ competing: [{ oid: 'DEATH', label: { en: 'Death' }, date: 'DIED' }] })
  it.each([
    ['first', { DIED: '2020-02-01', EVENT: '2020-03-01' }, 'competing', 31, 'DEATH'],
    ['later', { DIED: '2020-03-01', EVENT: '2020-02-01' }, 'event', 31, null],
    [
      'on the same day the own event counts',
      { DIED: '2020-02-01', EVENT: '2020-02-01' },
      'event',
      31,
      null,
    ],
    ['alone', { DIED: '2020-02-01' }, 'competing', 31, 'DEATH'],
    ['beyond the horizon', { DIED: '2021-02-01' }, 'censored', 364, null],
    ['with a date that cannot be', { DIED: '2019-02-01' }, 'undecided', null, null],
  ] as const)('%s', (_, values, status, days, cause) => {
    expect(endpointVerdict(ask({ ...zero, ...values }), def)).toMatchObject({ status, days, cause })
  })
})

describe('an adjudicated decision', () => {
  const def = endpoint({
    adjudication: { form: 'F_ADJ', decision: 'ADJ', date: 'ADJDT', reason: 'ADJWHY' },
  })
  const read = (item: string) => `F_ADJ.filter(r, coalesce(known(r.ADJ), false)).last(r, r.${item})`
  const decided = (decision: Value, date: Value = null) => ({
    [read('ADJ')]: decision,
    [read('ADJDT')]: date,
    [read('ADJWHY')]: 'seen by the committee',
  })

  it('stands in place of the rule, which stays told', () => {
    const values = { ...zero, EVENT: '2020-02-01', ...decided('N') }
    expect(endpointVerdict(ask(values), def)).toMatchObject({
      status: 'censored',
      rule: { met: true, date: '2020-02-01' },
      adjudication: { met: false, reason: 'seen by the committee' },
    })
    const yes = { ...zero, ...decided('Y', '2020-01-11') }
    expect(endpointVerdict(ask(yes), def)).toMatchObject({
      status: 'event',
      because: 'adjudicated',
      days: 10,
      rule: { met: false },
    })
  })

  it('that is not made changes nothing; one without a date decides nothing by itself', () => {
    expect(endpointVerdict(ask({ ...zero, ...decided(null) }), def).adjudication).toBeNull()
    expect(endpointVerdict(ask({ ...zero, ...decided('Y') }), def)).toMatchObject({
      status: 'undecided',
      because: 'event-without-date',
    })
  })

  it('of a form about several endpoints is read by the endpoint it names', () => {
    const shared = endpoint({
      adjudication: { form: 'F_ADJ', decision: 'ADJ', date: 'D', reason: 'W', about: 'EP' },
    })
    const text = "F_ADJ.filter(r, coalesce(known(r.ADJ) && r.EP == 'PFS', false)).last(r, r.ADJ)"
    expect(endpointVerdict(ask({ ...zero, [text]: 'N' }), shared).adjudication?.met).toBe(false)
  })
})

describe('a clinical cut-off', () => {
  const cut = (seen: Record<string, Value>, later: Record<string, Value>) => ({
    ...ask({ ...zero, ...seen }),
    cutOff: { day: '2020-04-10', beyond: ask({ ...zero, ...later }).value },
  })

  it('follows to the day those who are known to have been free of the event on it', () => {
    const subject = cut({ LAST: '2020-03-01' }, { LAST: '2020-06-30' })
    expect(endpointVerdict(subject, endpoint({}))).toMatchObject({ status: 'censored', days: 100 })
    const later = cut({ LAST: '2020-03-01' }, { LAST: '2020-03-01', EVENT: '2020-05-01' })
    expect(endpointVerdict(later, endpoint({}))).toMatchObject({ status: 'censored', days: 100 })
  })

  it('leaves those whose follow-up ended before it, and events before it', () => {
    const ended = cut({ LAST: '2020-03-01' }, { LAST: '2020-03-01' })
    expect(endpointVerdict(ended, endpoint({}))).toMatchObject({ status: 'censored', days: 60 })
    const event = cut({ EVENT: '2020-02-01' }, { EVENT: '2020-02-01' })
    expect(endpointVerdict(event, endpoint({}))).toMatchObject({ status: 'event', days: 31 })
  })
})
