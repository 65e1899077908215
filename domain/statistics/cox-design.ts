import { ensure, StatisticsProblem } from '#domain/statistics/problem.ts'
import { sortedLevels } from '#domain/statistics/survival-data.ts'

type Column<T> = ArrayLike<T | null | undefined>

/** A covariate: a number per row, a factor with its reference level (the first when not named), or a product of terms. */
export type CoxTerm =
  | { name: string; values: Column<number> }
  | {
      name: string
      factor: Column<string | number>
      levels?: readonly string[]
      reference?: string
    }
  | { name: string; product: readonly CoxTerm[] }

export interface DesignColumn {
  /** Coefficient name: the term, with the level of a factor behind it. */
  name: string
  /** Index of the term. */
  term: number
  level: string | null
  values: Float64Array
}

export interface Design {
  terms: string[]
  columns: DesignColumn[]
  /** Rows (of the input) that are complete in every term. */
  complete: Uint8Array
}

function indicator(labels: readonly (string | null)[], level: string): Float64Array {
  const values = new Float64Array(labels.length)
  for (let i = 0; i < values.length; i++) if (labels[i] === level) values[i] = 1
  return values
}

function lengthOf(term: CoxTerm): number {
  if ('values' in term) return term.values.length
  if ('factor' in term) return term.factor.length
  return lengthOf(term.product[0] as CoxTerm)
}

function expand(term: CoxTerm, index: number, complete: Uint8Array): DesignColumn[] {
  if ('product' in term) {
    ensure(term.product.length > 1, 'bad-option', `"${term.name}" is a product of one term`)
    const parts = term.product.map((part) => expand(part, index, complete))
    return parts.reduce((left, right) =>
      right.flatMap((b) =>
        left.map((a) => ({
          name: `${a.name}:${b.name}`,
          term: index,
          level: [a.level, b.level].filter((l) => l !== null).join(':') || null,
          values: a.values.map((v, i) => v * (b.values[i] as number)),
        })),
      ),
    )
  }
  if ('values' in term) {
    const values = new Float64Array(term.values.length)
    for (let i = 0; i < values.length; i++) {
      const value = term.values[i]
      if (value === null || value === undefined) complete[i] = 0
      else {
        ensure(
          Math.abs(value) <= 1e150,
          'not-finite',
          () => `${term.name}: value ${i + 1} is ${value}`,
        )
        values[i] = value
      }
    }
    return [{ name: term.name, term: index, level: null, values }]
  }
  const labels: (string | null)[] = Array.from(term.factor, (v) =>
    v === null || v === undefined ? null : String(v),
  )
  labels.forEach((label, i) => {
    if (label === null) complete[i] = 0
  })
  const found = sortedLevels(labels.filter((l): l is string => l !== null))
  const levels = term.levels ? [...term.levels] : found
  for (const level of found)
    ensure(levels.includes(level), 'bad-option', `"${level}" is not a level of ${term.name}`)
  const reference = term.reference ?? levels[0]
  ensure(
    reference !== undefined && levels.includes(reference),
    'bad-option',
    `${term.name} has no level "${reference}"`,
  )
  return levels
    .filter((level) => level !== reference)
    .map((level) => ({
      name: `${term.name}${level}`,
      term: index,
      level,
      values: indicator(labels, level),
    }))
}

/** Expands terms to design columns (treatment contrasts). Missing values mark the row incomplete. */
export function designOf(terms: readonly CoxTerm[], rows: number): Design {
  ensure(terms.length > 0, 'bad-option', 'a model needs a covariate')
  const complete = new Uint8Array(rows).fill(1)
  for (const term of terms) {
    if (lengthOf(term) !== rows)
      throw new StatisticsProblem(
        'length-mismatch',
        `${rows} times but ${lengthOf(term)} values of ${term.name}`,
      )
  }
  const columns = terms.flatMap((term, index) => expand(term, index, complete))
  ensure(columns.length > 0, 'constant-covariate', 'no covariate has two levels')
  return { terms: terms.map((t) => t.name), columns, complete }
}
