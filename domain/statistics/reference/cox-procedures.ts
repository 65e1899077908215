import { coxConcordance } from '#domain/statistics/concordance.ts'
import { baselineHazard } from '#domain/statistics/cox-curves.ts'
import type { Ties } from '#domain/statistics/cox-likelihood.ts'
import type { ModelTest } from '#domain/statistics/cox-model.ts'
import { type CoxFit, coxPh } from '#domain/statistics/cox-ph.ts'
import { coxProfileLimits } from '#domain/statistics/cox-profile.ts'
import { proportionalHazardsTest, type ZphTransform } from '#domain/statistics/cox-zph.ts'
import { logRankTest } from '#domain/statistics/log-rank.ts'
import { StatisticsProblem } from '#domain/statistics/problem.ts'
import { arithmetic, eventOf, labelsOf } from '#domain/statistics/reference/data-set.ts'
import { readFormula } from '#domain/statistics/reference/formula.ts'
import type { CaseReader, Recompute } from '#domain/statistics/reference/read-case.ts'

/** R's `ties`, also under its older name `method`. */
function tiesOf(r: CaseReader): Ties {
  const name = r.text(r.named('ties', 'method'), 'efron').toLowerCase()
  const found = (['efron', 'breslow', 'exact'] as const).find((ties) => ties === name)
  if (!found) throw new StatisticsProblem('bad-case', `there is no treatment of ties "${name}"`)
  return found
}

const testResult = (t: ModelTest | null) =>
  t ? { stat: t.statistic, df: t.degreesOfFreedom, p: t.p } : null

function zphResult(fit: CoxFit, transform: string) {
  const { terms, global } = proportionalHazardsTest(fit.model, transform as ZphTransform)
  return {
    rows: [...terms.map((t) => t.name), 'GLOBAL'],
    chisq: [...terms.map((t) => t.chiSquare), global.chiSquare],
    df: [...terms.map((t) => t.degreesOfFreedom), global.degreesOfFreedom],
    p: [...terms.map((t) => t.p), global.p],
  }
}

/** Names under a key of `expected` that is a record. */
function askedKeys(r: CaseReader, name: string): string[] {
  const value = r.case.expected[name]
  return typeof value === 'object' && value !== null ? Object.keys(value) : []
}

export const coxCase: Recompute = (r) => {
  const set = r.dataSet()
  const formula = readFormula(r.text('formula'), set, r.expectedList('terms') ?? [])
  const clusterName = r.has('cluster') ? r.text('cluster') : undefined
  const weightName = r.has('weights') ? r.text('weights') : undefined
  const fit = coxPh(
    {
      time: formula.time,
      event: formula.event,
      entry: formula.entry,
      weight: weightName ? arithmetic(set, weightName) : undefined,
      stratum: formula.strata,
      cluster: clusterName ? labelsOf(set, clusterName) : formula.cluster,
      offset: formula.offset,
      terms: formula.terms,
    },
    {
      ties: tiesOf(r),
      confidenceLevel: r.confidenceLevel(),
      robust: r.has('robust') ? r.flag('robust') : undefined,
    },
  )
  const c = fit.coefficients
  const { offset } = fit.model.rows
  const meanOffset = offset ? offset.reduce((sum, o) => sum + o / offset.length, 0) : 0
  const at = r.case.expected.breslow_or_efron_cumhaz_at_zero as { time?: number[] } | undefined
  return {
    terms: c.map((x) => x.name),
    n: fit.n,
    nevent: fit.events,
    coef: c.map((x) => x.estimate),
    se: c.map((x) => x.standardError),
    naive_se: c.map((x) => x.naiveStandardError),
    robust: fit.robust,
    z: c.map((x) => x.z),
    p: c.map((x) => x.p),
    hr: c.map((x) => x.hazardRatio),
    hr_lower: c.map((x) => x.lower),
    hr_upper: c.map((x) => x.upper),
    vcov: fit.covariance,
    loglik_null: fit.logLikelihoodNull,
    loglik: fit.logLikelihood,
    lr_test: testResult(fit.likelihoodRatioTest),
    wald_test: testResult(fit.waldTest),
    score_test: testResult(fit.scoreTest),
    robust_score_test: testResult(fit.robustScoreTest),
    concordance: r.wants('concordance') ? coxConcordance(fit.model).concordance : undefined,
    breslow_or_efron_cumhaz_at_zero: at?.time && {
      time: at.time,
      // R's basehaz sets covariates to 0 and leaves the offset at its mean.
      cumhaz: baselineHazard(fit.model, at.time).map((h) => h * Math.exp(meanOffset)),
    },
    schoenfeld_zph: r.wants('schoenfeld_zph')
      ? Object.fromEntries(askedKeys(r, 'schoenfeld_zph').map((t) => [t, zphResult(fit, t)]))
      : undefined,
  }
}

export const coxMonotoneCase: Recompute = (r) => {
  const set = r.dataSet()
  const time = arithmetic(set, r.text('time'))
  const event = eventOf(set, r.text('event'))
  const factor = labelsOf(set, r.text('group'))
  const reference = r.text('reference')
  const levels = askedKeys(r, 'events_by_level')
  const fit = coxPh(
    { time, event, terms: [{ name: '', factor, levels, reference }] },
    { ties: tiesOf(r), confidenceLevel: r.confidenceLevel() },
  )
  const infinite = fit.coefficients.filter((c) => c.infinite)
  const finite = fit.coefficients.filter((c) => !c.infinite)
  const [first] = infinite
  if (!first) throw new StatisticsProblem('bad-case', 'no coefficient is infinite')
  const limits = coxProfileLimits(fit.model, first.name)
  const logRank = logRankTest({ time, event, group: factor })
  const complete = (i: number) => time[i] !== null && event[i] !== null && factor[i] !== null
  return {
    events_by_level: Object.fromEntries(
      levels.map((level) => [
        level,
        event.filter((e, i) => e === true && complete(i) && String(factor[i]) === level).length,
      ]),
    ),
    infinite_levels: infinite.map((c) => c.level),
    infinite_sign: first.estimate < 0 ? '-' : '+',
    estimable: {
      terms: finite.map((c) => c.level),
      coef: finite.map((c) => c.estimate),
      se: finite.map((c) => c.standardError),
      hr: finite.map((c) => c.hazardRatio),
      hr_lower: finite.map((c) => c.lower),
      hr_upper: finite.map((c) => c.upper),
    },
    loglik_null: fit.logLikelihoodNull,
    loglik_limit: fit.logLikelihood,
    lr_test: testResult(fit.likelihoodRatioTest),
    score_test_efron: testResult(fit.scoreTest),
    score_test: testResult(fit.scoreTest),
    logrank: { chisq: logRank.chiSquare, df: logRank.degreesOfFreedom, p: logRank.p },
    profile_likelihood_95_upper_hr: limits.upper,
    profile_likelihood_95_lower_hr: limits.lower,
  }
}
