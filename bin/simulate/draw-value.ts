/**
 * One value as a site might type it: mostly plausible, now and then dirty. Numbers of one subject move slowly from visit
 * to visit, as people's do.
 */
import type {
  CodeListDef,
  FixedRowDef,
  ItemDef,
  StudyDefinition,
} from '#domain/definition/definition.ts'
import { addDays, daysBetween } from '#domain/values/partial-date.ts'
import type { Chance } from '#studies/demo/chance.ts'
import type { DemoValue } from '#studies/demo/plan.ts'
import { type Hints, type Spread, spreadOf } from './hints.ts'

export type Slip = 'dirty' | 'impossible' | 'unit'
export type Drawn = { value: DemoValue; slip?: Slip }
export type Asked = {
  event: string
  form: string
  path: string
  item: ItemDef
  row: FixedRowDef | undefined
  /** The unit entered beside the value, where it is known already. */
  unit: string | undefined
  /** The day the form is about. */
  on: string
  required: boolean
  /** Spreads of this form alone, by path or item. */
  own: Readonly<Record<string, Spread>>
}

type Range = readonly [number | null, number | null]

/** Draws values for one subject; remembers what it drew before. */
export class ValueDraw {
  readonly #lists: ReadonlyMap<string, CodeListDef>
  readonly #numbers = new Map<string, number>()
  /** Nothing is dated after it: the day of looking, or the end of the subject's part. */
  latest: string

  constructor(
    definition: StudyDefinition,
    readonly hints: Hints,
    readonly chance: Chance,
    readonly today: string,
  ) {
    this.latest = today
    this.#lists = new Map(definition.codeLists.map((list) => [list.oid, list]))
  }

  /** Whether the study says how this item is spread. */
  isHinted({ event, form }: { event: string; form: string }, path: string, item: string): boolean {
    return spreadOf(this.hints, { event, form, path, item }) !== undefined
  }

  /** Null where nothing sensible can be typed (files). */
  draw(asked: Asked): Drawn | null {
    const { item } = asked
    const { chance, hints } = this
    if (asked.required && chance.next() < hints.rates.missing) {
      const reason = (item.missing ?? ['ND', 'UNK'])[0]
      if (reason) return { value: { missing: reason } }
    }
    const own = asked.own[asked.path] ?? asked.own[item.oid]
    const found = own
      ? { spread: own, ofVisit: true }
      : spreadOf(hints, { ...asked, item: item.oid })
    const spread = found?.spread
    switch (item.type) {
      case 'code':
        return this.#code(item, spread)
      case 'codes': {
        const weights = weightsOf(spread)
        if (weights) return { value: this.#weighted(weights).split('+') }
        const one = this.#code(item, spread)
        return one && { value: [one.value as string] }
      }
      case 'integer':
      case 'decimal':
        return this.#number(asked, spread, found?.ofVisit === true)
      case 'date':
        return { value: this.#date(asked, spread) }
      case 'partialDate': {
        const day = this.#date(asked, spread)
        return { value: chance.next() < 0.15 ? day.slice(0, 7) : day }
      }
      case 'dateTime':
        return { value: `${this.#date(asked, spread)}T${this.#time()}` }
      case 'time':
        return { value: this.#time() }
      case 'text': {
        const weights = weightsOf(spread)
        if (weights) return { value: this.#weighted(weights) }
        return { value: `simulated ${chance.whole(1, 999)}`.slice(0, item.length ?? 200) }
      }
      default:
        return null
    }
  }

  #code(item: ItemDef, spread: Spread | undefined): Drawn | null {
    const all = this.#lists.get(item.codeList ?? '')?.codes ?? []
    const offered = all.filter(({ code }) => item.codes === undefined || item.codes.includes(code))
    const weights = weightsOf(spread)
    const known = offered.filter(({ missing }) => missing === undefined)
    const from = weights
      ? offered.filter(({ code }) => (weights[code] ?? 0) > 0)
      : known.length > 0 && this.chance.next() > 0.03
        ? known
        : offered
    if (from.length === 0) return null
    const shares = from.map(({ code }) => [code, weights?.[code] ?? 1] as const)
    return { value: this.#weighted(Object.fromEntries(shares)) }
  }

  #weighted(weights: Readonly<Record<string, number>>): string {
    const shares = Object.entries(weights)
    let at = this.chance.next() * shares.reduce((sum, [, weight]) => sum + weight, 0)
    for (const [value, weight] of shares) {
      at -= weight
      if (at < 0) return value
    }
    return (shares.at(-1) as (typeof shares)[number])[0]
  }

  #number(
    { item, row, unit, form, path }: Asked,
    spread: Spread | undefined,
    anew: boolean,
  ): Drawn {
    const soft = rangeOf(item.soft, row?.soft)
    const hard = rangeOf(item.hard, row?.hard)
    const normal = spread && 'mean' in spread ? (spread as { mean: number; sd: number }) : undefined
    const [low, high] = plausible(soft, hard, item)
    const width = high - low
    const before = this.#numbers.get(`${form}.${path}`)
    const centre =
      normal?.mean ?? (row?.reference ? middle(row.reference, low, high) : low + width / 2)
    const usual = row?.reference ? usualWidth(row.reference) : null
    const spreadOut = normal?.sd ?? (usual ?? width) / 6
    let number =
      before === undefined || anew
        ? centre + spreadOut * this.#normal()
        : before + 0.15 * spreadOut * this.#normal()
    number = Math.min(Math.max(number, low), high)
    this.#numbers.set(`${form}.${path}`, number)
    const { dirty, unitError } = this.hints.rates
    // Limits of a row are in its standard unit; what is typed is in the unit beside it.
    const factor = row?.units?.[unit ?? ''] ?? 1
    const typed = (standard: number) => text(standard / factor, item)
    const luck = this.chance.next()
    if (luck < dirty / 10 && hard)
      return { value: typed(beyond(hard, width, this.chance)), slip: 'impossible' }
    if (luck < dirty && soft) {
      const wrong = beyond(soft, width * 0.2, this.chance)
      if (isInside(wrong, hard)) return { value: typed(wrong), slip: 'dirty' }
    }
    const others = [1, ...Object.values(row?.units ?? {})].filter((one) => one !== factor)
    if (others.length > 0 && luck > 1 - unitError)
      return { value: text(number / this.chance.pick(others), item), slip: 'unit' }
    return { value: typed(number) }
  }

  #date({ item, on }: Asked, spread: Spread | undefined): string {
    if (spread && 'between' in spread) {
      const [from, to] = spread.between as [string, string]
      const span = Math.max(daysBetween(from, to) ?? 0, 0)
      const day = addDays(from, this.chance.whole(0, span)) ?? from
      return day > this.today ? this.today : day
    }
    const atEnd = spread !== undefined && 'daysBeforeEnd' in spread
    const [from, to] = (
      atEnd
        ? spread.daysBeforeEnd
        : spread && 'daysBefore' in spread
          ? spread.daysBefore
          : item.oid === 'BRTHDTC'
            ? [30 * 365, 75 * 365]
            : [0, 0]
    ) as [number, number]
    const start = atEnd ? later(on, this.latest) : on
    const day = addDays(start, -Math.round(from + this.chance.next() * (to - from))) ?? on
    return day > this.latest && !item.future ? this.latest : day
  }

  #time(): string {
    const two = (n: number) => String(n).padStart(2, '0')
    return `${two(this.chance.whole(8, 17))}:${two(this.chance.whole(0, 59))}`
  }

