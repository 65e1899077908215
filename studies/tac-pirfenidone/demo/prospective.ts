/** Subjects of the prospective part from consent to the central reading of their scans. */
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
import { closingForms, eventForms } from './events.ts'
import { acquisition, readKey, reads } from './reads.ts'
import { scaleProfile } from './scales.ts'
import type { ProspectiveSubject } from './subjects.ts'
import { treatmentForms } from './treatment.ts'
import { type Course, historyForm, type Visit, visitForms } from './visits.ts'

const firstStart = '2018-02-05'
const enrolmentDays = 1025
/** The scans were read when the last subject had finished. */
const readFrom = '2022-01-10'

/** Plans in the order of enrolment. */
export function prospectivePlans(subjects: readonly ProspectiveSubject[]): DemoPlan[] {
  return inOrder(subjects).map((subject, position) =>
    planSubject(
      subject,
      workday(
        plusDays(firstStart, Math.round(((position + 0.3) / subjects.length) * enrolmentDays)),
      ),
      position,
    ),
  )
}

/** Groups mixed; who could not blow for the epidemic came in its first months. */
function inOrder(subjects: readonly ProspectiveSubject[]): ProspectiveSubject[] {
  const mixed = subjects.map((_, n) => subjects[(n * 17) % subjects.length] as ProspectiveSubject)
  const epidemic = mixed.filter((one) => !one.lungFunction && one.end !== 'DEATH')
  const others = mixed.filter((one) => !epidemic.includes(one))
  const place = Math.floor(others.length * 0.76)
  return [...others.slice(0, place), ...epidemic, ...others.slice(place)]
}

function planSubject(subject: ProspectiveSubject, start: string, position: number): DemoPlan {
  const luck = chance(3_000 + position)
  const consent = plusDays(start, -luck.whole(1, 4))
  const course = courseOf(subject, start, position, luck)
  const visits = visitsOf(subject, start, consent, luck)
  const lastVisit = visits.at(-1)?.on ?? consent
  const end = subject.end === 'COMPLETED' ? lastVisit : plusDays(start, subject.lastDay)
  const first = visits.find((visit) => visit.event === 'M1')?.on ?? null
  const dayOf = (event: string) => {
    const on = visits.find((visit) => visit.event === event)?.on ?? start
    return Math.round((Date.parse(on) - Date.parse(start)) / 86_400_000)
  }
  const lastDay = Math.round((Date.parse(end) - Date.parse(start)) / 86_400_000)
  const [baseline, ...later] = visits as [Visit, ...Visit[]]
  const forms: DemoForm[] = [
    ...enrolment(subject, start, consent, luck),
    historyForm(subject, consent, luck),
    ...visitForms(course, baseline, luck),
    ...treatmentForms(course, end, first, luck),
    {
      event: 'ENR',
      form: 'F_GRP',
      values: {
        PFDAGREE: subject.group === 'TACPFD' ? 'Y' : 'N',
        GRPDTC: start,
        GRPBASIS: 'PATIENT_CHOICE',
      },
    },
    eligibilityForm(subject, luck),
    ...later.flatMap((visit) => visitForms(course, visit, luck)),
    ...eventForms(
      course,
      position,
      lastDay,
      { glucose: dayOf('M1'), potassium: dayOf('M3') },
      luck,
    ),
    ...statusForms(visits),
    ...closingForms(course, end, lastVisit),
    ...scans(subject, visits, position),
  ]
  return cohortPlan('01', consent, forms)
}

function courseOf(
  subject: ProspectiveSubject,
  start: string,
  position: number,
  luck: Chance,
): Course {
  const [low, high] = subject.female ? [45, 66] : [56, 82]
  // The weight at which the initial dose lies near 1 mg/kg, as far as a person can have it.
  const weight = Math.min(high, Math.max(low, subject.prednisolone / (0.9 + luck.next() * 0.3)))
  const ill = subject.end !== 'COMPLETED'
  const signs = chance(40_000 + position)
  return {
    subject,
    profile: scaleProfile(subject, 70_000 + Number(subject.id.slice(1))),
    markers: {
      CK: subject.ck,
      LDH: subject.ldh,
      FERRITIN: subject.ferritin,
      ESR: subject.esr,
      CRP: subject.crp,
    },
    start,
    weight: Math.round(weight * 10) / 10,
    height: subject.female ? luck.whole(151, 165) : luck.whole(163, 178),
    fvc: luck.whole(55, 82),
    airLeak: subject.id === 'P22',
    fading: {
      dyspnoea: 0.2 + signs.next(),
      cough: signs.next(),
      crackles: 0.4 + signs.next(),
      heliotrope: 0.1 + signs.next(),
      gottron: 0.2 + signs.next(),
    },
    abnormal: { glucose: !ill && position % 6 === 2, potassium: !ill && position % 9 === 4 },
  }
}

