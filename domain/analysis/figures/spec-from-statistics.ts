/**
 * From the results of `domain/statistics` to figures. Nothing is computed again here but what a figure needs besides: the
 * numbers at risk under the ticks, medians, and the tests that marks stand for. Group labels come with the caller.
 */
import { scaleLinear } from 'd3-scale'
import type { CoxFit } from '#domain/statistics/cox-ph.ts'
import type { IncidenceCurve } from '#domain/statistics/cumulative-incidence.ts'
import { meanOf, standardDeviationOf } from '#domain/statistics/descriptive.ts'
import type { SurvivalCurve } from '#domain/statistics/kaplan-meier.ts'
import { StatisticsProblem } from '#domain/statistics/problem.ts'
import { signedRank } from '#domain/statistics/signed-rank.ts'
import { medianSurvival, numbersAtRisk } from '#domain/statistics/survival-readings.ts'
import type { FigureLabel } from './figure-label.ts'
import type { FigureSpecInput } from './figure-spec.ts'
import type { TimeUnit } from './spec-parts.ts'

type Of<K extends FigureSpecInput['kind']> = Extract<FigureSpecInput, { kind: K }>
type Labels = Readonly<Record<string, FigureLabel>>

export type TimeOptions = {
  title: FigureLabel
  unit: TimeUnit
  /** Times of the data are divided by this to be in `unit`, e.g. days by 7. */
  perUnit?: number
  /** In `unit`; round ones when absent. */
  ticks?: readonly number[]
  max?: number
  labels?: Labels
}

const labelOf = (labels: Labels | undefined, group: string): FigureLabel =>
  (labels && Object.hasOwn(labels, group) ? labels[group] : undefined) ?? group

/** Steps that people count weeks and months in; days and years are counted in tens. */
const steps: Partial<Record<TimeUnit, readonly number[]>> = {
  week: [1, 2, 4, 8, 12, 26, 52, 104],
  month: [1, 2, 3, 6, 12, 24, 60, 120],
}

function ticksFor(unit: TimeUnit, last: number, asked: readonly number[] | undefined): number[] {
  if (asked) return [...asked]
  const step = steps[unit]?.find((one) => last / one <= 5.5)
  if (step && last >= 1)
    return Array.from({ length: Math.floor(last / step + 1e-9) + 1 }, (_, at) => at * step)
  return scaleLinear([0, last || 1], [0, 1])
    .ticks(7)
    .filter((tick) => tick >= 0)
}

/** Curves of `kaplanMeier` as a figure. `test` is printed with its name; `end` texts stand beside the curves. */
export function survivalSpecOf(
  curves: readonly SurvivalCurve[],
  options: TimeOptions & {
    test?: { name: FigureLabel; p: number | null }
    ends?: Labels
    bands?: boolean
    medianLines?: boolean
    censorMarks?: boolean
    notes?: readonly FigureLabel[]
    landmarks?: readonly { at: number; label?: FigureLabel }[]
  },
): Of<'survival'> {
  const { perUnit = 1, max } = options
  const last =
    max ?? curves.reduce((most, curve) => Math.max(most, (curve.time.at(-1) ?? 0) / perUnit), 0)
  const ticks = ticksFor(options.unit, last, options.ticks)
  return {
    kind: 'survival',
    title: options.title,
    time: { unit: options.unit, ticks, ...(max === undefined ? {} : { max }) },
    bands: options.bands,
    medianLines: options.medianLines,
    censorMarks: options.censorMarks,
    test: options.test,
    notes: options.notes ? [...options.notes] : undefined,
    landmarks: options.landmarks ? [...options.landmarks] : undefined,
    groups: curves.map((curve) => {
      const median = medianSurvival(curve).time
      return {
        key: curve.group,
        label: labelOf(options.labels, curve.group),
        n: curve.n,
        events: curve.events,
        median: median === null ? null : median / perUnit,
        end:
          options.ends && Object.hasOwn(options.ends, curve.group)
            ? options.ends[curve.group]
            : undefined,
        atRisk: numbersAtRisk(
          curve,
          ticks.map((tick) => tick * perUnit),
        ),
        steps: Array.from(curve.time, (time, at) => ({
          time: time / perUnit,
          value: curve.survival[at] as number,
          lower: curve.lower[at] ?? null,
          upper: curve.upper[at] ?? null,
          events: curve.eventCount[at] as number,
          censored: curve.censored[at] as number,
        })),
      }
    }),
  }
}

/** Curves of `cumulativeIncidence` as a figure. */
export function incidenceSpecOf(
  curves: readonly IncidenceCurve[],
  options: TimeOptions & {
    display?: 'lines' | 'stacked'
    bands?: boolean
    causeLabels?: Labels
    tests?: readonly { cause: string; name: FigureLabel; p: number | null }[]
  },
): Of<'cumulative-incidence'> {
  const { perUnit = 1, max } = options
  const last =
    max ?? curves.reduce((most, curve) => Math.max(most, (curve.time.at(-1) ?? 0) / perUnit), 0)
  const ticks = ticksFor(options.unit, last, options.ticks)
  const causes = curves[0]?.causes ?? []
  return {
    kind: 'cumulative-incidence',
    title: options.title,
    display: options.display,
    bands: options.bands,
    time: { unit: options.unit, ticks, ...(max === undefined ? {} : { max }) },
    causes: causes.map((cause) => ({ key: cause, label: labelOf(options.causeLabels, cause) })),
    tests: options.tests ? [...options.tests] : undefined,
    groups: curves.map((curve) => {
      const readings = curve.at([...curve.time])
      return {
        key: curve.group,
        label: labelOf(options.labels, curve.group),
        n: curve.n,
        atRisk: curve.at(ticks.map((tick) => tick * perUnit)).map((reading) => reading.atRisk),
        curves: curve.causes.map((cause, c) => ({
          cause,
          steps: Array.from(curve.time, (time, at) => {
            const reading = readings[at]?.causes[c]
            return {
              time: time / perUnit,
              value: Math.min(1, reading?.incidence ?? 0),
              lower: reading?.lower ?? null,
              upper: reading?.upper ?? null,
            }
          }),
        })),
      }
    }),
  }
}

