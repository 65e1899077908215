/** The visits of the prospective part: what site, raters and laboratory enter at each. */
import { type Chance, plusDays } from '#studies/demo/chance.ts'
import type { DemoForm, DemoValue } from '#studies/demo/plan.ts'
import { labSheet, later, type Markers } from './laboratory.ts'
import { type ScaleProfile, type ScaleVisit, scaleForms } from './scales.ts'
import type { ProspectiveSubject } from './subjects.ts'

/** What stays the same over a subject's visits. */
export type Course = {
  subject: ProspectiveSubject
  profile: ScaleProfile
  markers: Markers
  /** First dose of tacrolimus. */
  start: string
  weight: number
  height: number
  fvc: number
  /** The subject of the printed CT example had air in the mediastinum at baseline. */
  airLeak: boolean
  abnormal: { glucose: boolean; potassium: boolean }
  /** Share of improvement at which a sign has gone; above 1 it stays. */
  fading: { dyspnoea: number; cough: number; crackles: number; heliotrope: number; gottron: number }
}

export type Visit = { event: string; level: ScaleVisit; on: string }

/** Share by which markers have fallen at a visit. */
const fallen: Record<ScaleVisit, number> = { BL: 0, M1: 0.3, M3: 0.5, M6: 0.6, M12: 0.65 }

export function visitForms(course: Course, visit: Visit, luck: Chance): DemoForm[] {
  const { subject, profile, markers } = course
  const { event, level, on } = visit
  const scales = scaleForms(subject, profile, level, on, luck, event)
  const strength = scales.find(({ form }) => form === 'F_MMT8')?.values ?? {}
  const total = Object.entries(strength).reduce(
    (sum, [path, value]) => (path === 'MMTPERF' ? sum : sum + Number(value)),
    0,
  )
  const weak = level === 'BL' ? subject.weakness : total < 135
  const glucose = course.abnormal.glucose && level === 'M1' ? ['GLUC'] : []
  const potassium = course.abnormal.potassium && level === 'M3' ? ['K'] : []
  const forms: DemoForm[] = [
    { event, form: 'F_SV', values: { SVOCCUR: 'Y', SVSTDTC: on, SVCNTMOD: 'IN_PERSON' } },
    { event, form: 'F_VS', values: vitals(course, level, luck) },
    { event, form: 'F_CF', values: clinical(course, level, weak, luck) },
    {
      event,
      form: 'F_LB',
      values: labSheet(level === 'BL' ? markers : later(markers, fallen[level], luck), on, luck, {
        whole: true,
        matters: [...glucose, ...potassium],
      }),
    },
  ]
  if (level !== 'BL') {
    forms.push({
      event,
      form: 'F_TDM',
      values: {
        TDMPERF: 'Y',
        TDMDTC: on,
        TDMTIM: luck.decimal(11.4, 12.6, 1),
        // Some first troughs miss the target and lead to another dose.
        TACTRGH: level === 'M1' ? luck.decimal(3.9, 9.8, 1) : luck.decimal(5.2, 9.6, 1),
      },
    })
  }
  forms.push(...scales)
  if (level !== 'M1')
    forms.push(
      { event, form: 'F_PFT', values: lungFunction(course, level, on, luck) },
      { event, form: 'F_ABG', values: bloodGas(course, level, on, luck) },
    )
  return forms
}

function vitals(course: Course, level: ScaleVisit, luck: Chance): Record<string, DemoValue> {
  const ill = course.subject.end === 'DEATH'
  return {
    VSPERF: 'Y',
    WEIGHT: (course.weight + (level === 'BL' ? 0 : luck.whole(-12, 15) / 10)).toFixed(1),
    ...(level === 'BL' ? { HEIGHT: course.height.toFixed(1) } : {}),
    TEMP: luck.decimal(36, 37.2, 1),
    SYSBP: String(luck.whole(104, 138) + (course.subject.hypertension ? 12 : 0)),
    DIABP: String(luck.whole(62, 86)),
    PULSE: String(luck.whole(64, 96)),
    RESP: String(luck.whole(ill ? 20 : 15, ill ? 26 : 20)),
    OXYSAT: String(ill ? luck.whole(89, 93) : luck.whole(94, 98)),
    OXYSRC: 'PULSE_OXIMETER',
    ...(ill ? { O2SUPP: 'Y', OXYFLOW: luck.decimal(2, 5, 1) } : { O2SUPP: 'N' }),
  }
}

