/** Laboratory sheets of the demo cohort, in the units Chinese hospitals report. */
import type { Chance } from '#studies/demo/chance.ts'
import type { DemoValue } from '#studies/demo/plan.ts'

/** The five tests of the published table, in their standard units. */
export type Markers = { CK: number; LDH: number; FERRITIN: number; ESR: number; CRP: number }

/** Reference intervals of the definition, for the question whether an abnormal result matters. */
const references: Record<string, readonly [number, number]> = {
  CK: [40, 200],
  LDH: [120, 245],
  FERRITIN: [15, 300],
  ESR: [0, 20],
  CRP: [0, 8],
  WBC: [3.3, 9],
  NEUT: [1.8, 7.5],
  LYM: [1.1, 3.2],
  HGB: [115, 175],
  PLAT: [125, 350],
  ALT: [5, 40],
  AST: [5, 40],
  ALB: [40, 55],
  CREAT: [40, 105],
  UREAN: [2.8, 7.6],
  GLUC: [3.9, 6.1],
  K: [3.5, 5.1],
  NA: [136, 145],
  MG: [0.7, 1.1],
}
const units: Record<string, string> = {
  FERRITIN: 'ng/mL',
  ESR: 'mm/h',
  CRP: 'mg/L',
  WBC: '10*9/L',
  NEUT: '10*9/L',
  LYM: '10*9/L',
  PLAT: '10*9/L',
  HGB: 'g/L',
  ALB: 'g/L',
  CREAT: 'umol/L',
  UREAN: 'mmol/L',
  GLUC: 'mmol/L',
  K: 'mmol/L',
  NA: 'mmol/L',
  MG: 'mmol/L',
}

/**
 * A sheet of results. `markers` are printed as they are; `whole` adds the routine tests. A result outside its range is answered
 * as not significant, except the tests named in `matters`.
 */
export function labSheet(
  markers: Markers,
  on: string,
  luck: Chance,
  { whole, matters = [] }: { whole: boolean; matters?: readonly string[] },
): Record<string, DemoValue> {
  const results: Record<string, string> = {
    CK: String(markers.CK),
    LDH: String(markers.LDH),
    FERRITIN: String(markers.FERRITIN),
    ESR: String(markers.ESR),
    CRP: String(markers.CRP),
    ...(whole ? routine(luck, matters) : {}),
  }
  const values: Record<string, DemoValue> = {}
  for (const [test, result] of Object.entries(results)) {
    const path = (item: string) => `LB[${test}].${item}`
    values[path('LBPERF')] = 'Y'
    values[path('LBDTC')] = on
    values[path('LBORRESQ')] = 'EQ'
    values[path('LBORRES')] = result
    values[path('LBORRESU')] = units[test] ?? 'U/L'
    const [low, high] = references[test] ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
    if (Number(result) < low || Number(result) > high)
      values[path('LBCLSIG')] = matters.includes(test) ? 'Y' : 'N'
  }
  return values
}

function routine(luck: Chance, matters: readonly string[]): Record<string, string> {
  return {
    WBC: luck.decimal(4.4, 8.9, 1),
    NEUT: luck.decimal(2.4, 4.3, 1),
    LYM: luck.decimal(0.9, 1.9, 1),
    HGB: String(luck.whole(112, 142)),
    PLAT: String(luck.whole(150, 330)),
    ALT: String(luck.whole(12, 52)),
    AST: String(luck.whole(14, 48)),
    ALB: luck.decimal(34, 43, 1),
    CREAT: String(luck.whole(46, 88)),
    UREAN: luck.decimal(3.4, 7.4, 1),
    GLUC: matters.includes('GLUC') ? luck.decimal(9.4, 12.8, 1) : luck.decimal(4.3, 6.3, 1),
    K: matters.includes('K') ? luck.decimal(2.9, 3.3, 1) : luck.decimal(3.6, 4.6, 1),
    NA: String(luck.whole(136, 144)),
    MG: luck.decimal(0.74, 0.98, 2),
  }
}

/** Markers at a later visit: they fall towards normal and never rise to twice the baseline, which would be a sign of relapse. */
export function later(baseline: Markers, share: number, luck: Chance): Markers {
  const fall = (value: number, floor: number, digits: number) => {
    const target = Math.min(value, Math.max(floor, value * (1 - share)))
    return Number((target * (0.92 + luck.next() * 0.16)).toFixed(digits))
  }
  return {
    CK: Math.max(12, fall(baseline.CK, 60, 0)),
    LDH: fall(baseline.LDH, 190, 0),
    FERRITIN: Math.max(12, fall(baseline.FERRITIN, 90, 0)),
    ESR: Math.max(3, fall(baseline.ESR, 12, 0)),
    CRP: fall(baseline.CRP, 1.5, 2),
  }
}
