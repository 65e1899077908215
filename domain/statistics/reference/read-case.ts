import { crossTabulate } from '#domain/statistics/contingency.ts'
import { StatisticsProblem } from '#domain/statistics/problem.ts'
import type { ReferenceCase } from '#domain/statistics/reference/case-format.ts'
import { type Cell, type DataSet, filterRows } from '#domain/statistics/reference/columns.ts'
import {
  arithmetic,
  conditionOf,
  labelsOf,
  resolveDataSet,
} from '#domain/statistics/reference/data-set.ts'
import { sortedLevels } from '#domain/statistics/survival-data.ts'

/** Options that describe a case for its reader and change no result. */
const remarks = new Set(['na', 'expected_behaviour', 'comment', 'note', 'description'])

/** The number that JSON text of R stands for; undefined when it is none, null when it is missing. */
export function numberInJson(value: unknown): number | null | undefined {
  if (value === null || value === 'NA' || value === 'NaN') return null
  if (value === 'Infinity' || value === 'Inf') return Infinity
  if (value === '-Infinity' || value === '-Inf') return -Infinity
  return typeof value === 'number' ? value : undefined
}

/** Typed access to the loosely typed parts of a reference case; every fault is a `bad-case`. */
export class CaseReader {
  readonly case: ReferenceCase
  private readonly load: (name: string) => DataSet
  private readonly read = new Set<string>()

  constructor(reference: ReferenceCase, load: (name: string) => DataSet) {
    this.case = reference
    this.load = load
  }

  private fail(message: string): never {
    throw new StatisticsProblem('bad-case', message)
  }

  /** From `data`, else from `options`. Names are also found in R's spelling: `conf_level` as `conf.level`. */
  value(name: string): unknown {
    for (const spelling of [name, name.replaceAll('_', '.')]) {
      this.read.add(spelling)
      const found = this.case.data[spelling] ?? this.case.options[spelling]
      if (found !== undefined) return found
    }
    return undefined
  }

  /** Options of the case, and columns of its data set, that nothing asked for: the procedure does not know them. */
  unreadOptions(): string[] {
    const columns = this.case.data.dataset === undefined ? {} : this.case.data
    return Object.keys({ ...this.case.options, ...columns }).filter(
      (name) => !this.read.has(name) && !remarks.has(name),
    )
  }

  has(name: string): boolean {
    const value = this.value(name)
    return value !== undefined && value !== null && value !== ''
  }

  /** The first of several spellings that the case uses. */
  named(...names: string[]): string {
    return names.find((name) => this.has(name)) ?? (names[0] as string)
  }

  /** Whether the reference asks for a result of this name. */
  wants(name: string): boolean {
    return name in this.case.expected
  }

  number(name: string, fallback?: number): number {
    const value = this.value(name)
    if (value === undefined || value === null) return fallback ?? this.fail(`"${name}" is missing`)
    return numberInJson(value) ?? this.fail(`"${name}" is not a number`)
  }

  text(name: string, fallback?: string): string {
    const value = this.value(name)
    if (value === undefined || value === null) return fallback ?? this.fail(`"${name}" is missing`)
    if (Array.isArray(value)) return this.case.data.dataset === undefined ? name : value.join(',')
    return typeof value === 'string' ? value : String(value)
  }

  flag(name: string, fallback = false): boolean {
    const value = this.value(name)
    if (value === undefined || value === null) return fallback
    if (typeof value === 'boolean') return value
    if (value === 1 || value === 'TRUE' || value === 'T' || value === 'true') return true
    if (value === 0 || value === 'FALSE' || value === 'F' || value === 'false') return false
    return this.fail(`"${name}" is neither true nor false`)
  }

  list(name: string): unknown[] {
    const value = this.value(name)
    return Array.isArray(value) ? value : this.fail(`"${name}" is not a list`)
  }

  /** Numbers of a list, or of the column that the case names in its data set. */
  sample(name: string): (number | null)[] {
    const value = this.value(name)
    if (typeof value === 'string' && this.has('dataset')) return arithmetic(this.dataSet(), value)
    const items = typeof value === 'number' ? [value] : this.list(name)
    return items.map((item) => {
      if (typeof item === 'boolean') return item ? 1 : 0
      const number = numberInJson(item)
      return number === undefined ? this.fail(`"${name}" holds ${String(item)}`) : number
    })
  }

  /** Labels of a list, or of the column that the case names in its data set. */
  labels(name: string): (string | null)[] {
    const value = this.value(name)
    const items =
      typeof value === 'string' && this.has('dataset')
        ? labelsOf(this.dataSet(), value)
        : this.list(name)
    return items.map((item) => (item === null || item === 'NA' ? null : String(item)))
  }

