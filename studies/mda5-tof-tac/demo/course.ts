/** What happened to the subjects: rapid progression, adverse events, infections, contacts and death. */
import { plusDays } from '#studies/demo/chance.ts'
import type { DemoForm } from '#studies/demo/plan.ts'
import { type Chart, logged, onStudy, type Values } from './chart.ts'
import { fatal, type Infection, listings } from './infections.ts'
import type { Event } from './subjects.ts'
import { stopDay } from './treatment.ts'

/** Events count as related to therapy from the sixth day; earlier findings wait for their confirmation. */
const firstEventDay = 6

const terms: Readonly<Record<Event, readonly [preferredTerm: string, verbatim: string]>> = {
  LIVER: ['Hepatic function abnormal', '肝功能异常'],
  LYMPH: ['Lymphocyte count decreased', '淋巴细胞减少'],
  RENAL: ['Blood creatinine increased', '血肌酐升高'],
  DVT: ['Venous thrombosis limb', '双下肢肌间静脉血栓'],
  DIARR: ['Diarrhoea', '腹泻'],
  ANAEM: ['Anaemia', '贫血'],
  PE: ['Pulmonary embolism', '肺栓塞'],
}

export function progression({ subject, luck, last }: Chart): DemoForm {
  if (!subject.rapidlyProgressive)
    return logged('F_RPILD', { RPSYMP: 'N', RPIMG: 'N', RPEXCL: 'Y' })
  const worse = luck.whole(0, Math.min(40, Math.floor(subject.lastDay / 2)))
  const scan = plusDays(subject.index, worse + luck.whole(1, 6))
  return logged('F_RPILD', {
    RPSYMP: 'Y',
    RPSYDTC: plusDays(subject.index, worse),
    RPIMG: 'Y',
    RPIMDTC: scan < last ? scan : last,
    RPEXCL: 'Y',
  })
}

/** One entry an event, infections with their detail; a subject without any has one entry that says so. */
export function adverseEvents(chart: Chart): DemoForm[] {
  const { subject, luck } = chart
  const details = infectionDetails(chart)
  const infections = listed(chart).map((one) => infectionEvent(chart, one))
  const others = subject.events.map((event, i) => {
    const [preferredTerm, verbatim] = terms[event]
    const latest = Math.max(firstEventDay, Math.min(80, chart.daysOnStudy - 1))
    const withdrawn = subject.stop === 'AE' && i === 0
    const day = withdrawn ? luck.whole(20, 39) : luck.whole(firstEventDay, latest)
    return eventForm(chart, {
      preferredTerm,
      verbatim,
      onset: onStudy(chart, day),
      day,
      grade: event === 'PE' ? '3' : luck.pick(['1', '1', '2']),
      serious: event === 'PE',
      fatal: false,
      withdrawn,
    })
  })
  const all = [...details, ...infections, ...others]
  return all.length === 0 ? [logged('F_AE', { AEYN: 'N' })] : all
}

const listed = ({ subject }: Chart): readonly Infection[] =>
  subject.listing === null ? [] : (listings[subject.listing] ?? [])

/** Day of the onset, or null for the subject whose chart does not tell it. */
const dayOf = ({ subject }: Chart, { later }: Infection) =>
  subject.infectionDay === null ? null : subject.infectionDay + later

function infectionDetails(chart: Chart): DemoForm[] {
  return listed(chart).map((infection) => {
    const day = dayOf(chart, infection)
    return logged('F_INF', {
      ...infection.values,
      INFSTDTC: day === null ? { missing: 'UNK' } : onStudy(chart, day),
      INFDISC: chart.subject.stop === 'INF' ? 'Y' : 'N',
    })
  })
}

/** The event starts on the day of the diagnosis, which the first sign may precede. */
function infectionEvent(chart: Chart, infection: Infection): DemoForm {
  const { subject } = chart
  const day = dayOf(chart, infection)
  const killed = fatal.includes(subject.listing ?? '')
  const diagnosed = day === null ? 45 : Math.max(firstEventDay, day)
  const onset = onStudy(chart, diagnosed)
  const serious = ['FUNGAL_PULM', 'BACTERIAL_PULM', 'SEPSIS'].includes(
    String(infection.values.INFTYPE),
  )
  return eventForm(chart, {
    preferredTerm: infection.preferredTerm,
    verbatim: infection.verbatim,
    onset: day === null ? onset.slice(0, 7) : onset,
    day: diagnosed,
    grade: killed ? '5' : serious ? '3' : '2',
    serious,
    fatal: killed,
    withdrawn: subject.stop === 'INF',
  })
}

