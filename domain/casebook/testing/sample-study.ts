/** A small study for tests, written as its files are, and casebooks for it. */
import { type CompiledStudy, compileStudy } from '#domain/casebook/compile-study.ts'
import type { Casebook, FormRecordData, FormValues, RecordKey } from '#domain/casebook/record.ts'
import { checkStudy } from '#domain/definition/check-study.ts'
import type { StudyDefinition } from '#domain/definition/definition.ts'
import { findingText } from '#domain/definition/finding.ts'
import { parseStudy, type SourceFile } from '#domain/definition/parse-study.ts'

export const sampleFiles: Readonly<Record<string, string>> = {
  'study.yaml': `
oid: SAMPLE
name: Sample
title: A sample study
protocol: { version: 1.0 }
version: 1.0
languages: [en]
mode: prospective
plannedSites: [{ code: 01, name: First }]
anchor: dateOf(F_RAND.RANDDTC)
consent: F_DM.CONSENT
visitDate: F_SV.SVDTC
visitOccurred: F_SV.SVOCCUR
subjectColumns: [{ oid: SEX, label: Sex, value: F_DM.SEX }]
subjectStates:
  - { state: dead, rule: known(F_DTH.DTHDTC) }
parameters: [{ oid: DROP, label: Drop, type: number, value: 10 }]
`,
  'codelists.yaml': `
- { oid: CL_NY, codes: [{ code: Y, label: { en: 'Yes', ja: はい } }, { code: N, label: { en: 'No' } }] }
- oid: CL_NYND
  codes: [{ code: Y, label: Present }, { code: N, label: Absent }, { code: ND, label: Not done, missing: ND }]
- { oid: CL_SEX, codes: [{ code: M, label: Male }, { code: F, label: Female }] }
- { oid: CL_UNIT, codes: [{ code: umol/L, label: umol/L }, { code: mg/dL, label: mg/dL }, { code: U/L, label: U/L }] }
`,
  'forms.yaml': `
- oid: F_DM
  label: Demographics
  groups:
    - oid: DM
      items:
        - { oid: SEX, label: Sex, type: code, codeList: CL_SEX, required: true }
        - { oid: BRTHDTC, label: Birth, type: partialDate }
        - { oid: CONSENT, label: Consent, type: date, required: true }
        - { oid: AGE, label: Age, type: integer, derive: "ageAt(BRTHDTC, CONSENT)", soft: [18, 90], hard: [0, 110] }
        - { oid: PREG, label: Pregnant, type: code, codeList: CL_NY, when: "SEX == 'F'", required: true }
        - { oid: NOTE, label: Note, type: text, length: 10, preset: "SEX == 'F' ? 'woman' : 'man'" }
- oid: F_RAND
  label: Randomisation
  system: true
  groups: [{ oid: R, items: [{ oid: RANDDTC, label: When, type: dateTime }] }]
- oid: F_SV
  label: Visit
  groups:
    - oid: SV
      items:
        - { oid: SVOCCUR, label: Held, type: code, codeList: CL_NY, required: true }
        - { oid: SVDTC, label: Date, type: date, when: "SVOCCUR == 'Y'", required: true }
- oid: F_VS
  label: Vital signs
  groups:
    - oid: VS
      items:
        - { oid: WEIGHT, label: { en: Weight, ja: 体重 }, type: decimal, length: 5, digits: 1, unit: kg, soft: [30, 120], hard: [15, 300], required: true }
        - { oid: HEIGHT, label: Height, type: decimal, length: 5, digits: 1, unit: cm }
        - { oid: BMI, label: BMI, type: decimal, digits: 1, derive: "WEIGHT * 10000 / (HEIGHT * HEIGHT)" }
        - { oid: CHG, label: Change, type: decimal, digits: 1, derive: "WEIGHT - base(WEIGHT)" }
        - { oid: PREV, label: Previous, type: decimal, derive: previous(WEIGHT) }
        - { oid: LOSS, label: Loss, type: code, codeList: CL_NY, derive: "base(WEIGHT) - WEIGHT > DROP", entry: override }
        - { oid: ASK, label: Asked, type: code, codeList: CL_NYND, derive: "LOSS == 'Y' ? 'Y' : null", entry: suggest }
    - oid: O2
      when: "WEIGHT > 50"
      items:
        - { oid: FLOW, label: Flow, type: decimal, required: true }
- oid: F_LB
  label: Laboratory
  date: LBDTC
  groups:
    - { oid: LBH, items: [{ oid: LBDTC, label: Sample, type: date }] }
    - oid: LB
      repeats: fixed
      layout: grid
      rowItem: LBTESTCD
      rows:
        - { key: CREAT, label: Creatinine, unit: umol/L, units: { mg/dL: 88.4 }, reference: [40, 100], soft: [20, 400], hard: [5, 2500] }
        - { key: ALT, label: ALT, unit: U/L, reference: [null, 40], soft: [3, 500], hard: [0, 10000], required: false }
      rowSets: { safety: [CREAT] }
      items:
        - { oid: LBTESTCD, label: Test, type: text }
        - { oid: LBORRES, label: Result, type: decimal, length: 12, digits: 4, unit: row, soft: row, hard: row, required: true }
        - { oid: LBORRESU, label: Unit, type: code, codeList: CL_UNIT, preset: rowUnit() }
        - { oid: LBHI, label: Upper limit, type: decimal, derive: refHigh(LBTESTCD) }
        - { oid: LBSTRESN, label: Standard, type: decimal, derive: "standard(LBORRES, LBORRESU, LBTESTCD)" }
        - { oid: LBXULN, label: Multiple, type: decimal, digits: 2, derive: LBORRES / LBHI }
        - { oid: LBTOXGR, label: Grade, type: integer, derive: "toxicityGrade(LBTESTCD, LBSTRESN, refHigh(LBTESTCD), refLow(LBTESTCD), base(LBSTRESN))" }
- oid: F_AE
  label: Adverse event
  repeats: true
  date: AEDTC
  title: AETERM
  groups:
    - oid: AE
      items:
        - { oid: AETERM, label: Term, type: text, required: true }
        - { oid: AEDTC, label: Start, type: partialDate }
        - { oid: AESER, label: Serious, type: code, codeList: CL_NY }
    - oid: TX
      repeats: rows
      items: [{ oid: TXDRUG, label: Drug, type: text, required: true }]
- oid: F_DTH
  label: Death
  groups: [{ oid: D, items: [{ oid: DTHDTC, label: Date, type: partialDate }, { oid: NAE, label: AEs, type: integer, derive: F_AE.count() }] }]
`,
  'schedule.yaml': `
- { oid: SCR, label: Screening, kind: screening, forms: [F_SV, F_DM, F_VS, F_LB] }
- { oid: W0, label: Week 0, kind: baseline, day: 1, window: [0, 0], forms: [F_SV, F_RAND, F_VS, F_LB] }
- { oid: W4, label: Week 4, kind: scheduled, day: 29, window: [-3, 3], forms: [F_SV, F_VS, { form: F_LB, rows: safety }] }
- { oid: W8, label: Week 8, kind: scheduled, day: 57, window: [-7, 7], forms: [F_SV, F_VS, { form: F_LB, when: "F_VS.WEIGHT > 40" }] }
- { oid: LOG, label: Logs, kind: log, forms: [F_AE, F_DTH] }
`,
  'checks.yaml': `
- id: C-01
  form: F_VS
  item: WEIGHT
  level: soft
  rule: "LOSS == 'Y'"
  message: { en: "Lost {base(WEIGHT) - WEIGHT} kg, loss {LOSS}.", ja: "{LOSS}" }
  tests:
    - { given: { SCR/F_VS.WEIGHT: 80, W4/F_VS.WEIGHT: 69 }, expect: fires }
    - { name: just not, given: { SCR/F_VS.WEIGHT: 80, W4/F_VS.WEIGHT: 70 }, expect: silent }
- id: C-02
  form: F_LB
  item: LBORRES
  level: soft
  rule: LBXULN > 1.5
  message: "{LBTESTCD} is {LBXULN} x ULN"
  tests:
    - { given: { 'W4/F_LB.LB[CREAT].LBORRES': 151, 'W4/F_LB.LB[CREAT].LBORRESU': umol/L }, expect: fires }
    - { given: { 'W4/F_LB.LB[CREAT].LBORRES': 1.7, 'W4/F_LB.LB[CREAT].LBORRESU': mg/dL }, expect: fires }
    - { given: { 'W4/F_LB.LB[CREAT].LBORRES': 150, 'W4/F_LB.LB[CREAT].LBORRESU': umol/L }, expect: silent }
- id: C-03
  form: F_DTH
  item: DTHDTC
  level: hard
  rule: "known(DTHDTC) && !F_AE.exists(r, r.AESER == 'Y')"
  message: A death needs a serious event.
  tests:
    - { given: { F_DTH.DTHDTC: '2020-05', F_AE.AESER: N, F_AE#2.AESER: N }, expect: fires }
    - { given: { F_DTH.DTHDTC: '2020-05', F_AE#2.AESER: 'Y' }, expect: silent }
- id: C-04
  form: F_AE
  item: TXDRUG
  level: info
  rule: TXDRUG == AETERM
  message: The drug is the event.
  tests:
    - { given: { 'F_AE.TX[a1].TXDRUG': Fever, F_AE.AETERM: Fever }, expect: fires }
`,
  'variables.yaml': `
- { oid: TZERO, label: Zero, type: date, value: dateOf(F_RAND.RANDDTC) }
- { oid: MAXALT, label: ALT, type: number, value: "F_LB.LB.max(r, r.LBTESTCD == 'ALT' ? r.LBSTRESN : null)" }
`,
  'analysis.yaml': `
populations: [{ oid: ALL, label: All, rule: known(TZERO) }]
endpoints: [{ oid: OS, label: Survival, kind: time-to-event, population: ALL, timeZero: TZERO, event: F_DTH.DTHDTC, censor: today(), horizon: 364 }]
`,
}