  /** The name under which the case gives a table: `matrix`, or R's argument `x` where that is one, or `table`. */
  private tableName(name: string): string | undefined {
    return [name, 'x', 'table'].find((spelling) => {
      const value = this.value(spelling)
      return Array.isArray(value) && Array.isArray(value[0])
    })
  }

  hasMatrix(name: string): boolean {
    return this.tableName(name) !== undefined
  }

  /** A matrix, or the counts of the columns `row` and `column` of the data set. */
  matrix(name: string): number[][] {
    const spelling = this.tableName(name) ?? name
    if (this.value(spelling) === undefined && this.has('row') && this.has('column'))
      return crossTabulate(this.labels('row'), this.labels('column'), sortedLevels).table
    return this.matrixOf(this.value(spelling), spelling)
  }

  matrices(name: string): number[][][] {
    return this.list(name).map((item) => this.matrixOf(item, name))
  }

  private matrixOf(value: unknown, name: string): number[][] {
    if (!Array.isArray(value)) this.fail(`"${name}" is not a matrix`)
    return value.map((row) => {
      if (!Array.isArray(row) || !row.every((x) => typeof x === 'number'))
        this.fail(`"${name}" is not a matrix of numbers`)
      return row as number[]
    })
  }

  /** Rows of ratings, in which a value may be missing. */
  ratings(name: string): (number | null)[][] {
    return this.list(name).map((row) => {
      if (!Array.isArray(row)) this.fail(`"${name}" is not a matrix`)
      return row.map((item) => {
        const number = numberInJson(item)
        return number === undefined ? this.fail(`"${name}" holds ${String(item)}`) : number
      })
    })
  }

  expectedList(name: string): string[] | undefined {
    const value = this.case.expected[name]
    return Array.isArray(value) ? value.map(String) : undefined
  }

  /** Labels of groups that the expected values speak of: levels, strata, and the keys of `events_by_level`. */
  private expectedLabels(): string[] {
    const { levels, strata, events_by_level } = this.case.expected
    const texts = [
      ...(Array.isArray(levels) ? levels.map(String) : []),
      ...(Array.isArray(strata)
        ? strata.map((s) => String((s as { stratum?: unknown }).stratum))
        : []),
      ...(typeof events_by_level === 'object' && events_by_level !== null
        ? Object.keys(events_by_level)
        : []),
    ]
    return [...new Set(texts.map((text) => text.slice(text.indexOf('=') + 1)))]
  }

  /** The data of the case, without the rows that R's `subset` leaves out. */
  dataSet(): DataSet {
    const data = this.wholeDataSet()
    const subset = this.value('subset')
    if (typeof subset !== 'string' || subset === '') return data
    const kept = conditionOf(data, subset)
    return filterRows(data, (row) => kept[row] === true)
  }

  /** The data set named by the case, or the lists that stand in `data` themselves as its columns. */
  private wholeDataSet(): DataSet {
    if (this.value('dataset') !== undefined)
      return resolveDataSet(this.text('dataset'), this.load, this.expectedLabels())
    const columns = Object.entries(this.case.data).flatMap(([name, value]) =>
      Array.isArray(value) ? [[name, value.map(cellInJson)] as const] : [],
    )
    const rows = columns[0]?.[1].length ?? this.fail('"dataset" is missing')
    if (columns.some(([, cells]) => cells.length !== rows)) this.fail('the lists differ in length')
    return { columns: new Map(columns), rows }
  }

  alternative(): 'two-sided' | 'less' | 'greater' {
    // R takes any beginning of the three words.
    const value = this.text('alternative', 'two.sided')
    const plain = value.toLowerCase().replace(/[. _-]/g, '')
    const found = (['two-sided', 'less', 'greater'] as const).find(
      (word) => plain !== '' && word.replace('-', '').startsWith(plain),
    )
    return found ?? this.fail(`alternative "${value}"`)
  }

  confidenceLevel(): number {
    // `conf.int = TRUE` only asks for limits; as a number it is their level.
    const spellings = ['conf_level', 'conf_int', 'level', 'confidence_level']
    const given = spellings.filter((name) => typeof this.value(name) === 'number')
    return given[0] === undefined ? 0.95 : this.number(given[0])
  }
}

function cellInJson(value: unknown): Cell {
  const number = numberInJson(value)
  if (number !== undefined) return number
  return typeof value === 'boolean' ? (value ? 'TRUE' : 'FALSE') : String(value)
}

/** Recomputes one procedure and returns its results under the names that reference cases use. */
export type Recompute = (reader: CaseReader) => Record<string, unknown>
