/*
 * Fisher's exact test of an r × c table (Freeman and Halton 1951) over the network of Mehta and Patel (1983): columns
 * are filled one after the other; a node is the multiset of what the rows still lack, and carries the probabilities
 * with which it was reached. A path whose every completion is at most as probable as the observed table is added
 * whole (the completions of a node sum to a closed form), one whose every completion is more probable is dropped, and
 * only the others are walked on. Where two columns are left the completions of a node are listed once, sorted by
 * probability, and each path reads its share by bisection. The bounds are a Lagrangian dual (most probable completion) and a greedy filling
 * (least probable one), both rigorous, so the result is exact.
 */
import { type Table, tableMargins } from '#domain/statistics/contingency.ts'
import { ensure, StatisticsProblem } from '#domain/statistics/problem.ts'
import { logFactorial } from '#domain/statistics/special/log-gamma.ts'

const maximumSteps = 12_000_000

interface Network {
  columns: readonly number[]
  logFactorials: Float64Array
  /** log of the largest probability that still counts, on the scale of −Σ log x!. */
  limit: number
}

/** Upper bound of −Σ log x! over tables with the given rows and columns from `stage` on: weak duality, any multipliers. */
function mostProbable(net: Network, rows: readonly number[], stage: number, total: number): number {
  const width = net.columns.length - stage
  const spread = total + (rows.length * width) / 2
  let bound = 0
  for (const r of rows) bound += r * Math.log((r + width / 2) / spread)
  for (let j = stage; j < net.columns.length; j++) {
    const c = net.columns[j] as number
    bound += c * Math.log(c + rows.length / 2)
    for (const r of rows) {
      const ratio = ((r + width / 2) / spread) * (c + rows.length / 2)
      const x = Math.min(Math.floor(ratio), r, c)
      bound += (net.logFactorials[x] as number) - x * Math.log(ratio)
    }
  }
  return -bound
}

/** Lower bound of −Σ log x!: every column filled into the largest rows, or every row into the largest columns. */
function leastProbable(net: Network, rows: readonly number[], stage: number): number {
  const columns = net.columns.slice(stage)
  const greedy = (need: readonly number[], room: readonly number[]) => {
    let sum = 0
    const sorted = [...room].sort((a, b) => b - a)
    for (let left of need) {
      for (const r of sorted) {
        const x = Math.min(left, r)
        sum += net.logFactorials[x] as number
        left -= x
        if (left === 0) break
      }
    }
    return sum
  }
  return -Math.min(greedy(columns, rows), greedy(rows, columns))
}

/** log of Σ over all completions of exp(−Σ log x!). */
function allCompletions(
  net: Network,
  rows: readonly number[],
  stage: number,
  total: number,
): number {
  let value = net.logFactorials[total] as number
  for (const r of rows) value -= net.logFactorials[r] as number
  for (let j = stage; j < net.columns.length; j++)
    value -= net.logFactorials[net.columns[j] as number] as number
  return value
}

/** Calls back with every way to take `need` out of the rows. */
function splits(
  rows: readonly number[],
  need: number,
  visit: (taken: readonly number[]) => void,
): void {
  const taken = new Array<number>(rows.length).fill(0)
  const room = new Array<number>(rows.length + 1).fill(0)
  for (let i = rows.length - 1; i >= 0; i--) room[i] = (room[i + 1] as number) + (rows[i] as number)
  const walk = (i: number, left: number) => {
    if (i === rows.length - 1) {
      taken[i] = left
      visit(taken)
      return
    }
    const low = Math.max(0, left - (room[i + 1] as number))
    const high = Math.min(rows[i] as number, left)
    for (let x = low; x <= high; x++) {
      taken[i] = x
      walk(i + 1, left - x)
    }
  }
  walk(0, need)
}

/** What the rows still lack (ascending), and the distinct log probabilities with which the node is reached. */
class Node {
  readonly rows: number[]
  readonly logs: number[] = []
  readonly weights: number[] = []
  private readonly slots = new Map<number, number>()

  constructor(rows: number[]) {
    this.rows = rows
  }

  /** Paths of equal probability (to 1e-9) are one path with a weight. */
  add(log: number, weight: number): void {
    const slot = Math.round(log * 1e9)
    const at = this.slots.get(slot)
    if (at === undefined) {
      this.slots.set(slot, this.logs.length)
      this.logs.push(log)
      this.weights.push(weight)
    } else this.weights[at] = (this.weights[at] as number) + weight
  }
}

interface Bound {
  most: number
  least: number
  sum: number
}

class Walk {
  p = 0
  steps = 0
  private readonly net: Network
  private readonly whole: number

  constructor(net: Network, whole: number) {
    this.net = net
    this.whole = whole
  }

