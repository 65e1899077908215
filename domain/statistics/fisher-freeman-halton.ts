/*
 * Fisher's exact test of an r × c table (Freeman and Halton 1951) over the network of Mehta and Patel (1983), met in
 * the middle. The longer side is filled line by line; a node is the multiset of what the crossing lines still lack and
 * carries the distinct log probabilities with which it was reached. The last two lines are listed once per node, and
 * the line before them joins both sorted lists by two pointers, so no path is ever walked to its end. A part of the
 * network whose every table is at most as probable as the observed one is added whole by a closed form (Vandermonde);
 * the bound for that is a Lagrangian dual with separable concave columns, and rigorous, so the result is exact.
 */
import { type Table, tableMargins } from '#domain/statistics/contingency.ts'
import {
  type FutureList,
  futureList,
  type NetworkNode,
  PathCollector,
} from '#domain/statistics/fisher-network.ts'
import { ensure, StatisticsProblem } from '#domain/statistics/problem.ts'
import { logFactorial } from '#domain/statistics/special/log-gamma.ts'

/** About half a minute of work, and half a gigabyte of stored paths. */
const mostSteps = 5e9
const maximumPaths = 1e7
/** What it costs to come to a node, in steps of a list. */
const arrival = 100

const wayOut =
  'estimate its p-value by simulation (fisherMonteCarlo, or fisher --simulate 100000 --seed 1)'

/** Concave values f(0..n) from the increments of two concave sequences, largest increments first. */
function supConvolution(a: Float64Array, b: Float64Array): Float64Array {
  const result = new Float64Array(a.length)
  result[0] = (a[0] as number) + (b[0] as number)
  for (let n = 1, i = 0; n < result.length; n++) {
    const j = n - 1 - i
    const up = (a[i + 1] as number) - (a[i] as number)
    const across = (b[j + 1] as number) - (b[j] as number)
    result[n] = (result[n - 1] as number) + Math.max(up, across)
    if (up >= across) i++
  }
  return result
}

/** How many of the sorted values are at most the limit. */
function countUpTo(sorted: Float64Array, limit: number): number {
  let lo = 0
  let hi = sorted.length
  while (lo < hi) {
    const mid = (lo + hi) >> 1
    if ((sorted[mid] as number) <= limit) lo = mid + 1
    else hi = mid
  }
  return lo
}

class Network {
  p = 0
  steps = 0
  /** Lines to fill, and the log factorials of all counts. */
  private readonly lines: readonly number[]
  private readonly logFactorials: Float64Array
  /** Log probability, on the scale of −Σ log x!, up to which a table counts. */
  private readonly limit: number
  private readonly maximumSteps: number
  private readonly whole: number
  /** Per line from j on: best value of a column of n under the multipliers, and what the multipliers cost. */
  private readonly best: Float64Array[] = []
  private readonly multiplier: number[]
  private readonly cost: number[]
  /** Σ log R! of the lines behind j, and the count still to be placed behind it. */
  private readonly linesBehind: number[]
  private readonly countBehind: number[]
  private readonly futures = new Map<string, FutureList>()

  constructor(
    lines: readonly number[],
    columns: readonly number[],
    logFactorials: Float64Array,
    limit: number,
    maximumSteps: number,
  ) {
    this.lines = lines
    this.maximumSteps = maximumSteps
    this.logFactorials = logFactorials
    this.limit = limit
    const m = lines.length
    const widest = Math.max(...columns) + 1
    this.multiplier = lines.map((r) => Math.log(r + columns.length / 2))
    this.cost = new Array<number>(m + 1).fill(0)
    this.linesBehind = new Array<number>(m + 1).fill(0)
    this.countBehind = new Array<number>(m + 1).fill(0)
    for (let j = m - 1; j >= 0; j--) {
      const lambda = this.multiplier[j] as number
      const line = lines[j] as number
      const single = new Float64Array(widest)
      for (let x = 0; x < widest; x++) single[x] = lambda * x - (logFactorials[x] as number)
      const behind = this.best[j + 1]
      this.best[j] = behind ? supConvolution(single, behind) : single
      this.cost[j] = (this.cost[j + 1] as number) + lambda * line
      this.linesBehind[j] = (this.linesBehind[j + 1] as number) + (logFactorials[line] as number)
      this.countBehind[j] = (this.countBehind[j + 1] as number) + line
    }
    this.whole = this.completions(columns, 0)
  }

