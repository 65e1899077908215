import { expect, test } from 'vitest'
import { studyDefinition } from '#studies/demo/study-definition.ts'
import { checkReportText } from './check-report.ts'

const { definition } = studyDefinition('tac-csa-rct')
const codes = (text: string) => checkReportText(definition, text).findings.map(({ code }) => code)
const good = `kind: table
oid: X_AGE
title: { en: Age, ja: 年齢, zh: 年龄 }
population: ITT
columns: arm
rows:
  - { label: { en: Age, ja: 年齢, zh: 年龄 }, value: F_DM.AGE, statistic: mean-sd, test: t-test }
`

test('a sound report has no finding and is what was written', () => {
  const { report, findings } = checkReportText(definition, good)
  expect(findings).toEqual([])
  expect(report).toMatchObject({ kind: 'table', oid: 'X_AGE', percentDigits: 0 })
})

test('a list with one report is that report', () => {
  const listed = `- ${good.trimEnd().replaceAll('\n', '\n  ')}\n`
  expect(checkReportText(definition, listed).report?.oid).toBe('X_AGE')
})

test('unknown names are found where they are written', () => {
  const { report, findings } = checkReportText(definition, good.replace('F_DM.AGE', 'F_DM.AGEX'))
  expect(report).toBeNull()
  expect(findings).toHaveLength(1)
  expect(findings[0]).toMatchObject({ severity: 'error', line: 7 })
  expect(findings[0]?.column).toBeGreaterThan(40)
  expect(codes(good.replace('ITT', 'NOBODY'))).toEqual(['unknown-population'])
})

test('what has no translation is a warning, and the report stands', () => {
  const { report, findings } = checkReportText(
    definition,
    good.replace(', ja: 年齢, zh: 年龄 }\np', ' }\np'),
  )
  expect(report).not.toBeNull()
  expect(findings.every(({ severity }) => severity !== 'error')).toBe(true)
  expect(findings.length).toBeGreaterThan(0)
})

test('an OID of the definition is taken', () => {
  expect(codes(good.replace('X_AGE', 'R2_BASELINE'))).toContain('duplicate-oid')
})

test.each([
  ['nothing', ''],
  ['a scalar', '7'],
  ['two reports', `- ${good.replaceAll('\n', '\n  ')}\n- {}`],
  ['an unknown key', `${good}colour: red\n`],
  ['an unknown kind', good.replace('table', 'pie')],
  ['a prototype key', '__proto__: { kind: table }'],
  ['an anchor', 'kind: &a table\noid: *a'],
  ['broken YAML', 'kind: [table'],
  ['deep nesting', '['.repeat(5000)],
  ['a very long text', `${good}# ${'x'.repeat(100_001)}`],
])('%s is a finding, never a throw', (_, text) => {
  const { report, findings } = checkReportText(definition, text)
  expect(report).toBeNull()
  expect(findings.length).toBeGreaterThan(0)
  for (const one of findings) expect(one).not.toHaveProperty('file')
})
