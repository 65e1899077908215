/** Adverse events, infections, relapses and the end of observation in the prospective part. */
import { type Chance, plusDays } from '#studies/demo/chance.ts'
import type { DemoForm } from '#studies/demo/plan.ts'
import { labSheet } from './laboratory.ts'
import type { Course } from './visits.ts'

const infections = [
  {
    type: 'CMV',
    term: '巨细胞病毒感染',
    preferred: 'Cytomegalovirus infection',
    drugs: ['GANCICLOVIR'],
  },
  {
    type: 'PCP',
    term: '肺孢子菌肺炎',
    preferred: 'Pneumocystis jirovecii pneumonia',
    drugs: ['SMZ', 'CASPOFUNGIN'],
  },
  { type: 'EBV', term: 'EB病毒血症', preferred: 'Epstein-Barr virus infection', drugs: ['NONE'] },
  {
    type: 'FUNGAL_PULM',
    term: '肺部真菌感染',
    preferred: 'Fungal infection',
    drugs: ['VORICONAZOLE'],
  },
  { type: 'HERPES_ZOSTER', term: '带状疱疹', preferred: 'Herpes zoster', drugs: ['OTHER'] },
  {
    type: 'ORAL_CANDIDA',
    term: '口腔念珠菌病',
    preferred: 'Oral candidiasis',
    drugs: ['FLUCONAZOLE'],
  },
] as const

type Entry = {
  term: string
  preferred: string
  day: number
  lasts: number
  grade: string
  tacrolimus: boolean
  pirfenidone?: boolean
  glucocorticoid?: boolean
  fatal?: boolean
  serious?: boolean
  narrative?: string
}

/** What happened between the first dose and `lastDay`, and the relapse with its unscheduled visit. */
export function eventForms(
  course: Course,
  position: number,
  lastDay: number,
  labDays: { glucose: number; potassium: number },
  luck: Chance,
): DemoForm[] {
  const { subject, start } = course
  const forms: DemoForm[] = []
  const entries: Entry[] = []
  if (subject.infection) {
    const infection = infections[position % infections.length] ?? infections[0]
    const day = luck.whole(20, Math.max(21, Math.min(260, lastDay - 12)))
    entries.push({
      ...infection,
      day,
      lasts: luck.whole(8, 24),
      grade: '2',
      tacrolimus: true,
      glucocorticoid: true,
    })
    forms.push({
      event: 'LOG',
      form: 'F_INF',
      repeat: 'new',
      values: {
        INFTYPE: infection.type,
        INFSTDTC: plusDays(start, day),
        ...(infection.type === 'PCP' || infection.type === 'FUNGAL_PULM'
          ? { INFHRCT: 'Y', INFCULT: 'N' }
          : {}),
        ...(infection.type === 'CMV' ? { INFCMV: String(luck.whole(620, 42_000)) } : {}),
        ...(infection.type === 'EBV' ? { INFEBV: String(luck.whole(580, 19_000)) } : {}),
        INFRX: [...infection.drugs],
        INFDISC: 'N',
      },
    })
  }
  if (course.abnormal.glucose)
    entries.push({
      term: '血糖升高',
      preferred: 'Hyperglycaemia',
      day: labDays.glucose,
      lasts: 55,
      grade: '2',
      tacrolimus: true,
      glucocorticoid: true,
    })
  if (course.abnormal.potassium)
    entries.push({
      term: '低钾血症',
      preferred: 'Hypokalaemia',
      day: labDays.potassium,
      lasts: 14,
      grade: '2',
      tacrolimus: true,
    })
  if (subject.group === 'TACPFD' && position % 4 === 1)
    entries.push({
      term: '恶心',
      preferred: 'Nausea',
      day: luck.whole(4, 16),
      lasts: luck.whole(6, 18),
      grade: '1',
      tacrolimus: false,
      pirfenidone: true,
    })
  // Where a death stands without a fatal event, the question about it is still open.
  if (subject.end === 'DEATH' && position % 5 !== 3)
    entries.push({
      term: '间质性肺疾病急性加重',
      preferred: 'Interstitial lung disease',
      day: Math.max(1, lastDay - luck.whole(6, 16)),
      lasts: 0,
      grade: '5',
      tacrolimus: false,
      fatal: true,
      serious: true,
      narrative:
        '呼吸困难进行性加重，HRCT示双肺新发磨玻璃影及实变，经激素冲击及呼吸支持治疗无效死亡。',
    })
  entries.sort((a, b) => a.day - b.day)
  for (const entry of entries) forms.push(adverseEvent(course, entry, lastDay))
  if (entries.length === 0)
    forms.push({ event: 'LOG', form: 'F_AE', repeat: 'new', values: { AEYN: 'N' } })
  if (subject.relapseDay !== null) forms.push(...relapse(course, subject.relapseDay, luck))
  return forms
}