  private count(steps: number): void {
    this.steps += steps
    if (this.steps > this.maximumSteps) this.tooLarge()
  }

  private tooLarge(): never {
    throw new StatisticsProblem(
      'sample-too-large',
      `the exact test of this table has too many tables: ${wayOut}`,
    )
  }

  /** log of Σ exp(−Σ log x!) over all ways to fill the lines from j on. */
  private completions(columns: ArrayLike<number>, j: number): number {
    let value =
      (this.logFactorials[this.countBehind[j] as number] as number) -
      (this.linesBehind[j] as number)
    for (let i = 0; i < columns.length; i++)
      value -= this.logFactorials[columns[i] as number] as number
    return value
  }

  /** Adds tables whose log sum is `log`; a share of 0 must not meet an overflow. */
  private add(share: number, log: number): void {
    if (share > 0) this.p += share * Math.exp(log - this.whole)
  }

  /** Fills line j from every node and returns the nodes behind it. */
  advance(nodes: readonly NetworkNode[], j: number): NetworkNode[] {
    const collector = new PathCollector()
    for (const node of nodes) {
      this.fill(node, j, (cells, rest, key) => {
        let bound = -(this.cost[j + 1] as number)
        const best = this.best[j + 1] as Float64Array
        for (const n of rest) bound += best[n] as number
        const { values, cumulated, top } = node
        const lo = countUpTo(values, this.limit - cells - bound)
        this.add(cumulated[lo] as number, top + cells + this.completions(rest, j + 1))
        this.count(values.length - lo + arrival)
        if (lo < values.length) collector.add(key, rest, node, lo, cells)
        if (collector.paths > maximumPaths) this.tooLarge()
      })
    }
    return collector.nodes()
  }

  /** Fills line j from every node and joins each result with the listed last two lines. */
  join(nodes: readonly NetworkNode[], j: number): void {
    for (const node of nodes)
      this.fill(node, j, (cells, rest, key) => {
        this.joinLists(node, this.future(key, rest), cells)
      })
  }

  /** Ways to fill the last two lines. */
  future(key: string, rest: readonly number[]): FutureList {
    let list = this.futures.get(key)
    if (!list) {
      list = futureList(rest, this.lines[this.lines.length - 2] as number, this.logFactorials)
      this.futures.set(key, list)
      this.count(40 * list.values.length)
    }
    return list
  }

  joinLists(past: NetworkNode, future: FutureList, cells: number): void {
    const { limit } = this
    this.count(arrival)
    const a = past.values
    const b = future.values
    const scale = past.top + cells + future.top
    if (past.top + future.top + cells <= limit) {
      const sum = (past.cumulated[a.length] as number) * (future.cumulated[b.length] as number)
      this.add(sum, scale)
      return
    }
    const room = limit - cells
    let j = countUpTo(b, room - (a[0] as number))
    if (j === 0) return
    const from = j
    let i = 0
    let sum = 0
    for (; i < a.length; i++) {
      const left = room - (a[i] as number)
      while (j > 0 && (b[j - 1] as number) > left) j--
      if (j === 0) break
      sum += (past.shares[i] as number) * (future.cumulated[j] as number)
    }
    this.count(i + from - j)
    this.add(sum, scale)
  }

