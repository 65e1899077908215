/**
 * The course of one simulated subject: screening, allocation or enrolment, visits on time, late or missed, log entries, and
 * an end (completion, dropout or death). All of it is decided by the seed and the definition; the server sees it afterwards.
 */

import { formApplies, subjectReader } from '#domain/casebook/evaluate.ts'
import type { Casebook, FormRecordData, RecordKey } from '#domain/casebook/record.ts'
import { plannedVisit } from '#domain/casebook/schedule.ts'
import type { SubjectState } from '#domain/casebook/views.ts'
import type { StudyEventDef } from '#domain/definition/definition.ts'
import { addDays, daysBetween } from '#domain/values/partial-date.ts'
import { type Chance, chance } from '#studies/demo/chance.ts'
import type { DemoForm } from '#studies/demo/plan.ts'
import type { ReadStudy } from '#studies/demo/study-definition.ts'
import { type Slip, ValueDraw } from './draw-value.ts'
import { type Filled, fillForm } from './fill-form.ts'
import type { Hints } from './hints.ts'

export type Fate = 'completes' | 'drops out' | 'dies'
export type PlannedForm = DemoForm & {
  /** Days after screening at which the site types it in, and days since what it tells of. */
  enteredOnDay: number
  lag: number
  /** What was typed first and had to be corrected at once, because it was refused. */
  refused: readonly { path: string; typed: string }[]
  slips: readonly { path: string; slip: Slip }[]
  isComplete: boolean
}
export type Allocation = { on: string; stratum: string; arm: string }

type Options = {
  study: Pick<ReadStudy, 'definition' | 'compiled'>
  hints: Hints
  seed: number
  index: number
  site: string
  /** No date lies after it. */
  today: string
}

const fateStates: Record<Fate, readonly SubjectState[]> = {
  completes: ['completed'],
  'drops out': ['withdrawn', 'discontinued'],
  dies: ['dead'],
}

export class SimulatedSubject {
  readonly forms: PlannedForm[] = []
  readonly screenedOn: string
  readonly fate: Fate
  missedVisits = 0
  lateVisits = 0
  allocation: Allocation | null = null
  readonly #options: Options
  readonly #chance: Chance
  readonly #draw: ValueDraw
  readonly #casebook: Casebook & { records: FormRecordData[] }
  readonly #endItems: ReadonlySet<string>
  /** Share of the follow-up after which dropout or death comes. */
  readonly #endShare: number

