import { cumulativeIncidence } from '#domain/statistics/cumulative-incidence.ts'
import { grayTest } from '#domain/statistics/gray-test.ts'
import {
  kaplanMeier,
  type SurvivalCurve,
  type SurvivalLimits,
} from '#domain/statistics/kaplan-meier.ts'
import { type LogRankWeights, logRankTest } from '#domain/statistics/log-rank.ts'
import { StatisticsProblem } from '#domain/statistics/problem.ts'
import { arithmetic, eventOf, labelsOf } from '#domain/statistics/reference/data-set.ts'
import { joinedLabels } from '#domain/statistics/reference/formula.ts'
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
  const labels = (name: string) =>
    r.has(name) ? joinedLabels(set, r.text(name).split(/\s*[+,]\s*/)) : undefined
  const numbers = (name: string) => (r.has(name) ? arithmetic(set, r.text(name)) : undefined)
  return {
    time: arithmetic(set, r.text('time')),
    event: eventOf(set, r.text(r.named('event', 'status'))),
    entry: numbers('entry'),
    weight: numbers('weights') ?? numbers('weight'),
    group: labels('group'),
    stratum: labels('strata'),
  }
}

/**
 * Levels in the order in which the reference lists them, without the name of the column before them: `sex=2` is 2, and
 * `sex=1, stage=3 ` of two columns is `1, 3`. Data may hold no others.
 */
function levelsFrom(labels: string[] | undefined, group: string): string[] | undefined {
  const columns = group.split(/\s*[+,]\s*/)
  return labels?.map((label) => {
    const parts = columns.length === 1 ? [label] : label.split(',').map((part) => part.trim())
    return parts
      .map((part, i) => {
        const prefix = `${columns[i] ?? ''}=`
        if (part.startsWith(prefix)) return part.slice(prefix.length)
        return /[<>=!&|]/.test(group) ? part.slice(part.lastIndexOf('=') + 1) : part
      })
      .join(', ')
  })
}

const limitScales: Readonly<Record<string, SurvivalLimits>> = {
  log: 'log',
  'log-log': 'log-log',
  loglog: 'log-log',
  cloglog: 'log-log',
  plain: 'plain',
  linear: 'plain',
  logit: 'logit',
  arcsin: 'arcsin',
  arcsine: 'arcsin',
}