  private count(steps: number): void {
    this.steps += steps
    if (this.steps > maximumSteps) {
      throw new StatisticsProblem(
        'sample-too-large',
        'the exact test of this table has too many tables',
      )
    }
  }

  /** Fills one column at every node and returns the nodes behind it. */
  fill(nodes: Iterable<Node>, stage: number, remaining: number): Iterable<Node> {
    const { net } = this
    const next = new Map<string, Node>()
    const bounds = new Map<string, Bound>()
    for (const node of nodes) {
      const paths = node.logs.length
      splits(node.rows, net.columns[stage] as number, (taken) => {
        const rest = node.rows.map((r, i) => r - (taken[i] as number)).sort((a, b) => a - b)
        const key = String.fromCharCode(...rest)
        let bound = bounds.get(key)
        if (!bound) {
          bound = {
            most: mostProbable(net, rest, stage + 1, remaining),
            least: leastProbable(net, rest, stage + 1),
            sum: allCompletions(net, rest, stage + 1, remaining) - this.whole,
          }
          bounds.set(key, bound)
        }
        let cell = 0
        for (const x of taken) cell -= net.logFactorials[x] as number
        this.count(paths)
        let target = next.get(key)
        for (let k = 0; k < paths; k++) {
          const log = (node.logs[k] as number) + cell
          const weight = node.weights[k] as number
          if (log + bound.most <= net.limit) this.p += weight * Math.exp(log + bound.sum)
          else if (log + bound.least <= net.limit) {
            if (!target) {
              target = new Node(rest)
              next.set(key, target)
            }
            target.add(log, weight)
          }
        }
      })
    }
    return next.values()
  }

  /** Two columns are left: all completions of a node, sorted by probability and cumulated from the least. */
  finish(nodes: Iterable<Node>, stage: number): void {
    const { net } = this
    for (const node of nodes) {
      const list: number[] = []
      splits(node.rows, net.columns[stage] as number, (taken) => {
        let value = 0
        for (let i = 0; i < taken.length; i++) {
          const x = taken[i] as number
          const left = (node.rows[i] as number) - x
          value -= (net.logFactorials[x] as number) + (net.logFactorials[left] as number)
        }
        list.push(value)
      })
      this.count(list.length + node.logs.length)
      const values = Float64Array.from(list).sort()
      const top = values[values.length - 1] as number
      const cumulated = new Float64Array(values.length + 1)
      for (let i = 0; i < values.length; i++) {
        cumulated[i + 1] = (cumulated[i] as number) + Math.exp((values[i] as number) - top)
      }
      for (let k = 0; k < node.logs.length; k++) {
        const log = node.logs[k] as number
        let lo = 0
        let hi = values.length
        while (lo < hi) {
          const mid = (lo + hi) >> 1
          if (log + (values[mid] as number) <= net.limit) lo = mid + 1
          else hi = mid
        }
        const scale = Math.exp(log + top - this.whole)
        this.p += (node.weights[k] as number) * scale * (cumulated[lo] as number)
      }
    }
  }
}

/**
 * Exact p-value of an r × c table of counts. Empty rows and columns are left out; with one row or column left p is 1.
 * Throws `sample-too-large` when the network outgrows a few seconds. `fisherFreemanHalton([[3, 0], [0, 3]]).p` = 0.1.
 */
export function fisherFreemanHalton(table: Table): { p: number; steps: number } {
  const margins = tableMargins(table, 1, 1)
  let rows = margins.rows.filter((r) => r > 0)
  let columns = margins.columns.filter((c) => c > 0)
  if (rows.length < 2 || columns.length < 2) return { p: 1, steps: 0 }
  if (rows.length > columns.length) [rows, columns] = [columns, rows]
  rows.sort((a, b) => a - b)
  // Small columns first: they branch least, and the two largest are left to the bisection.
  columns.sort((a, b) => a - b)
  const { total } = margins
  ensure(total <= 60_000, 'sample-too-large', `an exact test of ${total} observations`)
  const logFactorials = Float64Array.from({ length: total + 1 }, (_, n) => logFactorial(n))
  let observed = 0
  for (const row of table) for (const x of row) observed -= logFactorials[x] as number
  const net: Network = { columns, logFactorials, limit: observed + 1e-7 }
  const walk = new Walk(net, allCompletions(net, rows, 0, total))
  const root = new Node(rows)
  root.add(0, 1)
  let nodes: Iterable<Node> = [root]
  let left = total
  for (let stage = 0; stage < columns.length - 2; stage++) {
    left -= columns[stage] as number
    nodes = walk.fill(nodes, stage, left)
  }
  walk.finish(nodes, columns.length - 2)
  return { p: Math.min(1, walk.p), steps: walk.steps }
}
