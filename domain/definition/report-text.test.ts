import { expect, test } from 'vitest'
import { studyDefinition } from '#studies/demo/study-definition.ts'
import { checkReportText } from './check-report.ts'
import { reportText } from './report-text.ts'
import { reportVocabulary } from './report-vocabulary.ts'

const names = ['tac-csa-rct', 'tac-pms', 'us-ma-ild', 'tac-pirfenidone', 'mda5-tof-tac'] as const

test.each(names)('every report of %s, written out and read again, is itself', (name) => {
  const { definition } = studyDefinition(name)
  expect(definition.reports.length).toBeGreaterThan(3)
  for (const report of definition.reports) {
    const others = { ...definition, reports: definition.reports.filter((one) => one !== report) }
    const { report: again, findings } = checkReportText(others, reportText(report))
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([])
    expect(again).toEqual(report)
  }
})

test('the vocabulary names items with type, unit and codes, and every kind of report', () => {
  const { definition } = studyDefinition('tac-csa-rct')
  const words = reportVocabulary(definition)
  expect(words.items.find(({ name }) => name === 'F_PFT.FVCPP')?.detail).toBe('decimal, %')
  const sex = words.items.find(({ name }) => name === 'F_DM.SEX')
  expect(sex?.codes?.map(({ code }) => code)).toEqual(['M', 'F'])
  expect(words.populations.map(({ name }) => name)).toContain('ITT')
  expect(words.functions).toEqual(expect.arrayContaining(['coalesce', 'base', 'atLeast']))
  const kinds = (words.schema as { oneOf: { properties: { kind: { const: string } } }[] }).oneOf
  expect(kinds.map(({ properties }) => properties.kind.const)).toEqual(
    expect.arrayContaining(['flow', 'table', 'survival', 'cox', 'listing']),
  )
})
