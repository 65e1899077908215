/** Curves and hazard ratios from follow-up times in a CSV file: `casebook figure km`, `cuminc`, `forest`. */

import {
  distinct,
  type FigureVerb,
  labelsOf,
  timeOptions,
  timeUsage,
  timeWords,
} from '#bin/commands/figure-verb.ts'
import type { FigureLabel } from '#domain/analysis/figures/figure-label.ts'
import {
  coxForestSpecOf,
  incidenceSpecOf,
  survivalSpecOf,
} from '#domain/analysis/figures/spec-from-statistics.ts'
import type { CoxTerm } from '#domain/statistics/cox-design.ts'
import { coxPh } from '#domain/statistics/cox-ph.ts'
import { cumulativeIncidence } from '#domain/statistics/cumulative-incidence.ts'
import { grayTest } from '#domain/statistics/gray-test.ts'
import { kaplanMeier } from '#domain/statistics/kaplan-meier.ts'
import { logRankTest } from '#domain/statistics/log-rank.ts'
import { StatisticsProblem } from '#domain/statistics/problem.ts'

const logRank: FigureLabel = { en: 'log-rank', ja: 'ログランク検定', zh: 'log-rank 检验' }
const gray: FigureLabel = { en: 'Gray’s test', ja: 'Gray検定', zh: 'Gray 检验' }

/** A test that the data do not allow is not estimable; every other refusal is the caller's mistake. */
function pOf(compute: () => number): number | null {
  try {
    return compute()
  } catch (error) {
    if (
      error instanceof StatisticsProblem &&
      ['no-events', 'single-group', 'empty-sample'].includes(error.code)
    )
      return null
    throw error
  }
}

export const km: FigureVerb = {
  usage: `--time T --status S [--event v] [--group G] [--limits log-log] [--bands] [--median] ${timeUsage}`,
  options: ['time', 'status', 'event', 'group', 'entry', 'limits', 'level', ...timeWords],
  flags: ['bands', 'median'],
  required: ['time', 'status'],
  spec: (v) => {
    const data = {
      time: v.values('time'),
      event: v.events(),
      group: v.labels('group'),
      entry: v.has('entry') ? v.values('entry') : undefined,
    }
    const { curves } = kaplanMeier(data, {
      limits: v.choice('limits', ['log', 'log-log', 'plain', 'logit', 'arcsin'], 'log-log'),
      confidenceLevel: v.confidenceLevel(),
    })
    const options = timeOptions(v, `${v.text('time')}, ${v.text('status')}`)
    return survivalSpecOf(curves, {
      ...options,
      labels: { all: { en: 'All', ja: '全体', zh: '全部' }, ...options.labels },
      bands: v.flag('bands'),
      medianLines: v.flag('median'),
      test: curves.length > 1 ? { name: logRank, p: pOf(() => logRankTest(data).p) } : undefined,
    })
  },
}

export const cuminc: FigureVerb = {
  usage: `--time T --state S --censoring label [--group G] [--stacked] [--bands] ${timeUsage}`,
  options: ['time', 'state', 'censoring', 'group', 'level', ...timeWords],
  flags: ['stacked', 'bands'],
  required: ['time', 'state', 'censoring'],
  spec: (v) => {
    const data = {
      time: v.values('time'),
      state: v.column(v.text('state')),
      group: v.labels('group'),
    }
    const censoring = v.text('censoring')
    const { curves } = cumulativeIncidence(data, {
      censoring,
      confidenceLevel: v.confidenceLevel(),
    })
    const options = timeOptions(v, `${v.text('time')}, ${v.text('state')}`)
    return incidenceSpecOf(curves, {
      ...options,
      labels: { all: { en: 'All', ja: '全体', zh: '全部' }, ...options.labels },
      causeLabels: options.labels,
      display: v.flag('stacked') ? 'stacked' : 'lines',
      bands: v.flag('bands'),
      tests:
        curves.length > 1
          ? (curves[0]?.causes ?? []).map((cause) => ({
              cause,
              name: gray,
              p: pOf(() => grayTest(data, { censoring, cause }).p),
            }))
          : [],
    })
  },
}

export const forest: FigureVerb = {
  usage:
    '--time T --status S --covariates age,arm=CSA [--event v] [--ties efron|breslow|exact]   hazard ratios by Cox regression; arm=CSA names the reference',
  options: ['time', 'status', 'event', 'entry', 'covariates', 'ties', 'level'],
  required: ['time', 'status', 'covariates'],
  spec: (v) => {
    const references: Record<string, string> = {}
    const terms = v.names('covariates').map((text): CoxTerm => {
      const [name = '', reference] = text.split('=').map((part) => part.trim()) as [
        string,
        string | undefined,
      ]
      const cells = v.column(name)
      const numeric = cells.every((cell) => cell === null || typeof cell === 'number')
      if (numeric && reference === undefined) return { name, values: cells as (number | null)[] }
      const first = reference ?? [...distinct(cells)].sort()[0]
      if (first !== undefined) references[name] = first
      return { name, factor: cells, reference: first }
    })
    const fit = coxPh(
      {
        time: v.values('time'),
        event: v.events(),
        entry: v.has('entry') ? v.values('entry') : undefined,
        terms,
      },
      {
        ties: v.choice('ties', ['efron', 'breslow', 'exact'], 'efron'),
        confidenceLevel: v.confidenceLevel(),
      },
    )
    return coxForestSpecOf(fit, {
      title: v.text('title', `${v.text('time')}, ${v.text('status')}`),
      labels: labelsOf(v),
      references,
    })
  },
}
