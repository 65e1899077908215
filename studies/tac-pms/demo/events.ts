/** What happens to subjects: adverse events, progressions, admissions, stop, loss and death. */
import { type Chance, plusDays } from '#studies/demo/chance.ts'
import type { DemoForm, DemoValue } from '#studies/demo/plan.ts'
import type { AdverseEvent, DemoSubject } from './subjects.ts'
import { terms } from './terms.ts'
import { logged } from './treatment.ts'

type Values = Record<string, DemoValue>
const dictionaryVersion = '22.1'
/** These do not go away. */
const lasting = [
  'Diabetes mellitus',
  'Steroid diabetes',
  'Type 2 diabetes mellitus',
  'Hypertension',
  'Dyslipidaemia',
  'Hyperlipidaemia',
  'Osteoporosis',
  'Cataract',
]

export function adverseEvents(subject: DemoSubject, luck: Chance): DemoForm[] {
  if (subject.events.length === 0) return [logged('F_AE', { AEYN: 'N' })]
  return subject.events.map((event) => logged('F_AE', adverseEvent(subject, event, luck)))
}

function adverseEvent(subject: DemoSubject, event: AdverseEvent, luck: Chance): Values {
  const term = terms[event.preferredTerm]
  if (!term) throw new Error(`No term for ${event.preferredTerm}`)
  const [organClass, verbatim] = term
  const from = plusDays(subject.start, event.day)
  const days = luck.whole(event.serious ? 10 : 5, event.serious ? 45 : 60)
  const over = !lasting.includes(event.preferredTerm) && event.day + days <= subject.lastDay
  const ended = event.fatal || over
  const end = event.fatal ? subject.deathDay : event.day + days
  return {
    AEYN: 'Y',
    AETERM: verbatim,
    AESTDTC: luck.next() < 0.06 && event.day > 60 ? from.slice(0, 7) : from,
    ...(ended ? { AEENDTC: plusDays(subject.start, end as number) } : {}),
    AEONGO: ended ? 'N' : 'Y',
    AESER: event.serious ? 'Y' : 'N',
    ...(event.serious
      ? {
          AESDTH: event.fatal ? 'Y' : 'N',
          AESLIFE: 'N',
          AESHOSP: event.fatal ? luck.pick(['Y', 'N']) : 'Y',
          AESDISAB: 'N',
          AESCONG: 'N',
          AESMIE: 'N',
          AENARR: narrative(verbatim, event),
        }
      : {}),
    AEREL_TAC: event.related ? 'Y' : 'N',
    AEACN_TAC: event.action,
    AEOUT: event.fatal
      ? 'FATAL'
      : over
        ? 'RECOVERED/RESOLVED'
        : luck.pick(['NOT RECOVERED/NOT RESOLVED', 'RECOVERING/RESOLVING']),
    AEPTCD: event.preferredTerm,
    AEBODSYS: organClass,
    AEMDVER: dictionaryVersion,
  }
}

function narrative(verbatim: string, event: AdverseEvent): string {
  const opening = `投与開始${event.day}日後に${verbatim}を認めた。`
  if (event.fatal) return `${opening}治療に反応せず死亡した。`
  const action =
    event.action === 'DRUG WITHDRAWN'
      ? '本剤を中止した。'
      : event.action === 'DRUG INTERRUPTED'
        ? '本剤を休薬した。'
        : '本剤は継続した。'
  return `${opening}入院のうえ治療を行い、${action}`
}

/** Admissions for serious events that were not fatal. */
export function admissions(subject: DemoSubject, luck: Chance): DemoForm[] {
  return subject.events
    .filter((event) => event.serious && !event.fatal)
    .map((event) => {
      const out = event.day + luck.whole(7, 30)
      return logged('F_HO', {
        HOSTDTC: plusDays(subject.start, event.day),
        ...(out <= subject.lastDay ? { HOENDTC: plusDays(subject.start, out) } : {}),
        HOREAS:
          terms[event.preferredTerm]?.[0] === 'Infections and infestations' ? 'INFECTION' : 'AE',
      })
    })
}

