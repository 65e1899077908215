/** The relapse rule and the reading of scans over all their combinations, against the report's sentences written out anew. */
import { expect, it } from 'vitest'
import { plusDays } from '#studies/demo/chance.ts'
import { studyDefinition } from '#studies/demo/study-definition.ts'
import { madeReader } from '#studies/testing/made-casebook.ts'

const { compiled } = studyDefinition('tac-pirfenidone', { asDemo: false })
const start = '2019-03-04'

type Answer = 'Y' | 'N' | null

const { derived, value } = madeReader(compiled, '01-013')

const answers: readonly Answer[] = ['Y', 'N', null]
/** Yes if all are, no if one is not, else open; and the same for "one of". */
const all = (...parts: readonly Answer[]): Answer =>
  parts.includes('N') ? 'N' : parts.includes(null) ? null : 'Y'
const oneOf = (...parts: readonly Answer[]): Answer =>
  parts.includes('Y') ? 'Y' : parts.includes(null) ? null : 'N'
const typed = (item: string, answer: Answer) => (answer === null ? {} : { [item]: answer })

it('a relapse is worse symptoms with a marker, both radiological opinions, or more glucocorticoid', () => {
  for (const symptoms of answers)
    for (const marker of answers)
      for (const rheumatologist of answers)
        for (const radiologist of answers)
          for (const steroid of answers) {
            const entered = {
              RELDTC: plusDays(start, 90),
              ...typed('RELSYMP', symptoms),
              ...typed('RELLAB', marker),
              ...typed('RELRADR', rheumatologist),
              ...typed('RELRADX', radiologist),
              ...typed('RELGC', steroid),
            }
            const expected = all(symptoms, oneOf(marker, all(rheumatologist, radiologist), steroid))
            const ours = derived({ 'LOG/F_REL': entered }, 'LOG/F_REL').RELFL ?? null
            expect(ours, JSON.stringify(entered)).toBe(expected)
          }
})

it('a respiratory-related relapse is worse breathing with both radiological opinions', () => {
  for (const breathing of answers)
    for (const rheumatologist of answers)
      for (const radiologist of answers) {
        const entered = {
          RELDTC: plusDays(start, 90),
          ...typed('RELRESP', breathing),
          ...typed('RELRADR', rheumatologist),
          ...typed('RELRADX', radiologist),
        }
        const ours = derived({ 'LOG/F_REL': entered }, 'LOG/F_REL').RELRFL ?? null
        expect(ours, JSON.stringify(entered)).toBe(all(breathing, rheumatologist, radiologist))
      }
})

/** A subject of the prospective part with ESR at baseline and on one later day. */
const withEsr = (baseline: string, later: string, day: number) => {
  const on = plusDays(start, day)
  const sample = (date: string, result: string) => ({
    'LB[ESR].LBPERF': 'Y',
    'LB[ESR].LBDTC': date,
    'LB[ESR].LBORRES': result,
    'LB[ESR].LBORRESU': 'mm/h',
  })
  return {
    'ENR/F_SUBJ': { SCRNDTC: plusDays(start, -3), COHORT: 'P' },
    'LOG/F_EC': { ECTRT: 'TACROLIMUS', ECSTDTC: start },
    'BL/F_SV': { SVOCCUR: 'Y', SVSTDTC: plusDays(start, -3) },
    'BL/F_LB': sample(plusDays(start, -3), baseline),
    'UNS/F_SV': { SVOCCUR: 'Y', SVSTDTC: on },
    'UNS/F_LB': sample(on, later),
    'LOG/F_REL': { RELDTC: plusDays(start, 120) },
  }
}

it.each([
  ['40', '81', 120, 'Y'],
  ['40', '80', 120, 'N'],
  ['40', '81', 148, 'Y'],
  ['40', '81', 92, 'Y'],
  ['40', '81', 149, null],
  ['40', '81', 91, null],
] as const)(
  'ESR %s at baseline and %s on day %i of treatment, relapse on day 120: %s',
  (baseline, later, day, expected) => {
    expect(derived(withEsr(baseline, later, day), 'LOG/F_REL').RELLAB ?? null).toBe(expected)
  },
)

const lobes = ['RUL', 'RML', 'RLL', 'LUL', 'LLL']
const findings = ['GGA', 'CONS', 'RETIC', 'TBX']

/** A read in which every lobe has this score, but for the cells named. */
const read = (
  reader: string,
  pattern: string,
  score: number,
  cells: Record<string, number> = {},
) => ({
  HRKEY: 'K1',
  HRREADER: reader,
  HRRDDTC: '2022-01-12',
  HRPAT: pattern,
  ...Object.fromEntries(
    lobes.flatMap((lobe) =>
      findings.map((finding) => [
        `HRL[${lobe}].HR_${finding}`,
        String(cells[`${lobe}.${finding}`] ?? score),
      ]),
    ),
  ),
})

it.each([
  ['the same reads', 'NSIP', {}, false, 20],
  ['one point in one lobe', 'NSIP', { 'RLL.GGA': 0 }, false, 20],
  [
    'one point in four lobes: totals differ by 4',
    'NSIP',
    { 'RLL.GGA': 0, 'LLL.GGA': 0, 'RUL.CONS': 0, 'LUL.TBX': 0 },
    false,
    19,
  ],
  [
    'one point in five lobes: totals differ by 5',
    'NSIP',
    { 'RLL.GGA': 0, 'LLL.GGA': 0, 'RUL.CONS': 0, 'LUL.TBX': 0, 'RML.RETIC': 0 },
    true,
    null,
  ],
  ['two points in one lobe', 'NSIP', { 'RLL.GGA': 3 }, true, null],
  [
    'two points up and two down: totals are equal',
    'NSIP',
    { 'RLL.GGA': 3, 'LLL.CONS': 0, 'LUL.CONS': 0 },
    true,
    null,
  ],
  ['another pattern', 'OP', {}, true, null],
] as const)('%s', (_, pattern, cells, needed, total) => {
  const entered = {
    'ENR/F_SUBJ': { SCRNDTC: start, COHORT: 'P' },
    'BL/F_HRACQ': { HRTP: 'BASELINE', HRDTC: start, HRKEY: 'K1', HRQUAL: 'Y' },
    'LOG/F_HRREAD': read('R1', 'NSIP', 1),
    'LOG/F_HRREAD#2': read('R2', pattern, 1, cells),
  }
  expect(value(entered, 'HRNEED_BL')).toBe(needed)
  // Without adjudication each finding is the mean of both reads, halves up: 4.5 is 5, and 4 is 4.
  expect(value(entered, 'HRTOT_BL')).toBe(total)
  const adjudication = { ...entered, 'LOG/F_HRADJ': { HRKEY: 'K1' } }
  expect(derived(adjudication, 'LOG/F_HRADJ').HRADJFL).toBe(needed ? 'Y' : 'N')
})

it('a read of another scan changes nothing', () => {
  const entered = {
    'ENR/F_SUBJ': { SCRNDTC: start, COHORT: 'P' },
    'BL/F_HRACQ': { HRTP: 'BASELINE', HRDTC: start, HRKEY: 'K1', HRQUAL: 'Y' },
    'LOG/F_HRREAD': read('R1', 'NSIP', 1),
    'LOG/F_HRREAD#2': { ...read('R2', 'OP', 3), HRKEY: 'K2' },
  }
  expect(value(entered, 'HRNEED_BL')).toBeNull()
  expect(value(entered, 'HRTOT_BL')).toBeNull()
})
