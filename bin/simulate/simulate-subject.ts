/**
 * The course of one simulated subject: screening, allocation or enrolment, visits on time, late or missed, log entries, and
 * an end (completion, dropout or death). All of it is decided by the seed and the definition; the server sees it afterwards.
 */

import type { Casebook } from '#domain/casebook/record.ts'
import { isEnforced, plannedVisit } from '#domain/casebook/schedule.ts'
import type { SubjectState } from '#domain/casebook/views.ts'
import type { StudyEventDef } from '#domain/definition/definition.ts'
import { addDays, daysBetween } from '#domain/values/partial-date.ts'
import { type Chance, chance } from '#studies/demo/chance.ts'
import type { ReadStudy } from '#studies/demo/study-definition.ts'
import { type EntryHint, type Fate, type Hints, hintsOfSubject } from './hints.ts'
import { type PlannedForm, SimulatedCasebook } from './simulated-casebook.ts'

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

/** Days about the target in which people come where no window is promised. */
const nearTarget = 21

const fateStates: Record<Fate, readonly SubjectState[]> = {
  completes: ['completed'],
  'drops out': ['withdrawn', 'discontinued'],
  dies: ['dead'],
}

export class SimulatedSubject {
  readonly screenedOn: string
  readonly fate: Fate
  missedVisits = 0
  lateVisits = 0
  allocation: Allocation | null = null
  readonly #options: Options
  readonly #chance: Chance
  readonly #book: SimulatedCasebook
  /** Share of the follow-up after which dropout or death comes. */
  readonly #endShare: number
  /** Where the study says so: days after day 1, or the date, after which nothing is dated. */
  readonly #endDay: number | string | null
  readonly #entered = new Set<number>()

