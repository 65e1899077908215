/** Adverse events, infections, death and deviations of the demo cohort. */
import { type Chance, plusDays } from '#studies/demo/chance.ts'
import type { DemoForm } from '#studies/demo/plan.ts'
import { eventVisitOf } from './laboratory.ts'
import { type DemoSubject, reclassifiedSubject } from './subjects.ts'

const infections: Record<
  string,
  { term: string; preferred: string; type: string; drugs: string[]; culture: boolean }
> = {
  bacterial: {
    term: 'Bacterial pneumonia',
    preferred: 'Pneumonia bacterial',
    type: 'BACTERIAL',
    drugs: ['IMIPENEM_CILASTATIN'],
    culture: true,
  },
  CMV: {
    term: 'Cytomegalovirus reactivation',
    preferred: 'Cytomegalovirus infection',
    type: 'CMV',
    drugs: ['GANCICLOVIR'],
    culture: false,
  },
  'herpes zoster': {
    term: 'Herpes zoster',
    preferred: 'Herpes zoster',
    type: 'HERPES_ZOSTER',
    drugs: ['OTHER'],
    culture: false,
  },
  'pulmonary aspergillosis': {
    term: 'Pulmonary aspergillosis',
    preferred: 'Bronchopulmonary aspergillosis',
    type: 'ASPERGILLOSIS',
    drugs: ['VORICONAZOLE'],
    culture: true,
  },
  tuberculosis: {
    term: 'Pulmonary tuberculosis',
    preferred: 'Pulmonary tuberculosis',
    type: 'TB',
    drugs: ['OTHER'],
    culture: true,
  },
}
const commonComplaints = [
  'Hypertension',
  'Tremor',
  'Insomnia',
  'Diarrhoea',
  'Moon face',
  'Hypomagnesaemia',
] as const

type Entry = {
  term: string
  preferred: string
  day: number
  lasts: number
  grade: string
  serious?: boolean
  related: boolean
}

export function adverseEvents(
  subject: DemoSubject,
  day0: string,
  end: string,
  luck: Chance,
): DemoForm[] {
  const lastDay = Math.round(
    (Date.parse(`${end}T00:00:00Z`) - Date.parse(`${day0}T00:00:00Z`)) / 86_400_000,
  )
  const entries: Entry[] = []
  const laboratoryDay = eventVisitOf(subject).day
  const infection = subject.infection === null ? undefined : infections[subject.infection]
  const infectionDay = luck.whole(40, Math.max(41, Math.min(300, lastDay - 30)))
  if (infection)
    entries.push({
      term: infection.term,
      preferred: infection.preferred,
      day: infectionDay,
      lasts: luck.whole(10, 28),
      grade: '3',
      serious: infection.type === 'BACTERIAL' || infection.type === 'TB',
      related: true,
    })
  if (subject.renal)
    entries.push({
      term: 'Renal dysfunction',
      preferred: 'Renal impairment',
      day: laboratoryDay,
      lasts: 28,
      grade: '2',
      related: true,
    })
  if (subject.liver)
    entries.push({
      term: 'Liver dysfunction',
      preferred: 'Hepatic function abnormal',
      day: laboratoryDay,
      lasts: 28,
      grade: '2',
      related: true,
    })
  if (subject.hyperglycaemia)
    entries.push({
      term: 'Hyperglycaemia',
      preferred: 'Hyperglycaemia',
      day: laboratoryDay,
      lasts: 60,
      grade: '2',
      related: true,
    })
  if (subject.pneumomediastinum)
    entries.push({
      term: 'Pneumomediastinum',
      preferred: 'Pneumomediastinum',
      day: 60,
      lasts: 30,
      grade: '2',
      serious: true,
      related: false,
    })
  if (subject.thrombosis)
    entries.push({
      term: 'Deep vein thrombosis',
      preferred: 'Deep vein thrombosis',
      day: 70,
      lasts: 40,
      grade: '2',
      serious: true,
      related: false,
    })
  if (luck.next() < 0.4) {
    const complaint = luck.pick(commonComplaints)
    entries.push({
      term: complaint,
      preferred: complaint,
      day: luck.whole(5, Math.min(25, lastDay - 2)),
      lasts: 20,
      grade: luck.pick(['1', '1', '2']),
      related: true,
    })
  }
  const forms: DemoForm[] = entries
    .filter((entry) => entry.day < lastDay)
    .map((entry) => adverseEvent(subject, entry, day0, lastDay))
  if (subject.deathDay !== null) forms.push(...death(subject, end))
  if (forms.length === 0)
    forms.push({ event: 'LOG', form: 'F_AE', values: { AEYN: 'N' }, repeat: 'new' })
  if (infection) {
    forms.push({
      event: 'LOG',
      form: 'F_INF',
      repeat: 'new',
      values: {
        INFTYPE: infection.type,
        INFSTDTC: plusDays(day0, infectionDay),
        ...(infection.culture
          ? { INFCULT: 'Y', INFORG: organisms[infection.type] as string }
          : { INFCULT: 'ND' }),
        INFRX: infection.drugs,
        INFDISC: 'N',
      },
    })
  }
  if (subject.id === reclassifiedSubject) {
    forms.push({
      event: 'LOG',
      form: 'F_DV',
      repeat: 'new',
      values: {
        DVCAT: 'OTHER',
        DVTERM: 'Randomised in stratum CADM; diagnosis verified later as dermatomyositis',
        DVSTDTC: plusDays(day0, 35),
        DVMAJ: 'N',
      },
    })
  }
  return forms
}