/** The files with some replaced, added, or (null) left out. */
export function sampleSources(changes: Readonly<Record<string, string | null>> = {}): SourceFile[] {
  const all: Record<string, string | null> = { ...sampleFiles, ...changes }
  return Object.entries(all).flatMap(([path, text]) => (text === null ? [] : [{ path, text }]))
}

/** The definition of the sample; throws with the findings where there is an error. */
export function sampleDefinition(
  changes: Readonly<Record<string, string | null>> = {},
): StudyDefinition {
  const parsed = parseStudy(sampleSources(changes))
  const findings = [...parsed.findings]
  if (parsed.definition) findings.push(...checkStudy(parsed.definition).map(parsed.locate))
  const errors = findings.filter(({ severity }) => severity === 'error')
  if (!parsed.definition || errors.length > 0) throw new Error(errors.map(findingText).join('\n'))
  return parsed.definition
}

export function sampleStudy(changes: Readonly<Record<string, string | null>> = {}): CompiledStudy {
  return compileStudy(sampleDefinition(changes))
}

/** `W4/F_VS`, `LOG/F_AE#2`. */
export function keyOf(text: string): RecordKey {
  const match = /^(\w+)(?:#(\d+))?\/(\w+)(?:#(\d+))?$/.exec(text)
  if (!match) throw new Error(`No key: ${text}`)
  const [, event = '', eventRepeat = '1', form = '', formRepeat = '1'] = match
  return { event, eventRepeat: Number(eventRepeat), form, formRepeat: Number(formRepeat) }
}

export function casebookOf(
  records: Readonly<Record<string, FormValues>>,
  more: Partial<Casebook> = {},
): Casebook {
  const list = Object.entries(records).map(
    ([text, data]): FormRecordData => ({
      recordId: text,
      key: keyOf(text),
      versionNumber: 1,
      revision: 2,
      state: 'inProgress',
      data,
      derived: {},
    }),
  )
  return {
    subject: { subjectId: 's', subjectKey: '01-007', siteCode: '01', siteId: 'site-1' },
    records: list,
    references: [],
    today: '2021-01-01',
    ...more,
  }
}
