/* Two independent proportions: risk difference, risk ratio and odds ratio with the limits in clinical use. */
import { normalQuantile } from '#domain/statistics/distributions.ts'
import { requireConfidenceLevel } from '#domain/statistics/problem.ts'
import { ensureCount, wilsonInterval } from '#domain/statistics/proportion.ts'
import { findRoot } from '#domain/statistics/special/root.ts'

export type Limits = [lower: number, upper: number]

export interface ProportionComparison {
  risk1: number
  risk2: number
  /** risk1 − risk2. */
  difference: number
  differenceIntervals: {
    wald: Limits
    /** Newcombe's method 10 (hybrid of Wilson scores) and 11 (with continuity correction). */
    newcombe: Limits
    newcombeCorrected: Limits
    agrestiCaffo: Limits
    miettinenNurminen: Limits
    farringtonManning: Limits
  }
  /** null when risk2 is 0; limits (Katz, log scale) null when either count is 0. */
  riskRatio: number | null
  riskRatioInterval: Limits | null
  /** Sample odds ratio ad/bc, null when bc is 0; limits (Woolf, log scale) null with an empty cell. */
  oddsRatio: number | null
  oddsRatioInterval: Limits | null
}

/** Maximum likelihood estimates of both risks given that they differ by d (Miettinen and Nurminen 1985, appendix). */
function constrainedRisks(
  k1: number,
  n1: number,
  k2: number,
  n2: number,
  d: number,
): [number, number] {
  const n = n1 + n2
  const k = k1 + k2
  const l2 = (n1 + 2 * n2) * d - n - k
  const l1 = (n2 * d - n - 2 * k2) * d + k
  const l0 = k2 * d * (1 - d)
  const c = l2 ** 3 / (3 * n) ** 3 - (l1 * l2) / (6 * n * n) + l0 / (2 * n)
  const b = (c < 0 ? -1 : 1) * Math.sqrt(Math.max(0, l2 ** 2 / (3 * n) ** 2 - l1 / (3 * n)))
  const ratio = b === 0 ? 0 : Math.min(1, Math.max(-1, c / b ** 3))
  const a = (Math.PI + Math.acos(ratio)) / 3
  const p2 = Math.min(1, Math.max(0, 2 * b * Math.cos(a) - l2 / (3 * n)))
  return [Math.min(1, Math.max(0, p2 + d)), p2]
}

function scoreLimits(
  k1: number,
  n1: number,
  k2: number,
  n2: number,
  z: number,
  factor: number,
): Limits {
  const observed = k1 / n1 - k2 / n2
  const score = (d: number) => {
    const [p1, p2] = constrainedRisks(k1, n1, k2, n2, d)
    const variance = ((p1 * (1 - p1)) / n1 + (p2 * (1 - p2)) / n2) * factor
    const gap = observed - d
    return variance > 0 ? gap / Math.sqrt(variance) : gap === 0 ? 0 : Math.sign(gap) * 1e10
  }
  const edge = 1 - 1e-12
  const lower =
    observed <= -edge ? -1 : score(-edge) <= z ? -1 : findRoot((d) => score(d) - z, -edge, observed)
  const upper =
    observed >= edge ? 1 : score(edge) >= -z ? 1 : findRoot((d) => score(d) + z, observed, edge)
  return [lower, upper]
}

/**
 * Compares k1/n1 with k2/n2: risk difference with six intervals, risk ratio and odds ratio with limits. Throws
 * `bad-option`.
 * Input: k of n subjects of two groups; risks and differences are proportions, ratios pure numbers, null where an empty
 * cell leaves them undefined. Missing: counts cannot be missing; what is not a count is refused (`bad-option`). Source:
 * Newcombe (1998), Agresti and Caffo (2000), Miettinen and Nurminen (1985), Farrington and Manning (1990); Katz et al.
 * (1978), Woolf (1955).
 * Example: `compareProportions(56, 70, 48, 80).differenceIntervals.newcombe` = [0.0524, 0.3339],
 * `compareProportions(56, 70, 48, 80).riskRatioInterval` = [1.0766, 1.6512], `compareProportions(56, 70, 48,
 * 80).oddsRatio` = 2.6667.
 */
export function compareProportions(
  k1: number,
  n1: number,
  k2: number,
  n2: number,
  confidenceLevel = 0.95,
): ProportionComparison {
  ensureCount(k1, n1)
  ensureCount(k2, n2)
  requireConfidenceLevel(confidenceLevel)
  const z = normalQuantile((1 - confidenceLevel) / 2, 'upper')
  const p1 = k1 / n1
  const p2 = k2 / n2
  const difference = p1 - p2
  const around = (centre: number, reach: number): Limits => [centre - reach, centre + reach]
  const newcombe = (yates: number): Limits => {
    const a = wilsonInterval(k1, n1, z, yates)
    const b = wilsonInterval(k2, n2, z, yates)
    return [
      difference - Math.hypot(p1 - a.lower, b.upper - p2),
      difference + Math.hypot(a.upper - p1, p2 - b.lower),
    ]
  }
  const q1 = (k1 + 1) / (n1 + 2)
  const q2 = (k2 + 1) / (n2 + 2)
  const caffo = z * Math.sqrt((q1 * (1 - q1)) / (n1 + 2) + (q2 * (1 - q2)) / (n2 + 2))
  const onLog = (estimate: number, variance: number): Limits => {
    const reach = Math.exp(z * Math.sqrt(variance))
    return [estimate / reach, estimate * reach]
  }
  const [a, b, c, d] = [k1, n1 - k1, k2, n2 - k2]
  const riskRatio = k2 > 0 ? p1 / p2 : null
  const oddsRatio = b * c > 0 ? (a * d) / (b * c) : null
  return {
    risk1: p1,
    risk2: p2,
    difference,
    differenceIntervals: {
      wald: around(difference, z * Math.sqrt((p1 * (1 - p1)) / n1 + (p2 * (1 - p2)) / n2)),
      newcombe: newcombe(0),
      newcombeCorrected: newcombe(0.5),
      agrestiCaffo: around(q1 - q2, caffo),
      miettinenNurminen: scoreLimits(k1, n1, k2, n2, z, (n1 + n2) / (n1 + n2 - 1)),
      farringtonManning: scoreLimits(k1, n1, k2, n2, z, 1),
    },
    riskRatio,
    riskRatioInterval:
      riskRatio !== null && k1 > 0 ? onLog(riskRatio, 1 / k1 - 1 / n1 + 1 / k2 - 1 / n2) : null,
    oddsRatio,
    oddsRatioInterval:
      oddsRatio !== null && a * d > 0 ? onLog(oddsRatio, 1 / a + 1 / b + 1 / c + 1 / d) : null,
  }
}