/** Visits that took place: those before death or withdrawal, and a last one of those who left on their own. */
function visitsOf(
  subject: ProspectiveSubject,
  start: string,
  consent: string,
  luck: Chance,
): Visit[] {
  const planned = [
    { event: 'M1', day: 30, early: 2, late: 3 },
    { event: 'M3', day: 91, early: 5, late: 7 },
    { event: 'M6', day: 183, early: 8, late: 10 },
    { event: 'M12', day: 365, early: 0, late: 14 },
  ] as const
  const visits: Visit[] = [{ event: 'BL', level: 'BL', on: consent }]
  const ended = subject.end === 'COMPLETED' ? 1_000 : subject.lastDay
  for (const { event, day, early, late } of planned) {
    const on = workday(plusDays(start, day + luck.whole(-early, late)))
    if (Date.parse(on) < Date.parse(plusDays(start, ended - 5)))
      visits.push({ event, level: event, on })
  }
  if (subject.end === 'PREMATURE_DISC' || subject.end === 'OTHER') {
    const level = visits.at(-1)?.level === 'M3' ? 'M6' : visits.at(-1)?.level === 'M1' ? 'M3' : 'M1'
    visits.push({ event: 'ET', level, on: plusDays(start, ended) })
  }
  return visits
}

function enrolment(
  subject: ProspectiveSubject,
  start: string,
  consent: string,
  luck: Chance,
): DemoForm[] {
  const onset = plusDays(consent, -subject.durationDays)
  const diagnosed = plusDays(consent, -luck.whole(1, Math.min(10, subject.durationDays - 2)))
  return [
    { event: 'ENR', form: 'F_SUBJ', values: { SCRNDTC: consent, COHORT: 'P' } },
    {
      event: 'ENR',
      form: 'F_ICF',
      values: { ICFREQ: 'Y', RFICDTC: consent, ICFVER: start < '2019-06-01' ? '1.0' : '1.1' },
    },
    {
      event: 'ENR',
      form: 'F_DM',
      values: { BRTHDTC: birthDate(consent, subject.age, luck), SEX: subject.female ? 'F' : 'M' },
    },
    smokingForm(subject.smoked, luck),
    diagnosisForm({ ...subject, onset, diagnosed }, luck),
    {
      event: 'ENR',
      form: 'F_ILD',
      values: {
        ILDSTDTC: plusDays(onset, Math.min(10, subject.durationDays - 2)),
        ILDDXDTC: diagnosed,
        ILDHRCT: 'Y',
      },
    },
    antibodyForm(subject.mda5, diagnosed, luck),
  ]
}

function eligibilityForm(subject: ProspectiveSubject, luck: Chance): DemoForm {
  const naive = luck.next() < 0.75
  const exclusion = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((number) => `EX0${number}`)
  return {
    event: 'ENR',
    form: 'F_IE',
    values: {
      NAIVE: naive ? 'Y' : 'N',
      ...(naive ? {} : { WASHOUT: 'Y' }),
      ...(subject.malignancy === 'Y' ? { MALWAIV: 'Y' } : {}),
      ...eligibility(['IN01', 'IN02', 'IN05', 'IN06'], exclusion),
    },
  }
}

function statusForms(visits: readonly Visit[]): DemoForm[] {
  return visits
    .filter(({ event }) => event === 'M12' || event === 'ET')
    .map(({ event, on }) => ({
      event,
      form: 'F_VSTAT',
      repeat: 'new',
      values: { VSTATDTC: on, VSTAT: 'ALIVE', VSTATSRC: 'VISIT', LSTALVDT: on },
    }))
}

/** Acquisition at baseline and month 12; central reads of all who are analysed. */
function scans(
  subject: ProspectiveSubject,
  visits: readonly Visit[],
  position: number,
): DemoForm[] {
  const analysed = subject.end === 'COMPLETED' || subject.end === 'DEATH'
  const forms: DemoForm[] = []
  const scan = (event: 'BL' | 'M12', scores: ProspectiveSubject['scores']) => {
    const on = visits.find((visit) => visit.event === event)?.on
    if (on === undefined) return
    const seed = position * 2 + (event === 'BL' ? 1 : 2)
    const key = readKey(500 + seed)
    const facts = { event, on, pattern: subject.pattern, scores }
    forms.push(acquisition(facts, key))
    if (analysed) forms.push(...reads(facts, key, seed, readFrom))
  }
  scan('BL', subject.scores)
  if (subject.finalScores !== null) scan('M12', subject.finalScores)
  return forms
}
