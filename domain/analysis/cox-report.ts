/**
 * Hazard ratios per covariate: one model each (univariable), one with all (multivariable), or both. A level in which nobody
 * had the event has no finite estimate: it is shown as NA with its reason and its subjects leave the model, which is the limit
 * of the likelihood as its hazard goes to 0, so that the other estimates are those of the model with it. Limits and p are Wald's.
 */
import type { CovariateDef } from '#domain/definition/analysis-schema.ts'
import type { CodeListDef, Label, ReportDef } from '#domain/definition/definition.ts'
import type { CoxTerm } from '#domain/statistics/cox-design.ts'
import { type CoxFit, coxPh } from '#domain/statistics/cox-ph.ts'
import { StatisticsProblem } from '#domain/statistics/problem.ts'
import { formatNumber, formatPValue } from '#domain/statistics/rounding.ts'
import { type AnalysisSubject, keysOf, numberOf } from './analysis-subject.ts'
import type { CoxBody, CoxLine, HazardEstimate, TracedCell } from './report-result.ts'

type CoxReportDef = Extract<ReportDef, { kind: 'cox' }>
type Row = { subject: AnalysisSubject; time: number; event: boolean }
/** A covariate read of every row: levels or numbers, null where there is no value (or a code outside the list). */
type ReadCovariate = {
  def: CovariateDef
  /** Of its term in a model. */
  name: string
  levels: readonly (string | null)[]
  numbers: readonly (number | null)[]
  /** Codes with an event, the reference first; empty for a number. */
  estimable: readonly string[]
}

export function coxReport(
  report: CoxReportDef,
  inPopulation: readonly AnalysisSubject[],
  listOf: (value: string) => CodeListDef | null,
): CoxBody {
  const rows: Row[] = []
  const excluded: string[] = []
  for (const subject of inPopulation) {
    const time = numberOf(subject, report.time)
    const event = subject.value(report.event)
    if (time === null || time < 0 || typeof event !== 'boolean') excluded.push(subject.subjectKey)
    else rows.push({ subject, time, event })
  }
  const read = report.covariates.map((def, at) => readCovariate(def, String(at), rows))
  const digits = report.digits ?? 2
  const univariable = report.model !== 'multivariable'
  const whole = report.model === 'univariable' ? null : fitted(report, rows, read)
  const covariates = read.map((covariate) => {
    const alone = univariable ? fitted(report, rows, [covariate]) : null
    return {
      label: covariate.def.label,
      missing: rows.filter((_, at) => isMissing(covariate, at)).length,
      lines: linesOf(covariate, rows, alone, whole, digits, listOf(covariate.def.value)),
    }
  })
  return {
    kind: 'cox',
    n: rows.length,
    events: rows.filter((row) => row.event).length,
    excluded,
    ties: report.ties,
    models: [
      ...(univariable ? (['univariable'] as const) : []),
      ...(whole ? (['multivariable'] as const) : []),
    ],
    covariates,
    multivariable: whole && {
      n: whole.fit?.n ?? 0,
      events: whole.fit?.events ?? 0,
      problem: whole.problem,
    },
  }
}

function readCovariate(def: CovariateDef, name: string, rows: readonly Row[]): ReadCovariate {
  const { codes, reference } = def
  if (!codes || reference === undefined) {
    const numbers = rows.map(({ subject }) => {
      const value = subject.value(def.value)
      const number = typeof value === 'boolean' ? Number(value) : numberOf(subject, def.value)
      return number === null ? null : number / (def.per ?? 1)
    })
    return { def, name, levels: [], numbers, estimable: [] }
  }
  const levels = rows.map(({ subject }) => {
    const value = subject.value(def.value)
    const code =
      typeof value === 'boolean' ? (value ? 'Y' : 'N') : value === null ? null : String(value)
    return code !== null && codes.includes(code) ? code : null
  })
  const withEvent = (code: string) => rows.some((row, at) => row.event && levels[at] === code)
  const others = codes.filter((code) => code !== reference && withEvent(code))
  return { def, name, levels, numbers: [], estimable: [reference, ...others] }
}

function isMissing({ def, levels, numbers }: ReadCovariate, at: number): boolean {
  return (def.codes ? levels[at] : numbers[at]) === null
}

type Fitted = { fit: CoxFit | null; problem: Label | null }

