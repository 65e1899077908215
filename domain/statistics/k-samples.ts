/* Tests of k independent groups. Groups are labels beside the values; a row with a missing member is dropped. */
import { meanOf, sumOfSquares } from '#domain/statistics/descriptive.ts'
import { chiSquareCdf, fCdf } from '#domain/statistics/distributions.ts'
import { ensure } from '#domain/statistics/problem.ts'
import { groupedSample, midRanks, type Sample } from '#domain/statistics/samples.ts'

type Labels = ArrayLike<string | number | null | undefined>

export interface KruskalWallis {
  h: number
  degreesOfFreedom: number
  p: number
  levels: string[]
  missing: number
}

/**
 * Kruskal-Wallis rank test of k groups with tie correction. Equal values throughout give H = 0 and p = 1. Throws
 * `single-group`.
 * Input: a column of values in any unit and a column of group labels, equally long. Missing: a row with a missing value
 * or label is dropped and counted; NaN and ±Infinity are refused. Source: Kruskal and Wallis (1952).
 * Example: `kruskalWallis([1, 2, 3, 4, 5, 6], ['a', 'a', 'b', 'b', 'c', 'c']).h` = 4.571, `kruskalWallis([1, 2, 3, 4,
 * 5, 6], ['a', 'a', 'b', 'b', 'c', 'c']).p` = 0.1017.
 */
export function kruskalWallis(sample: Sample, labels: Labels): KruskalWallis {
  const { levels, groups, missing } = groupedSample(sample, labels)
  ensure(levels.length > 1, 'single-group', 'the test needs two groups')
  const pooled = Float64Array.from(groups.flatMap((g) => [...g]))
  const n = pooled.length
  const { ranks, tieSum } = midRanks(pooled)
  let h = 0
  let at = 0
  for (const group of groups) {
    let sum = 0
    for (let i = 0; i < group.length; i++) sum += (ranks[at++] as number) - (n + 1) / 2
    h += (sum * sum) / group.length
  }
  const correction = 1 - tieSum / (n * n * n - n)
  h = correction > 0 ? (12 * h) / (n * (n + 1)) / correction : 0
  const degreesOfFreedom = levels.length - 1
  return { h, degreesOfFreedom, p: chiSquareCdf(h, degreesOfFreedom, 'upper'), levels, missing }
}

export interface OneWayAnova {
  f: number
  betweenDegreesOfFreedom: number
  withinDegreesOfFreedom: number
  p: number
  levels: string[]
  missing: number
}

/**
 * One-way analysis of variance. Throws `single-group`, `sample-too-small`, `constant-sample`.
 * Input: a column of values in any unit and a column of group labels, equally long. Missing: a row with a missing value
 * or label is dropped and counted; NaN and ±Infinity are refused. Source: Fisher (1925).
 * Example: `oneWayAnova([1, 2, 2, 3], ['a', 'a', 'b', 'b']).f` = 2, `oneWayAnova([1, 2, 2, 3], ['a', 'a', 'b', 'b']).p`
 * = 0.2929.
 */
export function oneWayAnova(sample: Sample, labels: Labels): OneWayAnova {
  const { levels, groups, missing } = groupedSample(sample, labels)
  ensure(levels.length > 1, 'single-group', 'the analysis needs two groups')
  const all = groups.flatMap((g) => [...g])
  const grand = meanOf(all)
  let between = 0
  let within = 0
  for (const group of groups) {
    const mean = meanOf(group)
    between += group.length * (mean - grand) ** 2
    within += sumOfSquares(group, mean)
  }
  const df1 = levels.length - 1
  const df2 = all.length - levels.length
  ensure(df2 > 0, 'sample-too-small', 'every group has one value')
  ensure(
    within > 1e-28 * all.length * grand * grand && within > 0,
    'constant-sample',
    'the values within groups are constant',
  )
  ensure(
    Number.isFinite(between) && Number.isFinite(within),
    'not-finite',
    'the values are too large to compare',
  )
  const f = between / df1 / (within / df2)
  return {
    f,
    betweenDegreesOfFreedom: df1,
    withinDegreesOfFreedom: df2,
    p: fCdf(f, df1, df2, 'upper'),
    levels,
    missing,
  }
}
