import { gather, sortedOrder } from '#domain/statistics/samples.ts'

/** A node of the network: what the columns still lack (ascending), and the paths to it, sorted by log probability. */
export interface NetworkNode {
  columns: readonly number[]
  values: Float64Array
  /** Number of paths of each value, number × exp(value − top), and its running sums from the least probable (length + 1). */
  counts: Float64Array
  shares: Float64Array
  cumulated: Float64Array
  /** Largest value. */
  top: number
}

/** All ways to fill the last two lines of the network, sorted and cumulated like the paths of a node. */
export type FutureList = Pick<NetworkNode, 'values' | 'cumulated' | 'top'>

/** Log probabilities nearer than this are one: they differ by rounding only. */
const same = 1e-9

function sortedPaths(values: Float64Array, weights: Float64Array | null) {
  const order = weights ? sortedOrder(values) : null
  const sorted = order ? gather(values, order) : values.sort()
  let n = 0
  const merged = new Float64Array(sorted.length)
  const counts = new Float64Array(sorted.length)
  for (let i = 0; i < sorted.length; i++) {
    const value = sorted[i] as number
    const weight = order && weights ? (weights[order[i] as number] as number) : 1
    if (n > 0 && value - (merged[n - 1] as number) < same) {
      counts[n - 1] = (counts[n - 1] as number) + weight
      continue
    }
    merged[n] = value
    counts[n++] = weight
  }
  const top = merged[n - 1] as number
  const cumulated = new Float64Array(n + 1)
  const shares = counts.slice(0, n)
  for (let i = 0; i < n; i++) {
    shares[i] = (shares[i] as number) * Math.exp((merged[i] as number) - top)
    cumulated[i + 1] = (cumulated[i] as number) + (shares[i] as number)
  }
  return { values: merged.slice(0, n), counts: counts.slice(0, n), shares, cumulated, top }
}

/** Lists the ways to fill a line of `line` observations, the last line taking what is left of the columns. */
export function futureList(
  columns: readonly number[],
  line: number,
  logFactorials: Float64Array,
): FutureList {
  const list: number[] = []
  const k = columns.length
  const room = new Array<number>(k + 1).fill(0)
  for (let i = k - 1; i >= 0; i--) room[i] = (room[i + 1] as number) + (columns[i] as number)
  const walk = (i: number, left: number, value: number) => {
    const n = columns[i] as number
    for (let x = Math.max(0, left - (room[i + 1] as number)); x <= Math.min(n, left); x++) {
      const next = value - (logFactorials[x] as number) - (logFactorials[n - x] as number)
      if (i < k - 1) walk(i + 1, left - x, next)
      else list.push(next)
    }
  }
  walk(0, line, 0)
  const { values, cumulated, top } = sortedPaths(Float64Array.from(list), null)
  return { values, cumulated, top }
}

interface Gathering {
  columns: number[]
  size: number
  values: Float64Array
  weights: Float64Array
}

/** Gathers the paths that arrive at each node of one stage. */
export class PathCollector {
  paths = 0
  private readonly gathered = new Map<string, Gathering>()

  /** The one node before the first line. */
  begin(columns: readonly number[]): void {
    this.gathered.set('', {
      columns: [...columns],
      size: 1,
      values: Float64Array.of(0),
      weights: Float64Array.of(1),
    })
  }

  /** Paths of `from` that are not the `first` least probable go on, `cells` further. */
  add(
    key: string,
    columns: readonly number[],
    from: NetworkNode,
    first: number,
    cells: number,
  ): void {
    let g = this.gathered.get(key)
    const more = from.values.length - first
    if (!g) {
      g = {
        columns: [...columns],
        size: 0,
        values: new Float64Array(more),
        weights: new Float64Array(more),
      }
      this.paths += more
      this.gathered.set(key, g)
    }
    if (g.size + more > g.values.length) {
      const capacity = 2 * (g.size + more)
      const values = new Float64Array(capacity)
      const weights = new Float64Array(capacity)
      values.set(g.values)
      weights.set(g.weights)
      this.paths += capacity - g.values.length
      g.values = values
      g.weights = weights
    }
    for (let i = 0; i < more; i++) {
      g.values[g.size] = (from.values[first + i] as number) + cells
      g.weights[g.size++] = from.counts[first + i] as number
    }
  }

  nodes(): NetworkNode[] {
    return [...this.gathered.values()].map(({ columns, size, values, weights }) => ({
      columns,
      ...sortedPaths(values.subarray(0, size), weights.subarray(0, size)),
    }))
  }
}