/** The model of some covariates on the rows complete in all of them; levels without an event leave it. */
function fitted(
  report: CoxReportDef,
  rows: readonly Row[],
  covariates: readonly ReadCovariate[],
): Fitted {
  const eventless = covariates.find(
    ({ def, levels }) =>
      def.reference !== undefined &&
      !rows.some((row, at) => row.event && levels[at] === def.reference),
  )
  if (eventless)
    return {
      fit: null,
      problem: {
        en: 'Nobody of the reference level had the event.',
        ja: '基準水準にイベントがありません。',
        zh: '参照水平无事件发生。',
      },
    }
  const kept = rows.flatMap((_, at) =>
    covariates.every(
      (one) =>
        !isMissing(one, at) && (!one.def.codes || one.estimable.includes(one.levels[at] as string)),
    )
      ? [at]
      : [],
  )
  // A factor of which only the reference is left has nothing to estimate.
  const terms = covariates.flatMap((one): CoxTerm[] => {
    const { name } = one
    if (!one.def.codes) return [{ name, values: kept.map((at) => one.numbers[at] ?? null) }]
    if (one.estimable.length < 2) return []
    return [
      {
        name,
        factor: kept.map((at) => one.levels[at] ?? null),
        levels: one.estimable,
        reference: one.def.reference as string,
      },
    ]
  })
  if (terms.length === 0) return { fit: null, problem: noEvents }
  try {
    const fit = coxPh(
      {
        time: kept.map((at) => (rows[at] as Row).time),
        event: kept.map((at) => (rows[at] as Row).event),
        terms,
      },
      { ties: report.ties },
    )
    return { fit, problem: null }
  } catch (error) {
    if (!(error instanceof StatisticsProblem)) throw error
    return { fit: null, problem: { en: `${error.message}.` } }
  }
}

const noEvents: Label = {
  en: 'Nobody of this level had the event.',
  ja: 'この水準にイベントがありません。',
  zh: '该水平无事件发生。',
}

const nobody: Label = {
  en: 'No subject is at this level.',
  ja: 'この水準の被験者はいません。',
  zh: '该水平无受试者。',
}

function linesOf(
  covariate: ReadCovariate,
  rows: readonly Row[],
  alone: Fitted | null,
  whole: Fitted | null,
  digits: number,
  list: CodeListDef | null,
): CoxLine[] {
  const { def } = covariate
  const estimate = (model: Fitted | null, level: string | null): HazardEstimate | null =>
    model && estimateOf(model, covariate, level, digits)
  const cells = (level: string | null) => {
    const own = rows.filter((_, at) =>
      level === null ? !isMissing(covariate, at) : covariate.levels[at] === level,
    )
    return {
      n: counted(own, rows),
      events: counted(
        own.filter((row) => row.event),
        own,
      ),
    }
  }
  if (!def.codes)
    return [
      {
        label: def.label,
        level: null,
        reference: false,
        ...cells(null),
        univariable: estimate(alone, null),
        multivariable: estimate(whole, null),
      },
    ]
  return def.codes.map((code): CoxLine => {
    const reference = code === def.reference
    return {
      label: def.codeLabels?.[code] ??
        list?.codes.find((entry) => entry.code === code)?.label ??
        yesNo[code] ?? { en: code },
      level: code,
      reference,
      ...cells(code),
      univariable: reference ? null : estimate(alone, code),
      multivariable: reference ? null : estimate(whole, code),
    }
  })
}

const yesNo: Record<string, Label> = {
  Y: { en: 'Yes', ja: 'あり', zh: '是' },
  N: { en: 'No', ja: 'なし', zh: '否' },
}

function counted(rows: readonly Row[], of: readonly Row[]): TracedCell {
  return {
    text: String(rows.length),
    values: [rows.length],
    subjects: keysOf(rows.map((row) => row.subject)),
    n: of.length,
    missing: 0,
  }
}

function estimateOf(
  { fit, problem }: Fitted,
  covariate: ReadCovariate,
  level: string | null,
  digits: number,
): HazardEstimate {
  const none = (note: Label): HazardEstimate => ({
    hazardRatio: null,
    lower: null,
    upper: null,
    p: null,
    text: 'NA',
    pText: '–',
    note,
  })
  if (level !== null && !covariate.levels.includes(level)) return none(nobody)
  if (level !== null && !covariate.estimable.includes(level)) return none(noEvents)
  if (!fit) return none(problem ?? noEvents)
  const found = fit.coefficients.find((one) => one.term === covariate.name && one.level === level)
  if (!found || found.infinite || found.lower === null || found.upper === null || found.p === null)
    return none({
      en: 'The likelihood has no maximum: the covariate separates subjects with the event from those without.',
      ja: '尤度に最大値がありません（共変量がイベントの有無を完全に分けています）。',
      zh: '似然无最大值：该协变量完全区分了有无事件者。',
    })
  const show = (value: number) => formatNumber(value, digits)
  return {
    hazardRatio: found.hazardRatio,
    lower: found.lower,
    upper: found.upper,
    p: found.p,
    text: `${show(found.hazardRatio)} (${show(found.lower)}–${show(found.upper)})`,
    pText: formatPValue(found.p),
    note: null,
  }
}