  /** Box and Muller's normal deviate, cut at three standard deviations. */
  #normal(): number {
    const u = 1 - this.chance.next()
    const deviate = Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * this.chance.next())
    return Math.min(Math.max(deviate, -3), 3)
  }
}

const otherSpreads = ['mean', 'daysBefore', 'daysBeforeEnd', 'between']

function weightsOf(spread: Spread | undefined): Record<string, number> | undefined {
  const isWeights = spread && !otherSpreads.some((kind) => kind in spread)
  return isWeights ? (spread as Record<string, number>) : undefined
}

function later(date: string, end: string): string {
  return date > end ? date : end
}

function rangeOf(own: ItemDef['soft'], row: Range | undefined): Range | undefined {
  return own === 'row' ? row : own
}

function plausible(
  soft: Range | undefined,
  hard: Range | undefined,
  item: ItemDef,
): [number, number] {
  const most = 10 ** Math.min(3, (item.length ?? 5) - (item.digits ?? 0)) - 1
  const low = soft?.[0] ?? hard?.[0] ?? 0
  const high = soft?.[1] ?? hard?.[1] ?? Math.max(low + 1, most)
  return [low, Math.max(high, low)]
}

/** A healthy value lies in the reference interval; where one limit is open, near the other. */
function middle([from, to]: Range, low: number, high: number): number {
  return ((from ?? low) + (to ?? Math.min(high, (from ?? low) * 2 + 1))) / 2
}

function usualWidth([from, to]: Range): number {
  return to === null ? (from ?? 1) : to - (from ?? 0)
}

function beyond(range: Range, by: number, chance: Chance): number {
  const [low, high] = range
  const distance = Math.max(by, 1) * (0.05 + chance.next() * 0.5)
  if (high !== null && (low === null || low - distance < 0 || chance.next() < 0.5))
    return high + distance
  return (low ?? 0) - distance
}

function isInside(value: number, range: Range | undefined): boolean {
  if (!range) return true
  const [low, high] = range
  return (low === null || value >= low) && (high === null || value <= high)
}

/** Laboratories print about three figures, however many an item would take. */
function text(value: number, { type, digits = 0 }: ItemDef): string {
  const whole = Math.max(0, Math.floor(Math.log10(Math.max(Math.abs(value), 0.01))))
  return value.toFixed(type === 'integer' ? 0 : Math.min(digits, Math.max(0, 2 - whole)))
}