  constructor(options: Options) {
    const { seed, index, today } = options
    this.#chance = chance((seed * 1_000_003 + index * 7919) % 4_294_967_291)
    const hints = hintsOfSubject(options.hints, () => this.#chance.next())
    this.#options = { ...options, hints }
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
    const ends = hints.ends[this.fate]
    this.#endDay = typeof ends === 'object' ? this.#chance.whole(...ends) : (ends ?? null)
    this.#book = new SimulatedCasebook({
      ...this.#options,
      chance: this.#chance,
      screenedOn: this.screenedOn,
      lastDay: (on) => this.#lastDay(on),
    })
  }

  get forms(): PlannedForm[] {
    return this.#book.forms
  }

  /** What was filled so far, as the rules of the study see it. */
  get casebook(): Casebook {
    return this.#book.casebook
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
    const reader = this.#book.reader()
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
    this.#book.casebook.records.push({
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
      const lastDay = this.#lastDay(planned)
      const isOver =
        this.#endDay === null
          ? this.fate !== 'completes' && at / visits.length > this.#endShare
          : planned > lastDay
      if (isOver || planned > today) {
        end = this.#endDay === null && planned < today ? planned : lastDay
        // Visits of another anchor may come before this one.
        if (this.#endDay === null) break
        continue
      }
      if (this.#book.reader().event(event.oid).applies === false) continue
      if (
        event.kind === 'scheduled' &&
        this.#chance.next() < this.#options.hints.rates.missedVisit
      ) {
        this.missedVisits += 1
        this.#miss(event, planned)
        continue
      }
      this.#visit(event, planned)
      last = later(last, planned)
      end = planned
    }
    if (this.#endDay !== null) end = this.#lastDay(last)
    const stopped = this.fate === 'completes' ? end : later(last, end)
    if (this.fate !== 'completes')
      for (const event of definition.events)
        if (event.kind === 'early-termination') this.#visit(event, stopped)
    this.#logs(last, stopped)
    this.#end(stopped)
  }

  /** Target of a visit with a deviation; where it has none, some days after the last one. */
  #plannedOn(event: StudyEventDef, last: string): string {
    const reader = this.#book.reader()
    const own = reader.event(event.oid).anchor
    const { target, from, to } = plannedVisit(event, reader.anchor(), own)
    if (target === null) return addDays(last, this.#chance.whole(0, 14)) as string
    const isLate = this.#chance.next() < this.#options.hints.rates.lateVisit
    if (isLate && event.kind === 'scheduled' && isEnforced(event)) {
      this.lateVisits += 1
      return addDays(to ?? target, this.#chance.whole(1, 10)) as string
    }
    // A bin may be years wide; people come near the day all the same.
    const most = isEnforced(event) ? Number.POSITIVE_INFINITY : nearTarget
    const before = from === null ? 0 : Math.min(daysBetween(from, target) ?? 0, most)
    const after = to === null ? 0 : Math.min(daysBetween(target, to) ?? 0, most)
    return addDays(target, this.#chance.whole(-before, after)) as string
  }

  #visit(event: StudyEventDef, on: string): void {
    for (const use of event.forms) {
      const form = this.#book.form(use.form)
      if (!form || form.system) continue
      if (!use.required && this.#chance.next() > this.#options.hints.rates.optional) continue
      this.#enterBefore(form.oid, on)
      this.#book.fill(event, use.form, on)
    }
  }

  #miss(event: StudyEventDef, on: string): void {
    const address = this.#options.study.definition.visitOccurred?.split('.')
    const [form, item] = address ?? []
    if (form && item && event.forms.some((use) => use.form === form))
      this.#book.fill(event, form, on, { fixed: { [item]: 'N' } })
  }

  /** The last day anything is dated; before day 1 is known, as if it were the day at hand. */
  #lastDay(on: string): string {
    const { today } = this.#options
    if (this.#endDay === null) return today
    const start = this.#book.reader().anchor() ?? on
    const day =
      typeof this.#endDay === 'string' ? this.#endDay : (addDays(start, this.#endDay) ?? today)
    return day < today ? day : today
  }

  /** Entries that the coming form reads, or (undefined) those that no form waits for. */
  #enterBefore(form: string | undefined, on: string): void {
    this.#options.hints.entries.forEach((entry, index) => {
      if (entry.before !== form || this.#entered.has(index)) return
      this.#entered.add(index)
      this.#enter(entry, on)
    })
  }

  #enter({ form, day, share, fates, values }: EntryHint, on: string): void {
    const { definition } = this.#options.study
    const isGiven = this.#chance.next() < share && fates.includes(this.fate)
    const start = this.#book.reader().anchor() ?? on
    const last = this.#lastDay(on)
    const date = day === 'end' ? last : (addDays(start, this.#chance.whole(...day)) as string)
    const log = definition.events.find(
      (event) => event.kind === 'log' && event.forms.some((use) => use.form === form),
    )
    if (!log) throw new Error(`demo/simulation.yaml enters ${form}, which is no form of a log.`)
    if (isGiven && date <= last) this.#book.fill(log, form, date, { own: values })
  }

  #logs(from: string, to: string): void {
    const { definition } = this.#options.study
    this.#enterBefore(undefined, from)
    const span = Math.max(daysBetween(from, to) ?? 0, 1)
    const start = this.#book.reader().anchor() ?? this.screenedOn
    const whole = Math.max(daysBetween(start, to) ?? span, 1)
    for (const event of definition.events.filter(({ kind }) => kind === 'log')) {
      for (const use of event.forms) {
        const form = this.#book.form(use.form)
        if (!form || form.system || !form.repeats) continue
        const mean = this.#options.hints.logs[form.oid] ?? 1
        const days = Array.from({ length: this.#poisson(mean) }, () => this.#chance.whole(0, whole))
        for (const day of days.sort((a, b) => a - b))
          this.#book.fill(event, form.oid, addDays(start, day) as string)
      }
    }
  }

  /** The forms by which the study knows of the subject's end, filled until it does; those of other ends stay empty. */
  #end(on: string): void {
    const { definition, compiled } = this.#options.study
    const isOfFate = (state: SubjectState) => fateStates[this.fate].includes(state)
    const rule = definition.subjectStates?.find(({ state }) => isOfFate(state))
    const filledForms = () => new Set(this.#book.casebook.records.map(({ key }) => key.form))
    const formsOf = (text: string) =>
      new Set((compiled.subject(text)?.references ?? []).map(({ form }) => form))
    const ends = new Set((definition.subjectStates ?? []).flatMap((one) => [...formsOf(one.rule)]))
    for (const event of definition.events.filter(({ kind }) => kind === 'log')) {
      for (const use of event.forms) {
        const form = this.#book.form(use.form)
        if (!form || form.system || form.repeats || filledForms().has(form.oid)) continue
        const isOwnEnd = rule !== undefined && formsOf(rule.rule).has(form.oid)
        if (ends.has(form.oid) && !isOwnEnd) continue
        if (!ends.has(form.oid) && !use.required) continue
        const goal = isOwnEnd ? () => this.#book.reader().expression(rule.rule) === true : undefined
        this.#book.fill(event, form.oid, on, goal ? { goal } : {})
      }
    }
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