type EventFacts = {
  preferredTerm: string
  verbatim: string
  onset: string
  day: number
  grade: string
  serious: boolean
  fatal: boolean
  withdrawn: boolean
}

function eventForm(chart: Chart, facts: EventFacts): DemoForm {
  const { subject, luck } = chart
  const until = facts.day + luck.whole(8, 40)
  // Whoever died soon after did not get over a serious infection.
  const over = until < chart.daysOnStudy && !(facts.serious && subject.died)
  const ended = facts.fatal || over
  return logged('F_AE', {
    AEYN: 'Y',
    AETERM: facts.verbatim,
    AESTDTC: facts.onset,
    ...(ended ? { AEENDTC: facts.fatal ? chart.last : onStudy(chart, until) } : {}),
    AEONGO: ended ? 'N' : 'Y',
    AETOXGR: facts.grade,
    AESER: facts.serious ? 'Y' : 'N',
    ...(facts.serious ? seriousness(facts) : {}),
    [`AEREL_${subject.group}`]: 'Y',
    AEREL_GC: facts.preferredTerm === 'Hepatic function abnormal' ? 'N' : 'Y',
    [`AEACN_${subject.group}`]: actionOnDrug(chart, facts),
    AEACN_GC: 'DOSE NOT CHANGED',
    AEOUT: facts.fatal
      ? 'FATAL'
      : over
        ? 'RECOVERED/RESOLVED'
        : luck.pick(['NOT RECOVERED/NOT RESOLVED', 'RECOVERING/RESOLVING']),
    AEPTCD: facts.preferredTerm,
  })
}

function actionOnDrug(chart: Chart, { day, withdrawn }: EventFacts): string {
  if (withdrawn) return 'DRUG WITHDRAWN'
  const stopped = stopDay(chart)
  return stopped !== null && day > stopped ? 'NOT APPLICABLE' : 'DOSE NOT CHANGED'
}

function seriousness({ verbatim, day, fatal: died, withdrawn }: EventFacts): Values {
  const course = died ? '经抗感染治疗无效死亡。' : '住院期间予以治疗。'
  return {
    AESDTH: died ? 'Y' : 'N',
    AESLIFE: 'N',
    AESHOSP: 'Y',
    AESDISAB: 'N',
    AESCONG: 'N',
    AESMIE: 'N',
    AENARR: `用药第 ${day + 1} 天诊断${verbatim}，${withdrawn ? '停用研究药物，' : ''}${course}`,
  }
}

const landmarks = [
  { event: 'M6', day: 183 },
  { event: 'M12', day: 365 },
] as const

/** Death where there is one, then the contacts at the landmarks and at the end of follow-up. */
export function contacts(chart: Chart): DemoForm[] {
  const { subject, luck, last } = chart
  const forms: DemoForm[] = []
  const contact = (event: string, status: string, on: string, alive: string, source: string) =>
    forms.push({
      event,
      form: 'F_VSTAT',
      repeat: 'new',
      values: { VSTATDTC: on, VSTAT: status, VSTATSRC: source, LSTALVDT: alive },
    })
  if (subject.died) forms.push(death(chart))
  for (const { event, day } of landmarks) {
    const on = plusDays(subject.index, Math.min(day + luck.whole(1, 6), subject.lastDay))
    if (subject.lastDay > day) contact(event, 'ALIVE', on, on, luck.pick(['VISIT', 'PHONE']))
    else if (subject.died) {
      contact(event, 'DEAD', last, last, luck.pick(['MEDICAL_RECORD', 'PHONE']))
      return forms
    } else contact(event, 'LOST', plusDays(subject.index, day + 4), last, 'PHONE')
  }
  if (subject.died) contact('END', 'DEAD', last, last, 'PHONE')
  else if (subject.lastDay > 365) contact('END', 'ALIVE', last, last, 'PHONE')
  else contact('END', 'LOST', '2021-12-14', last, 'PHONE')
  return forms
}

function death({ subject, luck, last }: Chart): DemoForm {
  const ofInfection = fatal.includes(subject.listing ?? '')
  return {
    event: 'LOG',
    form: 'F_DTH',
    values: {
      DTHDTC: last,
      DTHCAUS: ofInfection ? 'INFECTION' : 'ILD',
      ...(subject.listing !== null && !ofInfection ? { DTHCONT: ['INFECTION'] } : {}),
      DTHTXT: ofInfection ? '重症感染' : luck.pick(['间质性肺疾病进展，呼吸衰竭', '呼吸衰竭']),
      DTHAUTO: 'N',
      DTHSRC: luck.pick(['MEDICAL_RECORD', 'MEDICAL_RECORD', 'PHONE']),
    },
  }
}
