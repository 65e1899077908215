import { normalQuantile } from '#domain/statistics/distributions.ts'
import { kaplanMeier } from '#domain/statistics/kaplan-meier.ts'
import { requireConfidenceLevel } from '#domain/statistics/problem.ts'
import type { SurvivalData } from '#domain/statistics/survival-data.ts'

export interface HazardCurve {
  group: string
  time: Float64Array
  /** Σ d/n up to and including each time, and its standard error √Σ d/n². */
  cumulativeHazard: Float64Array
  standardError: Float64Array
  /** Limits on the log scale; null before the first event. */
  lower: (number | null)[]
  upper: (number | null)[]
  /** exp(−hazard), the Fleming-Harrington survival. */
  survival: Float64Array
}

/**
 * Nelson-Aalen cumulative hazard by group with limits on the log scale. Throws as `kaplanMeier` does.
 * Input: as `kaplanMeier`; the hazard is a pure number at each time. Missing: a row with a missing value in any given
 * column is dropped and counted; NaN is refused. Source: Nelson (1972), Aalen (1978).
 * Example: `nelsonAalen({ time: [3, 7, 11], event: [1, 0, 1] })[0].cumulativeHazard` = [1/3, 1/3, 4/3].
 */
export function nelsonAalen(
  data: SurvivalData,
  options: { confidenceLevel?: number; levels?: readonly string[] } = {},
): HazardCurve[] {
  const { confidenceLevel = 0.95, levels } = options
  requireConfidenceLevel(confidenceLevel)
  const z = normalQuantile((1 - confidenceLevel) / 2, 'upper')
  return kaplanMeier(data, { confidenceLevel, levels }).curves.map((curve) => {
    const hazard = curve.cumulativeHazard
    const error = curve.cumulativeHazardStandardError
    const limit = (sign: 1 | -1) =>
      Array.from(hazard, (h, k) =>
        h > 0 ? h * Math.exp((sign * z * (error[k] as number)) / h) : null,
      )
    return {
      group: curve.group,
      time: curve.time,
      cumulativeHazard: hazard,
      standardError: error,
      lower: limit(-1),
      upper: limit(1),
      survival: hazard.map((h) => Math.exp(-h)),
    }
  })
}
