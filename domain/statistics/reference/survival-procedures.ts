import { cumulativeIncidence } from '#domain/statistics/cumulative-incidence.ts'
import { grayTest } from '#domain/statistics/gray-test.ts'
import {
  kaplanMeier,
  type SurvivalCurve,
  type SurvivalLimits,
} from '#domain/statistics/kaplan-meier.ts'
import { type LogRankWeights, logRankTest } from '#domain/statistics/log-rank.ts'
import { StatisticsProblem } from '#domain/statistics/problem.ts'
import { columnOf, eventOf, numbersOf } from '#domain/statistics/reference/data-set.ts'
import type { CaseReader, Recompute } from '#domain/statistics/reference/read-case.ts'
import type { SurvivalData } from '#domain/statistics/survival-data.ts'
import {
  restrictedMean,
  restrictedMeanDifference,
  survivalAt,
  survivalQuantiles,
} from '#domain/statistics/survival-readings.ts'

type Labelled = { stratum: string } & Record<string, unknown>

/** Follow-up columns named by the case; several grouping or stratifying columns are joined as R joins them. */
export function survivalDataOf(r: CaseReader): SurvivalData {
  const set = r.dataSet()
  const labels = (name: string) => {
    if (!r.has(name)) return undefined
    const columns = r
      .text(name)
      .split(/\s*[+,]\s*/)
      .map((column) => columnOf(set, column))
    const [first] = columns
    if (columns.length === 1) return first
    return first?.map((_, i) =>
      columns.some((c) => c[i] === null) ? null : columns.map((c) => c[i]).join(', '),
    )
  }
  return {
    time: numbersOf(set, r.text('time')),
    event: eventOf(set, r.text('event')),
    entry: r.has('entry') ? numbersOf(set, r.text('entry')) : undefined,
    weight: r.has('weights')
      ? numbersOf(set, r.text('weights'))
      : r.has('weight')
        ? numbersOf(set, r.text('weight'))
        : undefined,
    group: labels('group'),
    stratum: labels('strata'),
  }
}

/** Levels in the order in which the reference lists them; data may hold no others. */
function levelsFrom(labels: string[] | undefined, group: string): string[] | undefined {
  return labels?.map((label) =>
    label.startsWith(`${group}=`) ? label.slice(group.length + 1) : label,
  )
}

function expectedStrata(r: CaseReader): Labelled[] {
  const strata = r.case.expected.strata
  if (!Array.isArray(strata))
    throw new StatisticsProblem('bad-case', '"expected.strata" is not a list')
  return strata as Labelled[]
}

function numbersAt(record: unknown, name: string): number[] {
  const value = (record as Record<string, unknown> | undefined)?.[name]
  return Array.isArray(value) ? value.map(Number) : value === undefined ? [] : [Number(value)]
}

function curveResult(curve: SurvivalCurve, label: string, asked: Labelled) {
  const quantiles = survivalQuantiles(curve, numbersAt(asked.quantiles, 'p'))
  const landmarks = survivalAt(curve, numbersAt(asked.landmark, 'time'), { carryForward: true })
  const [tau] = numbersAt(asked.rmst, 'tau')
  const mean = tau === undefined ? undefined : restrictedMean(curve, tau)
  return {
    stratum: label,
    n: curve.n,
    events: curve.events,
    median: survivalQuantiles(curve, [0.5])[0]?.time ?? null,
    quantiles: {
      p: quantiles.map((q) => q.p),
      q: quantiles.map((q) => q.time),
      lower: quantiles.map((q) => q.lower),
      upper: quantiles.map((q) => q.upper),
    },
    landmark: {
      time: landmarks.map((l) => l.time),
      n_risk: landmarks.map((l) => l.atRisk),
      surv: landmarks.map((l) => l.survival),
      se_greenwood: landmarks.map((l) => l.standardError),
      lower: landmarks.map((l) => l.lower),
      upper: landmarks.map((l) => l.upper),
      cumhaz_nelson_aalen: landmarks.map((l) => l.cumulativeHazard),
    },
    rmst: mean && {
      tau,
      rmst: mean.mean,
      se: mean.standardError,
      lower: mean.lower,
      upper: mean.upper,
    },
    table: {
      time: curve.time,
      n_risk: curve.atRisk,
      n_event: curve.eventCount,
      n_censor: curve.censored,
      surv: curve.survival,
      se_greenwood: curve.standardError,
      cumhaz_nelson_aalen: curve.cumulativeHazard,
      se_cumhaz: curve.cumulativeHazardStandardError,
      lower: curve.lower,
      upper: curve.upper,
    },
  }
}