/** An exacerbation: on imaging, by need of more treatment, or of equivalent severity; its treatment stands in its own log. */
export function progression(subject: DemoSubject, luck: Chance): DemoForm[] {
  const { progressionDay: day, start } = subject
  if (day === null) return []
  const on = plusDays(start, day)
  const seen = luck.next() < 0.75
  const treated = !seen || luck.next() < 0.7
  const rescue = !treated ? null : luck.pick(['MP_PULSE', 'IVCY', 'IVIG', 'MP_PULSE'] as const)
  const drug = rescue === 'IVCY' && subject.cyclophosphamide ? 'IVIG' : (rescue as string | null)
  const forms = [
    logged('F_PROG', {
      PRGDTC: on,
      PRGSYMP: luck.pick(['Y', 'Y', 'N']),
      PRGOPAC: seen ? 'Y' : 'ND',
      PRGEQV: 'N',
      PRGTRT: treated ? 'Y' : 'N',
      ...(drug === null ? {} : { PRGRX: [drug] }),
      PRGOUT:
        subject.deathCause === 'ILD' && (subject.deathDay as number) - day < 60
          ? 'DIED'
          : luck.pick(['IMPROVED', 'IMPROVED', 'NOT_IMPROVED']),
    }),
  ]
  const given = Math.min(day + luck.whole(0, 2), subject.lastDay)
  if (drug === 'MP_PULSE')
    forms.push(
      logged('F_PULSE', {
        PULOCC: 'Y',
        PULSTDTC: plusDays(start, given),
        PULDOSE: luck.pick(['500', '1000']),
        PULDAYS: '3',
        PULTIM: 'RESCUE',
      }),
    )
  if (drug === 'IVCY' || drug === 'IVIG')
    forms.push(
      logged('F_IS', {
        ISTRT: drug === 'IVCY' ? 'CYCLOPHOSPHAMIDE_IV' : 'IVIG',
        ISDOSE: drug === 'IVCY' ? '500' : '100',
        ISDOSU: drug === 'IVCY' ? 'mg' : 'g',
        ISSTDTC: plusDays(start, given),
        ISPURP: 'RESCUE',
      }),
    )
  return forms
}

const causes: Readonly<Record<string, string>> = {
  ILD: '間質性肺炎の進行による呼吸不全',
  LUNG_CANCER: '肺癌',
  SUICIDE: '自殺',
  HEART_FAILURE: 'うっ血性心不全の増悪',
  MYOCARDITIS: '心筋炎',
}

/** Death, vital status, stop of the drug and end of follow-up. */
export function closing(subject: DemoSubject, luck: Chance): DemoForm[] {
  const { start, stop, deathDay } = subject
  const last = plusDays(start, subject.lastDay)
  const forms: DemoForm[] = []
  if (deathDay !== null)
    forms.push({
      event: 'LOG',
      form: 'F_DTH',
      values: {
        DTHDTC: last,
        DTHCAUS: subject.deathCause,
        DTHTXT: causes[subject.deathCause] as string,
        DTHAUTO: luck.pick(['N', 'N', 'Y']),
        DTHSRC: luck.pick(['MEDICAL_RECORD', 'MEDICAL_RECORD', 'OTHER_HOSPITAL']),
      },
    })
  const completed = subject.visits.some(({ event }) => event === 'M36')
  const followed = subject.lastDay > 740
  const status = deathDay !== null ? 'DEAD' : completed || followed ? 'ALIVE' : 'LOST'
  forms.push(
    logged('F_VSTAT', {
      VSTATDTC: status === 'LOST' ? plusDays(last, luck.whole(20, 90)) : last,
      VSTAT: status,
      VSTATSRC: status === 'ALIVE' ? 'VISIT' : status === 'DEAD' ? 'MEDICAL_RECORD' : 'PHONE',
      LSTALVDT: last,
    }),
  )
  if (stop !== null)
    forms.push(
      logged('F_DSTRT', {
        DSTRT: 'TACROLIMUS',
        DSTSTDTC: plusDays(start, stop.day),
        DSTREAS: [...stop.reasons],
      }),
    )
  const disposition =
    deathDay !== null ? 'DEATH' : completed ? 'COMPLETED' : followed ? null : 'LTFU'
  if (disposition !== null)
    forms.push({
      event: 'LOG',
      form: 'F_DSSTDY',
      values: {
        DSSTDTC: last,
        DSDECOD: disposition,
        ...(disposition === 'DEATH' ? { DSTERM: causes[subject.deathCause] as string } : {}),
        ...(disposition === 'LTFU' ? { DSTERM: lostBecause(subject) } : {}),
      },
    })
  return forms
}

function lostBecause(subject: DemoSubject): string {
  const reasons = subject.stop?.reasons ?? []
  if (reasons.includes('LTFU_MOVED')) return '転院のため追跡不能'
  return reasons.includes('VISIT_CANC') ? '来院中断' : '以後の調査票が提出されず情報なし'
}
