/** Examinations as institutions report them: lung function, blood gases, imaging and laboratory in Japanese units. */
import type { Chance } from '#studies/demo/chance.ts'
import type { DemoValue } from '#studies/demo/plan.ts'
import type { Bin, DemoSubject, Measurements } from './subjects.ts'

type Values = Record<string, DemoValue>

/** Predicted lung volumes of the subject, in L and mmol/min/kPa. */
export type Build = { forcedVitalCapacity: number; diffusion: number }

export function buildOf(subject: DemoSubject): Build {
  const height = Number(subject.height)
  const vital = subject.female
    ? 0.031 * height - 0.019 * subject.age - 1.1
    : 0.042 * height - 0.023 * subject.age - 1.78
  return {
    forcedVitalCapacity: Math.round(Math.max(vital, 1.9) * 100) / 100,
    diffusion: subject.female ? 5.6 : 7,
  }
}

/** Null where nobody measured. */
export function lungFunction(
  measured: Measurements | undefined,
  on: string,
  build: Build,
  luck: Chance,
): Values | null {
  if (measured === undefined || measured.fvc === '') return null
  const litres = (Number(measured.fvc) * build.forcedVitalCapacity) / 100
  return {
    PFTPERF: 'Y',
    PFTDTC: on,
    FVC: litres.toFixed(2),
    FVCPRED: build.forcedVitalCapacity.toFixed(2),
    FVCPP: measured.fvc,
    FEV1: (litres * (0.78 + luck.next() * 0.12)).toFixed(2),
    ...(measured.dlco === ''
      ? {}
      : {
          DLCO: ((Number(measured.dlco) * build.diffusion) / 100).toFixed(2),
          DLCOPP: measured.dlco,
        }),
  }
}

/** Without PaCO2 the gradient cannot be worked out, as in many of the surveillance's reports. */
export function bloodGas(measured: Measurements | undefined, on: string): Values | null {
  if (measured === undefined || measured.po2 === '') return null
  return {
    ABGPERF: 'Y',
    ABGDTC: on,
    FIO2: measured.fio2 === '' ? '0.21' : measured.fio2,
    PO2: measured.po2,
    ...(measured.pco2 === '' ? {} : { PCO2: measured.pco2 }),
    ABGREST: 'Y',
  }
}

type Test = { unit: string; low: number; high: number; digits: number; usual: [number, number] }

/** Reference interval and what the cohort usually shows, in the unit of entry. */
const routine: Readonly<Record<string, Test>> = {
  CK: { unit: 'U/L', low: 40, high: 200, digits: 0, usual: [45, 190] },
  LDH: { unit: 'U/L', low: 120, high: 245, digits: 0, usual: [160, 240] },
  CRP: { unit: 'mg/dL', low: 0, high: 0.8, digits: 2, usual: [0.03, 0.7] },
  CREAT: { unit: 'mg/dL', low: 40 / 88.4, high: 105 / 88.4, digits: 2, usual: [0.52, 0.85] },
  ALT: { unit: 'U/L', low: 5, high: 40, digits: 0, usual: [10, 39] },
  AST: { unit: 'U/L', low: 5, high: 40, digits: 0, usual: [14, 39] },
  GLUC: { unit: 'mg/dL', low: 3.9 * 18.02, high: 6.1 * 18.02, digits: 0, usual: [80, 108] },
  WBC: { unit: '/uL', low: 3300, high: 9000, digits: 0, usual: [4200, 8900] },
  LYM: { unit: '/uL', low: 1100, high: 3200, digits: 0, usual: [1110, 1900] },
  PLAT: { unit: '10*4/uL', low: 12.5, high: 35, digits: 1, usual: [15, 32] },
}
const markers = [
  { test: 'FERRITIN', from: 'ferritin', unit: 'ng/mL', low: 15, high: 300 },
  { test: 'KL6', from: 'kl6', unit: 'U/mL', low: 0, high: 500 },
  { test: 'SPD', from: 'spd', unit: 'ng/mL', low: 0, high: 110 },
] as const
const atBaseline = Object.keys(routine)
const later = ['CRP', 'CREAT', 'ALT', 'GLUC', 'WBC', 'LYM']

/** One sheet: the markers of the study as far as they were measured, and some of the routine. */
export function laboratory(subject: DemoSubject, bin: Bin, on: string, luck: Chance): Values {
  const values: Values = {}
  const enter = (test: string, result: string, unit: string, low: number, high: number) => {
    const path = `LB[${test}]`
    values[`${path}.LBPERF`] = 'Y'
    values[`${path}.LBDTC`] = on
    values[`${path}.LBORRESQ`] = 'EQ'
    values[`${path}.LBORRES`] = result
    values[`${path}.LBORRESU`] = unit
    if (Number(result) < low || Number(result) > high) values[`${path}.LBCLSIG`] = 'N'
  }
  for (const { test, from, unit, low, high } of markers) {
    const result = subject.measured[bin]?.[from] ?? ''
    if (result !== '') enter(test, result, unit, low, high)
    else if (bin === 'D0') values[`LB[${test}].LBPERF`] = 'N'
  }
  const active = bin === 'D0'
  for (const name of active ? atBaseline : later) {
    const test = routine[name] as Test
    let [low, high] = test.usual
    if (active && name === 'CK' && subject.diagnosis !== 'CADM') [low, high] = [210, 3200]
    if (active && name === 'LDH') [low, high] = [200, 420]
    if (active && name === 'CRP') high = 3.4
    enter(name, luck.decimal(low, high, test.digits), test.unit, test.low, test.high)
  }
  return values
}
