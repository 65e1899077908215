/** Charts of the retrospective part as an abstractor enters them, one visit to the archive per chart. */
import { type Chance, chance, plusDays } from '#studies/demo/chance.ts'
import { cohortPlan, type DemoForm, type DemoPlan } from '#studies/demo/plan.ts'
import {
  antibodyForm,
  birthDate,
  diagnosisForm,
  eligibility,
  smokingForm,
  workday,
} from './enrolment.ts'
import { labSheet, type Markers } from './laboratory.ts'
import type { ChartSubject } from './subjects.ts'

const firstAdmission = '2014-01-06'
const admissionDays = 2440

/** Charts in the order of admission; the abstractors worked through them in the first months of 2022. */
export function chartPlans(subjects: readonly ChartSubject[]): DemoPlan[] {
  return subjects.map((subject, position) => {
    const luck = chance(9_000 + position)
    const spread = Math.round(((position + luck.next()) / subjects.length) * admissionDays)
    const index = workday(plusDays(firstAdmission, spread))
    const abstracted = workday(plusDays('2022-01-04', Math.floor(position / 2.2)))
    return cohortPlan('01', abstracted, chartForms(subject, index, abstracted, luck))
  })
}

function chartForms(
  subject: ChartSubject,
  index: string,
  abstracted: string,
  luck: Chance,
): DemoForm[] {
  const onset = plusDays(index, -luck.whole(25, 420))
  const diagnosed = plusDays(index, -luck.whole(1, 12))
  const mda5 = subject.type === 'PM' ? false : luck.next() < (subject.type === 'CADM' ? 0.7 : 0.25)
  const rash = subject.type !== 'PM'
  // No contact later than the day the chart was taken out.
  const contact = plusDays(index, luck.whole(372, 900))
  const end = subject.died
    ? plusDays(index, subject.lastDay)
    : contact < abstracted
      ? contact
      : plusDays(abstracted, -20)
  const markers = baselineMarkers(subject, luck)
  const forms: DemoForm[] = [
    { event: 'ENR', form: 'F_SUBJ', values: { SCRNDTC: abstracted, COHORT: 'R' } },
    { event: 'ENR', form: 'F_ICF', values: { ICFREQ: 'N_WAIVED' } },
    {
      event: 'IDX',
      form: 'F_CHART',
      values: {
        CHDTC: abstracted,
        CHABSTR: luck.pick(['BZQ', 'ZZY', 'CYX']),
        CHSRC: luck.next() < 0.3 ? ['EHR', 'LAB_SYSTEM', 'PAPER'] : ['EHR', 'LAB_SYSTEM'],
        IDXDTC: index,
        // A contact by telephone is often remembered by its month.
        LASTDTC:
          !subject.died && luck.next() < 0.15 && contact < '2021-10'
            ? plusDays(end, 31).slice(0, 7)
            : end,
        DUPCHK: 'Y',
      },
    },
    {
      event: 'ENR',
      form: 'F_DM',
      values: {
        BRTHDTC: birthDate(index, subject.age, luck),
        SEX: subject.female ? 'F' : 'M',
      },
    },
    smokingForm(luck.next() < (subject.female ? 0.03 : 0.5), luck),
    diagnosisForm(
      {
        type: subject.type,
        weakness: subject.type === 'PM' || (subject.type === 'DM' && luck.next() < 0.85),
        heliotrope: rash && luck.next() < 0.6,
        gottron: rash,
        // Older charts often give the month of onset only.
        onset: luck.next() < 0.4 ? onset.slice(0, 7) : onset,
        diagnosed,
      },
      luck,
    ),
    {
      event: 'ENR',
      form: 'F_ILD',
      values: {
        ILDSTDTC: plusDays(onset, luck.whole(0, 20)).slice(0, 7),
        ILDDXDTC: diagnosed,
        ILDHRCT: 'Y',
      },
    },
    antibodyForm(mda5, diagnosed, luck),
    {
      event: 'IDX',
      form: 'F_LB',
      values: labSheet(markers, index, luck, { whole: false }),
    },
    treatment(subject, index, end, luck),
    ...glucocorticoid(subject, index, end),
  ]
  if (subject.relapseDay !== null)
    forms.push(...relapse(plusDays(index, subject.relapseDay), markers, luck))
  if (subject.died) {
    forms.push({
      event: 'LOG',
      form: 'F_DTH',
      values: {
        DTHDTC: end,
        DTHCAUS: luck.pick(['ILD', 'ILD', 'ILD', 'INFECTION']),
        DTHAUTO: 'N',
        DTHSRC: 'MEDICAL_RECORD',
      },
    })
  }
  forms.push(
    {
      event: 'IDX',
      form: 'F_VSTAT',
      repeat: 'new',
      values: {
        VSTATDTC: end,
        VSTAT: subject.died ? 'DEAD' : 'ALIVE',
        VSTATSRC: subject.died ? 'MEDICAL_RECORD' : luck.pick(['MEDICAL_RECORD', 'PHONE']),
        LSTALVDT: end,
      },
    },
    {
      event: 'ENR',
      form: 'F_GRP',
      values: { GRPDTC: abstracted, GRPBASIS: 'TREATMENT_RECEIVED' },
    },
    {
      event: 'ENR',
      form: 'F_IE',
      values: eligibility(['IN01', 'IN02', 'IN03', 'IN04'], ['EX01', 'EX02', 'EX03']),
    },
  )
  return forms
}

