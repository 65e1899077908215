import { ensure } from '#domain/statistics/problem.ts'
import { columnOf, type DataSet, numbersOf } from '#domain/statistics/reference/columns.ts'
import { sortedLevels } from '#domain/statistics/survival-data.ts'

/** Words behind `--`: text, or true for a flag. */
export type VerbOptions = Record<string, string | boolean | undefined>

/** One verb of the statistics command. Pure: the data come as columns. */
export interface Verb {
  usage: string
  options: readonly string[]
  flags?: readonly string[]
  required: readonly string[]
  needsData: boolean
  run: (input: VerbInput) => unknown
}

/** What `--help` of a verb prints, and what the page of the statistics in docs/ lists. */
export interface VerbGuide {
  title: string
  /** Shape and units of the input, then of the result. */
  input: string
  result: string
  missing: string
  /** Published definition. */
  reference: string
  /** The call of R that gives the same. */
  r: string
  /** Procedures of reference cases that prove it. */
  proof: string
  limits?: string
  /** Arguments after the verb, runnable from the folder of the project, and a piece of its output. */
  example: string
  shows: string
}

/** The data set and the options of one call, read by name. */
export class VerbInput {
  private readonly data: DataSet | null
  private readonly options: VerbOptions

  constructor(data: DataSet | null, options: VerbOptions) {
    this.data = data
    this.options = options
  }

  private set(): DataSet {
    ensure(this.data !== null, 'bad-option', 'no data were given')
    return this.data
  }

  has(name: string): boolean {
    return this.options[name] !== undefined
  }

  flag(name: string): boolean {
    return this.options[name] === true
  }

  text(name: string, fallback?: string): string {
    const value = this.options[name] ?? fallback
    ensure(typeof value === 'string', 'bad-option', `--${name} is missing`)
    return value
  }

  /** Options that have no meaning beside another one: none is left out in silence. Throws `bad-option`. */
  refuse(names: readonly string[], beside: string): void {
    const given = names.filter((name) => this.has(name))
    ensure(given.length === 0, 'bad-option', `--${given[0]} has no meaning beside ${beside}`)
  }

  choice<const T extends readonly string[]>(
    name: string,
    values: T,
    fallback?: T[number],
  ): T[number] {
    const value = this.text(name, fallback)
    const found = values.find((v) => v === value)
    ensure(found !== undefined, 'bad-option', `--${name} is one of ${values.join(', ')}`)
    return found
  }

  number(name: string, fallback?: number): number {
    const value = this.options[name]
    if (value === undefined && fallback !== undefined) return fallback
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN
    ensure(!Number.isNaN(number), 'bad-option', `--${name} needs a number`)
    return number
  }

  /** `--counts "19,11;22,6"`: rows separated by semicolons, each a list of counts. */
  table(name: string): number[][] {
    return this.text(name)
      .split(';')
      .map((row) => this.listOf(row, name))
  }

  numbers(name: string): number[] {
    return this.listOf(this.text(name), name)
  }

  private listOf(text: string, name: string): number[] {
    return text.split(',').map((part) => {
      const number = Number(part)
      ensure(
        part.trim() !== '' && !Number.isNaN(number),
        'bad-option',
        `--${name} is a list of numbers with commas`,
      )
      return number
    })
  }

  names(name: string): string[] {
    return this.text(name)
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '')
  }

  /** Numbers of the column named by an option. */
  values(option: string): (number | null)[] {
    return numbersOf(this.set(), this.text(option))
  }

  /** Labels of the column named by an option, or undefined without the option. */
  labels(option: string): (string | number | null)[] | undefined {
    return this.has(option) ? columnOf(this.set(), this.text(option)) : undefined
  }

  /**
   * Labels in order: as `--levels` lists them, else numbers by value. Texts have no order of their own: where `use`
   * depends on one, three or more of them need `--levels`. Throws `bad-option`.
   */
  ordered(labels: readonly (string | number | null)[], use?: string): string[] {
    const found = sortedLevels(labels.filter((label) => label !== null).map(String))
    if (this.has('levels')) {
      const levels = this.names('levels')
      const other = found.find((label) => !levels.includes(label))
      ensure(other === undefined, 'bad-option', `--levels does not list "${other}"`)
      return levels
    }
    const numeric = found.every((label) => label.trim() !== '' && Number.isFinite(Number(label)))
    ensure(
      use === undefined || numeric || found.length < 3,
      'bad-option',
      `${use} needs the order of the labels: --levels ${found.join(',')} in their order`,
    )
    return found
  }

  /** Numbers of a column named directly. */
  numeric(name: string): (number | null)[] {
    return numbersOf(this.set(), name)
  }

  column(name: string): (string | number | null)[] {
    return columnOf(this.set(), name)
  }

  /** `--status S`: 1 is an event and 0 is not; `--event v` names another value, all others are then censored. */
  events(): (boolean | null)[] {
    const column = columnOf(this.set(), this.text('status'))
    if (this.has('event')) {
      const event = this.text('event')
      ensure(
        column.some((cell) => cell !== null && String(cell) === event),
        'bad-option',
        `--event ${event} does not occur in --status`,
      )
      return column.map((cell) => (cell === null ? null : String(cell) === event))
    }
    return column.map((cell) => {
      ensure(
        cell === null || cell === 0 || cell === 1,
        'bad-option',
        `--status holds "${cell}": name the value of an event with --event`,
      )
      return cell === null ? null : cell === 1
    })
  }

  confidenceLevel(): number {
    return this.number('level', 0.95)
  }

  /** Two samples: columns --x and --y, or --value split by the two labels of --group. */
  twoSamples(): { names: [string, string]; x: (number | null)[]; y: (number | null)[] } {
    if (this.has('x') || this.has('y')) this.refuse(['value', 'group'], '--x and --y')
    if (this.has('x') || this.has('y'))
      return { names: [this.text('x'), this.text('y')], x: this.values('x'), y: this.values('y') }
    ensure(
      this.has('value') && this.has('group'),
      'bad-option',
      'give --x and --y, or --value and --group',
    )
    const values = this.values('value')
    const group = columnOf(this.set(), this.text('group'))
    const levels = sortedLevels(group.filter((g) => g !== null).map(String))
    ensure(levels.length === 2, 'bad-option', `--group has ${levels.length} labels, two are needed`)
    const [a, b] = levels as [string, string]
    const pick = (level: string) =>
      values.filter((_, i) => group[i] !== null && String(group[i]) === level)
    return { names: [a, b], x: pick(a), y: pick(b) }
  }
}