  /** Calls back with every way to fill line j that is not settled by its bound; settled parts are added at once. */
  private fill(
    node: NetworkNode,
    j: number,
    visit: (cells: number, rest: readonly number[], key: string) => void,
  ): void {
    const { logFactorials, limit } = this
    const columns = node.columns
    const k = columns.length
    const lambda = this.multiplier[j] as number
    const own = this.best[j] as Float64Array
    const behind = this.best[j + 1] as Float64Array
    const room = new Array<number>(k + 1).fill(0)
    for (let i = k - 1; i >= 0; i--) room[i] = (room[i + 1] as number) + (columns[i] as number)
    const rest = new Array<number>(k).fill(0)
    const sorted = new Array<number>(k).fill(0)
    const all = node.cumulated[node.values.length] as number
    const closed =
      (logFactorials[this.countBehind[j + 1] as number] as number) -
      (this.linesBehind[j + 1] as number)
    // open: Σ −log v! of the columns not yet filled.
    const walk = (
      i: number,
      left: number,
      cells: number,
      done: number,
      open: number,
      bound: number,
    ) => {
      const n = columns[i] as number
      const after = room[i + 1] as number
      const openNext = open + (logFactorials[n] as number)
      const base = bound - (own[n] as number)
      for (let x = Math.max(0, left - after); x <= Math.min(n, left); x++) {
        const minus = logFactorials[x] as number
        const nextBound = base + lambda * x - minus + (behind[n - x] as number)
        const nextCells = cells - minus
        const nextDone = done - (logFactorials[n - x] as number)
        if (nextBound <= limit) {
          const remaining = left - x
          const choose =
            (logFactorials[after] as number) -
            (logFactorials[remaining] as number) -
            (logFactorials[after - remaining] as number)
          this.add(all, node.top + closed + nextCells + nextDone + openNext + choose)
          this.steps++
          continue
        }
        rest[i] = n - x
        if (i < k - 1) {
          walk(i + 1, left - x, nextCells, nextDone, openNext, nextBound)
          continue
        }
        // Insertion sort of a handful of counts.
        for (let s = 0; s < k; s++) {
          const value = rest[s] as number
          let at = s
          for (; at > 0 && (sorted[at - 1] as number) > value; at--)
            sorted[at] = sorted[at - 1] as number
          sorted[at] = value
        }
        visit(nextCells, sorted, String.fromCharCode(...sorted))
      }
    }
    let open = 0
    let bound = node.top - (this.cost[j] as number)
    for (const n of columns) {
      open -= logFactorials[n] as number
      bound += own[n] as number
    }
    walk(0, this.lines[j] as number, 0, 0, open, bound)
    this.count(0)
  }
}

/**
 * Exact p-value of an r × c table: the probability, given the margins, of a table at most as probable as this one
 * (equal but for 1e-7 relative counts as equal, as in R). Empty rows and columns are left out; with one row or column
 * left p is 1. Throws `bad-table`, and `sample-too-large` when the network outgrows about half a minute: then
 * `fisherMonteCarlo` estimates it; `maximumSteps` (default 5·10⁹) says so earlier, where somebody waits (10⁸ is about a
 * second).
 * Input: r × c counts of subjects. Missing: counts are whole and not missing (`crossTabulate` drops and counts rows
 * with a missing label). Source: Freeman and Halton (1951), Mehta and Patel (1983).
 * Example: `fisherFreemanHalton([[3, 0], [0, 3]]).p` = 0.1, `fisherFreemanHalton([[3, 1, 0], [1, 2, 4]]).p` = 0.10303.
 */
export function fisherFreemanHalton(
  table: Table,
  { maximumSteps = mostSteps }: { maximumSteps?: number } = {},
): { p: number; steps: number } {
  const margins = tableMargins(table, 1, 1)
  let columns = margins.rows.filter((r) => r > 0)
  let lines = margins.columns.filter((c) => c > 0)
  if (columns.length < 2 || lines.length < 2) return { p: 1, steps: 0 }
  if (columns.length > lines.length) [columns, lines] = [lines, columns]
  columns.sort((a, b) => a - b)
  // Small lines first: they branch least, and the two largest are only listed.
  lines.sort((a, b) => a - b)
  const { total } = margins
  ensure(
    total <= 60_000,
    'sample-too-large',
    `an exact test of ${total} observations is out of reach: ${wayOut}`,
  )
  const logFactorials = Float64Array.from({ length: total + 1 }, (_, n) => logFactorial(n))
  let observed = 0
  for (const row of table) for (const x of row) observed -= logFactorials[x] as number
  const network = new Network(lines, columns, logFactorials, observed + 1e-7, maximumSteps)
  const start = new PathCollector()
  start.begin(columns)
  let nodes = start.nodes()
  const m = lines.length
  for (let j = 0; j < m - 3; j++) nodes = network.advance(nodes, j)
  if (m > 2) network.join(nodes, m - 3)
  else {
    const [root] = nodes as [NetworkNode]
    network.joinLists(root, network.future('', columns), 0)
  }
  return { p: Math.min(1, network.p), steps: network.steps }
}