const organisms: Record<string, string> = {
  BACTERIAL: 'Streptococcus pneumoniae',
  ASPERGILLOSIS: 'Aspergillus fumigatus',
  TB: 'Mycobacterium tuberculosis',
}

function attribution(subject: DemoSubject, related: boolean): Record<string, string> {
  const answer = related ? 'Y' : 'N'
  const tac = subject.arm === 'TAC'
  return {
    AEREL_TAC: tac ? answer : 'N',
    AEREL_CSA: tac ? 'N' : answer,
    AEREL_GC: answer,
    AEACN_TAC: tac ? 'DOSE NOT CHANGED' : 'NOT APPLICABLE',
    AEACN_CSA: tac ? 'NOT APPLICABLE' : 'DOSE NOT CHANGED',
    AEACN_GC: 'DOSE NOT CHANGED',
  }
}

function adverseEvent(subject: DemoSubject, entry: Entry, day0: string, lastDay: number): DemoForm {
  const seriousness = {
    AESDTH: 'N',
    AESLIFE: 'N',
    AESHOSP: 'Y',
    AESDISAB: 'N',
    AESCONG: 'N',
    AESMIE: 'N',
  }
  return {
    event: 'LOG',
    form: 'F_AE',
    repeat: 'new',
    values: {
      AEYN: 'Y',
      AETERM: entry.term,
      AESTDTC: plusDays(day0, entry.day),
      AEENDTC: plusDays(day0, Math.min(entry.day + entry.lasts, lastDay)),
      AEONGO: 'N',
      AETOXGR: entry.grade,
      AESER: entry.serious ? 'Y' : 'N',
      ...(entry.serious
        ? { ...seriousness, AENARR: `${entry.term}: admitted for treatment and recovered.` }
        : {}),
      ...attribution(subject, entry.related),
      AEOUT: 'RECOVERED/RESOLVED',
      AEPTCD: entry.preferred,
    },
  }
}

function death(subject: DemoSubject, end: string): DemoForm[] {
  const onset = plusDays(end, -6)
  return [
    {
      event: 'LOG',
      form: 'F_AE',
      repeat: 'new',
      values: {
        AEYN: 'Y',
        AETERM: 'Respiratory failure',
        AESTDTC: onset,
        AEENDTC: end,
        AEONGO: 'N',
        AETOXGR: '5',
        AESER: 'Y',
        AESDTH: 'Y',
        AESLIFE: 'N',
        AESHOSP: 'Y',
        AESDISAB: 'N',
        AESCONG: 'N',
        AESMIE: 'N',
        ...attribution(subject, false),
        AEOUT: 'FATAL',
        AEPTCD: 'Respiratory failure',
        AENARR:
          'Progression of interstitial lung disease despite rescue treatment; died of respiratory failure.',
      },
    },
    {
      event: 'LOG',
      form: 'F_VSTAT',
      repeat: 'new',
      values: { VSTATDTC: end, VSTAT: 'DEAD', VSTATSRC: 'MEDICAL_RECORD', LSTALVDT: end },
    },
    {
      event: 'LOG',
      form: 'F_DTH',
      values: {
        DTHDTC: end,
        DTHCAUS: 'ILD',
        DTHTXT: 'Respiratory failure from progression of interstitial lung disease',
        DTHAUTO: 'N',
        DTHSRC: 'MEDICAL_RECORD',
      },
    },
  ]
}
