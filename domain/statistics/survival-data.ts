import { ensure } from '#domain/statistics/problem.ts'
import { gather, sortedOrder } from '#domain/statistics/samples.ts'

type Column<T> = ArrayLike<T | null | undefined>

/**
 * Follow-up in columns, one element per subject. `time` is in any one unit (days, weeks) and not negative; `event` is
 * true or 1 for the event, false or 0 for censoring. `entry` is the time at which a subject comes under observation
 * (left truncation): at risk from just after entry to time. A row with a missing value in any given column is dropped
 * and counted. At equal times events come before censorings.
 */
export interface SurvivalData {
  time: Column<number>
  event: Column<number | boolean>
  entry?: Column<number>
  /** Case weights, positive (10⁻⁶⁰ to 10⁶⁰). */
  weight?: Column<number>
  group?: Column<string | number>
  stratum?: Column<string | number>
}

/** Checked rows, sorted by time. Times within 1.5e-8 of each other are one time, as R's `timefix` has it. */
export interface PreparedSurvival {
  n: number
  missing: number
  time: Float64Array
  event: Uint8Array
  entry: Float64Array | null
  weight: Float64Array | null
  /** Index into `levels`; all zero without groups. */
  group: Int32Array
  levels: string[]
  stratum: Int32Array
  strata: string[]
  /** Position of each prepared row in the input. */
  row: Uint32Array
}

/**
 * Orders labels as R orders factor levels made from data: numbers by value, else by code unit.
 * Input: any labels; each once in the result. Missing: the caller leaves missing labels out. Source: R’s factor().
 * Example: `sortedLevels(['10', '9', '10'])` = ['9', '10'].
 */
export function sortedLevels(labels: Iterable<string>): string[] {
  const list = [...new Set(labels)]
  const numeric = list.every((label) => label.trim() !== '' && Number.isFinite(Number(label)))
  return list.sort(
    numeric ? (a, b) => Number(a) - Number(b) : (a, b) => (a < b ? -1 : a > b ? 1 : 0),
  )
}

function codes(
  column: Column<string | number> | undefined,
  rows: Uint32Array,
  levels?: readonly string[],
) {
  const code = new Int32Array(rows.length)
  if (!column) return { code, levels: ['all'] }
  const seen = new Map<string | number, number>()
  const labels: string[] = []
  const raw = new Int32Array(rows.length)
  for (let i = 0; i < rows.length; i++) {
    const label = column[rows[i] as number] as string | number
    let index = seen.get(label)
    if (index === undefined) {
      const text = String(label)
      index = labels.indexOf(text)
      if (index < 0) index = labels.push(text) - 1
      seen.set(label, index)
    }
    raw[i] = index
  }
  const ordered = levels ? [...levels] : sortedLevels(labels)
  for (const label of labels)
    ensure(ordered.includes(label), 'bad-option', `"${label}" is not among the levels`)
  const map = labels.map((label) => ordered.indexOf(label))
  for (let i = 0; i < raw.length; i++) code[i] = map[raw[i] as number] as number
  return { code, levels: ordered }
}

/** Times that differ by rounding only are made equal (tolerance √ε, absolute or relative to the mean distinct time). */
function mergeEqualTimes(columns: readonly Float64Array[], order: Uint32Array): void {
  const tolerance = 1.4901161193847656e-8
  const time = columns[0] as Float64Array
  let sorted: Float64Array
  if (columns.length === 1) sorted = gather(time, order)
  else {
    sorted = new Float64Array(columns.length * time.length)
    columns.forEach((column, c) => {
      sorted.set(column, c * time.length)
    })
    sorted.sort()
  }
  let sum = Math.abs(sorted[0] as number)
  let distinct = 1
  let smallest = Infinity
  for (let i = 1; i < sorted.length; i++) {
    const gap = (sorted[i] as number) - (sorted[i - 1] as number)
    if (gap === 0) continue
    distinct++
    sum += Math.abs(sorted[i] as number)
    if (gap < smallest) smallest = gap
  }
  const limit = Math.max(tolerance, (tolerance * sum) / distinct)
  if (smallest > limit) return
  // The first of a run of near times stands for all of them; a chain of short steps is one run, as in R.
  const representative = sorted.slice()
  for (let i = 1; i < sorted.length; i++) {
    if ((sorted[i] as number) - (sorted[i - 1] as number) <= limit)
      representative[i] = representative[i - 1] as number
  }
  if (columns.length === 1) {
    for (let i = 0; i < order.length; i++) time[order[i] as number] = representative[i] as number
    return
  }
  for (const column of columns) {
    for (let i = 0; i < column.length; i++)
      column[i] = representative[positionOf(sorted, column[i] as number)] as number
  }
}

