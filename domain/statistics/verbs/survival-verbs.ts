import { coxConcordance } from '#domain/statistics/concordance.ts'
import { adjustedSurvival } from '#domain/statistics/cox-curves.ts'
import type { CoxTerm } from '#domain/statistics/cox-design.ts'
import { coxFirth } from '#domain/statistics/cox-firth.ts'
import type { CoxModel } from '#domain/statistics/cox-model.ts'
import { coxPh } from '#domain/statistics/cox-ph.ts'
import { schoenfeldResiduals } from '#domain/statistics/cox-residuals.ts'
import { proportionalHazardsTest } from '#domain/statistics/cox-zph.ts'
import { cumulativeIncidence } from '#domain/statistics/cumulative-incidence.ts'
import { grayTest } from '#domain/statistics/gray-test.ts'
import { kaplanMeier, type SurvivalCurve } from '#domain/statistics/kaplan-meier.ts'
import { type LogRankWeights, logRankTest, logRankTrend } from '#domain/statistics/log-rank.ts'
import { nelsonAalen } from '#domain/statistics/nelson-aalen.ts'
import { ensure } from '#domain/statistics/problem.ts'
import { sortedLevels } from '#domain/statistics/survival-data.ts'
import {
  medianSurvival,
  restrictedMean,
  restrictedMeanDifference,
  survivalAt,
  survivalQuantiles,
} from '#domain/statistics/survival-readings.ts'
import type { Verb, VerbInput } from '#domain/statistics/verbs/verb.ts'

/** Columns of follow-up. A verb names the others that it uses: an option that it would not use is refused. */
const followUp = ['time', 'status', 'event', 'entry']

function survivalData(v: VerbInput) {
  return {
    time: v.values('time'),
    event: v.events(),
    entry: v.has('entry') ? v.values('entry') : undefined,
    weight: v.has('weight') ? v.values('weight') : undefined,
    group: v.labels('group'),
    stratum: v.labels('strata'),
  }
}

function curveTable(curve: SurvivalCurve) {
  return Array.from(curve.time, (time, k) => ({
    time,
    atRisk: curve.atRisk[k],
    events: curve.eventCount[k],
    censored: curve.censored[k],
    survival: curve.survival[k],
    standardError: curve.standardError[k],
    lower: curve.lower[k],
    upper: curve.upper[k],
    cumulativeHazard: curve.cumulativeHazard[k],
  }))
}

export const km: Verb = {
  usage:
    '--time T --status S [--event v] [--group G] [--entry E] [--weight W] [--limits log|log-log|plain|logit|arcsin] [--times 30,90] [--quantiles 0.25,0.5] [--level 0.95]',
  options: [...followUp, 'group', 'weight', 'level', 'limits', 'times', 'quantiles'],
  required: ['time', 'status'],
  needsData: true,
  run: (v) => {
    const limits = v.choice('limits', ['log', 'log-log', 'plain', 'logit', 'arcsin'], 'log')
    const { curves, missing } = kaplanMeier(survivalData(v), {
      limits,
      confidenceLevel: v.confidenceLevel(),
    })
    return {
      limits,
      confidenceLevel: v.confidenceLevel(),
      missing,
      groups: curves.map((curve) => {
        const { time, lower, upper } = medianSurvival(curve)
        return {
          group: curve.group,
          n: curve.n,
          events: curve.events,
          median: time,
          medianLower: lower,
          medianUpper: upper,
        }
      }),
      curves: curves.map((curve) => ({
        group: curve.group,
        // `p` of a quantile is a share, and must not be taken for a p-value.
        quantiles: v.has('quantiles')
          ? survivalQuantiles(curve, v.numbers('quantiles')).map(({ p, ...times }) => ({
              share: p,
              ...times,
            }))
          : undefined,
        curve: v.has('times') ? survivalAt(curve, v.numbers('times')) : curveTable(curve),
      })),
    }
  },
}

export const nelsonaalen: Verb = {
  usage: '--time T --status S [--event v] [--group G] [--entry E] [--weight W] [--level 0.95]',
  options: [...followUp, 'group', 'weight', 'level'],
  required: ['time', 'status'],
  needsData: true,
  run: (v) => ({
    curves: nelsonAalen(survivalData(v), {
      confidenceLevel: v.confidenceLevel(),
    }).map(({ group, ...curve }) => ({
      group,
      curve: Array.from(curve.time, (time, k) => ({
        time,
        cumulativeHazard: curve.cumulativeHazard[k],
        standardError: curve.standardError[k],
        lower: curve.lower[k],
        upper: curve.upper[k],
      })),
    })),
  }),
}

