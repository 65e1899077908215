import { ensure } from '#domain/statistics/problem.ts'

export type PAdjustment = 'bonferroni' | 'holm' | 'hochberg' | 'hommel' | 'BH' | 'BY'

/**
 * p-values adjusted for multiplicity: bonferroni, holm, hochberg, hommel, BH (false discovery rate), BY. The input is
 * not changed. Throws `bad-option` for what is no probability.
 * Input: a list of p-values; the result in the same order. Missing: null stays null and does not count; NaN is refused.
 * Source: Holm (1979), Hochberg (1988), Hommel (1988), Benjamini and Hochberg (1995), Benjamini and Yekutieli (2001).
 * Example: `adjustPValues([0.01, 0.02, 0.03], 'holm')` = [0.03, 0.04, 0.04], `adjustPValues([0.01, null, 0.04], 'BH')`
 * = [0.02, null, 0.04].
 */
export function adjustPValues(
  values: readonly (number | null)[],
  method: PAdjustment,
): (number | null)[] {
  const present = [...values.keys()].filter((i) => values[i] !== null)
  for (const i of present) {
    const p = values[i] as number
    ensure(p >= 0 && p <= 1, 'bad-option', `${p} is not a p-value`)
  }
  const ascending = present.sort((i, j) => (values[i] as number) - (values[j] as number))
  const p = ascending.map((i) => values[i] as number)
  const m = p.length
  const harmonic = p.reduce((sum, _, i) => sum + 1 / (i + 1), 0)
  const stepUp = (factor: (i: number) => number) => {
    let least = 1
    return p
      .map((_, k) => m - 1 - k)
      .map((i) => {
        least = Math.min(least, factor(i) * (p[i] as number))
        return least
      })
      .reverse()
  }
  const adjusted: Record<PAdjustment, () => number[]> = {
    bonferroni: () => p.map((x) => Math.min(1, m * x)),
    holm: () => {
      let most = 0
      return p.map((x, i) => {
        most = Math.max(most, Math.min(1, (m - i) * x))
        return most
      })
    },
    hochberg: () => stepUp((i) => m - i),
    hommel: () => hommel(p),
    BH: () => stepUp((i) => m / (i + 1)),
    BY: () => stepUp((i) => (harmonic * m) / (i + 1)),
  }
  const result: (number | null)[] = values.map(() => null)
  adjusted[method]().forEach((x, k) => {
    result[ascending[k] as number] = x
  })
  return result
}

function hommel(p: readonly number[]): number[] {
  const n = p.length
  if (n < 2) return [...p]
  const least = (from: readonly number[]) => Math.min(...from)
  let q = new Array<number>(n).fill(least(p.map((x, i) => (n * x) / (i + 1))))
  const best = [...q]
  for (let m = n - 1; m >= 2; m--) {
    const rest = p.slice(n - m + 1)
    const q1 = least(rest.map((x, i) => (m * x) / (i + 2)))
    const head = p.slice(0, n - m + 1).map((x) => Math.min(m * x, q1))
    q = [...head, ...rest.map(() => head[n - m] as number)]
    q.forEach((x, i) => {
      best[i] = Math.max(best[i] as number, x)
    })
  }
  return best.map((x, i) => Math.min(1, Math.max(x, p[i] as number)))
}
