import {
  type CompetingRisksData,
  causesOf,
  codeRisks,
} from '#domain/statistics/competing-risks-data.ts'
import { chiSquareCdf } from '#domain/statistics/distributions.ts'
import { cholesky, quadraticForm } from '#domain/statistics/matrix.ts'
import { ensure } from '#domain/statistics/problem.ts'

export interface GrayTest {
  cause: string
  chiSquare: number
  degreesOfFreedom: number
  p: number
  levels: string[]
  missing: number
}

/**
 * Gray’s k-sample test of equal cumulative incidence of one cause; the weight is (1 − F)^rho. Events of other causes
 * compete, everything equal to `censoring` is censored. A group that carries no information loses its degree of
 * freedom. Throws `single-group`, `no-events`, `empty-sample`.
 * Input: columns of equal length: time, state, group; times in any unit. Missing: a row with a missing value in any
 * given column is dropped and counted; NaN is refused. Source: Gray (1988, Annals of Statistics 16:1141).
 * Example: `grayTest({ time: [1, 2, 3, 4, 5, 6], state: ['a', 'b', 'a', '-', 'a', 'b'], group: [1, 1, 2, 1, 2, 2] }, {
 * censoring: '-', cause: 'a' }).p` = 0.8936.
 */
export function grayTest(
  data: CompetingRisksData,
  options: { censoring: string; cause: string; rho?: number; levels?: readonly string[] },
): GrayTest {
  const { censoring, cause, rho = 0 } = options
  ensure(data.group !== undefined, 'single-group', 'Gray’s test needs a group')
  const causes = causesOf(data, censoring)
  const own = causes.indexOf(cause) + 1
  ensure(own > 0, 'no-events', `there is no event "${cause}"`)
  const all = codeRisks(data, censoring, causes, options.levels)
  const { levels } = all
  const k = levels.length
  ensure(k > 1, 'single-group', 'all subjects are in one group')
  const score = new Float64Array(k)
  const variance = new Float64Array(k * k)
  const risk = new Float64Array(k)
  for (const g of all.group) risk[g] = (risk[g] as number) + 1
  for (const [g, level] of levels.entries()) {
    ensure((risk[g] as number) > 0, 'empty-sample', `group "${level}" has no subjects`)
  }
  const survival = new Float64Array(k).fill(1)
  const incidence = new Float64Array(k)
  // c, v2 and v3 are the running integrals of Gray's variance; a is the martingale coefficient at the current time.
  const a = new Float64Array(k * k)
  const c = new Float64Array(k * k)
  const v2 = new Float64Array(k * k)
  const v3 = new Float64Array(k)
  let pooled = 0
  const n = all.time.length
  const first = new Float64Array(k)
  const other = new Float64Array(k)
  const gone = new Float64Array(k)
  for (let i = 0; i < n; ) {
    first.fill(0)
    other.fill(0)
    gone.fill(0)
    const t = all.time[i]
    for (; i < n && all.time[i] === t; i++) {
      const g = all.group[i] as number
      const kind = all.cause[i] as number
      gone[g] = (gone[g] as number) + 1
      if (kind === own) first[g] = (first[g] as number) + 1
      else if (kind > 0) other[g] = (other[g] as number) + 1
    }
    const d1 = first.reduce((sum, x) => sum + x, 0)
    const d2 = other.reduce((sum, x) => sum + x, 0)
    if (d1 + d2 > 0) {
      const next = survival.slice()
      const nextIncidence = incidence.slice()
      let tr = 0
      let tq = 0
      for (let g = 0; g < k; g++) {
        const y = risk[g] as number
        if (y <= 0) continue
        const s = survival[g] as number
        next[g] = (s * (y - (first[g] as number) - (other[g] as number))) / y
        nextIncidence[g] = (incidence[g] as number) + (s * (first[g] as number)) / y
        tr += y / s
        tq += (y * (1 - (incidence[g] as number))) / s
      }
      const after = pooled + d1 / tr
      const weight = (1 - pooled) ** rho
      a.fill(0)
      for (let g = 0; g < k; g++) {
        if ((risk[g] as number) <= 0) continue
        const share = (risk[g] as number) / (survival[g] as number)
        for (let h = 0; h < k; h++) {
          if ((risk[h] as number) <= 0) continue
          const otherShare = (risk[h] as number) / (survival[h] as number)
          const value = weight * (g === h ? share * (1 - share / tr) : (-share * otherShare) / tr)
          a[g * k + h] = value
          c[g * k + h] = (c[g * k + h] as number) + (value * d1) / (tr * (1 - pooled))
        }
        score[g] =
          (score[g] as number) +
          weight *
            ((first[g] as number) -
              (d1 * (risk[g] as number) * (1 - (incidence[g] as number))) /
                ((survival[g] as number) * tq))
      }
      for (let h = 0; h < k; h++) {
        const y = risk[h] as number
        if (y <= 0) continue
        const s = survival[h] as number
        if (d1 > 0) {
          const t4 = (next[h] as number) > 0 ? 1 - (1 - after) / (next[h] as number) : 1
          const t5 = d1 > 1 ? 1 - (d1 - 1) / (tr * s - 1) : 1
          const t3 = (t5 * s * d1) / (tr * y)
          v3[h] = (v3[h] as number) + t4 * t4 * t3
          for (let g = 0; g < k; g++) {
            const t1 = (a[g * k + h] as number) - t4 * (c[g * k + h] as number)
            v2[g * k + h] = (v2[g * k + h] as number) + t1 * t4 * t3
            for (let j = 0; j < k; j++) {
              const t2 = (a[j * k + h] as number) - t4 * (c[j * k + h] as number)
              variance[g * k + j] = (variance[g * k + j] as number) + t1 * t2 * t3
            }
          }
        }
        const e = other[h] as number
        if (e > 0 && (next[h] as number) > 0) {
          const t4 = (1 - after) / (next[h] as number)
          const t5 = e > 1 ? 1 - (e - 1) / (y - 1) : 1
          const t3 = (t5 * s * s * e) / (y * y)
          v3[h] = (v3[h] as number) + t4 * t4 * t3
          for (let g = 0; g < k; g++) {
            const t1 = t4 * (c[g * k + h] as number)
            v2[g * k + h] = (v2[g * k + h] as number) - t1 * t4 * t3
            for (let j = 0; j < k; j++) {
              variance[g * k + j] =
                (variance[g * k + j] as number) + t1 * t4 * (c[j * k + h] as number) * t3
            }
          }
        }
      }
      pooled = after
      survival.set(next)
      incidence.set(nextIncidence)
    }
    for (let g = 0; g < k; g++) risk[g] = (risk[g] as number) - (gone[g] as number)
  }
  for (let g = 0; g < k; g++) {
    for (let j = 0; j < k; j++) {
      let sum = 0
      for (let h = 0; h < k; h++) {
        sum += (c[g * k + h] as number) * (c[j * k + h] as number) * (v3[h] as number)
        sum +=
          (c[g * k + h] as number) * (v2[j * k + h] as number) +
          (c[j * k + h] as number) * (v2[g * k + h] as number)
      }
      variance[g * k + j] = (variance[g * k + j] as number) + sum
    }
  }
  const size = k - 1
  const reduced = new Float64Array(size * size)
  for (let g = 0; g < size; g++)
    for (let j = 0; j < size; j++) reduced[g * size + j] = variance[g * k + j] as number
  const decomposed = cholesky(reduced, size)
  const chiSquare = decomposed.rank === 0 ? 0 : quadraticForm(decomposed, score.subarray(0, size))
  return {
    cause,
    chiSquare,
    degreesOfFreedom: decomposed.rank,
    p: decomposed.rank === 0 ? 1 : chiSquareCdf(chiSquare, decomposed.rank, 'upper'),
    levels,
    missing: all.missing,
  }
}