function baselineMarkers(subject: ChartSubject, luck: Chance): Markers {
  const ck = subject.type === 'CADM' ? luck.whole(32, 240) : Math.round(80 * 40 ** luck.next())
  return {
    CK: ck,
    LDH: luck.whole(198, 560),
    FERRITIN: Math.round(90 * 14 ** luck.next()),
    ESR: luck.whole(9, 62),
    CRP: Number(luck.decimal(0.8, 26, 2)),
  }
}

const conventional: Record<string, { dose: string; unit: string }> = {
  CYCLOPHOSPHAMIDE_IV: { dose: '600', unit: 'mg' },
  METHOTREXATE: { dose: '10', unit: 'mg/wk' },
  AZATHIOPRINE: { dose: '100', unit: 'mg/d' },
  MYCOPHENOLATE: { dose: '1500', unit: 'mg/d' },
  CICLOSPORIN: { dose: '150', unit: 'mg/d' },
}

function treatment(subject: ChartSubject, index: string, end: string, luck: Chance): DemoForm {
  if (subject.drug === 'TACROLIMUS') {
    return {
      event: 'LOG',
      form: 'F_EC',
      repeat: 'new',
      values: {
        ECTRT: 'TACROLIMUS',
        ECSTDTC: index,
        ...(subject.died ? { ECENDTC: end, ECONGO: 'N' } : { ECONGO: 'Y' }),
        ECDOSE: luck.pick(['1', '1', '1.5', '2']),
        ECDOSFRQ: 'BID',
      },
    }
  }
  const { dose, unit } = conventional[subject.drug] ?? { dose: '', unit: '' }
  return {
    event: 'LOG',
    form: 'F_IS',
    repeat: 'new',
    values: {
      ISTRT: subject.drug,
      ISDOSE: dose,
      ISDOSU: unit,
      ISSTDTC: index,
      ...(subject.died ? { ISENDTC: end } : {}),
      ISPURP: 'CONVENTIONAL',
    },
  }
}

/** The initial dose for about five weeks, a lower one until the end, and a rise at a relapse. */
function glucocorticoid(subject: ChartSubject, index: string, end: string): DemoForm[] {
  const days = Math.round((Date.parse(end) - Date.parse(index)) / 86_400_000)
  const steps: { from: number; dose: number; reason: string | null }[] = [
    { from: 0, dose: subject.prednisolone, reason: null },
  ]
  const relapseDay = subject.relapseDay
  if (days > 45 && (relapseDay === null || relapseDay > 45))
    steps.push({
      from: 38,
      dose: Math.round((subject.prednisolone * 0.7) / 2.5) * 2.5,
      reason: 'TAPER',
    })
  if (relapseDay !== null && days > relapseDay)
    steps.push({ from: relapseDay, dose: subject.prednisolone, reason: 'RELAPSE' })
  return steps.map(({ from, dose, reason }, position): DemoForm => {
    const next = steps[position + 1]
    const last = next ? plusDays(index, next.from - 1) : subject.died ? end : null
    return {
      event: 'LOG',
      form: 'F_GC',
      repeat: 'new',
      values: {
        GCTRT: 'PREDNISONE',
        GCSTDTC: plusDays(index, from),
        ...(last === null ? {} : { GCENDTC: last }),
        GCDOSE: String(dose),
        GCROUTE: 'ORAL',
        ...(reason === null ? {} : { GCREAS: reason }),
      },
    }
  })
}

/** Every relapse has worse symptoms and either radiological progression in both opinions or a marker above twice the baseline. */
function relapse(on: string, baseline: Markers, luck: Chance): DemoForm[] {
  const radiological = luck.next() < 0.6
  const form: DemoForm = {
    event: 'LOG',
    form: 'F_REL',
    repeat: 'new',
    values: {
      RELDTC: on,
      RELSYMP: 'Y',
      RELRESP: radiological ? 'Y' : luck.pick(['Y', 'N']),
      RELRADR: radiological ? 'Y' : 'N',
      RELRADX: radiological ? 'Y' : 'N',
    },
  }
  if (radiological) return [form]
  const risen = {
    ...baseline,
    FERRITIN: Math.round(baseline.FERRITIN * (2.2 + luck.next())),
    CRP: Number((baseline.CRP * 1.4).toFixed(2)),
  }
  const sheet: DemoForm = {
    event: 'UNS',
    form: 'F_LB',
    values: labSheet(risen, on, luck, { whole: false }),
  }
  return [sheet, form]
}
