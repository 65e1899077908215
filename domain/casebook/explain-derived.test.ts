import { expect, it } from 'vitest'
import { parseStudy } from '#domain/definition/parse-study.ts'
import { compileStudy } from './compile-study.ts'
import { explainDerived } from './explain-derived.ts'
import type { Casebook, FormRecordData } from './record.ts'

const study = `
oid: DEMO
name: { en: Demo }
title: { en: Demo }
protocol: { version: '1' }
version: '1'
languages: [en]
mode: prospective
anchor: V.VDT
visitDate: V.VDT
`
const forms = `
- oid: V
  label: { en: Visit }
  groups:
    - oid: G
      items:
        - { oid: VDT, label: { en: Date }, type: date }
        - { oid: KG, label: { en: Weight }, type: decimal, length: 5, digits: 1, unit: kg }
        - { oid: CM, label: { en: Height }, type: decimal, length: 5, digits: 1, unit: cm }
        - { oid: BMI, label: { en: BMI }, type: decimal, length: 4, digits: 1, derive: KG / (CM / 100) / (CM / 100), entry: never }
        - { oid: CR, label: { en: Creatinine }, type: decimal, length: 6, digits: 1 }
        - { oid: GR, label: { en: Grade }, type: integer, length: 1, derive: "toxicityGrade('CREAT', CR, 105, 40, 80)", entry: never }
`
const events = `
- { oid: V1, label: { en: Visit 1 }, kind: scheduled, day: 1, forms: [{ form: V }] }
`
const { definition, findings } = parseStudy([
  { path: 'study.yaml', text: study },
  { path: 'forms.yaml', text: forms },
  { path: 'schedule.yaml', text: events },
])
const compiled = compileStudy(definition as NonNullable<typeof definition>)
const key = { event: 'V1', eventRepeat: 1, form: 'V', formRepeat: 1 }

function explained(data: FormRecordData['data'], path: string) {
  const record: FormRecordData = {
    recordId: 'r',
    key,
    versionNumber: 1,
    revision: 1,
    state: 'inProgress',
    data,
    derived: {},
  }
  const casebook: Casebook = {
    subject: { subjectId: 's', subjectKey: '01-001', siteCode: '01', siteId: 's' },
    records: [record],
    references: [],
    today: '2026-01-01',
  }
  return explainDerived(compiled, casebook, key, path)
}

it('tells rule and values read', () => {
  expect(findings.filter((finding) => finding.severity === 'error')).toEqual([])
  expect(explained({ KG: '60', CM: '160' }, 'BMI')).toEqual({
    rule: 'KG / (CM / 100) / (CM / 100)',
    reads: [
      { name: 'KG', value: '60' },
      { name: 'CM', value: '160' },
    ],
    grade: null,
  })
})

it('tells the CTCAE step of a grade in words', () => {
  const explanation = explained({ CR: '250' }, 'GR')
  expect(explanation?.grade).toMatch(/^CREAT 250/)
  expect(explanation?.grade).toContain('2')
})

it('has nothing to tell of entered items and unknown paths', () => {
  expect(explained({ KG: '60' }, 'KG')).toBeNull()
  expect(explained({}, 'NOPE')).toBeNull()
  expect(explained({}, '__proto__')).toBeNull()
})