export const adjusted: Verb = {
  usage:
    '--time T --status S --group G --covariates age,sex [--factors stage] [--event v] [--entry E] [--weight W] [--ties efron|breslow] [--times 30,90]',
  options: [
    'time',
    'status',
    'event',
    'entry',
    'weight',
    'group',
    'covariates',
    'factors',
    'ties',
    'times',
  ],
  required: ['time', 'status', 'group', 'covariates'],
  needsData: true,
  run: (v) => {
    const group = v.text('group')
    const labels = v.column(group)
    const levels = sortedLevels(labels.filter((label) => label !== null).map(String))
    const { model } = coxPh(
      {
        time: v.values('time'),
        event: v.events(),
        entry: v.has('entry') ? v.values('entry') : undefined,
        weight: v.has('weight') ? v.values('weight') : undefined,
        terms: [{ name: group, factor: labels, levels }, ...termsOf(v)],
      },
      { ties: v.choice('ties', ['efron', 'breslow'], 'efron') },
    )
    const settings = levels.map((label) => ({
      label,
      columns: Object.fromEntries(
        levels.slice(1).map((level) => [`${group}${level}`, Number(level === label)]),
      ),
    }))
    const times = v.has('times') ? v.numbers('times') : undefined
    return {
      curves: adjustedSurvival(model, settings).map(({ label, time, survival }) => ({
        group: label,
        curve: (times ?? [...time]).map((t) => {
          const k = time.findLastIndex((at) => at <= t)
          return { time: t, adjustedSurvival: k < 0 ? 1 : survival[k] }
        }),
      })),
    }
  },
}

export const rmst: Verb = {
  usage:
    '--time T --status S --horizon 365 [--event v] [--group G] [--entry E] [--weight W] [--level 0.95]',
  options: [...followUp, 'group', 'weight', 'level', 'horizon'],
  required: ['time', 'status', 'horizon'],
  needsData: true,
  run: (v) => {
    const { curves, missing } = kaplanMeier(survivalData(v))
    const [first, second] = curves
    const horizon = v.number('horizon')
    const level = v.confidenceLevel()
    return {
      missing,
      restrictedMeans: curves.map((curve) => restrictedMean(curve, horizon, level)),
      differenceSecondMinusFirst:
        first && second ? restrictedMeanDifference(first, second, horizon, level) : undefined,
    }
  },
}

export const logrank: Verb = {
  usage:
    '--time T --status S --group G [--event v] [--strata C] [--entry E] [--rho 0] [--gamma 0] [--weights gehan-breslow|tarone-ware] [--horizon 365] [--trend [--levels low,medium,high]]',
  options: [...followUp, 'group', 'strata', 'rho', 'gamma', 'weights', 'horizon', 'levels'],
  flags: ['trend'],
  required: ['time', 'status', 'group'],
  needsData: true,
  run: (v) => {
    v.refuse(v.has('weights') ? ['rho', 'gamma'] : [], '--weights')
    const weights: LogRankWeights = v.has('weights')
      ? { kind: v.choice('weights', ['gehan-breslow', 'tarone-ware']) }
      : { kind: 'g-rho', rho: v.number('rho', 0), gamma: v.number('gamma', 0) }
    const result = logRankTest(survivalData(v), {
      weights,
      horizon: v.has('horizon') ? v.number('horizon') : undefined,
      // Without a trend the order says nothing, and a group without complete rows is left out.
      levels:
        v.flag('trend') || v.has('levels')
          ? v.ordered(v.labels('group') ?? [], v.flag('trend') ? '--trend' : undefined)
          : undefined,
    })
    const { levels, n, observed, expected, ...rest } = result
    return {
      test:
        weights.kind === 'g-rho' && v.number('rho', 0) === 0 && v.number('gamma', 0) === 0
          ? 'log-rank'
          : weights.kind,
      ...rest,
      trend: v.flag('trend') ? logRankTrend(result) : undefined,
      groups: levels.map((group, i) => ({
        group,
        n: n[i],
        observed: observed[i],
        expected: expected[i],
      })),
    }
  },
}

