import { type Table, tableMargins } from '#domain/statistics/contingency.ts'
import { ensure } from '#domain/statistics/problem.ts'
import { logFactorial } from '#domain/statistics/special/log-gamma.ts'

export interface MonteCarloP {
  /** (1 + tables at most as probable as the observed one) / (1 + replicates): valid as a p-value, never 0. */
  p: number
  /** √(p (1 − p) / replicates). */
  standardError: number
  replicates: number
  seed: number
}

/** Whole numbers below 2³² in an order fixed by the seed (sfc32, Doty-Humphrey 2010). */
function generator(seed: number): () => number {
  let a = seed >>> 0
  let b = Math.floor(seed / 4294967296) >>> 0
  let c = 0x9e3779b9
  let counter = 1
  const next = () => {
    const t = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (c << 21) | (c >>> 11)
    c = (c + t) | 0
    return t >>> 0
  }
  for (let i = 0; i < 15; i++) next()
  return next
}

/**
 * Monte Carlo p-value of Fisher’s test where `fisherFreemanHalton` is out of reach: tables with the same margins are
 * drawn by shuffling column labels. The same seed gives the same p-value on every machine; report it with
 * `standardError`. Throws `bad-table`, `bad-option`, and `sample-too-large` above 2·10⁹ draws (subjects × replicates).
 * Input: r × c counts of subjects; empty rows and columns are left out. Missing: counts are whole and not missing
 * (`crossTabulate` drops and counts rows with a missing label). Source: Agresti, Wackerly and Boyett (1979).
 * Example: `fisherMonteCarlo([[3, 0], [0, 3]], { seed: 1, replicates: 10000 }).p` = 0.0970.
 */
export function fisherMonteCarlo(
  table: Table,
  options: { seed: number; replicates?: number },
): MonteCarloP {
  const { seed, replicates = 100_000 } = options
  ensure(
    Number.isSafeInteger(seed) && seed >= 0,
    'bad-option',
    `seed ${seed} is not a whole number from 0`,
  )
  ensure(
    Number.isSafeInteger(replicates) && replicates >= 1,
    'bad-option',
    `${replicates} replicates are not a count`,
  )
  const { rows, columns, total } = tableMargins(table, 1, 1)
  ensure(
    total * replicates <= 2e9,
    'sample-too-large',
    `${replicates} tables of ${total} observations`,
  )
  const logFactorials = Float64Array.from({ length: total + 1 }, (_, n) => logFactorial(n))
  const width = columns.length
  let observed = 0
  for (const row of table) for (const x of row) observed += logFactorials[x] as number
  const labels = new Uint32Array(total)
  let at = 0
  columns.forEach((count, j) => {
    labels.fill(j, at, at + count)
    at += count
  })
  const next = generator(seed)
  /** Below `size` without bias: draws from the ragged end of 2³² are thrown away. */
  const below = (size: number) => {
    const fair = 4294967296 - (4294967296 % size)
    let draw = next()
    while (draw >= fair) draw = next()
    return draw % size
  }
  const cells = new Uint32Array(width)
  let extreme = 0
  for (let replicate = 0; replicate < replicates; replicate++) {
    let value = 0
    let from = 0
    for (const count of rows) {
      cells.fill(0)
      for (let i = from; i < from + count; i++) {
        const other = i + below(total - i)
        const label = labels[other] as number
        labels[other] = labels[i] as number
        labels[i] = label
        cells[label] = (cells[label] as number) + 1
      }
      for (const x of cells) value += logFactorials[x] as number
      from += count
    }
    if (value >= observed - 1e-7) extreme++
  }
  const p = (1 + extreme) / (1 + replicates)
  return { p, standardError: Math.sqrt((p * (1 - p)) / replicates), replicates, seed }
}