function clinical(
  { subject, airLeak, fading }: Course,
  level: ScaleVisit,
  weak: boolean,
  luck: Chance,
): Record<string, DemoValue> {
  const first = level === 'BL'
  const share = { BL: 0, M1: 0.25, M3: 0.5, M6: 0.7, M12: 0.85 }[level]
  const sign = (present: boolean, gone: number) => (present && share < gone ? 'Y' : 'N')
  return {
    CFDOE: sign(true, fading.dyspnoea),
    CFCOUGH: sign(fading.cough > 0.3, fading.cough),
    CFCRACK: sign(true, fading.crackles),
    CFFEVER: first ? luck.pick(['Y', 'N', 'N']) : 'N',
    CFHELIO: sign(subject.heliotrope, fading.heliotrope),
    CFGOTT: sign(subject.gottron, fading.gottron),
    CFPMW: weak ? 'Y' : 'N',
    CFPNMED: first && airLeak ? 'Y' : 'N',
    CFPNTHX: first && airLeak ? 'Y' : 'N',
    ...(first ? {} : { CFRESPW: 'N', CFMUSW: 'N' }),
  }
}

/** Hospitals closed their lung function rooms in the first months of the epidemic. */
const closedFrom = '2020-01-23'
const closedTo = '2020-09-30'

function lungFunction(
  { subject, fvc }: Course,
  level: ScaleVisit,
  on: string,
  luck: Chance,
): Record<string, DemoValue> {
  const closed = on >= closedFrom && on <= closedTo && (level !== 'BL' || !subject.lungFunction)
  if (!subject.lungFunction && level === 'BL')
    return { PFTPERF: 'N', PFTREASN: closed ? 'COVID19' : 'RESP_FAILURE' }
  if (closed) return { PFTPERF: 'N', PFTREASN: 'COVID19' }
  if (subject.end === 'DEATH' && level !== 'BL') return { PFTPERF: 'N', PFTREASN: 'TOO_ILL' }
  const predicted = subject.female ? 2.78 : 3.64
  const percent = fvc + { BL: 0, M1: 0, M3: 4, M6: 6, M12: 8 }[level] + luck.whole(-15, 15) / 10
  const litres = (percent * predicted) / 100
  return {
    PFTPERF: 'Y',
    PFTDTC: on,
    FVC: litres.toFixed(2),
    FVCPRED: predicted.toFixed(2),
    FVCPP: percent.toFixed(1),
    FEV1: (litres * (0.79 + luck.next() * 0.1)).toFixed(2),
    DLCO: (((percent - 12) * 7.4) / 100).toFixed(2),
    DLCOPP: (percent - 12).toFixed(1),
    PFTQC: 'Y',
  }
}

function bloodGas(
  { subject }: Course,
  level: ScaleVisit,
  on: string,
  luck: Chance,
): Record<string, DemoValue> {
  const ill = subject.end === 'DEATH'
  const better = { BL: 0, M1: 2, M3: 4, M6: 6, M12: 7 }[level]
  return {
    ABGPERF: 'Y',
    ABGDTC: on,
    FIO2: ill ? '0.33' : '0.21',
    PO2: ill ? luck.decimal(62, 74, 1) : (luck.whole(700, 840) / 10 + better).toFixed(1),
    PCO2: luck.decimal(33.5, 39.5, 1),
    PH: luck.decimal(7.38, 7.46, 3),
    ABGREST: 'Y',
  }
}

/** Medical history as the baseline visit asks for it. */
export function historyForm(subject: ProspectiveSubject, consent: string, luck: Chance): DemoForm {
  const values: Record<string, DemoValue> = {}
  const row = (key: string, answer: string, ongoing: string, years: number) => {
    values[`MH[${key}].MHOCCUR`] = answer
    if (answer !== 'Y') return
    values[`MH[${key}].MHSTDTC`] = plusDays(consent, -365 * years).slice(0, 4)
    values[`MH[${key}].MHONGO`] = ongoing
  }
  row('HYPERTENSION', subject.hypertension ? 'Y' : 'N', 'Y', luck.whole(2, 12))
  row('DIABETES', subject.diabetes, 'Y', luck.whole(1, 9))
  row('MALIGNANCY', subject.malignancy, 'N', luck.whole(6, 15))
  for (const none of ['TB', 'RESP', 'IMMUNE', 'RENAL']) row(none, 'N', 'N', 0)
  return { event: 'BL', form: 'F_MH', values }
}
