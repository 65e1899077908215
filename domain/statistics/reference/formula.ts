/*
 * R's model formulas of survival models: `Surv(time, event)` or `Surv(start, stop, event)` on the left; on the right
 * terms joined by + - * : ^ and brackets, strata(), cluster(), offset(), factor(), relevel(), and any expression that
 * row-expression.ts reads. Terms are expanded and ordered as R does (main effects first, then products by size), and
 * coefficients carry R's names, because a reference lists them by name.
 */
import type { CoxTerm } from '#domain/statistics/cox-design.ts'
import { StatisticsProblem } from '#domain/statistics/problem.ts'
import type { Cell, DataSet } from '#domain/statistics/reference/columns.ts'
import { arithmetic, eventOf, labelsOf } from '#domain/statistics/reference/data-set.ts'
import {
  expressionTokens,
  splitOutside as split,
} from '#domain/statistics/reference/row-expression.ts'
import { sortedLevels } from '#domain/statistics/survival-data.ts'

export interface SurvivalFormula {
  time: (number | null)[]
  event: (boolean | null)[]
  entry: (number | null)[] | undefined
  terms: CoxTerm[]
  strata: Cell[] | undefined
  cluster: Cell[] | undefined
  offset: (number | null)[] | undefined
}

/** `name(inside)` with that name and brackets that belong together, else null. */
function call(text: string, name: string): string | null {
  if (!text.startsWith(`${name}(`) || !text.endsWith(')')) return null
  const inside = text.slice(name.length + 1, -1)
  let depth = 0
  for (const c of inside) {
    if (c === '(') depth++
    if (c === ')' && --depth < 0) return null
  }
  return inside.trim()
}

