/** What was measured when the study drug was started. */
import { plusDays } from '#studies/demo/chance.ts'
import type { DemoForm } from '#studies/demo/plan.ts'
import type { Chart, Values } from './chart.ts'

/** Unit of entry, reference interval and digits of each test. */
const panel: Readonly<
  Record<string, { unit: string; low: number; high: number; digits?: number }>
> = {
  WBC: { unit: '10*9/L', low: 3.3, high: 9, digits: 1 },
  NEUT: { unit: '10*9/L', low: 1.8, high: 7.5, digits: 2 },
  NEUTLE: { unit: '%', low: 40, high: 75, digits: 1 },
  LYM: { unit: '10*9/L', low: 1.1, high: 3.2, digits: 2 },
  LYMLE: { unit: '%', low: 20, high: 50, digits: 1 },
  RBC: { unit: '10*12/L', low: 3.8, high: 5.8, digits: 2 },
  HGB: { unit: 'g/L', low: 115, high: 175 },
  PLAT: { unit: '10*9/L', low: 125, high: 350 },
  ALT: { unit: 'U/L', low: 5, high: 40 },
  AST: { unit: 'U/L', low: 5, high: 40 },
  LDH: { unit: 'U/L', low: 120, high: 245 },
  ALB: { unit: 'g/L', low: 40, high: 55, digits: 1 },
  GLOBUL: { unit: 'g/L', low: 20, high: 40, digits: 1 },
  UREAN: { unit: 'mmol/L', low: 2.8, high: 7.6, digits: 1 },
  CREAT: { unit: 'umol/L', low: 40, high: 105 },
  CRP: { unit: 'mg/L', low: 0, high: 8, digits: 1 },
  CK: { unit: 'U/L', low: 40, high: 200 },
  CKMB: { unit: 'U/L', low: 0, high: 25 },
  FERRITIN: { unit: 'ng/mL', low: 15, high: 300, digits: 1 },
  ESR: { unit: 'mm/h', low: 0, high: 20 },
  DDIMER: { unit: 'ug/mL', low: 0, high: 0.5, digits: 2 },
  BDG: { unit: 'pg/mL', low: 0, high: 151.5, digits: 1 },
  GMAG: { unit: '{index}', low: 0, high: 0.5, digits: 2 },
  CMVDNA: { unit: '[IU]/mL', low: 0, high: 500 },
  EBVDNA: { unit: '[IU]/mL', low: 0, high: 500 },
}
/** The assay of ferritin ends here. */
const ferritinCeiling = 1650
/** One sheet prints D-dimer in ng/mL beside a value in ug/mL; one ferritin at the ceiling lost its sign. */
const wrongUnit = 'N10'
const lostSign = 'N40'

export function treatmentStartForms(chart: Chart): DemoForm[] {
  const { abstracted } = chart
  const form = (oid: string, values: Values): DemoForm => ({ event: 'TX0', form: oid, values })
  return [
    form('F_GRP', { GRPDTC: abstracted, GRPBASIS: 'TREATMENT_RECEIVED' }),
    form('F_VS', vitalSigns(chart)),
    form('F_LB', laboratory(chart)),
    form('F_ABG', bloodGas(chart)),
    form('F_PFT', lungFunction(chart)),
  ]
}

/** A day around the first dose, not before the first scan. */
function around(chart: Chart, from: number, to: number): string {
  const day = chart.luck.whole(from, Math.min(to, chart.daysOnStudy))
  return plusDays(chart.start, Math.max(day, -chart.subject.startDay))
}

/** Saturation of haemoglobin by Hill's curve, in percent. */
function saturation(po2: number): number {
  return Math.min(99, (100 * po2 ** 2.7) / (po2 ** 2.7 + 26.8 ** 2.7))
}

function vitalSigns({ subject, weight, luck }: Chart): Values {
  const { oxygen } = subject
  // About 4 % more for each litre; half a litre is the least a flow meter shows.
  const flow =
    oxygen === null || oxygen.fio2 === 0.21
      ? 0
      : Math.max(0.5, Math.round((oxygen.fio2 - 0.21) / 0.02) / 2)
  return {
    VSPERF: 'Y',
    WEIGHT: `${weight}.${luck.whole(0, 9)}`,
    OXYSAT: oxygen === null ? luck.decimal(94, 97, 1) : saturation(oxygen.po2).toFixed(1),
    OXYSRC: oxygen === null ? 'PULSE_OXIMETER' : 'ABG',
    O2SUPP: flow > 0 ? 'Y' : 'N',
    ...(flow > 0 ? { OXYFLOW: String(flow) } : {}),
  }
}

