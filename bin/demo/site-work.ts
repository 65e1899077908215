/**
 * The sites' work on a demo cohort: screening at all sites side by side, allocation one after the other in the order of the
 * lists, then the visits and logs side by side again, and at the end some cleaning, so that a visitor meets queries.
 */
import type { Pool } from '#db/client.ts'
import { demoPassword } from '#domain/access/demo-password.ts'
import { isDone } from '#domain/casebook/form-state.ts'
import type { StudyDefinition } from '#domain/definition/definition.ts'
import type { Person } from '#server/actor.ts'
import { completeForm } from '#server/form/complete-form.ts'
import { formForEntry } from '#server/form/entry.ts'
import { reopenForm } from '#server/form/reopen-form.ts'
import { saveItems } from '#server/form/save-items.ts'
import { signForm } from '#server/form/sign-form.ts'
import { answerQuery } from '#server/query/answer-query.ts'
import { raiseQuery } from '#server/query/raise-query.ts'
import { recordRandomisation } from '#server/subject/record-randomisation.ts'
import { screenSubject } from '#server/subject/screen-subject.ts'
import type { Correction, DemoForm, DemoPlan } from '#studies/demo/plan.ts'
import type { DemoStudy } from './demo-studies.ts'
import { inParallel } from './in-parallel.ts'
import { stepKey } from './key.ts'
import type { SiteStaff } from './people.ts'
import { personNamed } from './person-named.ts'
import { Readings } from './readings.ts'

type Options = {
  ownerPool: Pool
  study: DemoStudy
  definition: StudyDefinition
  studyId: string
  siteIds: ReadonlyMap<string, string>
  staff: ReadonlyMap<string, SiteStaff>
  /** Subjects worked on at a time. */
  sideBySide: number
  onProgress: (detail: string) => void
}
type Place = { event: string; eventRepeat: number; form: string; formRepeat: number }
type Entered = {
  plan: DemoPlan
  /** Place of the subject in the cohort; the keys of its steps begin with it. */
  index: number
  steps: number
  subjectId: string
  subjectKey: string
  records: Map<string, string>
  unfinished: Place[]
}

export class SiteWork {
  forms = 0
  readonly #options: Options
  readonly #signedForms: ReadonlySet<string>
  readonly #people = new Map<string, Promise<Person>>()
  readonly #readings: Readings
  #entered: Entered[] = []

