/**
 * The sites' work on the demo cohort: screening at all sites side by side, randomisation one after the other in the order
 * of the lists, then the visits and logs side by side again, and at the end some cleaning, so that a visitor meets queries.
 */
import type { Pool } from '#db/client.ts'
import { demoPassword } from '#domain/access/demo-password.ts'
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
import type { DemoForm, DemoPlan } from '#studies/tac-csa-rct/demo/plan.ts'
import { coordinatorOf, investigatorOf } from './people.ts'
import { personNamed } from './person-named.ts'
import { isRevised, revisedDiagnosis } from './revised-diagnosis.ts'

type Options = {
  ownerPool: Pool
  studyId: string
  siteIds: ReadonlyMap<string, string>
  people: ReadonlyMap<string, string>
  onProgress: (detail: string) => void
}
type Entered = {
  plan: DemoPlan
  subjectId: string
  subjectKey: string
  records: Map<string, string>
  unfinished: { event: string; form: string; formRepeat: number }[]
}

const sideBySide = 4

export class SiteWork {
  forms = 0
  readonly #options: Options
  readonly #people = new Map<string, Promise<Person>>()
  #entered: Entered[] = []

  constructor(options: Options) {
    this.#options = options
  }

  async enter(plans: readonly DemoPlan[]): Promise<void> {
    const { onProgress } = this.#options
    // Screening numbers run by site, so each site screens in the order of dates.
    const bySite = new Map<string, DemoPlan[]>()
    for (const plan of plans) bySite.set(plan.site, [...(bySite.get(plan.site) ?? []), plan])
    await inParallel([...bySite.values()], async (own) => {
      for (const plan of own) {
        this.#entered.push(await this.#screen(plan))
        onProgress(`screening, ${this.#entered.length} of ${plans.length} subjects`)
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
    await inParallel(allocated, async (one) => {
      for (const form of one.plan.after) await this.#fill(one, form)
      await this.#finish(one)
      done += 1
      onProgress(`visits and logs, ${done} of ${allocated.length} subjects`)
    })
  }

  /** One revised diagnosis, and a few queries in every state. */
  async clean(): Promise<void> {
    const { studyId, onProgress } = this.#options
    onProgress('queries and corrections')
    const revised = this.#entered.find((one) => isRevised(one.plan))
    if (revised) {
      const reason = 'Muscle biopsy and enzymes reviewed: dermatomyositis'
      const coordinator = await this.#person(coordinatorOf(revised.plan.site))
      await reopenForm.execute(coordinator, {
        studyId,
        recordId: revised.records.get('SCR/F_IIM') as string,
        reason,
        key: crypto.randomUUID(),
      })
      const changes = revisedDiagnosis.map((change) => ({ ...change, reason }))
      const saved = await saveItems.execute(coordinator, {
        studyId,
        subjectId: revised.subjectId,
        event: 'SCR',
        eventRepeat: 1,
        form: 'F_IIM',
        formRepeat: 1,
        changes,
        key: crypto.randomUUID(),
      })
      refuseRefusals(saved, `${revised.subjectKey} F_IIM`)
      await this.#complete(revised, 'F_IIM', saved.recordId, saved.revision)
    }
    const monitor = await this.#person('monitor')
    const questions = [
      {
        form: 'W4/F_PFT',
        path: 'FVC',
        text: 'Please check FVC against the printed report of the lung function laboratory.',
        answer: 'Checked against the printout; the value is right.',
      },
      {
        form: 'W12/F_VS',
        path: 'WEIGHT',
        text: 'Which scales were used? The chart shows two weights on this day.',
        answer: null,
      },
      {
        form: 'SCR/F_MH',
        path: 'MH[HYPERTENSION].MHOCCUR',
        text: 'The referral letter mentions an antihypertensive drug. Please look at the source.',
        answer: null,
      },
    ]
    for (const [index, one] of this.#entered
      .filter((entered) => entered.plan.randomisedOn !== null)
      .entries()) {
      if (index % 7 !== 3) continue
      const question = questions[((index / 7) % questions.length) | 0] as (typeof questions)[number]
      const recordId = one.records.get(question.form)
      if (!recordId) continue
      const { queryId } = await raiseQuery.execute(monitor, {
        studyId,
        recordId,
        path: question.path,
        text: question.text,
        key: crypto.randomUUID(),
      })
      if (question.answer)
        await answerQuery.execute(await this.#person(investigatorOf(one.plan.site)), {
          studyId,
          queryId,
          text: question.answer,
          key: crypto.randomUUID(),
        })
    }
  }

  async #screen(plan: DemoPlan): Promise<Entered> {
    const { studyId, siteIds } = this.#options
    const coordinator = await this.#person(coordinatorOf(plan.site))
    const { subjectId, subjectKey } = await screenSubject.execute(coordinator, {
      studyId,
      siteId: siteIds.get(plan.site) as string,
      screenedOn: plan.screenedOn,
      key: crypto.randomUUID(),
    })
    const entered: Entered = { plan, subjectId, subjectKey, records: new Map(), unfinished: [] }
    for (const form of plan.before) await this.#fill(entered, form)
    if (plan.randomisedOn !== null) await this.#finish(entered)
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
      key: crypto.randomUUID(),
    })
    if (allocation?.arm !== one.plan.arm)
      throw new Error(`${one.subjectKey} got ${allocation?.arm}, the cohort needs ${one.plan.arm}`)
  }

  async #fill(one: Entered, { event, form, values, repeat }: DemoForm): Promise<void> {
    const { studyId } = this.#options
    const coordinator = await this.#person(coordinatorOf(one.plan.site))
    const changes = Object.entries(values).map(([path, to]) => ({ path, from: null, to }))
    const place = `${one.subjectKey} ${event}/${form}`
    const saved = await saveItems.execute(coordinator, {
      studyId,
      subjectId: one.subjectId,
      event,
      eventRepeat: 1,
      form,
      formRepeat: repeat === 'new' ? null : 1,
      changes,
      key: crypto.randomUUID(),
    })
    refuseRefusals(saved, place)
    one.records.set(`${event}/${form}`, saved.recordId)
    this.forms += 1
    if (
      saved.evaluation.open.length > 0 ||
      saved.evaluation.findings.some((finding) => finding.level === 'hard')
    ) {
      one.unfinished.push({ event, form, formRepeat: saved.formRepeat })
      return
    }
    await this.#complete(one, form, saved.recordId, saved.revision)
  }

  async #complete(one: Entered, form: string, recordId: string, revision: number): Promise<void> {
    const { studyId } = this.#options
    const completed = await completeForm.execute(await this.#person(coordinatorOf(one.plan.site)), {
      studyId,
      recordId,
      revision,
      key: crypto.randomUUID(),
    })
    if (form !== 'F_IE' || one.plan.randomisedOn === null) return
    await signForm.execute(await this.#person(investigatorOf(one.plan.site)), {
      studyId,
      recordId,
      revision: completed.revision,
      password: demoPassword,
      key: crypto.randomUUID(),
    })
  }

  /** Forms that needed another form first (a death and the vital status that tells it). */
  async #finish(one: Entered): Promise<void> {
    const { studyId } = this.#options
    for (const { event, form, formRepeat } of one.unfinished.splice(0)) {
      const coordinator = await this.#person(coordinatorOf(one.plan.site))
      const { record, evaluation } = await formForEntry.execute(coordinator, {
        studyId,
        subjectId: one.subjectId,
        event,
        eventRepeat: 1,
        form,
        formRepeat,
      })
      const why = [
        ...evaluation.open,
        ...evaluation.findings
          .filter((finding) => finding.level === 'hard')
          .map((finding) => `${finding.check} ${finding.message.en}`),
      ]
      if (why.length > 0)
        throw new Error(`${one.subjectKey} ${event}/${form} is not complete: ${why.join('; ')}`)
      await this.#complete(one, form, record.recordId as string, record.revision)
    }
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

/** Runs the work on every element, a few at a time. */
async function inParallel<T>(list: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const waiting = [...list]
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await work(next)
  }
  await Promise.all(Array.from({ length: sideBySide }, worker))
}
