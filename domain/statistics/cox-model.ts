import { type CoxTerm, type Design, designOf } from '#domain/statistics/cox-design.ts'
import type { NewtonFit } from '#domain/statistics/cox-fit.ts'
import type { CoxRows, Ties } from '#domain/statistics/cox-likelihood.ts'
import { chiSquareCdf } from '#domain/statistics/distributions.ts'
import { ensure } from '#domain/statistics/problem.ts'
import { gather, sortedOrder } from '#domain/statistics/samples.ts'
import { prepareSurvival, type SurvivalData } from '#domain/statistics/survival-data.ts'

/** Follow-up and covariates in columns; a row with any missing value is dropped and counted. `group` is not used. */
export interface CoxData extends Omit<SurvivalData, 'group'> {
  terms: readonly CoxTerm[]
  /** Known part of the linear predictor. */
  offset?: ArrayLike<number | null | undefined>
  /** Rows of one cluster share an error: asks for the robust (sandwich) variance, summed by cluster. */
  cluster?: ArrayLike<string | number | null | undefined>
}

/** The fitted model on its internal scale: covariates centred and divided by their standard deviation. */
export interface CoxModel {
  rows: CoxRows
  design: Design
  ties: Ties
  centre: Float64Array
  scale: Float64Array
  fit: NewtonFit
  /** Covariance of the estimates on the internal scale: the sandwich when robust, else that of the fit. */
  covariance: Float64Array
  names: string[]
  /** Input row of every model row. */
  source: Uint32Array
}

export interface ModelTest {
  statistic: number
  degreesOfFreedom: number
  p: number
}

/** Chi-square test with its upper tail. */
export function modelTest(statistic: number, degreesOfFreedom: number): ModelTest {
  const value = Math.max(0, statistic)
  return { statistic: value, degreesOfFreedom, p: chiSquareCdf(value, degreesOfFreedom, 'upper') }
}

/** Covariates of the used rows, centred and divided by their standard deviation; row-major. */
function standardise(design: Design, source: Uint32Array) {
  const n = source.length
  const p = design.columns.length
  const x = new Float64Array(n * p)
  const centre = new Float64Array(p)
  const scale = new Float64Array(p)
  design.columns.forEach(({ values, name }, j) => {
    const column = gather(values, source)
    let sum = 0
    for (let i = 0; i < n; i++) sum += column[i] as number
    const mean = sum / n
    let squares = 0
    for (let i = 0; i < n; i++) squares += ((column[i] as number) - mean) ** 2
    const sd = Math.sqrt(squares / n)
    ensure(sd > 1e-14 * Math.abs(mean) && sd > 0, 'constant-covariate', `${name} is constant`)
    ensure(Number.isFinite(sd), 'not-finite', `${name} holds values too large to use`)
    centre[j] = mean
    scale[j] = sd
    for (let i = 0; i < n; i++) x[i * p + j] = ((column[i] as number) - mean) / sd
  })
  return { x, centre, scale }
}

/** Checks, drops incomplete rows, sorts by stratum and time, standardises. */
export function coxRows(data: CoxData): Omit<CoxModel, 'fit' | 'ties' | 'covariance'> & {
  missing: number
  cluster: (string | number)[] | null
} {
  const total = data.time.length
  const design = designOf(data.terms, total)
  const { complete } = design
  const extra = { offset: data.offset, cluster: data.cluster }
  for (const [name, column] of Object.entries(extra)) {
    if (!column) continue
    ensure(
      column.length === total,
      'length-mismatch',
      `${total} times but ${column.length} values of ${name}`,
    )
    for (let i = 0; i < total; i++) if ((column[i] ?? null) === null) complete[i] = 0
  }
  const time = complete.includes(0)
    ? Array.from(data.time, (t, i) => (complete[i] ? t : null))
    : data.time
  const s = prepareSurvival(
    { ...data, group: undefined, time },
    { allowNegativeTime: data.entry !== undefined },
  )
  ensure(s.event.includes(1), 'no-events', 'no event was observed')
  const { n } = s
  const p = design.columns.length
  const order = new Uint32Array(n)
  const sizes = new Uint32Array(s.strata.length + 1)
  for (let i = 0; i < n; i++)
    sizes[(s.stratum[i] as number) + 1] = (sizes[(s.stratum[i] as number) + 1] as number) + 1
  for (let g = 1; g < sizes.length; g++) sizes[g] = (sizes[g] as number) + (sizes[g - 1] as number)
  const starts = [...sizes]
  for (let i = 0; i < n; i++) {
    const g = s.stratum[i] as number
    order[sizes[g] as number] = i
    sizes[g] = (sizes[g] as number) + 1
  }
  const pick = (column: Float64Array | null) => (column ? gather(column, order) : null)
  const source = new Uint32Array(n)
  for (let i = 0; i < n; i++) source[i] = s.row[order[i] as number] as number
  const { x, centre, scale } = standardise(design, source)
  const entry = pick(s.entry)
  const byEntry = entry
    ? starts.slice(0, -1).map((from, g) =>
        sortedOrder(entry.subarray(from, starts[g + 1]))
          .map((i) => i + from)
          .reverse(),
      )
    : null
  const offset = data.offset ? gather(data.offset as ArrayLike<number>, source) : null
  if (offset)
    ensure(
      offset.every((o) => Math.abs(o) < 700),
      'not-finite',
      'an offset is not a finite number below 700',
    )
  const rows: CoxRows = {
    n,
    p,
    entry,
    weight: pick(s.weight),
    offset,
    x,
    starts,
    byEntry,
    time: gather(s.time, order),
    event: Uint8Array.from(gather(s.event, order)),
  }
  const cluster = data.cluster
    ? Array.from(source, (i) => data.cluster?.[i] as string | number)
    : null
  return {
    rows,
    design,
    centre,
    scale,
    names: design.columns.map((c) => c.name),
    source,
    missing: s.missing,
    cluster,
  }
}