  constructor(options: Options) {
    this.#options = options
    this.#signedForms = new Set(
      options.definition.forms.filter((form) => form.signature?.required).map((form) => form.oid),
    )
    this.#readings = new Readings(options.definition, (userName) => this.#person(userName))
  }

  async enter(plans: readonly DemoPlan[]): Promise<void> {
    const { onProgress, sideBySide } = this.#options
    // Screening numbers run by site, so each site screens in the order of dates.
    const bySite = new Map<string, { plan: DemoPlan; index: number }[]>()
    for (const [index, plan] of plans.entries())
      bySite.set(plan.site, [...(bySite.get(plan.site) ?? []), { plan, index }])
    const first = this.#options.definition.allocation ? 'screening' : 'casebooks'
    await inParallel(sideBySide, [...bySite.values()], async (own) => {
      for (const { plan, index } of own) {
        this.#entered.push(await this.#screen(plan, index))
        onProgress(`${first}, ${this.#entered.length} of ${plans.length} subjects`)
      }
    })
    // Sites finish in any order; what follows must not depend on it.
    this.#entered.sort((a, b) => (a.subjectKey < b.subjectKey ? -1 : 1))
    const allocated = this.#entered
      .filter((one) => one.plan.randomisedOn !== null)
      .sort((a, b) => ((a.plan.randomisedOn as string) < (b.plan.randomisedOn as string) ? -1 : 1))
    for (const [index, one] of allocated.entries()) {
      await this.#randomise(one)
      onProgress(`randomisation, ${index + 1} of ${allocated.length}`)
    }
    let done = 0
    await inParallel(sideBySide, allocated, async (one) => {
      for (const form of one.plan.after) await this.#fill(one, form)
      await this.#finish(one)
      done += 1
      onProgress(`visits and logs, ${done} of ${allocated.length} subjects`)
    })
  }

  /** The sites' corrections, and a few queries in every state. */
  async clean(): Promise<void> {
    const { study, onProgress } = this.#options
    onProgress('queries and corrections')
    for (const one of this.#entered)
      for (const correction of study.corrections?.(one.plan) ?? [])
        await this.#correct(one, correction)
    const questions = study.questions ?? []
    if (questions.length === 0) return
    for (const [index, one] of this.#entered.filter(({ plan }) => !plan.brokenOff).entries()) {
      if (index % 7 === 3) await this.#ask(one, ((index / 7) | 0) % questions.length)
    }
  }

  async #correct(one: Entered, correction: Correction): Promise<void> {
    const { studyId } = this.#options
    const { event, form, reason } = correction
    const coordinator = await this.#coordinator(one)
    await reopenForm.execute(coordinator, {
      studyId,
      recordId: one.records.get(`${event}/${form}`) as string,
      reason,
      key: this.#key(one),
    })
    const place = { event, eventRepeat: 1, form, formRepeat: 1 }
    const saved = await saveItems.execute(coordinator, {
      studyId,
      subjectId: one.subjectId,
      ...place,
      changes: correction.changes.map((change) => ({ ...change, reason })),
      key: this.#key(one),
    })
    refuseRefusals(saved, `${one.subjectKey} ${form}`)
    await this.#complete(one, form, saved.recordId, saved.revision)
  }

  async #ask(one: Entered, which: number): Promise<void> {
    const { study, studyId } = this.#options
    const question = study.questions?.[which]
    const recordId = question && one.records.get(`${question.event}/${question.form}`)
    if (!recordId) return
    const { queryId } = await raiseQuery.execute(await this.#person('monitor'), {
      studyId,
      recordId,
      path: question.path,
      text: question.text,
      key: this.#key(one),
    })
    if (question.answer === null) return
    await answerQuery.execute(await this.#investigator(one), {
      studyId,
      queryId,
      text: question.answer,
      key: this.#key(one),
    })
  }

  async #screen(plan: DemoPlan, index: number): Promise<Entered> {
    const { studyId, siteIds, definition } = this.#options
    const coordinator = await this.#person(this.#staffOf(plan.site).coordinator)
    const { subjectId, subjectKey } = await screenSubject.execute(coordinator, {
      studyId,
      siteId: siteIds.get(plan.site) as string,
      screenedOn: plan.screenedOn,
      key: stepKey(definition.oid, 'subject', index),
    })
    const entered: Entered = {
      plan,
      index,
      steps: 0,
      subjectId,
      subjectKey,
      records: new Map(),
      unfinished: [],
    }
    for (const form of plan.before) await this.#fill(entered, form)
    if (!plan.brokenOff) await this.#finish(entered)
    return entered
  }

  async #randomise(one: Entered): Promise<void> {
    const { studyId } = this.#options
    const manager = await this.#person('data.manager')
    const allocation = await recordRandomisation.execute(manager, {
      studyId,
      subjectId: one.subjectId,
      performedAt: `${one.plan.randomisedOn}T10:30:00+09:00`,
      reason:
        'Allocated by telephone on the day; recorded when the study was moved into this system',
      key: this.#key(one),
    })
    if (allocation?.arm !== one.plan.arm)
      throw new Error(`${one.subjectKey} got ${allocation?.arm}, the cohort needs ${one.plan.arm}`)
  }

  async #fill(one: Entered, planned: DemoForm): Promise<void> {
    const { studyId } = this.#options
    const { event, eventRepeat = 1, form, values, repeat, open } = planned
    if (this.#readings.has(form)) {
      await this.#read(one, planned)
      return
    }
    const coordinator = await this.#coordinator(one)
    const changes = Object.entries(values).map(([path, to]) => ({ path, from: null, to }))
    const saved = await saveItems.execute(coordinator, {
      studyId,
      subjectId: one.subjectId,
      event,
      eventRepeat,
      form,
      formRepeat: repeat === 'new' ? null : 1,
      changes,
      key: this.#key(one),
    })
    refuseRefusals(saved, `${one.subjectKey} ${event}/${form}`)
    this.#readings.note(one.subjectId, form, values, saved.recordId)
    one.records.set(`${event}/${form}`, saved.recordId)
    this.forms += 1
    if (open) return
    if (
      saved.evaluation.open.length > 0 ||
      saved.evaluation.findings.some((finding) => finding.level === 'hard')
    ) {
      one.unfinished.push({ event, eventRepeat, form, formRepeat: saved.formRepeat })
      return
    }
    await this.#complete(one, form, saved.recordId, saved.revision)
  }

  /** A reader's work: what a site may neither see nor write. */
  async #read(one: Entered, { form, values, open }: DemoForm): Promise<void> {
    const { studyId } = this.#options
    const { subjectId, subjectKey } = one
    const at = { studyId, subjectId, key: this.#key(one) }
    const saved = await this.#readings.save(at, form, values)
    if (!saved) throw new Error(`${subjectKey} ${form}: no site entered this image`)
    refuseRefusals(saved, `${subjectKey} ${form}`)
    this.forms += 1
    if (open) return
    const { recordId, revision } = saved
    await this.#readings.complete(form, values, {
      studyId,
      recordId,
      revision,
      key: this.#key(one),
    })
  }

  async #complete(one: Entered, form: string, recordId: string, revision: number): Promise<void> {
    const { studyId } = this.#options
    const completed = await completeForm.execute(await this.#coordinator(one), {
      studyId,
      recordId,
      revision,
      key: this.#key(one),
    })
    await this.#sign(one, form, recordId, completed.revision)
  }

  async #sign(one: Entered, form: string, recordId: string, revision: number): Promise<void> {
    if (!this.#signedForms.has(form) || one.plan.brokenOff) return
    await signForm.execute(await this.#investigator(one), {
      studyId: this.#options.studyId,
      recordId,
      revision,
      password: demoPassword,
      key: this.#key(one),
    })
  }

  /** Forms that needed another form first (a death and the vital status that tells it). */
  async #finish(one: Entered): Promise<void> {
    const { studyId } = this.#options
    for (const place of one.unfinished.splice(0)) {
      const { record, evaluation } = await formForEntry.execute(await this.#coordinator(one), {
        studyId,
        subjectId: one.subjectId,
        ...place,
      })
      const { event, form } = place
      const recordId = record.recordId as string
      // A load that is run again finds done what it did.
      if (isDone(record.state)) {
        one.steps += 1
        if (record.state === 'complete') await this.#sign(one, form, recordId, record.revision)
        else one.steps += 1
        continue
      }
      const why = [
        ...evaluation.open,
        ...evaluation.findings
          .filter((finding) => finding.level === 'hard')
          .map((finding) => `${finding.check} ${finding.message.en}`),
      ]
      if (why.length > 0)
        throw new Error(`${one.subjectKey} ${event}/${form} is not complete: ${why.join('; ')}`)
      await this.#complete(one, form, recordId, record.revision)
    }
  }

  /** The next key of the subject's steps; the same step of the same plan has the same key in every load. */
  #key(one: Entered): string {
    one.steps += 1
    return stepKey(this.#options.definition.oid, one.index, one.steps)
  }

  #staffOf(site: string): SiteStaff {
    const staff = this.#options.staff.get(site)
    if (!staff) throw new Error(`The cohort names site ${site}, which the study does not plan`)
    return staff
  }

  #coordinator(one: Entered): Promise<Person> {
    return this.#person(this.#staffOf(one.plan.site).coordinator)
  }

  #investigator(one: Entered): Promise<Person> {
    return this.#person(this.#staffOf(one.plan.site).investigator)
  }

  #person(userName: string): Promise<Person> {
    let person = this.#people.get(userName)
    if (!person) {
      person = personNamed(this.#options.ownerPool, userName)
      this.#people.set(userName, person)
    }
    return person
  }
}

function refuseRefusals(saved: Awaited<ReturnType<typeof saveItems.execute>>, place: string): void {
  const [refused] = saved.refused
  if (refused) throw new Error(`${place}: ${refused.path} was refused: ${refused.problem.message}`)
  if (saved.conflicts.length > 0) throw new Error(`${place}: ${saved.conflicts.length} conflicts`)
}