const tieNames = {
  efron: { en: 'Efron’s method', ja: 'Efron法', zh: 'Efron 法' },
  breslow: { en: 'Breslow’s method', ja: 'Breslow法', zh: 'Breslow 法' },
  exact: { en: 'the exact method', ja: '正確法', zh: '精确法' },
} as const

const infinite = { en: 'not estimable', ja: '推定不能', zh: '不可估计' }

/**
 * Hazard ratios of `coxPh` as a forest: a heading and a reference row for each factor, a row for each other covariate. An
 * infinite coefficient (monotone likelihood) is named, not drawn.
 */
export function coxForestSpecOf(
  fit: CoxFit,
  options: { title: FigureLabel; labels?: Labels; references?: Readonly<Record<string, string>> },
): Of<'forest'> {
  const rows: Of<'forest'>['rows'] = []
  let open: string | null = null
  for (const one of fit.coefficients) {
    if (one.level !== null && open !== one.term) {
      rows.push({ type: 'heading', label: labelOf(options.labels, one.term) })
      const reference = options.references?.[one.term]
      if (reference) rows.push({ type: 'reference', label: reference })
    }
    open = one.level === null ? null : one.term
    rows.push({
      type: 'estimate',
      label: one.level ?? labelOf(options.labels, one.name),
      ...(one.infinite || !drawable(one.hazardRatio)
        ? { estimate: null, lower: null, upper: null, note: infinite }
        : { estimate: one.hazardRatio, lower: limit(one.lower), upper: limit(one.upper) }),
      p: one.p,
    })
  }
  return {
    kind: 'forest',
    title: options.title,
    effect: { en: 'Hazard ratio', ja: 'ハザード比', zh: '风险比' },
    level: fit.confidenceLevel,
    rows,
    footnotes: [
      {
        en: `n = ${fit.n}, ${fit.events} events; Cox regression, ties by ${tieNames[fit.ties].en}`,
        ja: `n = ${fit.n}、イベント ${fit.events}。Cox回帰、タイは${tieNames[fit.ties].ja}`,
        zh: `n = ${fit.n}，事件 ${fit.events}；Cox 回归，结的处理：${tieNames[fit.ties].zh}`,
      },
    ],
  }
}

const drawable = (value: number) => value > 0 && value < 1e15

function limit(value: number | null): number | 'Infinity' | null {
  if (value === null) return null
  return value >= 1e15 ? 'Infinity' : value
}

/** The significance symbols of the journals, in their order. */
const symbols = ['*', '†', '‡', '§', '¶', '#']

/**
 * Mean and SD by visit and group from values in columns (a row a subject, the same order at every visit), marked where the
 * Wilcoxon signed-rank test against the baseline visit is below `level`.
 */
export function visitMeansSpecOf(
  groups: readonly {
    key: string
    label?: FigureLabel
    values: Readonly<Record<string, readonly (number | null)[]>>
  }[],
  options: {
    title: FigureLabel
    value: FigureLabel
    visits: readonly { key: string; label: FigureLabel; position?: number }[]
    baseline?: string
    level?: number
  },
): Of<'visit-means'> {
  const { baseline, level = 0.05 } = options
  return {
    kind: 'visit-means',
    title: options.title,
    value: { label: options.value },
    visits: [...options.visits],
    groups: groups.map((group) => ({
      key: group.key,
      label: group.label ?? group.key,
      points: options.visits.map((visit) => {
        const values = (group.values[visit.key] ?? []).filter(
          (value): value is number => value !== null,
        )
        return {
          n: values.length,
          mean: values.length === 0 ? null : meanOf(values),
          spread: values.length < 2 ? null : standardDeviationOf(values),
        }
      }),
    })),
    marks:
      baseline === undefined
        ? []
        : groups.map((group, index) => ({
            symbol: symbols[index % symbols.length] as string,
            test: {
              en: 'Wilcoxon signed-rank test',
              ja: 'Wilcoxon符号付順位検定',
              zh: 'Wilcoxon 符号秩检验',
            },
            against: againstBaseline(
              group.label ?? group.key,
              options.visits.find((visit) => visit.key === baseline)?.label ?? baseline,
            ),
            level,
            cells: options.visits
              .filter((visit) => visit.key !== baseline)
              .map((visit) => ({
                visit: visit.key,
                group: group.key,
                p: signedRankP(group.values[visit.key] ?? [], group.values[baseline] ?? []),
              })),
          })),
  }
}

const inLanguages = (label: FigureLabel) => {
  const said = typeof label === 'string' ? { en: label } : label
  return { en: said.en, ja: said.ja ?? said.en, zh: said.zh ?? said.en }
}

function againstBaseline(group: FigureLabel, visit: FigureLabel): FigureLabel {
  const [of, to] = [inLanguages(group), inLanguages(visit)]
  return {
    en: `v ${to.en}, ${of.en}`,
    ja: `対 ${to.ja}、${of.ja}`,
    zh: `与 ${to.zh} 比，${of.zh}`,
  }
}

function signedRankP(
  values: readonly (number | null)[],
  baseline: readonly (number | null)[],
): number | null {
  try {
    return signedRank([...values], [...baseline], { method: 'normal', correction: false }).p
  } catch (error) {
    if (error instanceof StatisticsProblem) return null
    throw error
  }
}
