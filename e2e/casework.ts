/**
 * Casework that a journey needs to find done: subjects screened, randomised and followed up through the application's own
 * API, with the plans of the demo cohort, so that everything a journey meets has passed every rule.
 */
import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { CasebookView, RandomisationView, SaveResult } from '#domain/casebook/views.ts'
import { plusDays } from '#studies/demo/chance.ts'
import type { DemoForm, DemoPlan } from '#studies/demo/plan.ts'
import { planSubject } from '#studies/tac-csa-rct/demo/cohort.ts'
import { type DemoSubject, readSubjects } from '#studies/tac-csa-rct/demo/subjects.ts'
import type { Person, World } from './world.ts'

export type Subject = {
  subjectId: string
  subjectKey: string
  /** Record ids by `EVENT/FORM`. */
  records: Map<string, string>
  plan: DemoPlan
  demo: DemoSubject
}

/** The calendar day so many days before today, UTC; journeys never touch the days at which calendars differ. */
export function daysAgo(days: number): string {
  return plusDays(new Date().toISOString().slice(0, 10), -days)
}

/** A day as the screens write it: `5 Nov 2026`. */
export function shownDay(iso: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone: 'UTC',
  })
    .format(new Date(`${iso}T00:00:00Z`))
    .replace('Sept', 'Sep')
}

export const newKey = (): string => randomUUID()

/** A man of the stratum who lives without progression or laboratory events: his course has no surprises. */
export async function quietSubject(stratum: DemoSubject['stratum'] = 'DM'): Promise<DemoSubject> {
  const subjects = readSubjects(await readFile('studies/tac-csa-rct/demo/subjects.csv', 'utf8'))
  const found = subjects.find(
    (one) =>
      one.stratum === stratum &&
      one.diagnosis === stratum &&
      !one.female &&
      one.deathDay === null &&
      one.progressionDay === null &&
      !one.renal &&
      !one.liver &&
      one.infection === null,
  )
  if (!found) throw new Error(`The cohort holds no quiet ${stratum} subject`)
  return found
}

type Options = {
  site?: 'own' | 'other'
  /** Planned day of randomisation, ISO; screening lies some days before it. */
  randomisedOn?: string
  stratum?: DemoSubject['stratum']
  /** Forms of screening that the journey fills itself. */
  without?: readonly string[]
}

/** A subject with its screening forms entered and, where nothing is open, complete. */
export async function screenedSubject(world: World, options: Options = {}): Promise<Subject> {
  const demo = await quietSubject(options.stratum)
  const plan = planSubject(demo, options.randomisedOn ?? daysAgo(1), 1)
  const own = options.site !== 'other'
  const coordinator = await world.person(own ? 'coordinator' : 'coordinator-other-site')
  const { subjectId, subjectKey } = await coordinator.act<{
    subjectId: string
    subjectKey: string
  }>('subject.screen', {
    studyId: world.studyId,
    siteId: own ? world.sites.own.siteId : world.sites.other.siteId,
    screenedOn: plan.screenedOn,
    key: newKey(),
  })
  const subject: Subject = { subjectId, subjectKey, records: new Map(), plan, demo }
  for (const form of plan.before) {
    if (!options.without?.includes(form.form)) await fill(world, coordinator, subject, form)
  }
  return subject
}

/** A screened subject whose eligibility is signed and whose allocation was recorded for the given day. */
export async function randomisedSubject(
  world: World,
  options: Options = {},
): Promise<Subject & { arm: 'TAC' | 'CSA' }> {
  const randomisedOn = options.randomisedOn ?? daysAgo(40)
  const subject = await screenedSubject(world, { ...options, randomisedOn })
  const own = options.site !== 'other'
  await signEligibility(world, subject, own)
  const manager = await world.person('data-manager')
  const allocation = await manager.act<RandomisationView['allocation']>(
    'subject.recordRandomisation',
    {
      studyId: world.studyId,
      subjectId: subject.subjectId,
      performedAt: `${randomisedOn}T10:30:00+09:00`,
      reason: 'Allocated by telephone while the network was down',
      key: newKey(),
    },
  )
  const arm = allocation?.arm as 'TAC' | 'CSA'
  const plan = planSubject({ ...subject.demo, arm }, randomisedOn, 1)
  return { ...subject, plan, arm }
}

export async function signEligibility(world: World, subject: Subject, own = true): Promise<void> {
  const investigator = await world.person(own ? 'investigator' : 'investigator-other-site')
  const form = await entry(world, investigator, subject.subjectId, 'SCR', 'F_IE')
  await investigator.act('form.sign', {
    studyId: world.studyId,
    recordId: form.record.recordId,
    revision: form.record.revision,
    password: world.password,
    key: newKey(),
  })
}

/** Enters the planned forms of the events after randomisation that are named. */
export async function followUp(
  world: World,
  subject: Subject,
  wanted: (form: DemoForm) => boolean,
  own = true,
): Promise<void> {
  const coordinator = await world.person(own ? 'coordinator' : 'coordinator-other-site')
  for (const form of subject.plan.after) {
    if (wanted(form)) await fill(world, coordinator, subject, form)
  }
}

/** Saves one planned form and completes it when nothing is open. */
export async function fill(
  world: World,
  person: Person,
  subject: Subject,
  { event, form, values, repeat }: DemoForm,
): Promise<SaveResult> {
  const saved = await person.act<SaveResult>('form.save', {
    ...address(world, subject, event, form),
    formRepeat: repeat === 'new' ? null : 1,
    changes: Object.entries(values).map(([path, to]) => ({ path, from: null, to })),
    key: newKey(),
  })
  const [refused] = saved.refused
  if (refused) throw new Error(`${event}/${form} ${refused.path}: ${refused.problem.message}`)
  subject.records.set(`${event}/${form}`, saved.recordId)
  const isFinished =
    saved.evaluation.open.length === 0 &&
    !saved.evaluation.findings.some((finding) => finding.level === 'hard')
  if (isFinished) {
    await person.act('form.complete', {
      studyId: world.studyId,
      recordId: saved.recordId,
      revision: saved.revision,
      key: newKey(),
    })
  }
  return saved
}

/** Where a form of a subject is, as `form.save` and `form.entry` take it. */
export function address(
  world: World,
  subject: Pick<Subject, 'subjectId'>,
  event: string,
  form: string,
) {
  return {
    studyId: world.studyId,
    subjectId: subject.subjectId,
    event,
    eventRepeat: 1,
    form,
    formRepeat: 1,
  }
}

export async function entry(
  world: World,
  person: Person,
  subjectId: string,
  event: string,
  form: string,
) {
  return person.ask<{
    record: { recordId: string | null; revision: number; data: Record<string, unknown> }
    evaluation: { derived: Record<string, unknown>; open: string[] }
    abilities: Record<string, boolean>
  }>('form.entry', address(world, { subjectId }, event, form))
}

export function casebook(world: World, person: Person, subjectId: string): Promise<CasebookView> {
  return person.ask<CasebookView>('subject.casebook', { studyId: world.studyId, subjectId })
}

/** How many rows the audit trail of the study holds: what was refused must leave this number alone. */
export async function auditCount(world: World): Promise<number> {
  const { rows } = await world.ownerPool.query<{ n: number }>(
    'select count(*)::int as n from casebook.audit_record where study_id = $1',
    [world.studyId],
  )
  return rows[0]?.n ?? 0
}