function adverseEvent({ subject, start }: Course, entry: Entry, lastDay: number): DemoForm {
  const end = Math.min(entry.day + entry.lasts, lastDay)
  const over = entry.fatal === true || entry.day + entry.lasts <= lastDay
  const combined = subject.group === 'TACPFD'
  return {
    event: 'LOG',
    form: 'F_AE',
    repeat: 'new',
    values: {
      AEYN: 'Y',
      AETERM: entry.term,
      AESTDTC: plusDays(start, entry.day),
      ...(over ? { AEENDTC: plusDays(start, entry.fatal ? lastDay : end) } : {}),
      AEONGO: over ? 'N' : 'Y',
      AETOXGR: entry.grade,
      AESER: entry.serious ? 'Y' : 'N',
      ...(entry.serious
        ? {
            AESDTH: entry.fatal ? 'Y' : 'N',
            AESLIFE: 'Y',
            AESHOSP: 'Y',
            AESDISAB: 'N',
            AESCONG: 'N',
            AESMIE: 'N',
            AENARR: entry.narrative ?? entry.term,
          }
        : {}),
      AEREL_TAC: entry.tacrolimus ? 'Y' : 'N',
      AEREL_PFD: entry.pirfenidone ? 'Y' : 'N',
      AEREL_GC: entry.glucocorticoid ? 'Y' : 'N',
      AEACN_TAC: entry.fatal ? 'NOT APPLICABLE' : 'DOSE NOT CHANGED',
      AEACN_PFD: combined && !entry.fatal ? 'DOSE NOT CHANGED' : 'NOT APPLICABLE',
      AEACN_GC: entry.fatal ? 'NOT APPLICABLE' : 'DOSE NOT CHANGED',
      AEOUT: entry.fatal ? 'FATAL' : over ? 'RECOVERED/RESOLVED' : 'RECOVERING/RESOLVING',
      AEPTCD: entry.preferred,
    },
  }
}

/** Respiratory-related relapse: worse symptoms, progression in both opinions, and a visit with rising markers. */
function relapse({ subject, start, markers }: Course, day: number, luck: Chance): DemoForm[] {
  const on = plusDays(start, day)
  const visit = plusDays(on, day + 3 < subject.lastDay ? luck.whole(0, 2) : 0)
  const risen = {
    ...markers,
    FERRITIN: Math.round(markers.FERRITIN * (2.1 + luck.next() * 0.6)),
    LDH: Math.round(markers.LDH * 1.15),
  }
  return [
    {
      event: 'UNS',
      form: 'F_SV',
      values: { SVOCCUR: 'Y', SVSTDTC: visit, SVCNTMOD: 'IN_PERSON' },
    },
    { event: 'UNS', form: 'F_LB', values: labSheet(risen, visit, luck, { whole: false }) },
    {
      event: 'LOG',
      form: 'F_REL',
      repeat: 'new',
      values: { RELDTC: on, RELSYMP: 'Y', RELRESP: 'Y', RELRADR: 'Y', RELRADX: 'Y' },
    },
  ]
}

const reasons: Record<string, string> = {
  LTFU: '失访：转外地医院就诊，多次电话联系未果',
  PREMATURE_DISC: '受试者自行停用研究药物，拒绝继续随访',
  OTHER: '因个人原因退出',
  DEATH: '死于间质性肺疾病进展所致呼吸衰竭',
}

/** Death, vital status, stopped drugs and disposition. `end` is the last day under observation. */
export function closingForms({ subject }: Course, end: string, last: string): DemoForm[] {
  const forms: DemoForm[] = []
  const log = (form: string, values: DemoForm['values'], repeat?: 'new') =>
    forms.push({ event: 'LOG', form, values, ...(repeat ? { repeat } : {}) })
  const died = subject.end === 'DEATH'
  const drugs = subject.group === 'TACPFD' ? ['TACROLIMUS', 'PIRFENIDONE'] : ['TACROLIMUS']
  if (died)
    log('F_DTH', {
      DTHDTC: end,
      DTHCAUS: 'ILD',
      ...(subject.infection ? { DTHCONT: ['INFECTION'] } : {}),
      DTHTXT: '间质性肺疾病进展，呼吸衰竭',
      DTHAUTO: 'N',
      DTHSRC: 'MEDICAL_RECORD',
    })
  if (died || subject.end === 'LTFU')
    log(
      'F_VSTAT',
      {
        VSTATDTC: end,
        VSTAT: died ? 'DEAD' : 'LOST',
        VSTATSRC: died ? 'MEDICAL_RECORD' : 'PHONE',
        LSTALVDT: died ? end : last,
      },
      'new',
    )
  if (subject.end !== 'COMPLETED')
    for (const drug of drugs)
      log(
        'F_DSTRT',
        {
          DSTRT: drug,
          DSTSTDTC: end,
          DSTREAS: [died ? 'DEATH' : subject.end === 'LTFU' ? 'LTFU_MOVED' : 'SUBJECT'],
        },
        'new',
      )
  log('F_DSSTDY', {
    DSSTDTC: end,
    DSDECOD: subject.end,
    ...(subject.end === 'COMPLETED' ? {} : { DSTERM: reasons[subject.end] ?? '' }),
  })
  return forms
}
