/*
 * The part of R's model formulas that survival cases use: `Surv(time, event)` or `Surv(start, stop, event)` on the
 * left; on the right terms joined by + : columns, factor(column), relevel(column, ref), strata(column), cluster(column), offset(expression),
 * a:b and a*b, and arithmetic such as log(x) or I(x/10).
 */
import type { CoxTerm } from '#domain/statistics/cox-design.ts'
import { StatisticsProblem } from '#domain/statistics/problem.ts'
import {
  arithmetic,
  type Cell,
  columnOf,
  type DataSet,
  eventOf,
  numbersOf,
} from '#domain/statistics/reference/data-set.ts'

export interface SurvivalFormula {
  time: (number | null)[]
  event: (boolean | null)[]
  entry: (number | null)[] | undefined
  terms: CoxTerm[]
  strata: Cell[] | undefined
  cluster: Cell[] | undefined
  offset: (number | null)[] | undefined
}

/** Splits at a character outside of parentheses. */
function split(text: string, at: string): string[] {
  const parts: string[] = []
  let depth = 0
  let part = ''
  for (const c of text) {
    if (c === '(') depth++
    if (c === ')') depth--
    if (c === at && depth === 0) {
      parts.push(part.trim())
      part = ''
    } else part += c
  }
  parts.push(part.trim())
  return parts.filter((p) => p !== '')
}

/** `name(inside)` with that name, else null. */
function call(text: string, name: string): string | null {
  return text.startsWith(`${name}(`) && text.endsWith(')')
    ? text.slice(name.length + 1, -1).trim()
    : null
}

/** Levels of a factor as the coefficient names of the reference show them; the missing one is the reference level. */
function levelsFromNames(
  term: string,
  found: readonly string[],
  names: readonly string[],
): string[] | undefined {
  const named = names
    .flatMap((n) => n.split(':'))
    .filter((n) => n.startsWith(term))
    .map((n) => n.slice(term.length))
    .filter((l) => found.includes(l))
  const listed = [...new Set(named)]
  const rest = found.filter((l) => !listed.includes(l))
  return listed.length === found.length - 1 ? [...rest, ...listed] : undefined
}

function simpleTerm(data: DataSet, text: string, names: readonly string[]): CoxTerm {
  const relevelled = call(text, 'relevel')?.split(',')[0]?.trim()
  const inside =
    (relevelled && (call(relevelled, 'factor') ?? relevelled)) ||
    (call(text, 'factor') ?? call(text, 'as.factor'))
  const column = inside ?? text
  const cells = data.columns.get(column)
  if (cells && (inside !== null || cells.some((c) => typeof c === 'string'))) {
    const found = [...new Set(cells.filter((c) => c !== null).map(String))]
    return { name: text, factor: cells, levels: levelsFromNames(text, found, names) }
  }
  return { name: text, values: cells ? numbersOf(data, column) : arithmetic(data, text) }
}

function joined(data: DataSet, inside: string): Cell[] {
  const columns = split(inside, ',').map((name) => columnOf(data, name))
  const [first] = columns as [Cell[]]
  if (columns.length === 1) return first
  return first.map((_, i) =>
    columns.some((c) => c[i] === null) ? null : columns.map((c) => String(c[i])).join(', '),
  )
}

/** Reads a formula against a data set. `names` are the coefficient names of the reference, which order factor levels. */
export function readFormula(
  formula: string,
  data: DataSet,
  names: readonly string[],
): SurvivalFormula {
  const [left, right] = split(formula, '~')
  const response = left ? call(left, 'Surv') : null
  if (response === null || !right)
    throw new StatisticsProblem('bad-case', `"${formula}" is not a survival formula`)
  const parts = split(response, ',')
  if (parts.length !== 2 && parts.length !== 3)
    throw new StatisticsProblem('bad-case', `"${left}" is not a response`)
  const event = eventOf(data, parts[parts.length - 1] as string)
  const time = arithmetic(data, parts[parts.length - 2] as string)
  const result: SurvivalFormula = {
    time,
    event,
    entry: parts.length === 3 ? arithmetic(data, parts[0] as string) : undefined,
    terms: [],
    strata: undefined,
    cluster: undefined,
    offset: undefined,
  }
  const products: string[][] = []
  for (const text of split(right, '+')) {
    const strata = call(text, 'strata')
    const cluster = call(text, 'cluster')
    const offset = call(text, 'offset')
    if (strata !== null) result.strata = joined(data, strata)
    else if (cluster !== null) result.cluster = joined(data, cluster)
    else if (offset !== null) result.offset = arithmetic(data, offset)
    else if (split(text, '*').length > 1) {
      const factors = split(text, '*')
      for (const f of factors) result.terms.push(simpleTerm(data, f, names))
      for (let size = 2; size <= factors.length; size++) products.push(...subsets(factors, size))
    } else if (split(text, ':').length > 1) products.push(split(text, ':'))
    else if (text !== '1') result.terms.push(simpleTerm(data, text, names))
  }
  for (const product of products) {
    result.terms.push({
      name: product.join(':'),
      product: product.map((part) => simpleTerm(data, part, names)),
    })
  }
  const seen = new Set<string>()
  result.terms = result.terms.filter((t) => !seen.has(t.name) && seen.add(t.name))
  return result
}

function subsets(items: readonly string[], size: number): string[][] {
  if (size === 0) return [[]]
  return items.flatMap((item, i) =>
    subsets(items.slice(i + 1), size - 1).map((rest) => [item, ...rest]),
  )
}
