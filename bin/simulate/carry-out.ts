/**
 * The simulated work done on a real database through the system's own verbs, as sites would do it: what is refused is typed
 * again, what cannot be completed stays open, and everything is counted.
 */

import { stepKey } from '#bin/demo/key.ts'
import type { SiteStaff } from '#bin/demo/people.ts'
import { personNamed } from '#bin/demo/person-named.ts'
import type { Readings } from '#bin/demo/readings.ts'
import type { Pool } from '#db/client.ts'
import { demoPassword } from '#domain/access/demo-password.ts'
import { isDone } from '#domain/casebook/form-state.ts'
import type { SaveResult } from '#domain/casebook/views.ts'
import { Problem } from '#domain/problem.ts'
import type { Person } from '#server/actor.ts'
import { completeForm } from '#server/form/complete-form.ts'
import { formForEntry } from '#server/form/entry.ts'
import { saveItems } from '#server/form/save-items.ts'
import { signForm } from '#server/form/sign-form.ts'
import { recordRandomisation } from '#server/subject/record-randomisation.ts'
import { screenSubject } from '#server/subject/screen-subject.ts'
import type { SimulatedSubject } from './simulate-subject.ts'
import type { PlannedForm } from './simulated-casebook.ts'

export type Opened = {
  oid: string
  studyId: string
  siteIds: ReadonlyMap<string, string>
  staff: ReadonlyMap<string, SiteStaff>
  /** Forms that need a signature. */
  signed: ReadonlySet<string>
  ownerPool: Pool
  readings: Readings
}

/** What the server said of one subject's data. */
export type Outcome = {
  index: number
  forms: number
  items: number
  /** Problem codes of refused values. */
  refusals: string[]
  /** Ids of the checks that spoke at a save or an attempt to complete, `TYPE`, `SOFT` and the like included. */
  fired: Set<string>
  /** `EVENT/FORM` of forms that could not be completed, with why. */
  open: { place: string; why: string }[]
}

type Place = { event: string; eventRepeat: number; form: string; formRepeat: number }
type Change = { path: string; from: null; to: PlannedForm['values'][string] }
/** A form to come back to, with what could not be typed yet because another answer still closed it. */
type Unfinished = { place: Place; later: readonly Change[] }
type At = { subject: SimulatedSubject; index: number; site: string }

/** Works on one subject at a time; `screen`, then `allocate` in the order of dates, then `follow`. */
export class SubjectWork {
  readonly outcome: Outcome
  #subjectId = ''
  #done = 0
  #steps = 0
  readonly #unfinished: Unfinished[] = []

  constructor(
    readonly opened: Opened,
    readonly at: At,
    readonly people: (userName: string) => Promise<Person>,
  ) {
    const { index } = at
    this.outcome = { index, forms: 0, items: 0, refusals: [], fired: new Set(), open: [] }
  }

