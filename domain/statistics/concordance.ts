import { riskScores } from '#domain/statistics/cox-likelihood.ts'
import type { CoxModel } from '#domain/statistics/cox-model.ts'
import { sortedOrder } from '#domain/statistics/samples.ts'

export interface Concordance {
  /** (concordant + tied on risk / 2) / comparable pairs; null without a comparable pair. */
  concordance: number | null
  concordant: number
  discordant: number
  tiedRisk: number
}

/**
 * Harrell’s concordance of a fit: of two subjects at risk together of whom one has the event first, how often that one
 * had the higher risk. Pairs within strata; two events at one time are not comparable; weighted. O(n log n).
 * Input: the model of a fit; the result is a proportion, 0.5 for chance, null without a comparable pair. Missing:
 * decided when the model was fitted: incomplete rows are dropped there. Source: Harrell, Califf, Pryor, Lee and Rosati
 * (1982).
 * Example: `coxConcordance(coxPh({ time: [1, 2, 3, 4, 5], event: [1, 1, 0, 1, 1], terms: [{ name: 'x', values: [1, 0,
 * 2, 1, 0] }] }).model).concordance` = 0.5000.
 */
export function coxConcordance(model: CoxModel): Concordance {
  const { rows, fit } = model
  const { n, time, event, entry, weight, starts, byEntry } = rows
  // Offsets are part of the risk, case weights are not.
  const { eta } = riskScores(rows, fit.beta)
  const order = sortedOrder(eta)
  const rank = new Int32Array(n)
  let distinct = 0
  order.forEach((row, k) => {
    const tied =
      k > 0 &&
      Math.abs((eta[row] as number) - (eta[order[k - 1] as number] as number)) <=
        1e-12 * Math.max(1, Math.abs(eta[row] as number))
    if (!tied) distinct++
    rank[row] = distinct
  })
  const tree = new Float64Array(distinct + 1)
  const add = (r: number, w: number) => {
    for (let at = r; at <= distinct; at += at & -at) tree[at] = (tree[at] as number) + w
  }
  const upTo = (r: number) => {
    let sum = 0
    for (let at = r; at > 0; at -= at & -at) sum += tree[at] as number
    return sum
  }
  let concordant = 0
  let discordant = 0
  let tiedRisk = 0
  for (let stratum = 0; stratum + 1 < starts.length; stratum++) {
    tree.fill(0)
    const first = starts[stratum] as number
    const leaving = byEntry?.[stratum]
    let leave = 0
    let total = 0
    for (let i = (starts[stratum + 1] as number) - 1; i >= first; ) {
      const t = time[i] as number
      let from = i
      while (from >= first && time[from] === t) from--
      const w = (row: number) => (weight ? (weight[row] as number) : 1)
      const join = (row: number, sign: number) => {
        add(rank[row] as number, sign * w(row))
        total += sign * w(row)
      }
      // Censored at t outlive the deaths at t.
      for (let row = from + 1; row <= i; row++) if (!event[row]) join(row, 1)
      if (leaving && entry) {
        for (; leave < leaving.length && (entry[leaving[leave] as number] as number) >= t; leave++)
          join(leaving[leave] as number, -1)
      }
      for (let row = from + 1; row <= i; row++) {
        if (!event[row]) continue
        const r = rank[row] as number
        const below = upTo(r - 1)
        const same = upTo(r) - below
        concordant += w(row) * below
        tiedRisk += w(row) * same
        discordant += w(row) * (total - below - same)
      }
      for (let row = from + 1; row <= i; row++) if (event[row]) join(row, 1)
      i = from
    }
  }
  const pairs = concordant + discordant + tiedRisk
  return {
    concordance: pairs > 0 ? (concordant + tiedRisk / 2) / pairs : null,
    concordant,
    discordant,
    tiedRisk,
  }
}