/** Index of a value that is in the sorted list. */
function positionOf(sorted: Float64Array, value: number): number {
  let lo = 0
  let hi = sorted.length - 1
  while (lo < hi) {
    const mid = (lo + hi) >> 1
    if ((sorted[mid] as number) < value) lo = mid + 1
    else hi = mid
  }
  return lo
}

/** Checks and sorts follow-up data; a time above 1e15 is refused as not finite. Throws `empty-sample`, `not-finite`, `negative-time`, `entry-after-exit`, `bad-option`. */
export function prepareSurvival(
  data: SurvivalData,
  options: { levels?: readonly string[]; allowNegativeTime?: boolean } = {},
): PreparedSurvival {
  const { time, event, entry, weight, group, stratum } = data
  const total = time.length
  const columns = { event, entry, weight, group, stratum }
  for (const [name, column] of Object.entries(columns)) {
    if (column)
      ensure(
        column.length === total,
        'length-mismatch',
        `${total} times but ${column.length} values of ${name}`,
      )
  }
  const kept = new Uint32Array(total)
  let n = 0
  const absent = (column: Column<unknown> | undefined, i: number) =>
    column !== undefined && (column[i] ?? null) === null
  for (let i = 0; i < total; i++) {
    const t = time[i]
    const e = event[i]
    if (t === null || t === undefined || e === null || e === undefined) continue
    if (absent(entry, i) || absent(weight, i) || absent(group, i) || absent(stratum, i)) continue
    ensure(Math.abs(t) <= 1e15, 'not-finite', () => `time of row ${i + 1} is ${t}`)
    ensure(
      t >= 0 || options.allowNegativeTime === true,
      'negative-time',
      () => `time of row ${i + 1} is ${t}`,
    )
    ensure(
      e === 0 || e === 1 || e === true || e === false,
      'bad-option',
      () => `event of row ${i + 1} is ${e}, not 0 or 1`,
    )
    if (entry) {
      const start = entry[i] as number
      ensure(Math.abs(start) <= 1e15, 'not-finite', () => `entry of row ${i + 1} is ${start}`)
      ensure(
        start < t,
        'entry-after-exit',
        () => `row ${i + 1} enters at ${start} and leaves at ${t}`,
      )
    }
    if (weight) {
      const w = weight[i] as number
      ensure(w >= 1e-60 && w <= 1e60, 'bad-option', () => `weight of row ${i + 1} is ${w}`)
    }
    kept[n++] = i
  }
  ensure(n > 0, 'empty-sample', 'no row has complete follow-up')
  const rows = kept.subarray(0, n)
  const times = new Float64Array(n)
  for (let i = 0; i < n; i++) times[i] = time[rows[i] as number] as number
  const order = sortedOrder(times)
  const entries = entry ? gather(entry as ArrayLike<number>, rows) : null
  mergeEqualTimes(entries ? [times, entries] : [times], order)
  if (entries) {
    for (let i = 0; i < n; i++) {
      ensure(
        (entries[i] as number) < (times[i] as number),
        'entry-after-exit',
        () => `row ${(rows[i] as number) + 1} has no time at risk`,
      )
    }
  }
  const row = new Uint32Array(n)
  const result: PreparedSurvival = {
    n,
    missing: total - n,
    time: new Float64Array(n),
    event: new Uint8Array(n),
    entry: entries ? new Float64Array(n) : null,
    weight: weight ? new Float64Array(n) : null,
    group: new Int32Array(n),
    levels: [],
    stratum: new Int32Array(n),
    strata: [],
    row,
  }
  for (let i = 0; i < n; i++) {
    const source = order[i] as number
    const original = rows[source] as number
    row[i] = original
    result.time[i] = times[source] as number
    result.event[i] = event[original] ? 1 : 0
    if (entries && result.entry) result.entry[i] = entries[source] as number
    if (weight && result.weight) result.weight[i] = weight[original] as number
  }
  const groups = codes(group, row, options.levels)
  const strata = codes(stratum, row)
  result.group = groups.code
  result.levels = groups.levels
  result.stratum = strata.code
  result.strata = strata.levels
  return result
}
