import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { AnalysisSubject } from '#domain/analysis/analysis-subject.ts'
import { runReport } from '#domain/analysis/run-report.ts'
import { compileStudy } from '#domain/casebook/compile-study.ts'
import { subjectReader } from '#domain/casebook/evaluate.ts'
import type { FormRecordData, StoredValue } from '#domain/casebook/record.ts'
import { parseStudy } from '#domain/definition/parse-study.ts'
import { orderSubjects, planSubject } from './demo/cohort.ts'
import type { DemoForm } from './demo/plan.ts'
import { screenFailures } from './demo/screen-failures.ts'
import { type DemoSubject, readSubjects } from './demo/subjects.ts'

// The reports of the definition over the synthetic cohort against the figures that the paper prints (Fujisawa 2021, Tables
// 1 to 3, Figure 2 and the text). Where the print does not follow from its own counts, the value that does is expected.

function folder(path: string, prefix: string) {
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml') && !name.startsWith('demo'))
    .map((name) => ({ path: prefix + name, text: readFileSync(join(path, name), 'utf8') }))
}

const parsed = parseStudy(
  folder(import.meta.dirname, ''),
  folder(join(import.meta.dirname, '../library'), 'library/'),
)
if (parsed.definition === null) throw new Error('The definition does not parse.')
const definition = parsed.definition
const compiled = compileStudy(definition)

function enter(key: string, forms: readonly DemoForm[]): AnalysisSubject {
  const records = new Map<string, FormRecordData>()
  for (const { event, form, repeat, values } of forms) {
    let formRepeat = 1
    if (repeat === 'new') while (records.has(`${event}/${form}#${formRepeat}`)) formRepeat++
    const recordId = `${event}/${form}#${formRepeat}`
    const before: Record<string, StoredValue> = records.get(recordId)?.data ?? {}
    records.set(recordId, {
      recordId,
      key: { event, eventRepeat: 1, form, formRepeat },
      versionNumber: 1,
      revision: 1,
      state: form === 'F_IE' ? 'signed' : 'complete',
      data: { ...before, ...values },
      derived: {},
    })
  }
  const reader = subjectReader(compiled, {
    subject: { subjectId: key, subjectKey: key, siteCode: '01', siteId: '01' },
    records: [...records.values()],
    references: [],
    today: '2026-11-21',
  })
  return { subjectKey: key, value: (expression) => reader.expression(expression) }
}

function randomisation(subject: DemoSubject, on: string): DemoForm {
  const RANDDTC = `${on}T10:00:00+09:00`
  const values = { RANDNO: subject.id, RANDSTR: subject.stratum, ARMCD: subject.arm, RANDDTC }
  return { event: 'W0', form: 'F_RAND', values }
}

const everyone = readSubjects(readFileSync(join(import.meta.dirname, 'demo/subjects.csv'), 'utf8'))
const lists = Object.fromEntries(
  ['PM', 'DM', 'CADM'].map((stratum) => [
    stratum,
    everyone.filter((subject) => subject.stratum === stratum).map((subject) => subject.arm),
  ]),
)
const subjects = [
  ...orderSubjects(everyone, lists).map(({ subject, on }, i) => {
    const plan = planSubject(subject, on, 20210101 + i)
    const verified = { event: 'SCR', form: 'F_IIM', values: { IIMTYPE: subject.diagnosis } }
    return enter(subject.id, [...plan.before, randomisation(subject, on), ...plan.after, verified])
  }),
  ...screenFailures.map((plan, i) => enter(`failure ${i + 1}`, [...plan.before, ...plan.after])),
]

function run(oid: string) {
  const report = definition.reports.find((entry) => entry.oid === oid)
  if (!report) throw new Error(`There is no report ${oid}.`)
  const studyVersion = { number: 1, label: '1.0', hash: '' }
  return runReport(report, { definition, subjects, dataAsOf: '2026-11-21', studyVersion }).body
}

