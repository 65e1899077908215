import type { Label, ReportDef } from '#domain/definition/definition.ts'
import { cohenKappa, intraclassCorrelation } from '#domain/statistics/agreement.ts'
import { StatisticsProblem } from '#domain/statistics/problem.ts'
import { formatNumber } from '#domain/statistics/rounding.ts'
import { type AnalysisSubject, keysOf } from './analysis-subject.ts'
import type { TableBody, TableLine } from './report-result.ts'

type AgreementDef = Extract<ReportDef, { kind: 'agreement' }>
type Estimate = { value: number; lower: number; upper: number }

const estimate: Label = {
  en: 'Estimate (95 % limits)',
  ja: '推定値（95%信頼区間）',
  zh: '估计值（95% 置信区间）',
}
const names: Record<AgreementDef['rows'][number]['statistic'], Label> = {
  kappa: { en: 'kappa', ja: 'κ係数', zh: 'κ 系数' },
  'weighted-kappa': {
    en: 'kappa, linear weights',
    ja: '重み付きκ係数（線形）',
    zh: '加权 κ（线性）',
  },
  icc: { en: 'ICC(2,1)', ja: '級内相関 ICC(2,1)', zh: '组内相关 ICC(2,1)' },
}

/**
 * How far two readings of the same subjects agree: Cohen's kappa of codes, intraclass correlation (two-way, absolute agreement,
 * single reading) of numbers. Subjects with one reading only are counted as missing; what cannot be computed is a sentence.
 */
export function agreementReport(
  report: AgreementDef,
  subjects: readonly AnalysisSubject[],
): TableBody {
  return {
    kind: 'table',
    columns: [{ key: 'EST', label: estimate, n: subjects.length, subjects: keysOf(subjects) }],
    lines: report.rows.flatMap((row): TableLine[] => {
      const read = subjects.filter(
        ({ value }) => isReading(value(row.first), row) && isReading(value(row.second), row),
      )
      const cell = {
        subjects: keysOf(read),
        n: read.length,
        missing: subjects.length - read.length,
      }
      const line = {
        label: row.label,
        indent: 0,
        heading: false,
        statistic: names[row.statistic],
        test: null,
      }
      try {
        const { value, lower, upper } = estimateOf(row, read)
        const show = (number: number) => formatNumber(number, 2)
        const text = `${show(value)} (${show(lower)}–${show(upper)})`
        return [{ ...line, cells: [{ ...cell, text, values: [value, lower, upper] }] }]
      } catch (error) {
        if (!(error instanceof StatisticsProblem)) throw error
        const why = { label: { en: error.message }, indent: 1, heading: true, statistic: null }
        return [
          { ...line, cells: [{ ...cell, text: '–' }] },
          { ...why, cells: [], test: null },
        ]
      }
    }),
  }
}

type Row = AgreementDef['rows'][number]

function isReading(value: unknown, { statistic, codes = [] }: Row): boolean {
  if (statistic === 'icc') return typeof value === 'number' && Number.isFinite(value)
  return typeof value === 'string' && codes.includes(value)
}

function estimateOf(row: Row, read: readonly AnalysisSubject[]): Estimate {
  if (row.statistic === 'icc') {
    const ratings = read.map(({ value }) => [Number(value(row.first)), Number(value(row.second))])
    const { icc, lower, upper } = intraclassCorrelation(ratings, { model: 'two-way' })
    return { value: icc, lower, upper }
  }
  if (read.length === 0) throw new StatisticsProblem('empty-sample', 'no subject has both readings')
  const { codes = [] } = row
  const table = codes.map((first) =>
    codes.map(
      (second) =>
        read.filter(({ value }) => value(row.first) === first && value(row.second) === second)
          .length,
    ),
  )
  const { kappa, lower, upper } = cohenKappa(table, row.statistic === 'kappa' ? 'none' : 'linear')
  return { value: kappa, lower, upper }
}
