/** A few subjects of the studies without allocation through the real verbs: what the hints make, the server takes. */
import { afterEach, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '#db/testing/test-database.ts'
import { useDatabase } from '#server/database.ts'
import { definitionFiles } from '#studies/demo/definition-files.ts'
import { studyDefinition } from '#studies/demo/study-definition.ts'
import { readHints } from './hints.ts'
import { simulateOn } from './run-simulation.ts'
import { summaryOf, summaryText } from './summary.ts'

let database: TestDatabase
afterEach(() => database.drop())

it.each([
  ['tac-pms', 'R1_BASELINE', /Patients +[2-4] \(100\.0\)/],
  ['us-ma-ild', 'R2_TABLE1', /Age at onset, years +\d\d\.\d \(\d+\.\d\)/],
  ['mda5-tof-tac', 'R0_FLOW', /Analysed +[2-4]\b/],
])(
  '%s',
  async (name, oid, row) => {
    database = await testDatabase()
    useDatabase(database.pool)
    const study = studyDefinition(name, { asDemo: false })
    const run = await simulateOn(
      {
        study,
        files: definitionFiles(name, { asDemo: false }).own,
        hints: readHints(`studies/${name}`),
        subjects: 4,
        seed: 7,
        today: '2026-01-01',
      },
      database.ownerPool,
      () => undefined,
    )
    const summary = summaryOf(study.definition, run)
    expect(summary.forms.entered).toBeGreaterThan(60)
    expect(summary.forms.open.reduce((sum, { count }) => sum + count, 0)).toBeLessThanOrEqual(2)
    expect(summary.slips.refused).toBeLessThan(10)
    expect(summary.reports.map((report) => report.oid)).toEqual(
      study.definition.reports.map((report) => report.oid),
    )
    // Of four subjects some groups have none.
    const isEmpty = /^No subject is in this population yet/
    expect(summary.reports.filter(({ problem }) => problem && !isEmpty.test(problem))).toEqual([])
    const main = summary.reports.find((report) => report.oid === oid)
    expect(main?.lines.join('\n')).toMatch(row)
    const text = summaryText(summary)
    expect(text).not.toMatch(/undefined|NaN|\[object/)
    const reports = text.slice(text.indexOf('Reports')).split('\n')
    for (const line of reports.filter((one) => one.startsWith('    ')))
      expect([...line].length, line).toBeLessThanOrEqual(80)
  },
  120_000,
)
