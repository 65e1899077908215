/** A clinical cut-off on the trial's demo cohort, held against the whole data censored on that day by hand. */
import { beforeAll, describe, expect, it } from 'vitest'
import { casebookUntil } from '#domain/casebook/cut-off.ts'
import { subjectReader } from '#domain/casebook/evaluate.ts'
import type { ReportDef } from '#domain/definition/definition.ts'
import { daysBetween } from '#domain/values/partial-date.ts'
import { type FilledSubject, fillSubject } from '#studies/demo/fill-subject.ts'
import { studyDefinition } from '#studies/demo/study-definition.ts'
import { cohort } from '#studies/tac-csa-rct/demo/whole-cohort.ts'
import type { AnalysisSubject } from './analysis-subject.ts'
import { runReport } from './run-report.ts'
import { followUp } from './survival-report.ts'

const { definition, compiled } = studyDefinition('tac-csa-rct')
const endpoint = definition.endpoints.find(({ oid }) => oid === 'PFS')
if (!endpoint) throw new Error('The trial has no PFS')

let filled: FilledSubject[]
beforeAll(() => {
  filled = cohort().map((plan, at) =>
    fillSubject({ definition, compiled }, plan, {
      subjectKey: `01-${String(at + 1).padStart(3, '0')}`,
    }),
  )
}, 60_000)

/** The cohort as it is to rules on a day; null: all of it. */
function subjectsAt(day: string | null): AnalysisSubject[] {
  return filled.flatMap(({ subjectKey, casebook }): AnalysisSubject[] => {
    const whole = subjectReader(compiled, casebook)
    const beyond = (expression: string) => whole.expression(expression)
    if (day === null) return [{ subjectKey, value: beyond }]
    const seen = casebookUntil(compiled, casebook, day)
    if (!seen) return []
    const reader = subjectReader(compiled, seen)
    return [{ subjectKey, value: (text) => reader.expression(text), cutOff: { day, beyond } }]
  })
}

describe.each(['2015-06-30', '2016-06-30', '2017-03-31', '2018-12-31'])('on %s', (day) => {
  it('follow-up is that of all data, censored on the day', () => {
    const here = new Map(subjectsAt(day).map((one) => [one.subjectKey, one]))
    let followed = 0
    for (const subject of subjectsAt(null)) {
      const zero = subject.value(endpoint.timeZero)
      const until = typeof zero === 'string' ? daysBetween(zero, day) : null
      const whole = followUp(subject, endpoint, 'ALL')
      const seen = here.get(subject.subjectKey)
      const own = seen ? followUp(seen, endpoint, 'ALL') : null
      if (until === null || until < 0 || !whole) {
        expect(own).toBeNull()
        continue
      }
      followed += 1
      const byHand = whole.time <= until ? whole : { ...whole, time: until, event: false }
      expect(own).toEqual(byHand)
    }
    expect(followed).toBeGreaterThan(5)
  })

  it('nothing counts that had not happened, and what had happened does', () => {
    const [before, after] = [subjectsAt(day), subjectsAt(null)]
    const count = (subjects: readonly AnalysisSubject[], rule: string) =>
      subjects.filter((one) => one.value(rule) === true).length
    const randomisedBy = after.filter((one) => {
      const date = one.value('dateOf(F_RAND.RANDDTC)')
      return typeof date === 'string' && date <= day
    })
    expect(count(before, 'known(F_RAND.RANDNO)')).toBe(randomisedBy.length)
    const events = (subjects: readonly AnalysisSubject[]) =>
      subjects.reduce((sum, one) => sum + Number(one.value('F_AE.count(r, true)') ?? 0), 0)
    expect(events(before)).toBeLessThanOrEqual(events(after))
  })
})

it('before the first subject every report is one sentence', () => {
  for (const report of definition.reports as readonly ReportDef[]) {
    const { problem } = runReport(report, {
      definition,
      subjects: subjectsAt('2014-01-01'),
      dataAsOf: '2026-11-21T00:00:00Z',
      studyVersion: { number: 1, label: '1', hash: 'h' },
      parameters: { cutOff: '2014-01-01' },
    })
    expect(problem?.en).toMatch(
      /^(There is no subject yet|No subject is in this population yet)\.$/,
    )
  }
})