/** `--covariates age,arm,msa=neg`: text columns are factors, `=` names the reference level. */
function termsOf(v: VerbInput): CoxTerm[] {
  const factors = v.has('factors') ? v.names('factors') : []
  const covariates = v.names('covariates').map((item) => item.split('='))
  const other = factors.find((factor) => !covariates.some(([name]) => name === factor))
  ensure(other === undefined, 'bad-option', `--factors ${other} is not among --covariates`)
  return covariates.map(([name = '', reference]) => {
    const cells = v.column(name)
    const isFactor =
      reference !== undefined || factors.includes(name) || cells.some((c) => typeof c === 'string')
    return isFactor
      ? { name, factor: cells, reference }
      : { name, values: cells as (number | null)[] }
  })
}

function residualRows(model: CoxModel) {
  const { names, row, time, residuals, scaled } = schoenfeldResiduals(model)
  return Array.from(time, (t, i) => ({
    row: (row[i] as number) + 1,
    time: t,
    ...Object.fromEntries(names.map((name, j) => [name, residuals[i]?.[j]])),
    ...Object.fromEntries(names.map((name, j) => [`${name}, scaled`, scaled[i]?.[j]])),
  }))
}

export const cox: Verb = {
  usage:
    '--time T --status S --covariates age,arm=control [--factors stage] [--event v] [--ties efron|breslow|exact] [--strata C] [--entry E] [--weight W] [--cluster id] [--offset O] [--zph km|identity|log|rank] [--schoenfeld] [--firth] [--level 0.95]',
  options: [
    ...followUp,
    'covariates',
    'factors',
    'ties',
    'strata',
    'weight',
    'cluster',
    'offset',
    'zph',
    'level',
  ],
  flags: ['firth', 'schoenfeld'],
  required: ['time', 'status', 'covariates'],
  needsData: true,
  run: (v) => {
    const data = {
      ...survivalData(v),
      terms: termsOf(v),
      offset: v.has('offset') ? v.values('offset') : undefined,
      cluster: v.labels('cluster'),
    }
    if (v.flag('firth')) {
      v.refuse(['cluster', 'zph', 'schoenfeld'], '--firth')
      v.choice('ties', ['breslow'], 'breslow')
      return { ties: 'breslow', ...coxFirth(data, { confidenceLevel: v.confidenceLevel() }) }
    }
    const ties = v.choice('ties', ['efron', 'breslow', 'exact'], 'efron')
    const { model, ...fit } = coxPh(data, { ties, confidenceLevel: v.confidenceLevel() })
    return {
      ...fit,
      concordance: ties === 'exact' || fit.monotone ? undefined : coxConcordance(model).concordance,
      schoenfeldResiduals: v.flag('schoenfeld') ? residualRows(model) : undefined,
      proportionalHazards: v.has('zph')
        ? proportionalHazardsTest(model, v.choice('zph', ['km', 'identity', 'log', 'rank']))
        : undefined,
    }
  },
}

export const cif: Verb = {
  usage: '--time T --state S --censoring label|none [--group G] [--times 90,365] [--level 0.95]',
  options: ['time', 'state', 'censoring', 'group', 'times', 'level'],
  required: ['time', 'state', 'censoring'],
  needsData: true,
  run: (v) => {
    const data = {
      time: v.values('time'),
      state: v.column(v.text('state')),
      group: v.labels('group'),
    }
    const censoring = v.text('censoring')
    ensure(
      censoring === 'none' || data.state.some((s) => s !== null && String(s) === censoring),
      'bad-option',
      `--censoring ${censoring} does not occur in --state; it is none where nobody is censored`,
    )
    const { curves, missing } = cumulativeIncidence(data, {
      censoring,
      confidenceLevel: v.confidenceLevel(),
    })
    const causes = curves[0]?.causes ?? []
    const rows = (curve: (typeof curves)[number]) =>
      curve.at(v.has('times') ? v.numbers('times') : [...curve.time]).flatMap((reading) =>
        reading.causes.map((c, k) => ({
          time: reading.time,
          atRisk: reading.atRisk,
          cause: causes[k],
          ...c,
        })),
      )
    return {
      missing,
      grayTest: data.group
        ? causes
            .map((cause) => grayTest(data, { censoring, cause }))
            .map(({ levels: _, missing: __, ...g }) => g)
        : undefined,
      curves: curves.map((curve) => ({ group: curve.group, n: curve.n, incidence: rows(curve) })),
    }
  },
}
