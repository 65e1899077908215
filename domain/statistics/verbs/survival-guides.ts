import type { VerbGuide } from '#domain/statistics/verbs/verb.ts'

const followUp =
  'one row a subject: time from time zero (any one unit, 0 or more), status 1 for an event and 0 for censored (or --event names the value of an event)'
const dropped = 'a row with a missing value in a column that is used is dropped and counted'
const trial = '--data domain/statistics/reference/data/trial.csv --time pfs_day --status pfs_event'

export const survivalGuides: Readonly<Record<string, VerbGuide>> = {
  km: {
    title: 'Kaplan-Meier survival curves',
    input: `${followUp}; optional entry time (left truncation), weight, group`,
    result:
      'by group: n, events, median with limits; at each time number at risk, events, censored, survival, Greenwood SE, limits, Nelson-Aalen hazard',
    missing: dropped,
    reference: 'Kaplan and Meier 1958; Greenwood 1926; Brookmeyer and Crowley 1982',
    r: "survfit(Surv(T, S) ~ G, conf.type = 'log')",
    proof: 'kaplan_meier',
    limits: 'limits are cut to 0..1; null where not estimable or not reached',
    example: `${trial} --group arm --times 91,182,364 --limits log-log`,
    shows: '0.8666667',
  },
  nelsonaalen: {
    title: 'Nelson-Aalen cumulative hazard',
    input: followUp,
    result: 'by group and time: cumulative hazard, SE, limits on the log scale',
    missing: dropped,
    reference: 'Nelson 1972; Aalen 1978',
    r: 'survfit(Surv(T, S) ~ G)$cumhaz',
    proof: 'kaplan_meier (cumhaz_nelson_aalen)',
    limits: 'limits are null before the first event',
    example: `${trial} --group arm`,
    shows: '0.03571429',
  },
  rmst: {
    title: 'restricted mean survival time and its difference',
    input: `${followUp}; --horizon in the unit of time`,
    result:
      'mean time up to the horizon by group with SE and limits; second minus first group with z and p',
    missing: dropped,
    reference: 'Irwin 1949; Royston and Parmar 2013',
    r: 'summary(survfit(Surv(T, S) ~ G), rmean = 365)$table',
    proof: 'rmst',
    limits: 'Greenwood variance without a factor for small samples',
    example: `${trial} --group arm --horizon 364`,
    shows: 'difference second minus first',
  },
  logrank: {
    title: 'log-rank test and its family, stratified or up to a horizon',
    input: `${followUp}; group of two or more labels; optional strata`,
    result:
      'chi-square, degrees of freedom, p; observed and expected events by group; covariance; with --trend the test of a trend over the groups',
    missing: dropped,
    reference: 'Mantel 1966; Peto and Peto 1972; Harrington and Fleming 1982',
    r: 'survdiff(Surv(T, S) ~ G + strata(C), rho = 0)',
    proof: 'logrank',
    limits:
      'no-events without an event, single-group with one group; --trend over three or more labels needs --levels',
    example: `${trial} --group arm`,
    shows: '0.16',
  },
  cox: {
    title: 'Cox proportional hazards regression',
    input: `${followUp}; covariates as columns: numbers, or labels as factors with a reference level (arm=control)`,
    result:
      'coefficient, SE, z, p, hazard ratio with limits; likelihood-ratio, Wald and score tests; concordance; with --zph the test of proportional hazards, with --schoenfeld the residuals',
    missing: dropped,
    reference:
      'Cox 1972; Efron 1977; Breslow 1974; Firth 1993 (--firth); Grambsch and Therneau 1994 (--zph)',
    r: "coxph(Surv(T, S) ~ age + arm, ties = 'efron')",
    proof: 'cox_ph, cox_ph_monotone',
    limits:
      'an infinite coefficient is said, never printed as a large number; --firth takes Breslow’s ties and has no --cluster and no --zph',
    example: `${trial} --covariates arm=CsA,age`,
    shows: 'hazard ratio',
  },
  adjusted: {
    title: 'survival curves adjusted by a Cox model',
    input: `${followUp}; group whose curves are drawn, covariates to adjust for`,
    result: 'by group and time: survival averaged over all subjects as if they were in that group',
    missing: dropped,
    reference: 'Makuch 1982',
    r: 'survfit(coxph(Surv(T, S) ~ G + age), newdata = ), averaged',
    proof: 'cox-ph.test.ts',
    limits: 'without strata',
    example: `${trial} --group arm --covariates age --times 182,364`,
    shows: 'adjusted survival',
  },
  cif: {
    title: 'cumulative incidence with competing risks and Gray’s test',
    input:
      'time and the label of what ended follow-up; --censoring names the label of censoring, or is none',
    result: 'by group, time and cause: incidence, SE, limits; Gray’s test for each cause',
    missing: dropped,
    reference: 'Aalen and Johansen 1978; Gray 1988',
    r: 'survfit(Surv(T, factor(S)) ~ G); cmprsk::cuminc(T, S, G)',
    proof: 'cumulative_incidence',
    example:
      '--data domain/statistics/reference/data/trial.csv --time pfs_day --state pfs_event --censoring 0 --group arm --times 91,364',
    shows: 'incidence',
  },
}