/** An expression as R prints it: `I(age>=65)` is `I(age >= 65)`, texts are in double quotes. */
function deparse(text: string): string {
  const spaced = /^(==|!=|<=|>=|[<>]|&&?|\|\|?|\+|-|\*|%.*%|=)$/
  let printed = ''
  let before = '('
  for (const token of expressionTokens(text)) {
    const sign = token === '-' && /^([(,=^*/]|==|<=?|>=?)$/.test(before)
    if (token === ',') printed += ', '
    else if (spaced.test(token) && !sign) printed += ` ${token} `
    else printed += /^'/.test(token) ? `"${token.slice(1, -1)}"` : token
    before = token
  }
  return printed
}

function refuse(text: string): never {
  throw new StatisticsProblem('bad-case', `cannot read the model term "${text}"`)
}

/** A term is the set of its variables; products of sets are unions, as in R. */
type Product = readonly string[]

function cross(left: readonly Product[], right: readonly Product[]): Product[] {
  return left.flatMap((a) => right.map((b) => [...a, ...b.filter((v) => !a.includes(v))]))
}

function sameProduct(a: Product, b: Product): boolean {
  return a.length === b.length && a.every((v) => b.includes(v))
}

function distinct(products: readonly Product[]): Product[] {
  return products.filter((p, i) => products.findIndex((q) => sameProduct(p, q)) === i)
}

/** `a/b` is `a + a:b`: b within each level of a. */
function nested(parts: readonly string[]): Product[] {
  return parts.map(expand).reduce((outer, inner) => {
    const all = [...new Set(outer.flat())]
    return distinct(outer.concat(cross([all], inner)))
  })
}

/** Products of variables that the right side of a formula stands for. */
function expand(text: string): Product[] {
  const bracketed = call(text, '')
  if (bracketed !== null) return /[<>=!&|]/.test(bracketed) ? [[bracketed]] : expand(bracketed)
  const sums = split(text, '+')
  if (sums.length > 1) return distinct(sums.filter((part) => part !== '').flatMap(expand))
  const differences = split(text, '-')
  if (differences.length > 1 && differences[0] !== '') {
    const gone = differences.slice(1).flatMap(expand)
    return expand(differences[0] as string).filter((p) => !gone.some((q) => sameProduct(p, q)))
  }
  const factors = split(text, '*')
  if (factors.length > 1)
    return distinct(
      factors.map(expand).reduce((left, right) => left.concat(right, cross(left, right))),
    )
  const levels = split(text, '/')
  // A quotient by a number is one, though R would want I() around it.
  if (levels.length > 1 && levels.every((part) => !/^[\d.]/.test(part))) return nested(levels)
  const parts = split(text.replace(/%in%/g, ':'), ':')
  if (parts.length > 1) return distinct(parts.map(expand).reduce(cross))
  const [base, power] = split(text, '^')
  if (power !== undefined) {
    const single = expand(base as string)
    let all = single
    for (let k = 1; k < Number(power); k++) all = distinct([...all, ...cross(all, single)])
    return all
  }
  return text === '1' || text === '0' || text === '' ? [] : [[text]]
}

/** The reference's names of one variable, such as `celltypelarge` within `trt:celltypelarge`. */
function namesOf(variable: string, names: readonly string[]): string[] {
  return names.flatMap((name) => name.split(':')).filter((part) => part.startsWith(variable))
}

/** Levels of a factor in the order of the reference's coefficients; the level it does not show is the first one. */
function levelsOf(variable: string, found: readonly string[], names: readonly string[]): string[] {
  const listed = [
    ...new Set(
      namesOf(variable, names)
        .map((name) => name.slice(variable.length))
        .filter((level) => found.includes(level)),
    ),
  ]
  const rest = found.filter((level) => !listed.includes(level))
  return listed.length === found.length - 1 ? [...rest, ...listed] : sortedLevels(found)
}

const asStrata = /^(?:survival::)?strata\(/

/** strata() in a product is a factor; R labels its levels with the columns unless it is one column of texts. */
function strataTerm(data: DataSet, text: string): CoxTerm {
  const inside = call(text.replace('survival::', ''), 'strata') ?? refuse(text)
  const parts = split(inside, ',')
  const columns = parts.map((part) => labelsOf(data, part))
  const orders = columns.map((cells) =>
    sortedLevels(cells.filter((cell) => cell !== null).map(String)),
  )
  const bare = parts.length === 1 && columns[0]?.some((cell) => typeof cell === 'string')
  const rank = new Map<string, number>()
  const factor = (columns[0] ?? []).map((_, i) => {
    const cells = columns.map((column) => column[i] ?? null)
    if (cells.includes(null)) return null
    const label = bare
      ? String(cells[0])
      : cells.map((cell, k) => `${parts[k]}=${String(cell)}`).join(', ')
    const place = cells.reduce<number>(
      (sum, cell, k) => sum * (orders[k]?.length ?? 1) + (orders[k]?.indexOf(String(cell)) ?? 0),
      0,
    )
    rank.set(label, place)
    return label
  })
  const levels = [...rank].sort(([, a], [, b]) => a - b).map(([label]) => label)
  return { name: deparse(text), factor, levels }
}

function simpleTerm(data: DataSet, text: string, names: readonly string[]): CoxTerm {
  if (asStrata.test(text)) return strataTerm(data, text)
  if (/^(frailty|tt|ridge|pspline|ns|bs|poly)\(/.test(text)) refuse(text)
  const name = deparse(text)
  const relevelled = call(text, 'relevel')
  const declared =
    relevelled !== null || /^(factor|as\.factor|cut|interaction|droplevels|ordered)\(/.test(text)
  const cells = labelsOf(data, text)
  const found = [...new Set(cells.filter((c) => c !== null).map(String))]
  const shown = namesOf(name, names)
  // A column of numbers that was a factor in R shows in its coefficients' names.
  const numbered =
    cells.every((c) => c === null || typeof c === 'number') &&
    !shown.includes(name) &&
    shown.some((n) => found.includes(n.slice(name.length)))
  const textual = cells.some((c) => typeof c === 'string') && !shown.includes(name)
  if (!declared && !numbered && !textual) return { name, values: arithmetic(data, text) }
  const reference = relevelled && /["']([^"']*)["']\s*$/.exec(split(relevelled, ',')[1] ?? '')?.[1]
  return reference
    ? { name, factor: cells, levels: levelsOf(name, found, names), reference }
    : { name, factor: cells, levels: levelsOf(name, found, names) }
}

/** All levels of a factor as columns of their own: R's coding of a product whose factor has no margin in the model. */
function allLevels(term: CoxTerm): CoxTerm[] {
  if (!('factor' in term)) return [term]
  return (term.levels ?? []).map((level) => ({
    name: `${term.name}${level}`,
    values: Array.from(term.factor, (cell) =>
      cell === null || cell === undefined ? null : Number(String(cell) === level),
    ),
  }))
}

function productTerms(
  data: DataSet,
  product: Product,
  all: readonly Product[],
  names: readonly string[],
): CoxTerm[] {
  let variants: CoxTerm[][] = [[]]
  for (const variable of product) {
    const term = simpleTerm(data, variable, names)
    const margin = product.filter((v) => v !== variable)
    const forms = all.some((p) => sameProduct(p, margin)) ? [term] : allLevels(term)
    variants = forms.flatMap((form) => variants.map((before) => [...before, form]))
  }
  return variants.map((parts) => ({ name: parts.map((p) => p.name).join(':'), product: parts }))
}

/** Labels of several columns joined as R joins strata. */
export function joinedLabels(data: DataSet, columns: readonly string[]): Cell[] {
  const labels = columns.map((name) => labelsOf(data, name))
  const [first = []] = labels
  if (labels.length === 1) return first
  return first.map((_, i) =>
    labels.some((c) => c[i] === null) ? null : labels.map((c) => String(c[i])).join(', '),
  )
}

/** Reads a formula against a data set. `names` are the coefficient names of the reference, which order factor levels. */
export function readFormula(
  formula: string,
  data: DataSet,
  names: readonly string[],
): SurvivalFormula {
  const [left = '', right = ''] = split(formula, '~')
  const response = call(left, 'Surv') ?? call(left, 'survival::Surv')
  if (response === null || right === '')
    throw new StatisticsProblem('bad-case', `"${formula}" is not a survival formula`)
  const parts = split(response, ',').map((p) => p.replace(/^(time2?|event)\s*=(?!=)\s*/, ''))
  if (parts.length !== 2 && parts.length !== 3)
    throw new StatisticsProblem('bad-case', `"${left}" is not a response`)
  const products = expand(right)
  const variables = [...new Set(products.flat())]
  const special = (name: string) =>
    variables.flatMap((v) => {
      const inside = call(v, name) ?? call(v, `survival::${name}`)
      return inside === null ? [] : [inside]
    })
  const strata = special('strata').flatMap((inside) => split(inside, ','))
  const cluster = special('cluster')
  const offsets = special('offset').map((inside) => arithmetic(data, inside))
  const isSpecial = (v: string) => /^(survival::)?(strata|cluster|offset)\(/.test(v)
  const sorted = products.map((p) =>
    [...p].sort((a, b) => variables.indexOf(a) - variables.indexOf(b)),
  )
  const plain = sorted.filter((p) => !(p.length === 1 && isSpecial(p[0] as string)))
  for (const product of plain)
    if (product.some((v) => isSpecial(v) && !asStrata.test(v))) refuse(product.join(':'))
  const ordered = [...plain].sort((a, b) => a.length - b.length)
  return {
    time: arithmetic(data, parts[parts.length - 2] as string),
    event: eventOf(data, parts[parts.length - 1] as string),
    entry: parts.length === 3 ? arithmetic(data, parts[0] as string) : undefined,
    terms: ordered.flatMap((product) =>
      product.length === 1
        ? [simpleTerm(data, product[0] as string, names)]
        : productTerms(data, product, sorted, names),
    ),
    strata: strata.length > 0 ? joinedLabels(data, strata) : undefined,
    cluster: cluster[0] === undefined ? undefined : labelsOf(data, cluster[0]),
    offset:
      offsets.length === 0
        ? undefined
        : offsets.reduce((sum, next) =>
            sum.map((v, i) => {
              const other = next[i] ?? null
              return v === null || other === null ? null : v + other
            }),
          ),
  }
}
