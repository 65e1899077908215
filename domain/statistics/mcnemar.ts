import { type Table, tableMargins } from '#domain/statistics/contingency.ts'
import { chiSquareCdf } from '#domain/statistics/distributions.ts'
import { ensure } from '#domain/statistics/problem.ts'
import { binomialTest } from '#domain/statistics/proportion.ts'

export interface BowkerTest {
  chiSquare: number
  degreesOfFreedom: number
  p: number
}

/**
 * Bowker’s test of symmetry, McNemar’s without correction for 2 × 2; pairs of cells that are both empty do not count.
 * R: mcnemar.test of a larger table. Throws `bad-table`.
 * Input: k × k counts of pairs, rows the first member, columns the second. Missing: counts are whole and not missing
 * (`crossTabulate` drops and counts rows with a missing label). Source: Bowker (1948).
 * Example: `bowkerTest([[1, 4, 2], [0, 3, 5], [2, 1, 6]]).chiSquare` = 6.6667.
 */
export function bowkerTest(table: Table): BowkerTest {
  const { rows, columns } = tableMargins(table)
  ensure(rows.length === columns.length, 'bad-table', 'Bowker’s test takes a square table')
  ensure(rows.length > 1, 'bad-table', 'Bowker’s test needs two categories')
  const k = rows.length
  let chiSquare = 0
  for (let i = 0; i < k; i++)
    for (let j = 0; j < i; j++) {
      const b = table[i]?.[j] as number
      const c = table[j]?.[i] as number
      if (b + c > 0) chiSquare += (b - c) ** 2 / (b + c)
    }
  const degreesOfFreedom = (k * (k - 1)) / 2
  return { chiSquare, degreesOfFreedom, p: chiSquareCdf(chiSquare, degreesOfFreedom, 'upper') }
}

export interface McNemar {
  /** Discordant pairs: first yes and second no, first no and second yes. */
  discordant: [number, number]
  chiSquare: number
  p: number
  /** With continuity correction |b − c| − 1 (none when b = c, as in R). */
  chiSquareCorrected: number
  pCorrected: number
  pExact: number
}

/**
 * McNemar’s test of pairs, without and with continuity correction, and the exact binomial one. Without a discordant
 * pair the statistics are 0 and p is 1. Throws `bad-table`.
 * Input: 2 × 2 counts of pairs, rows the first member, columns the second. Missing: counts are whole and not missing
 * (`crossTabulate` drops and counts rows with a missing label). Source: McNemar (1947).
 * Example: `mcNemarTest([[20, 5], [15, 60]]).p` = 0.02535, `mcNemarTest([[20, 5], [15, 60]]).pExact` = 0.04139.
 */
export function mcNemarTest(table: Table): McNemar {
  const { columns } = tableMargins(table)
  ensure(
    table.length === 2 && columns.length === 2,
    'bad-table',
    'McNemar’s test takes a 2 × 2 table',
  )
  const b = table[0]?.[1] as number
  const c = table[1]?.[0] as number
  const n = b + c
  const gap = Math.abs(b - c)
  const chiSquare = n === 0 ? 0 : (gap * gap) / n
  const chiSquareCorrected = n === 0 || gap === 0 ? 0 : (gap - 1) ** 2 / n
  return {
    discordant: [b, c],
    chiSquare,
    p: chiSquareCdf(chiSquare, 1, 'upper'),
    chiSquareCorrected,
    pCorrected: chiSquareCdf(chiSquareCorrected, 1, 'upper'),
    pExact: n === 0 ? 1 : binomialTest(b, n, 0.5).p,
  }
}