/** Lines of a table as `label: TAC, CSA, p`. */
function lines(oid: string): string[] {
  const body = run(oid)
  if (body.kind !== 'table') throw new Error(`${oid} is no table.`)
  return body.lines.map((line) => {
    const cells = [...line.cells.map((cell) => cell.text), ...(line.test ? [line.test.text] : [])]
    return `${line.label.en}: ${cells.join(' | ')}`
  })
}

/** Survival at 52 weeks by arm and the log-rank p of each part of a figure. */
function survival(oid: string) {
  const body = run(oid)
  if (body.kind !== 'survival') throw new Error(`${oid} is no survival report.`)
  return Object.fromEntries(
    body.parts.map((part) => [
      part.label?.en ?? 'all',
      [...part.groups.map((group) => group.atHorizon.text), part.test?.text ?? ''],
    ]),
  )
}

describe('the published figures', () => {
  it('Figure 1: trial profile', () => {
    const body = run('R1_FLOW')
    if (body.kind !== 'flow') throw new Error('R1_FLOW is no flow.')
    expect(
      body.steps.map((step) => [step.total.text, ...step.byArm.map((arm) => arm.cell.text)]),
    ).toEqual([['60'], ['2'], ['58'], ['58', '30', '28'], ['12', '4', '8'], ['46', '26', '20']])
  })

  it('Table 1: baseline', () => {
    expect(lines('R2_BASELINE')).toEqual([
      'Age, years: 61.6 (11.0) | 59.2 (13.0) | 0.45',
      'Sex, female: 19 (63) | 22 (79) | 0.25',
      'Smoking, never: 24 (80) | 24 (86) | 0.73',
      'IIM: 0.58',
      'Polymyositis: 6 (20) | 4 (14)',
      'Dermatomyositis (classic): 10 (33) | 13 (46)',
      'Clinically amyopathic DM: 14 (47) | 11 (39)',
      'ILD form: 0.18',
      'Acute/subacute: 16 (53) | 20 (71)',
      'Chronic: 14 (47) | 8 (29)',
      'Dyspnoea on exertion: 24 (80) | 21 (75) | 0.76',
      'Fine crackles: 28 (93) | 25 (89) | 0.67',
      'Anti-ARS positive: 15 (50) | 14 (50) | > 0.99',
      'Anti-MDA5 positive: 8 (27) | 10 (36) | 0.57',
      'Ferritin, ng/mL: 476 (806) | 255 (265) | 0.30',
      'CPK, IU/L: 1283 (2824) | 633 (1697) | 0.69',
      'Aldolase, U/L: 16.6 (29.8) | 18.2 (44.7) | 0.66',
      'KL-6, U/mL: 1265 (917) | 1177 (1189) | 0.35',
      'SP-D, ng/mL: 200 (230) | 249 (290) | 0.46',
      '%FVC: 74.8 (20.4) | 76.4 (17.8) | 0.59',
      '%DLCO: 64.1 (21.6) | 68.5 (22.4) | 0.31',
      'PaO2, Torr: 79.4 (11.7) | 77.3 (17.0) | 0.50',
    ])
  })

  it('strata as randomised and diagnoses as verified', () => {
    expect(lines('R2_STRATA')).toEqual([
      'Stratum as randomised: ',
      'Polymyositis: 6 (20) | 4 (14)',
      'Dermatomyositis (classic): 10 (33) | 12 (43)',
      'Clinically amyopathic DM: 14 (47) | 12 (43)',
      'Verified diagnosis: ',
      'Polymyositis: 6 (20) | 4 (14)',
      'Dermatomyositis (classic): 10 (33) | 13 (46)',
      'Clinically amyopathic DM: 14 (47) | 11 (39)',
      'Stratum and diagnosis differ: 0 (0) | 1 (4)',
    ])
  })

  it('Figure 2: survival', () => {
    expect(survival('R3_PFS').all).toEqual(['87 %', '71 %', '0.16'])
    expect(survival('R3_OS').all).toEqual(['97 %', '93 %', '0.50'])
  })

  it('Figure S1: survival by antibody', () => {
    const pfs = survival('R4_PFS')
    expect(pfs['Anti-ARS positive']?.slice(0, 2)).toEqual(['93 %', '93 %'])
    expect(pfs['Anti-MDA5 positive']?.slice(0, 2)).toEqual(['63 %', '40 %'])
    expect(pfs.Neither?.slice(0, 2)).toEqual(['100 %', '75 %'])
    const os = survival('R4_OS')
    expect(os['Anti-ARS positive']?.slice(0, 2)).toEqual(['100 %', '100 %'])
    expect(os['Anti-MDA5 positive']?.slice(0, 2)).toEqual(['88 %', '80 %'])
  })

  it('events of the text', () => {
    expect(lines('R3_EVENTS')).toEqual([
      'Disease progression: 4 | 8',
      'ILD: 2 | 6',
      'Muscle: 2 | 0',
      'Skin and muscle: 0 | 2',
      'Improved after added treatment: 3 | 6',
      'Died: 1 | 2',
      'Died and anti-MDA5 positive: 1 | 2',
    ])
  })

  it('Figure 3: %FVC differs from week 0 at every visit in both arms', () => {
    const body = run('R5_FVC')
    if (body.kind !== 'visit-means') throw new Error('R5_FVC is no visit means.')
    for (const group of body.groups) {
      const [baseline, ...later] = group.points
      expect(baseline?.test).toBeNull()
      expect(later).toHaveLength(5)
      for (const point of later) expect(point.test?.p).toBeLessThan(0.01)
    }
  })

  it('Table 2: change over 52 weeks', () => {
    expect(lines('R6_PFT')).toEqual([
      'FVC, % predicted: 16.9 (12.1) | 19.7 (14.5) | 0.64',
      'DLCO, % predicted: 14.7 (23.3) | 9.7 (23.3) | 0.39',
    ])
  })

  it('Table 3: adverse events; the printed 0.16 for renal dysfunction is 0.32 by its counts', () => {
    expect(lines('R7_AE')).toEqual([
      'Infection: 7 (23.3) | 3 (10.7) | 0.30',
      'bacterial: 2 | 0',
      'cytomegalovirus: 2 | 3',
      'herpes zoster: 1 | 0',
      'pulmonary aspergillosis: 1 | 0',
      'tuberculosis: 1 | 0',
      'Renal dysfunction: 4 (13.3) | 7 (25.0) | 0.32',
      'Liver dysfunction: 2 (6.7) | 2 (7.1) | > 0.99',
      'Hyperglycaemia: 4 (13.3) | 0 (0.0) | 0.11',
      'Pneumomediastinum: 0 (0.0) | 1 (3.6) | 0.48',
      'Deep vein thrombosis: 0 (0.0) | 1 (3.6) | 0.48',
    ])
  })

  it('treatment of the text: troughs lie in the target range at every visit', () => {
    const [prednisolone, pulse, stopped, , ...troughs] = lines('R8_TREATMENT')
    expect(prednisolone).toBe('Initial prednisolone, mg/d: 40.2 | 43.6')
    expect(pulse).toBe('Methylprednisolone pulse before oral prednisolone: 7 (23.3) | 9 (32.1)')
    expect(stopped).toBe('Study drug stopped for an adverse event: 0 (0.0) | 0 (0.0)')
    expect(troughs).toHaveLength(7)
    for (const line of troughs) {
      const [tac = Number.NaN, csa = Number.NaN] = [...line.matchAll(/([\d.]+) \(/g)].map(
        ([, mean]) => Number(mean),
      )
      expect(tac >= 5 && tac <= 10 && csa >= 100 && csa <= 150).toBe(true)
    }
  })
})
