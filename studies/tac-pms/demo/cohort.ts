/**
 * The demo surveillance as the work of people: 179 subjects are registered, 171 case report forms come back, 170 subjects can be
 * evaluated for safety and 169 for the outcome; two registrations are rejected. The loader carries it out through the system's
 * own verbs, so the demo passes every rule that real data pass. Same files, same seeds, same cohort.
 */
import { chance, plusDays } from '#studies/demo/chance.ts'
import { cohortPlan, type DemoForm, type DemoPlan } from '#studies/demo/plan.ts'
import { atStart, baseline, birthDate, registration } from './baseline.ts'
import { booklets, evaluation } from './booklets.ts'
import { admissions, adverseEvents, closing, progression } from './events.ts'
import { buildOf } from './examinations.ts'
import { followUp } from './follow-up.ts'
import { type DemoSubject, type Registered, readSubjects } from './subjects.ts'
import { treatment } from './treatment.ts'

/** All plans in the order of registration, as the central office saw them come. */
export function cohort(): DemoPlan[] {
  const { followed, registeredOnly } = readSubjects()
  const plans = [
    ...followed.map((subject, index) => planOf(subject, 3000 + index)),
    ...registeredOnly.map((subject, index) => registeredPlan(subject, 5000 + index)),
    lateRegistration(followed),
  ].sort(byStart)
  return [...plans, duplicateRegistration(plans)].sort(byStart)
}

const byStart = (a: DemoPlan, b: DemoPlan): number =>
  a.screenedOn === b.screenedOn ? (a.site < b.site ? -1 : 1) : a.screenedOn < b.screenedOn ? -1 : 1

function planOf(subject: DemoSubject, seed: number): DemoPlan {
  const luck = chance(seed)
  const build = buildOf(subject)
  const start = baseline(subject, build, luck)
  const firstScan = start.find(({ form }) => form === 'F_IMG')?.values.IMGDTC as string
  return cohortPlan(subject.site, subject.start, [
    ...start,
    ...treatment(subject, luck),
    ...followUp(subject, firstScan, build, luck),
    ...adverseEvents(subject, luck),
    ...admissions(subject, luck),
    ...progression(subject, luck),
    ...closing(subject, luck),
    ...booklets(subject, luck),
    evaluation(subject),
  ])
}

/** One of these was registered, and its form came back, but the drug was never taken; eight forms never came. */
function registeredPlan(subject: Registered, seed: number): DemoPlan {
  const luck = chance(seed)
  const returned = subject.id === 'K171'
  const forms: DemoForm[] = [
    ...registration(subject, {
      REGCONF: 'ACCEPTED',
      CRFRCVFL: returned ? 'Y' : 'N',
      ...(returned
        ? {}
        : {
            CRFREAS: luck.pick([
              '担当医の異動により調査票が作成されなかった',
              '施設が調査を中止した',
              '再三の督促にもかかわらず未提出',
            ]),
          }),
    }),
    atStart('F_DM', {
      BRTHDTC: birthDate(subject.start, subject.age, luck, 7),
      SEX: subject.female ? 'F' : 'M',
      INPAT: 'INPATIENT',
    }),
  ]
  if (returned)
    forms.push(
      atStart('F_SV', { SVOCCUR: 'Y', SVSTDTC: subject.start, SVCNTMOD: 'IN_PERSON' }),
      {
        event: 'LOG',
        form: 'F_BOOK',
        repeat: 'new',
        values: {
          BKNAME: 'BASELINE',
          BKSUBDTC: plusDays(subject.start, 70),
          BKRCVDTC: plusDays(subject.start, 74),
        },
      },
      {
        event: 'LOG',
        form: 'F_EVAL',
        values: { EVSAF: 'N', EVSAFREA: '登録後に本剤を服用せず、投与開始後の情報もなし' },
      },
    )
  return { ...cohortPlan(subject.site, subject.start, forms), brokenOff: true }
}

/** Registered 16 days after the first dose: the central office has to say no. */
function lateRegistration(followed: readonly DemoSubject[]): DemoPlan {
  const { site, start } = followed[20] as DemoSubject
  const late: Registered = {
    id: 'LATE',
    site,
    start: plusDays(start, 35),
    registeredAfter: 16,
    diagnosis: 'DM',
    female: true,
    age: 63,
  }
  return {
    ...cohortPlan(site, late.start, [
      ...registration(late, { REGCONF: 'REJECTED', REGREJ: 'LATE' }).slice(1),
      atStart('F_SUBJ', { SCRNDTC: late.start, SCRNFREA: '登録期限（投与開始後14日）を超過' }),
    ]),
    brokenOff: true,
  }
}

/** The same person registered a second time by a colleague: same institution, birth month, sex and day of the start. */
function duplicateRegistration(plans: readonly DemoPlan[]): DemoPlan {
  const original = plans[60] as DemoPlan
  const earlier = plans.slice(0, 61).filter(({ site }) => site === original.site).length
  const values = (form: string) => original.before.find((one) => one.form === form)?.values ?? {}
  const start = values('F_REG').TRTSTDTC as string
  const forms = [
    atStart('F_REG', {
      TRTSTDTC: start,
      REGDTC: plusDays(start, 9),
      REGCONF: 'REJECTED',
      REGREJ: 'DUPLICATE',
      REGDUPOF: `${original.site}-${String(earlier).padStart(3, '0')}`,
    }),
    atStart('F_SUBJ', { SCRNDTC: plusDays(start, 1), SCRNFREA: '二重登録' }),
    atStart('F_ICF', { ICFREQ: 'N_GPSP' }),
    atStart('F_DM', {
      BRTHDTC: String(values('F_DM').BRTHDTC).slice(0, 7),
      SEX: values('F_DM').SEX as string,
      INPAT: values('F_DM').INPAT as string,
    }),
  ]
  return { ...cohortPlan(original.site, plusDays(start, 1), forms), brokenOff: true }
}
