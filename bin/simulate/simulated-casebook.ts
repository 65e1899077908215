/** The casebook of one simulated subject as it grows form by form, and what a site will type of it when. */
import { formApplies, subjectReader } from '#domain/casebook/evaluate.ts'
import type { Casebook, FormRecordData, RecordKey } from '#domain/casebook/record.ts'
import type { FormDef, StudyEventDef } from '#domain/definition/definition.ts'
import { daysBetween } from '#domain/values/partial-date.ts'
import type { Chance } from '#studies/demo/chance.ts'
import type { DemoForm } from '#studies/demo/plan.ts'
import type { ReadStudy } from '#studies/demo/study-definition.ts'
import { type Slip, ValueDraw } from './draw-value.ts'
import { type Filled, fillForm } from './fill-form.ts'
import type { Hints, Spread } from './hints.ts'

export type PlannedForm = DemoForm & {
  /** Days after screening at which the site types it in, and days since what it tells of. */
  enteredOnDay: number
  lag: number
  /** What was typed first and had to be corrected at once, because it was refused. */
  refused: readonly { path: string; typed: string }[]
  slips: readonly { path: string; slip: Slip }[]
  isComplete: boolean
}
type Options = {
  study: Pick<ReadStudy, 'definition' | 'compiled'>
  hints: Hints
  chance: Chance
  index: number
  site: string
  today: string
  screenedOn: string
  /** The last day that may be dated, seen from a day. */
  lastDay: (on: string) => string
}

export class SimulatedCasebook {
  readonly forms: PlannedForm[] = []
  readonly casebook: Casebook & { records: FormRecordData[] }
  readonly #options: Options
  readonly #draw: ValueDraw
  readonly #endItems: ReadonlySet<string>

  constructor(options: Options) {
    const { study, hints, chance, index, site, today } = options
    this.#options = options
    this.#draw = new ValueDraw(study.definition, hints, chance, today)
    this.#endItems = new Set(
      (study.definition.subjectStates ?? [])
        .flatMap(({ rule }) => study.compiled.subject(rule)?.references ?? [])
        .map(({ form, item }) => `${form}.${item}`),
    )
    const subjectKey = `${site}-${index + 1}`
    this.casebook = {
      subject: { subjectId: `${index}`, subjectKey, siteCode: site, siteId: site },
      records: [],
      references: [],
      today,
    }
  }

  reader() {
    return subjectReader(this.#options.study.compiled, this.casebook)
  }

  /** One form as a site fills it on a day; nothing where it does not apply or was filled already. */
  fill(
    event: StudyEventDef,
    oid: string,
    on: string,
    given: {
      fixed?: Record<string, string>
      own?: Readonly<Record<string, Spread>>
      goal?: () => boolean
    } = {},
  ): void {
    const { study } = this.#options
    const form = this.form(oid)
    if (!form) return
    const earlier = this.casebook.records.filter(
      ({ key }) => key.form === oid && key.event === event.oid,
    ).length
    if (earlier > 0 && !form.repeats) return
    const key: RecordKey = {
      event: event.oid,
      eventRepeat: 1,
      form: oid,
      formRepeat: earlier + 1,
    }
    if (formApplies(study.compiled, this.casebook, key) === false) return
    const fixed = given.fixed ?? this.#held(oid, on)
    this.#draw.latest = this.#options.lastDay(on)
    const filled = fillForm(
      {
        compiled: study.compiled,
        casebook: this.casebook,
        draw: this.#draw,
        on,
        fixed,
        ends: this.#endItems,
        ...(given.own ? { own: given.own } : {}),
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
    // A chart is abstracted at once, whenever what it tells of happened.
    const isChart = this.#options.study.definition.mode === 'retrospective'
    const late =
      this.#options.chance.next() < lateEntry
        ? this.#options.chance.whole(30, 120)
        : this.#options.chance.whole(0, 10)
    const lag = isChart ? 0 : late
    const kept = filled.slips.filter(
      ({ path, typed, slip }) => slip !== 'impossible' && filled.values[path] === typed,
    )
    return {
      event: key.event,
      form: key.form,
      values: filled.values,
      ...(repeats ? { repeat: 'new' as const } : {}),
      enteredOnDay: isChart ? 0 : Math.max(0, daysBetween(this.#options.screenedOn, on) ?? 0) + lag,
      lag,
      refused: filled.slips.filter(
        ({ path, typed, slip }) => slip === 'impossible' && filled.values[path] !== typed,
      ),
      slips: kept,
      isComplete: filled.isComplete,
    }
  }

  form(oid: string): FormDef | undefined {
    return this.#options.study.definition.forms.find((form) => form.oid === oid)
  }
}
