import type { DataSet } from '#domain/statistics/reference/columns.ts'
import * as design from '#domain/statistics/verbs/design-verbs.ts'
import * as samples from '#domain/statistics/verbs/sample-verbs.ts'
import * as survival from '#domain/statistics/verbs/survival-verbs.ts'
import * as tables from '#domain/statistics/verbs/table-verbs.ts'
import { type Verb, VerbInput, type VerbOptions } from '#domain/statistics/verbs/verb.ts'

/** Every procedure that the statistics command can run, by its verb. */
export const verbs: Readonly<Record<string, Verb>> = {
  km: survival.km,
  nelsonaalen: survival.nelsonaalen,
  rmst: survival.rmst,
  logrank: survival.logrank,
  cox: survival.cox,
  adjusted: survival.adjusted,
  cif: survival.cif,
  fisher: tables.fisher,
  chisq: tables.chisq,
  gof: tables.gof,
  trend: tables.trend,
  mcnemar: tables.mcnemar,
  cmh: tables.cmh,
  kappa: tables.kappa,
  icc: tables.icc,
  proportion: tables.proportion,
  proportions: tables.proportions,
  padjust: tables.padjust,
  samplesize: design.samplesize,
  power: design.power,
  describe: samples.describe,
  ttest: samples.ttest,
  mannwhitney: samples.mannwhitney,
  signedrank: samples.signedrank,
  kruskal: samples.kruskal,
  anova: samples.anova,
  shapiro: samples.shapiro,
  correlation: samples.correlation,
}

/** Runs a verb on a data set; throws `StatisticsProblem`. */
export function runVerb(verb: Verb, data: DataSet | null, options: VerbOptions): unknown {
  return verb.run(new VerbInput(data, options))
}