function laboratory(chart: Chart): Values {
  const { subject, luck } = chart
  const on = around(chart, -2, 0)
  const { WBC = 0, NEUTLE = 0, LYMLE = 0 } = subject.laboratory
  const male = subject.sex === 'M'
  const hemoglobin = luck.whole(male ? 112 : 102, male ? 148 : 134)
  const screened = luck.next() < 0.4
  const known: Record<string, number> = {
    ...subject.laboratory,
    NEUT: Math.round(WBC * NEUTLE) / 100,
    LYM: Math.round(WBC * LYMLE) / 100,
    HGB: hemoglobin,
    RBC: hemoglobin / 30 + luck.next() * 0.3,
    UREAN: 3.6 + luck.next() * 4.6,
    CREAT: luck.whole(male ? 52 : 41, male ? 84 : 66),
    ...(screened
      ? {
          BDG: 10 + luck.next() * 60,
          GMAG: 0.05 + luck.next() * 0.3,
          CMVDNA: luck.whole(0, 300),
          EBVDNA: luck.whole(0, 400),
        }
      : {}),
  }
  const values: Values = {}
  for (const [test, { unit, low, high, digits = 0 }] of Object.entries(panel)) {
    const path = (item: string) => `LB[${test}].${item}`
    const result = known[test]
    if (result === undefined) {
      values[path('LBPERF')] = 'N'
      continue
    }
    const beyond =
      test === 'FERRITIN' && result >= ferritinCeiling && subject.id !== lostSign ? 'GT' : 'EQ'
    const mixedUp = test === 'DDIMER' && subject.id === wrongUnit
    values[path('LBPERF')] = 'Y'
    values[path('LBDTC')] = on
    values[path('LBORRESQ')] = beyond
    values[path('LBORRES')] = result.toFixed(digits)
    values[path('LBORRESU')] = mixedUp ? 'ng/mL' : unit
    const shown = Number(result.toFixed(digits))
    if (shown < low || shown > high) values[path('LBCLSIG')] = 'N'
  }
  return values
}

function bloodGas(chart: Chart): Values {
  const { subject, luck } = chart
  if (subject.oxygen === null) return { ABGPERF: 'N' }
  const { po2, fio2 } = subject.oxygen
  // On oxygen the pressure of carbon dioxide was rarely copied into the chart.
  const pco2 = Math.min(30 + luck.next() * 9, 0.8 * (149 - po2))
  return {
    ABGPERF: 'Y',
    ABGDTC: around(chart, -2, 0),
    FIO2: fio2.toFixed(2),
    PO2: po2.toFixed(1),
    ...(fio2 === 0.21 && pco2 > 25
      ? { PCO2: pco2.toFixed(1), PH: luck.decimal(7.38, 7.47, 3) }
      : {}),
  }
}

function lungFunction(chart: Chart): Values {
  const { subject, luck } = chart
  if (subject.lung === null)
    return {
      PFTPERF: 'N',
      PFTREASN: subject.rapidlyProgressive
        ? luck.pick(['TOO_ILL', 'RESP_FAILURE', 'TOO_ILL'])
        : subject.index > '2020-01-20' && subject.index < '2020-05-01'
          ? 'COVID19'
          : luck.pick(['NOT_ORDERED', 'NOT_ORDERED', 'REFUSED', 'TOO_ILL']),
    }
  const { fvc, fvcPercent, dlco, dlcoPercent } = subject.lung
  const notDone = { missing: 'ND' } as const
  return {
    PFTPERF: 'Y',
    PFTDTC: around(chart, -6, 3),
    FVC: fvc.toFixed(2),
    FVCPP: fvcPercent.toFixed(1),
    DLCO: dlco === null ? notDone : dlco.toFixed(2),
    DLCOPP: dlcoPercent === null ? notDone : dlcoPercent.toFixed(1),
    PFTQC: luck.pick(['Y', 'Y', 'Y', 'U']),
  }
}