/** R's `conf.type`; words behind the first one are a remark. */
function limitsOf(r: CaseReader): SurvivalLimits {
  const [name = ''] = r.text('conf_type', 'log').toLowerCase().replace('_', '-').split(' ')
  const scale = Object.hasOwn(limitScales, name) ? limitScales[name] : undefined
  if (!scale) throw new StatisticsProblem('bad-case', `there is no conf_type "${name}"`)
  return scale
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

/** Time of a quantile as R's quantile.survfit finds it: on the values sorted, which matters where limits are not monotone. */
function quantileTimes(
  curve: SurvivalCurve,
  values: ArrayLike<number | null>,
  probabilities: readonly number[],
): (number | null)[] {
  const slack = Math.sqrt(Number.EPSILON)
  const start = curve.entries ? Math.min(0, ...Array.from(curve.time)) : 0
  const points = [{ time: start, y: 0 as number | null }]
  Array.from(values).forEach((value, i) => {
    points.push({ time: curve.time[i] as number, y: value === null ? null : 1 - value })
  })
  const last = points[points.length - 1] as (typeof points)[number]
  // Values that are equal but for the last digits are one plateau, of which the first time counts.
  const same = (a: number | null, b: number | null) =>
    a === null || b === null ? a === b : Math.abs(a - b) < 1e-12
  const kept = points.filter((p, i) => points.findIndex((q) => same(q.y, p.y)) === i)
  const final = kept[kept.length - 1] as (typeof points)[number]
  const sorted = kept
    .filter((p): p is { time: number; y: number } => p.y !== null)
    .sort((a, b) => a.y - b.y)
  return probabilities.map((p) => {
    const one = sorted.find(({ y }) => y + slack >= p)
    const two = sorted.find(({ y }) => y - slack >= p)
    if (one && final.y !== null && Math.abs(p - final.y) < slack) return (one.time + last.time) / 2
    return one && two ? (one.time + two.time) / 2 : null
  })
}

/** Number at risk at a landmark as R's summary prints it: that of the next row of the curve. */
function nextAtRisk(curve: SurvivalCurve, time: number): number {
  const slack = Math.sqrt(Number.EPSILON) * Math.max(1, Math.abs(time))
  const row = Array.from(curve.time).findIndex((t) => t >= time - slack)
  return row < 0 ? 0 : (curve.atRisk[row] as number)
}

/** R has no transformed limits where the curve is 1 (NA); such a limit is 1 by definition, and a reference may say either. */
function limitsAs(
  asked: unknown,
  name: 'lower' | 'upper',
  survival: ArrayLike<number | null>,
  limits: ArrayLike<number | null>,
): (number | null)[] {
  const wanted = (asked as Record<string, unknown> | undefined)?.[name]
  return Array.from(limits, (limit, i) =>
    survival[i] === 1 && Array.isArray(wanted) && (wanted[i] === null || wanted[i] === 'NaN')
      ? null
      : limit,
  )
}

/**
 * The median. Where a curve stays at 1/2 to its end R says two things, the middle of that plateau (quantile) or its
 * beginning (print and summary), and a reference may say either.
 */
function medianAs(asked: unknown, curve: SurvivalCurve): number | null {
  const { time = null } = survivalQuantiles(curve, [0.5])[0] ?? {}
  const start = curve.survival.findIndex((s) => s < 0.5 + 1e-8)
  const stays = start >= 0 && Array.from(curve.survival).every((s) => s > 0.5 - 1e-8)
  const at = curve.time[start] as number
  return stays && typeof asked === 'number' && Math.abs(asked - at) <= 1e-12 * at ? asked : time
}

function curveResult(curve: SurvivalCurve, label: string, asked: Labelled) {
  const probabilities = numbersAt(asked.quantiles, 'p')
  const landmarks = survivalAt(curve, numbersAt(asked.landmark, 'time'), { carryForward: true })
  const [tau] = numbersAt(asked.rmst, 'tau')
  const mean = tau === undefined ? undefined : restrictedMean(curve, tau)
  return {
    stratum: label,
    n: curve.n,
    events: curve.events,
    median: medianAs(asked.median, curve),
    quantiles: {
      p: probabilities,
      q: quantileTimes(curve, curve.survival, probabilities),
      lower: quantileTimes(curve, curve.lower, probabilities),
      upper: quantileTimes(curve, curve.upper, probabilities),
    },
    landmark: {
      time: landmarks.map((l) => l.time),
      n_risk: landmarks.map((l) => (curve.entries ? nextAtRisk(curve, l.time) : l.atRisk)),
      surv: landmarks.map((l) => l.survival),
      se_greenwood: landmarks.map((l) => l.standardError),
      lower: limitsAs(
        asked.landmark,
        'lower',
        landmarks.map((l) => l.survival),
        landmarks.map((l) => l.lower),
      ),
      upper: limitsAs(
        asked.landmark,
        'upper',
        landmarks.map((l) => l.survival),
        landmarks.map((l) => l.upper),
      ),
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
      lower: limitsAs(asked.table, 'lower', curve.survival, curve.lower),
      upper: limitsAs(asked.table, 'upper', curve.survival, curve.upper),
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
    limits: limitsOf(r),
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
  const labels = r.expectedList('levels')
  const levels = levelsFrom(labels, r.text('group', ''))
  const horizon = r.has('horizon') ? r.number('horizon') : undefined
  const run = (weights: LogRankWeights) => {
    const result = logRankTest(data, { weights, levels, horizon })
    return {
      levels: labels ?? result.levels,
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
  const tau = r.number(r.named('tau', 'rmean', 'horizon'))
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

/** Whether the reference lists the causes of Gray's test by name. */
function namedCauses(r: CaseReader): boolean {
  const asked = (r.case.expected.gray_test as { causes?: unknown } | undefined)?.causes
  const states = r.expectedList('states') ?? []
  return Array.isArray(asked) && asked.every((cause) => states.includes(String(cause)))
}

function askedCause(stratum: Labelled | undefined, cause: string): unknown {
  return (stratum?.cif as Record<string, unknown> | undefined)?.[cause]
}

export const cumulativeIncidenceCase: Recompute = (r) => {
  const set = r.dataSet()
  const states = r.expectedList('states') ?? []
  const [first = ''] = states
  const named = r.value(r.named('first_level_is_censoring', 'censoring', 'cencode'))
  const censoring = typeof named === 'string' || typeof named === 'number' ? String(named) : first
  const causes = states.filter((state) => state !== censoring)
  const strata = expectedStrata(r)
  const group = r.has('group') ? labelsOf(set, r.text('group')) : undefined
  const levels = group
    ? levelsFrom(
        strata.map((s) => s.stratum),
        r.text('group'),
      )
    : undefined
  const data = {
    time: arithmetic(set, r.text('time')),
    state: labelsOf(set, r.text('state')),
    group,
  }
  const { curves } = cumulativeIncidence(data, {
    censoring,
    causes,
    levels,
    confidenceLevel: r.confidenceLevel(),
    limits: limitsOf(r),
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
              lower: limitsAs(
                askedCause(strata[i], cause),
                'lower',
                readings.map((x) => x.causes[k]?.incidence ?? null),
                readings.map((x) => x.causes[k]?.lower ?? null),
              ),
              upper: limitsAs(
                askedCause(strata[i], cause),
                'upper',
                readings.map((x) => x.causes[k]?.incidence ?? null),
                readings.map((x) => x.causes[k]?.upper ?? null),
              ),
            },
          ]),
        ),
      }
    }),
    gray_test: gray && {
      // cmprsk numbers the causes; a reference may also name them.
      causes: gray.map((_, i) => (namedCauses(r) ? causes[i] : String(i + 1))),
      stat: gray.map((g) => g.chiSquare),
      df: gray.map((g) => g.degreesOfFreedom),
      p: gray.map((g) => g.p),
    },
  }
}