export const kaplanMeierCase: Recompute = (r) => {
  const data = survivalDataOf(r)
  const strata = expectedStrata(r)
  const levels = data.group
    ? levelsFrom(
        strata.map((s) => s.stratum),
        r.text('group'),
      )
    : undefined
  const { curves } = kaplanMeier(data, {
    confidenceLevel: r.confidenceLevel(),
    limits: r.text('conf_type', 'log') as SurvivalLimits,
    levels,
  })
  return {
    strata: curves.map((curve, i) =>
      curveResult(curve, strata[i]?.stratum ?? curve.group, strata[i] as Labelled),
    ),
  }
}

export const logRankCase: Recompute = (r) => {
  const data = survivalDataOf(r)
  const levels = r.expectedList('levels')
  const horizon = r.has('horizon') ? r.number('horizon') : undefined
  const run = (weights: LogRankWeights) => {
    const result = logRankTest(data, { weights, levels, horizon })
    return {
      levels: result.levels,
      n: result.n,
      observed: result.observed,
      expected: result.expected,
      var: result.variance,
      chisq: result.chiSquare,
      df: result.degreesOfFreedom,
      p: result.p,
    }
  }
  return {
    ...run({ kind: 'g-rho', rho: r.number('rho', 0), gamma: r.number('gamma', 0) }),
    gehan_breslow_wilcoxon: r.wants('gehan_breslow_wilcoxon')
      ? run({ kind: 'gehan-breslow' })
      : undefined,
    tarone_ware: r.wants('tarone_ware') ? run({ kind: 'tarone-ware' }) : undefined,
  }
}

export const restrictedMeanCase: Recompute = (r) => {
  const tau = r.number('tau')
  const level = r.confidenceLevel()
  const labels = r.expectedList('levels')
  const { curves } = kaplanMeier(survivalDataOf(r), {
    levels: levelsFrom(labels, r.text('group', '')),
  })
  const means = curves.map((curve) => restrictedMean(curve, tau, level))
  const [first, second] = curves
  const base = {
    levels: labels ?? curves.map((c) => c.group),
    rmst: means.map((m) => m.mean),
    se: means.map((m) => m.standardError),
  }
  if (!first || !second) return base
  const d = restrictedMeanDifference(first, second, tau, level)
  return {
    ...base,
    difference_2_minus_1: d.difference,
    se_diff: d.standardError,
    ci95: [d.lower, d.upper],
    ci: [d.lower, d.upper],
    z: d.z,
    p: d.p,
  }
}

export const cumulativeIncidenceCase: Recompute = (r) => {
  const set = r.dataSet()
  const states = r.expectedList('states') ?? []
  const [first = ''] = states
  const censoring = r.text('first_level_is_censoring', first)
  const causes = states.filter((state) => state !== censoring)
  const strata = expectedStrata(r)
  const group = r.has('group') ? columnOf(set, r.text('group')) : undefined
  const levels = group
    ? levelsFrom(
        strata.map((s) => s.stratum),
        r.text('group'),
      )
    : undefined
  const data = {
    time: numbersOf(set, r.text('time')),
    state: columnOf(set, r.text('state')),
    group,
  }
  const { curves } = cumulativeIncidence(data, {
    censoring,
    causes,
    levels,
    confidenceLevel: r.confidenceLevel(),
    limits: (r.text('conf_type', 'log').split(' ')[0] ?? 'log') as SurvivalLimits,
  })
  const gray =
    group && r.wants('gray_test')
      ? causes.map((cause) => grayTest(data, { censoring, cause, rho: r.number('rho', 0) }))
      : undefined
  return {
    states,
    strata: curves.map((curve, i) => {
      const readings = curve.at(numbersAt(strata[i], 'time'))
      return {
        stratum: strata[i]?.stratum ?? curve.group,
        time: readings.map((x) => x.time),
        n_risk: readings.map((x) => x.atRisk),
        cif: Object.fromEntries(
          causes.map((cause, k) => [
            cause,
            {
              estimate: readings.map((x) => x.causes[k]?.incidence),
              se: readings.map((x) => x.causes[k]?.standardError),
              lower: readings.map((x) => x.causes[k]?.lower),
              upper: readings.map((x) => x.causes[k]?.upper),
            },
          ]),
        ),
      }
    }),
    gray_test: gray && {
      causes: gray.map((_, i) => String(i + 1)),
      stat: gray.map((g) => g.chiSquare),
      df: gray.map((g) => g.degreesOfFreedom),
      p: gray.map((g) => g.p),
    },
  }
}