  async screen(): Promise<void> {
    const { studyId, siteIds } = this.opened
    const { subjectId } = await screenSubject.execute(await this.#coordinator(), {
      studyId,
      siteId: siteIds.get(this.at.site) as string,
      screenedOn: this.at.subject.screenedOn,
      key: this.#key(),
    })
    this.#subjectId = subjectId
    await this.work()
    await this.#finish()
  }

  /** False where the server, which decides, does not let the subject be allocated. */
  async allocate(on: string, arm: string): Promise<boolean> {
    try {
      const given = await recordRandomisation.execute(await this.people('data.manager'), {
        studyId: this.opened.studyId,
        subjectId: this.#subjectId,
        performedAt: `${on}T10:30:00Z`,
        reason: 'simulated',
        key: this.#key(),
      })
      if (given?.arm !== arm) throw new Error(`The list gave ${given?.arm}, ${arm} was foreseen`)
      return true
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      this.outcome.open.push({ place: 'allocation', why: error.message })
      return false
    }
  }

  /** Every form planned since the last call, in the order a site comes to it, then what waited for another. */
  async work(): Promise<void> {
    const { forms } = this.at.subject
    const next = forms.slice(this.#done)
    this.#done = forms.length
    const inOrder = next
      .map((form, order) => ({ form, order }))
      .sort((a, b) => a.form.enteredOnDay - b.form.enteredOnDay || a.order - b.order)
      .map(({ form }) => form)
    const { readings } = this.opened
    for (const form of inOrder.filter((one) => !readings.has(one.form)))
      await this.#try(`${form.event}/${form.form}`, () => this.#fill(form))
    for (const form of inOrder.filter((one) => readings.has(one.form)))
      await this.#try(`${form.event}/${form.form}`, () => this.#read(form))
  }

  /** What the server refuses as a whole is part of the result, not the end of the run. */
  async #try(place: string, act: () => Promise<void>): Promise<void> {
    try {
      await act()
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      this.outcome.open.push({ place, why: error.code })
    }
  }

  async finish(): Promise<void> {
    await this.work()
    await this.#finish()
  }

  async #fill(form: PlannedForm): Promise<void> {
    const values = Object.entries(form.values).map(
      ([path, to]): Change => ({ path, from: null, to }),
    )
    const slips = form.refused.filter(({ path }) => path in form.values)
    const typed = values.map((change) => {
      const slip = slips.find(({ path }) => path === change.path)
      return slip ? { ...change, to: slip.typed } : change
    })
    if (typed.length === 0) return
    const place: Omit<Place, 'formRepeat'> = {
      event: form.event,
      eventRepeat: form.eventRepeat ?? 1,
      form: form.form,
    }
    let saved = await this.#save(place, form.repeat === 'new' ? null : 1, typed)
    this.opened.readings.note(this.#subjectId, form.form, form.values, saved.recordId)
    const closed = saved.refused.filter(({ problem }) => problem.code === 'item-not-open')
    const later = values.filter(({ path }) => closed.some((one) => one.path === path))
    if (saved.refused.length > 0) {
      const again = values.filter(({ path }) => saved.refused.some((one) => one.path === path))
      const right = again.filter(({ path }) => slips.some((one) => one.path === path))
      if (right.length > 0) saved = await this.#save(place, saved.formRepeat, right)
    }
    this.outcome.forms += 1
    this.outcome.items += values.length
    const at = { ...place, formRepeat: saved.formRepeat }
    if (!isReady(saved.evaluation) || later.length > 0) {
      this.#unfinished.push({ place: at, later })
      return
    }
    await this.#complete(form.form, saved.recordId, saved.revision)
  }

  /** A reader's own entry of an image that the site entered before. What stands open shows on completing. */
  async #read(form: PlannedForm): Promise<void> {
    const { studyId, readings } = this.opened
    const at = { studyId, subjectId: this.#subjectId, key: this.#key() }
    const saved = await readings.save(at, form.form, form.values)
    if (!saved) {
      this.outcome.open.push({ place: `${form.event}/${form.form}`, why: 'no such image' })
      return
    }
    this.#count(saved)
    this.outcome.forms += 1
    this.outcome.items += Object.keys(form.values).length
    const { recordId, revision } = saved
    const step = { studyId, recordId, revision, key: this.#key() }
    await readings.complete(form.form, form.values, step)
  }

  async #save(
    place: Omit<Place, 'formRepeat'>,
    formRepeat: number | null,
    changes: readonly Change[],
  ): Promise<SaveResult> {
    const saved = await saveItems.execute(await this.#coordinator(), {
      studyId: this.opened.studyId,
      subjectId: this.#subjectId,
      ...place,
      formRepeat,
      changes: [...changes],
      key: this.#key(),
    })
    this.#count(saved)
    return saved
  }

  #count(saved: SaveResult): void {
    this.outcome.refusals.push(...saved.refused.map(({ problem }) => problem.code))
    this.#hear(saved.evaluation.findings)
    for (const { problem } of saved.refused) this.outcome.fired.add(checkOf(problem))
  }

  async #finish(): Promise<void> {
    for (const one of this.#unfinished.splice(0))
      await this.#try(`${one.place.event}/${one.place.form}`, () => this.#finishForm(one))
  }

  async #finishForm({ place, later }: Unfinished): Promise<void> {
    if (later.length > 0) await this.#save(place, place.formRepeat, later)
    const { record, evaluation } = await formForEntry.execute(await this.#coordinator(), {
      studyId: this.opened.studyId,
      subjectId: this.#subjectId,
      ...place,
    })
    this.#hear(evaluation.findings)
    if (isDone(record.state)) return
    if (isReady(evaluation)) {
      await this.#complete(place.form, record.recordId as string, record.revision)
      return
    }
    const hard = evaluation.findings.find(({ level }) => level === 'hard')
    const why = hard ? `${hard.check} at ${hard.path}` : `${evaluation.open[0]} is open`
    this.outcome.open.push({ place: `${place.event}/${place.form}`, why })
  }

  async #complete(form: string, recordId: string, revision: number): Promise<void> {
    const { studyId, signed } = this.opened
    const own = { studyId, recordId }
    const completed = await completeForm.execute(await this.#coordinator(), {
      ...own,
      revision,
      key: this.#key(),
    })
    if (!signed.has(form)) return
    await signForm.execute(await this.people(this.#staff().investigator), {
      ...own,
      revision: completed.revision,
      password: demoPassword,
      key: this.#key(),
    })
  }

  #hear(findings: SaveResult['evaluation']['findings']): void {
    for (const { check } of findings) this.outcome.fired.add(check)
  }

  #staff(): SiteStaff {
    return this.opened.staff.get(this.at.site) as SiteStaff
  }

  #coordinator(): Promise<Person> {
    return this.people(this.#staff().coordinator)
  }

  #key(): string {
    this.#steps += 1
    return stepKey('simulation', this.opened.oid, this.at.index, this.#steps)
  }
}

function isReady({ open, findings }: SaveResult['evaluation']): boolean {
  return open.length === 0 && !findings.some(({ level }) => level === 'hard')
}

/** The check that a refusal of a value came from, as far as the problem names one. */
function checkOf(problem: SaveResult['refused'][number]['problem']): string {
  const details = problem.details as { check?: unknown } | undefined
  return typeof details?.check === 'string' ? details.check : problem.code
}

/** The demo's people, each looked up once. */
export function peopleOf(ownerPool: Pool): (userName: string) => Promise<Person> {
  const known = new Map<string, Promise<Person>>()
  return (userName) => {
    const person = known.get(userName) ?? personNamed(ownerPool, userName)
    known.set(userName, person)
    return person
  }
}
