import { StatisticsProblem } from '#domain/statistics/problem.ts'
import type { ReferenceCase } from '#domain/statistics/reference/case-format.ts'
import { type DataSet, resolveDataSet } from '#domain/statistics/reference/data-set.ts'

/** Typed access to the loosely typed parts of a reference case; every fault is a `bad-case`. */
export class CaseReader {
  readonly case: ReferenceCase
  private readonly load: (name: string) => DataSet

  constructor(reference: ReferenceCase, load: (name: string) => DataSet) {
    this.case = reference
    this.load = load
  }

  private fail(message: string): never {
    throw new StatisticsProblem('bad-case', message)
  }

  /** From `data`, else from `options`. */
  value(name: string): unknown {
    return this.case.data[name] ?? this.case.options[name]
  }

  has(name: string): boolean {
    const value = this.value(name)
    return value !== undefined && value !== null && value !== ''
  }

  /** Whether the reference asks for a result of this name. */
  wants(name: string): boolean {
    return name in this.case.expected
  }

  number(name: string, fallback?: number): number {
    const value = this.value(name)
    if (value === undefined || value === null) return fallback ?? this.fail(`"${name}" is missing`)
    if (value === 'Infinity') return Infinity
    if (value === '-Infinity') return -Infinity
    return typeof value === 'number' ? value : this.fail(`"${name}" is not a number`)
  }

  text(name: string, fallback?: string): string {
    const value = this.value(name)
    if (value === undefined || value === null) return fallback ?? this.fail(`"${name}" is missing`)
    return typeof value === 'string' ? value : String(value)
  }

  flag(name: string, fallback = false): boolean {
    const value = this.value(name)
    return value === undefined || value === null ? fallback : value === true || value === 1
  }

  list(name: string): unknown[] {
    const value = this.value(name)
    return Array.isArray(value) ? value : this.fail(`"${name}" is not a list`)
  }

  sample(name: string): (number | null)[] {
    return this.list(name).map((item) =>
      item === null || item === 'NA'
        ? null
        : typeof item === 'number'
          ? item
          : this.fail(`"${name}" holds ${String(item)}`),
    )
  }

  labels(name: string): (string | null)[] {
    return this.list(name).map((item) => (item === null ? null : String(item)))
  }

  matrix(name: string): number[][] {
    return this.matrixOf(this.value(name), name)
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

  expectedList(name: string): string[] | undefined {
    const value = this.case.expected[name]
    return Array.isArray(value) ? value.map(String) : undefined
  }

  dataSet(): DataSet {
    return resolveDataSet(this.text('dataset'), this.load)
  }

  alternative(): 'two-sided' | 'less' | 'greater' {
    const value = this.text('alternative', 'two.sided').replace('.', '-')
    return value === 'less' || value === 'greater' || value === 'two-sided'
      ? value
      : this.fail(`alternative "${value}"`)
  }

  confidenceLevel(): number {
    return this.number('conf_level', 0.95)
  }
}

/** Recomputes one procedure and returns its results under the names that reference cases use. */
export type Recompute = (reader: CaseReader) => Record<string, unknown>
