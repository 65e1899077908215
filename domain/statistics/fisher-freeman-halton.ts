/*
 * Fisher's exact test of an r × c table (Freeman and Halton 1951) over the network of Mehta and Patel (1983): columns
 * are filled one after the other; a node is the multiset of what the rows still lack, and carries the probabilities
 * with which it was reached. A path whose every completion is at most as probable as the observed table is added
 * whole (the completions of a node sum to a closed form), one whose every completion is more probable is dropped, and
 * only the others are walked on. The bounds are a Lagrangian dual (most probable completion) and a greedy filling
 * (least probable one), both rigorous, so the result is exact.
 */
import { tableMargins, type Table } from '#domain/statistics/contingency.ts'
import { StatisticsProblem } from '#domain/statistics/problem.ts'
import { logFactorial } from '#domain/statistics/special/log-gamma.ts'

const maximumSteps = 60_000_000

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
function allCompletions(net: Network, rows: readonly number[], stage: number, total: number): number {
  let value = net.logFactorials[total] as number
  for (const r of rows) value -= net.logFactorials[r] as number
  for (let j = stage; j < net.columns.length; j++) value -= net.logFactorials[net.columns[j] as number] as number
  return value
}

/** Calls back with every way to take `need` out of the rows. */
function splits(rows: readonly number[], need: number, visit: (taken: number[]) => void): void {
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
  columns.sort((a, b) => b - a)
  const { total } = margins
  const logFactorials = Float64Array.from({ length: total + 1 }, (_, n) => logFactorial(n))
  let observed = 0
  for (const row of table) for (const x of row) observed -= logFactorials[x] as number
  const net: Network = { columns, logFactorials, limit: observed + 1e-7 }
  const whole = allCompletions(net, rows, 0, total)
  let p = 0
  let steps = 0
  let left = total
  let nodes = new Map<string, { rows: number[]; paths: Map<number, [log: number, weight: number]> }>([
    [rows.join(), { rows, paths: new Map([[0, [0, 1]]]) }],
  ])
  for (let stage = 0; stage < columns.length && nodes.size > 0; stage++) {
    const next: typeof nodes = new Map()
    const bounds = new Map<string, { most: number; least: number; sum: number }>()
    const remaining = left - (columns[stage] as number)
    for (const node of nodes.values()) {
      const paths = [...node.paths.values()]
      splits(node.rows, columns[stage] as number, (taken) => {
        const rest = node.rows.map((r, i) => r - (taken[i] as number)).sort((a, b) => a - b)
        const key = rest.join()
        let bound = bounds.get(key)
        if (!bound) {
          bound = {
            most: mostProbable(net, rest, stage + 1, remaining),
            least: leastProbable(net, rest, stage + 1),
            sum: allCompletions(net, rest, stage + 1, remaining),
          }
          bounds.set(key, bound)
        }
        let cell = 0
        for (const x of taken) cell -= logFactorials[x] as number
        steps += paths.length
        if (steps > maximumSteps) throw new StatisticsProblem('sample-too-large', 'the exact test of this table has too many tables')
        let target = next.get(key)
        for (const [log, weight] of paths) {
          const here = log + cell
          if (here + bound.most <= net.limit) p += weight * Math.exp(here + bound.sum - whole)
          else if (here + bound.least <= net.limit) {
            if (!target) {
              target = { rows: rest, paths: new Map() }
              next.set(key, target)
            }
            // Paths of equal probability (to 1e-9) are one path with a weight.
            const slot = Math.round(here * 1e9)
            const same = target.paths.get(slot)
            if (same) same[1] += weight
            else target.paths.set(slot, [here, weight])
          }
        }
      })
    }
    nodes = next
    left = remaining
  }
  return { p: Math.min(1, p), steps }
}
