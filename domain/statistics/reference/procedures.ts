import { coxCase, coxMonotoneCase } from '#domain/statistics/reference/cox-procedures.ts'
import * as design from '#domain/statistics/reference/design-procedures.ts'
import { distribution } from '#domain/statistics/reference/distribution-procedures.ts'
import type { Recompute } from '#domain/statistics/reference/read-case.ts'
import * as samples from '#domain/statistics/reference/sample-procedures.ts'
import * as survival from '#domain/statistics/reference/survival-procedures.ts'
import * as tables from '#domain/statistics/reference/table-procedures.ts'

export interface Procedure {
  recompute: Recompute
  /** Solved by iteration, so its digits are those of the stopping rule of whoever made the reference. */
  iterative: boolean
  /** Step of p-values that references compute as 1 − cdf: cmprsk does so for Gray's test. */
  resolution?: number
}

const direct = (recompute: Recompute): Procedure => ({ recompute, iterative: false })
const iterative = (recompute: Recompute): Procedure => ({ recompute, iterative: true })

/** Every procedure that a reference case may name. */
export const procedures: Readonly<Record<string, Procedure | undefined>> = {
  kaplan_meier: direct(survival.kaplanMeierCase),
  logrank: direct(survival.logRankCase),
  rmst: direct(survival.restrictedMeanCase),
  cumulative_incidence: {
    recompute: survival.cumulativeIncidenceCase,
    iterative: false,
    resolution: 2.3e-16,
  },
  cox_ph: iterative(coxCase),
  cox_ph_monotone: iterative(coxMonotoneCase),
  chisq_test: direct(tables.chiSquareCase),
  chisq_gof: direct(tables.goodnessOfFitCase),
  chisq_trend: direct(tables.trendCase),
  prop_trend: direct(tables.trendCase),
  fisher_2x2: direct(tables.fisherCase),
  fisher_rxc: direct(tables.fisherTableCase),
  proportion_ci: direct(tables.proportionCase),
  two_proportions_ci: iterative(tables.twoProportionsCase),
  mcnemar: direct(tables.mcNemarCase),
  cochran_mantel_haenszel: direct(tables.mantelHaenszelCase),
  cohen_kappa: direct(tables.kappaCase),
  kappa: direct(tables.kappaCase),
  icc: direct(tables.iccCase),
  t_test: direct(samples.tTestCase),
  t_test_from_summary: direct(samples.tSummaryCase),
  mann_whitney: direct(samples.mannWhitneyCase),
  wilcoxon_signed_rank: direct(samples.signedRankCase),
  kruskal_wallis: direct(samples.kruskalWallisCase),
  one_way_anova: direct(samples.anovaCase),
  shapiro_wilk: iterative(samples.shapiroWilkCase),
  descriptives: direct(samples.descriptivesCase),
  p_adjust: direct(samples.pAdjustCase),
  correlation: direct(samples.correlationCase),
  sample_size_two_proportions: direct(design.twoProportionsSizeCase),
  sample_size_logrank: direct(design.logRankSizeCase),
  sample_size_t: iterative(design.tSizeCase),
  exact_power_two_proportions: direct(design.exactPowerCase),
  distribution: direct(distribution),
}