  constructor(options: Options) {
    const { study, hints, seed, index, today } = options
    this.#options = options
    this.#chance = chance((seed * 1_000_003 + index * 7919) % 4_294_967_291)
    this.#draw = new ValueDraw(study.definition, hints, this.#chance, today)
    const calendar = hints.calendar ?? {
      from: addDays(today, -365 * 5) as string,
      to: addDays(today, -365 * 3) as string,
    }
    const span = daysBetween(calendar.from, calendar.to) ?? 0
    this.screenedOn = addDays(calendar.from, this.#chance.whole(0, Math.max(span, 0))) as string
    const luck = this.#chance.next()
    const { death, dropout } = hints.rates
    this.fate = luck < death ? 'dies' : luck < death + dropout ? 'drops out' : 'completes'
    this.#endShare = this.#chance.next()
    this.#endItems = new Set(
      (study.definition.subjectStates ?? [])
        .flatMap(({ rule }) => study.compiled.subject(rule)?.references ?? [])
        .map(({ form, item }) => `${form}.${item}`),
    )
    this.#casebook = {
      subject: {
        subjectId: `${index}`,
        subjectKey: `${options.site}-${index}`,
        siteCode: options.site,
        siteId: options.site,
      },
      records: [],
      references: [],
      today,
    }
  }

  /** Forms of the screening visits; afterwards `stratum` says whether the subject can be allocated. */
  screen(): void {
    const { definition } = this.#options.study
    for (const event of definition.events) {
      if (event.kind === 'screening') this.#visit(event, this.screenedOn)
    }
  }

  /** The stratum of a subject who may be allocated; null for one who may not, and in studies without allocation. */
  stratum(): string | null {
    const { allocation } = this.#options.study.definition
    if (!allocation) return null
    const reader = this.#reader()
    const may = allocation.preconditions.every(({ rule }) => reader.expression(rule) === true)
    const stratum = reader.expression(allocation.stratum)
    return may && typeof stratum === 'string' ? stratum : null
  }

  /** The day allocation would fall on. */
  allocatedOn(): string {
    const later = addDays(this.screenedOn, 1 + ((this.#options.index * 13) % 10)) as string
    return later < this.#options.today ? later : this.#options.today
  }

  allocate(allocation: Allocation): void {
    const { definition } = this.#options.study
    const form = definition.allocation?.form as string
    const event = definition.events.find((one) => one.forms.some((use) => use.form === form))
    this.allocation = allocation
    this.#casebook.records.push({
      recordId: 'allocation',
      key: { event: event?.oid as string, eventRepeat: 1, form, formRepeat: 1 },
      versionNumber: 1,
      revision: 1,
      state: 'complete',
      data: {
        RANDSTR: allocation.stratum,
        RANDNO: 'R1',
        RANDDTC: `${allocation.on}T10:30:00+00:00`,
        ARMCD: allocation.arm,
        RANDBY: 'x',
      },
      derived: {},
    })
  }

  /** Everything after screening or allocation. */
  follow(): void {
    const { study, today } = this.#options
    const { definition } = study
    const visits = definition.events.filter(
      ({ kind }) => kind === 'baseline' || kind === 'scheduled',
    )
    let last = this.allocation?.on ?? this.screenedOn
    let end = today
    for (const [at, event] of visits.entries()) {
      const planned = this.#plannedOn(event, last)
      const isOver = this.fate !== 'completes' && at / visits.length > this.#endShare
      if (isOver || planned > today) {
        end = planned < today ? planned : today
        break
      }
      if (this.#reader().event(event.oid).applies === false) continue
      if (
        event.kind === 'scheduled' &&
        this.#chance.next() < this.#options.hints.rates.missedVisit
      ) {
        this.missedVisits += 1
        this.#miss(event, planned)
        continue
      }
      this.#visit(event, planned)
      last = planned
      end = planned
    }
    const stopped = this.fate === 'completes' ? end : later(last, end)
    if (this.fate !== 'completes')
      for (const event of definition.events)
        if (event.kind === 'early-termination') this.#visit(event, stopped)
    this.#logs(last, stopped)
    this.#end(stopped)
  }

  #reader() {
    return subjectReader(this.#options.study.compiled, this.#casebook)
  }

  /** Target of a visit with a deviation; where it has none, some days after the last one. */
  #plannedOn(event: StudyEventDef, last: string): string {
    const reader = this.#reader()
    const own = reader.event(event.oid).anchor
    const { target, from, to } = plannedVisit(event, reader.anchor(), own)
    if (target === null) return addDays(last, this.#chance.whole(0, 14)) as string
    const isLate = this.#chance.next() < this.#options.hints.rates.lateVisit
    if (isLate && event.kind === 'scheduled') {
      this.lateVisits += 1
      return addDays(to ?? target, this.#chance.whole(1, 10)) as string
    }
    const before = from === null ? 0 : (daysBetween(from, target) ?? 0)
    const after = to === null ? 0 : (daysBetween(target, to) ?? 0)
    return addDays(target, this.#chance.whole(-before, after)) as string
  }

  #visit(event: StudyEventDef, on: string): void {
    for (const use of event.forms) {
      const form = this.#form(use.form)
      if (!form || form.system) continue
      if (!use.required && this.#chance.next() > this.#options.hints.rates.optional) continue
      this.#fill(event, use.form, on)
    }
  }

  #miss(event: StudyEventDef, on: string): void {
    const address = this.#options.study.definition.visitOccurred?.split('.')
    const [form, item] = address ?? []
    if (form && item && event.forms.some((use) => use.form === form))
      this.#fill(event, form, on, { fixed: { [item]: 'N' } })
  }

  #logs(from: string, to: string): void {
    const { definition } = this.#options.study
    const span = Math.max(daysBetween(from, to) ?? 0, 1)
    const start = this.#reader().anchor() ?? this.screenedOn
    const whole = Math.max(daysBetween(start, to) ?? span, 1)
    for (const event of definition.events.filter(({ kind }) => kind === 'log')) {
      for (const use of event.forms) {
        const form = this.#form(use.form)
        if (!form || form.system || !form.repeats) continue
        const mean = this.#options.hints.logs[form.oid] ?? 1
        const days = Array.from({ length: this.#poisson(mean) }, () => this.#chance.whole(0, whole))
        for (const day of days.sort((a, b) => a - b))
          this.#fill(event, form.oid, addDays(start, day) as string)
      }
    }
  }

  /** The forms by which the study knows of the subject's end, filled until it does; those of other ends stay empty. */
  #end(on: string): void {
    const { definition, compiled } = this.#options.study
    const isOfFate = (state: SubjectState) => fateStates[this.fate].includes(state)
    const rule = definition.subjectStates?.find(({ state }) => isOfFate(state))
    const filledForms = () => new Set(this.#casebook.records.map(({ key }) => key.form))
    const formsOf = (text: string) =>
      new Set((compiled.subject(text)?.references ?? []).map(({ form }) => form))
    const ends = new Set((definition.subjectStates ?? []).flatMap((one) => [...formsOf(one.rule)]))
    for (const event of definition.events.filter(({ kind }) => kind === 'log')) {
      for (const use of event.forms) {
        const form = this.#form(use.form)
        if (!form || form.system || form.repeats || filledForms().has(form.oid)) continue
        const isOwnEnd = rule !== undefined && formsOf(rule.rule).has(form.oid)
        if (ends.has(form.oid) && !isOwnEnd) continue
        if (!ends.has(form.oid) && !use.required) continue
        const goal = isOwnEnd ? () => this.#reader().expression(rule.rule) === true : undefined
        this.#fill(event, form.oid, on, goal ? { goal } : {})
      }
    }
  }

  #fill(
    event: StudyEventDef,
    oid: string,
    on: string,
    given: { fixed?: Record<string, string>; goal?: () => boolean } = {},
  ): void {
    const { study } = this.#options
    const form = this.#form(oid)
    if (!form) return
    const earlier = this.#casebook.records.filter(
      ({ key }) => key.form === oid && key.event === event.oid,
    ).length
    if (earlier > 0 && !form.repeats) return
    const key: RecordKey = {
      event: event.oid,
      eventRepeat: 1,
      form: oid,
      formRepeat: earlier + 1,
    }
    if (formApplies(study.compiled, this.#casebook, key) === false) return
    const fixed = given.fixed ?? this.#held(oid, on)
    const filled = fillForm(
      {
        compiled: study.compiled,
        casebook: this.#casebook,
        draw: this.#draw,
        on,
        fixed,
        ends: this.#endItems,
        ...(given.goal ? { goal: given.goal } : {}),
      },
      form,
      key,
    )
    this.forms.push(this.#planned(key, filled, on, form.repeats))
  }

  /** Of the form that says so: that the visit was held, and when. */
  #held(form: string, on: string): Record<string, string> {
    const { visitDate, visitOccurred } = this.#options.study.definition
    const own = (name: string | undefined, value: string) => {
      const [ofForm, item] = (name ?? '').split('.')
      return ofForm === form && item ? { [item]: value } : {}
    }
    return { ...own(visitDate, on), ...own(visitOccurred, 'Y') }
  }

  #planned(key: RecordKey, filled: Filled, on: string, repeats: boolean): PlannedForm {
    const { lateEntry } = this.#options.hints.rates
    const lag =
      this.#chance.next() < lateEntry ? this.#chance.whole(30, 120) : this.#chance.whole(0, 10)
    const kept = filled.slips.filter(
      ({ path, typed, slip }) => slip !== 'impossible' && filled.values[path] === typed,
    )
    return {
      event: key.event,
      form: key.form,
      values: filled.values,
      ...(repeats ? { repeat: 'new' as const } : {}),
      enteredOnDay: Math.max(0, daysBetween(this.screenedOn, on) ?? 0) + lag,
      lag,
      refused: filled.slips.filter(
        ({ path, typed, slip }) => slip === 'impossible' && filled.values[path] !== typed,
      ),
      slips: kept,
      isComplete: filled.isComplete,
    }
  }

  #form(oid: string) {
    return this.#options.study.definition.forms.find((form) => form.oid === oid)
  }

  #poisson(mean: number): number {
    const limit = Math.exp(-mean)
    let count = 0
    for (let product = this.#chance.next(); product > limit; product *= this.#chance.next())
      count += 1
    return count
  }
}

function later(date: string, end: string): string {
  return date > end ? date : end
}
