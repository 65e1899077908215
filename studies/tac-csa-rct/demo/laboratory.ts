/** Laboratory sheets of the demo cohort, entered in the units Japanese hospitals report. */
import type { Chance } from '#studies/demo/chance.ts'
import type { DemoValue } from '#studies/demo/plan.ts'
import type { DemoSubject } from './subjects.ts'

const safetyTests = ['CREAT', 'ALT', 'AST', 'GLUC', 'WBC', 'LYM', 'K', 'MG']
const fullVisits = ['SCR', 'W0', 'W4', 'W12', 'W24', 'W36', 'W52']

type Result = { value: string; unit: string }

/** Reference intervals of the hospitals, in the units of entry, for the question whether an abnormal result matters. */
const references: Record<string, readonly [number, number]> = {
  FERRITIN: [15, 300],
  CK: [40, 200],
  ALDOLASE: [2.1, 6.1],
  KL6: [0, 500],
  SPD: [0, 110],
  CREAT: [40 / 88.4, 105 / 88.4],
  UREAN: [2.8 / 0.357, 7.6 / 0.357],
  ALT: [5, 40],
  AST: [5, 40],
  ALP: [40, 130],
  GGT: [8, 60],
  BILI: [3 / 17.1, 21 / 17.1],
  LDH: [120, 245],
  CRP: [0, 0.8],
  GLUC: [3.9 * 18.02, 6.1 * 18.02],
  HBA1C: [4, 6],
  WBC: [3.3, 9],
  NEUT: [1.8, 7.5],
  LYM: [1.1, 3.2],
  HGB: [11.5, 17.5],
  PLAT: [125, 350],
  ALB: [4, 5.5],
  K: [3.5, 5.1],
  MG: [0.7, 1.1],
}

/** The visit at which a laboratory event of the subject shows; earlier in those who did not live to week 12. */
export function eventVisitOf(subject: DemoSubject): { event: string; day: number } {
  if (subject.deathDay !== null && subject.deathDay < 90) return { event: 'W2', day: 14 }
  return { event: 'W12', day: 84 }
}

export function laboratory(
  subject: DemoSubject,
  event: string,
  on: string,
  luck: Chance,
): Record<string, DemoValue> {
  const results = resultsOf(subject, event, luck)
  const tests = fullVisits.includes(event) ? Object.keys(results) : safetyTests
  const values: Record<string, DemoValue> = {}
  for (const test of tests) {
    const result = results[test] as Result
    const path = (item: string) => `LB[${test}].${item}`
    values[path('LBPERF')] = 'Y'
    values[path('LBDTC')] = on
    values[path('LBORRESQ')] = 'EQ'
    values[path('LBORRES')] = result.value
    values[path('LBORRESU')] = result.unit
    const [low, high] = references[test] ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
    const amount = Number(result.value)
    if (amount < low || amount > high) {
      const events = {
        CREAT: subject.renal,
        ALT: subject.liver,
        AST: subject.liver,
        GLUC: subject.hyperglycaemia,
        HBA1C: subject.hyperglycaemia,
      }
      values[path('LBCLSIG')] =
        event === eventVisitOf(subject).event && events[test as keyof typeof events] ? 'Y' : 'N'
    }
  }
  return values
}

function resultsOf(subject: DemoSubject, event: string, luck: Chance): Record<string, Result> {
  const { baseline } = subject
  const atStart = event === 'SCR' || event === 'W0'
  const eventNow = event === eventVisitOf(subject).event
  // Paper values stand at week 0, the last before randomisation; screening a few days earlier differs a little.
  const factor = event === 'W0' ? 1 : event === 'SCR' ? 0.97 : 0.55 + luck.next() * 0.25
  const scaled = (text: string, digits: number) =>
    factor === 1 ? text : Math.max(Number(text) * factor, 10 ** -digits).toFixed(digits)
  const renal = subject.renal && eventNow
  const liver = subject.liver && eventNow
  const glucose = subject.hyperglycaemia && eventNow
  return {
    FERRITIN: { value: scaled(baseline.ferritin, 0), unit: 'ng/mL' },
    CK: { value: scaled(baseline.ck, 0), unit: 'U/L' },
    ALDOLASE: { value: scaled(baseline.aldolase, 1), unit: 'U/L' },
    KL6: { value: scaled(baseline.kl6, 0), unit: 'U/mL' },
    SPD: { value: scaled(baseline.spd, 0), unit: 'ng/mL' },
    CREAT: {
      value: renal ? luck.decimal(1.35, 1.6, 2) : luck.decimal(0.62, 0.78, 2),
      unit: 'mg/dL',
    },
    UREAN: { value: luck.decimal(10, 19, 1), unit: 'mg/dL' },
    ALT: {
      value: liver ? String(luck.whole(135, 190)) : String(luck.whole(14, atStart ? 60 : 38)),
      unit: 'U/L',
    },
    AST: {
      value: liver ? String(luck.whole(125, 170)) : String(luck.whole(16, atStart ? 60 : 38)),
      unit: 'U/L',
    },
    ALP: { value: String(luck.whole(52, 118)), unit: 'U/L' },
    GGT: { value: String(luck.whole(14, 56)), unit: 'U/L' },
    BILI: { value: luck.decimal(0.4, 1.1, 1), unit: 'mg/dL' },
    LDH: { value: String(luck.whole(atStart ? 210 : 160, atStart ? 380 : 240)), unit: 'U/L' },
    CRP: { value: luck.decimal(0.05, 0.7, 2), unit: 'mg/dL' },
    GLUC: {
      value: glucose ? String(luck.whole(182, 240)) : String(luck.whole(78, 108)),
      unit: 'mg/dL',
    },
    HBA1C: { value: glucose ? luck.decimal(6.8, 7.6, 1) : luck.decimal(5.2, 5.9, 1), unit: '%' },
    WBC: { value: luck.decimal(4.6, 8.8, 1), unit: '10*9/L' },
    NEUT: { value: luck.decimal(2.6, 4.4, 1), unit: '10*9/L' },
    LYM: { value: luck.decimal(1.1, 1.9, 1), unit: '10*9/L' },
    HGB: { value: luck.decimal(11.6, 14.8, 1), unit: 'g/dL' },
    PLAT: { value: String(luck.whole(160, 320)), unit: '10*9/L' },
    ALB: { value: luck.decimal(4, 4.6, 1), unit: 'g/dL' },
    K: { value: luck.decimal(3.7, 4.9, 1), unit: 'mmol/L' },
    MG: { value: luck.decimal(0.72, 0.98, 2), unit: 'mmol/L' },
  }
}
