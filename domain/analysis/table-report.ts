import type { CodeListDef, Label, ReportDef, TableRowDef } from '#domain/definition/definition.ts'
import { meanOf, quantiles, standardDeviationOf } from '#domain/statistics/descriptive.ts'
import { formatNumber, formatPercent } from '#domain/statistics/rounding.ts'
import { type AnalysisSubject, keysOf, numberOf } from './analysis-subject.ts'
import type { TableBody, TableLine, TestResult, TracedCell } from './report-result.ts'
import { compareCounts, compareNumbers, type NumericTest } from './tests.ts'

export type Arm = { key: string; label: Label; subjects: readonly AnalysisSubject[] }
type TableReportDef = Extract<ReportDef, { kind: 'table' }>

const empty = (subjects: readonly AnalysisSubject[]): TracedCell => ({
  text: '–',
  subjects: [],
  n: 0,
  missing: subjects.length,
})

/**
 * Rows of a baseline or event table, one column an arm. A subject without a value is left out of mean and denominator and
 * counted as missing; percentages are rounded once, half up, from the exact ratio.
 */
export function tableReport(
  report: TableReportDef,
  arms: readonly Arm[],
  listOf: (row: TableRowDef) => CodeListDef | null,
): TableBody {
  const columns = arms.map((arm) => ({
    key: arm.key,
    label: arm.label,
    n: arm.subjects.length,
    subjects: keysOf(arm.subjects),
  }))
  const lines = report.rows.flatMap((row) => linesOf(row, arms, listOf(row), report.percentDigits))
  return { kind: 'table', columns, lines }
}

function linesOf(
  row: TableRowDef,
  arms: readonly Arm[],
  list: CodeListDef | null,
  percentDigits: number,
): TableLine[] {
  const { value: expression } = row
  if (row.statistic === 'heading' || expression === undefined) {
    return [
      {
        label: row.label,
        indent: row.indent,
        heading: true,
        statistic: null,
        cells: [],
        test: null,
      },
    ]
  }
  if (row.statistic === 'count') return [countLine(row, expression, arms, percentDigits)]
  if (row.statistic === 'count-per-code')
    return codeLines(row, expression, arms, list, percentDigits)
  return [numberLine(row, expression, arms)]
}

function numberLine(row: TableRowDef, expression: string, arms: readonly Arm[]): TableLine {
  const digits = row.digits ?? 1
  const samples = arms.map((arm) => arm.subjects.map((subject) => numberOf(subject, expression)))
  const cells = arms.map((arm, at) => {
    const sample = samples[at] as (number | null)[]
    const values = sample.filter((value): value is number => value !== null)
    if (values.length === 0) return empty(arm.subjects)
    return {
      text: summaryText(row.statistic, values, digits),
      subjects: arm.subjects
        .filter((_, index) => sample[index] !== null)
        .map((subject) => subject.subjectKey),
      n: values.length,
      missing: sample.length - values.length,
    }
  })
  const numeric =
    row.test === 't-test' ||
    row.test === 'welch' ||
    row.test === 'mann-whitney' ||
    row.test === 'mann-whitney-cc'
  const test =
    numeric && samples.length === 2
      ? compareNumbers(row.test as NumericTest, samples[0] ?? [], samples[1] ?? [])
      : null
  return {
    label: row.label,
    indent: row.indent,
    heading: false,
    statistic: statisticLabel(row.statistic),
    cells,
    test,
  }
}

function summaryText(
  statistic: TableRowDef['statistic'],
  values: readonly number[],
  digits: number,
): string {
  if (statistic === 'mean') return formatNumber(meanOf(values), digits)
  if (statistic === 'median-iqr') {
    const [low, middle, high] = quantiles(values, [0.25, 0.5, 0.75]) as [number, number, number]
    return `${formatNumber(middle, digits)} (${formatNumber(low, digits)}–${formatNumber(high, digits)})`
  }
  const sd = values.length > 1 ? formatNumber(standardDeviationOf(values), digits) : '–'
  return `${formatNumber(meanOf(values), digits)} (${sd})`
}

function statisticLabel(statistic: TableRowDef['statistic']): Label {
  const labels: Partial<Record<TableRowDef['statistic'], Label>> = {
    'mean-sd': { en: 'mean (SD)', ja: '平均 (SD)', zh: '均值 (SD)' },
    'median-iqr': { en: 'median (IQR)', ja: '中央値 (IQR)', zh: '中位数 (IQR)' },
    mean: { en: 'mean', ja: '平均', zh: '均值' },
  }
  return labels[statistic] ?? { en: 'n (%)' }
}

function countCell(
  arm: Arm,
  counts: (subject: AnalysisSubject) => boolean | null,
  row: TableRowDef,
  percentDigits: number,
): TracedCell & { count: number } {
  const answers = arm.subjects.map((subject) => counts(subject))
  const yes = arm.subjects.filter((_, index) => answers[index] === true)
  const known = answers.filter((answer) => answer !== null).length
  const percent =
    known === 0 || row.plain ? '' : ` (${formatPercent(yes.length, known, percentDigits)})`
  return {
    text: `${yes.length}${percent}`,
    subjects: keysOf(yes),
    n: known,
    missing: answers.length - known,
    count: yes.length,
  }
}

function countLine(
  row: TableRowDef,
  expression: string,
  arms: readonly Arm[],
  percentDigits: number,
): TableLine {
  const cells = arms.map((arm) =>
    countCell(arm, (subject) => asAnswer(subject.value(expression)), row, percentDigits),
  )
  const table = [cells.map((cell) => cell.count), cells.map((cell) => cell.n - cell.count)]
  const test =
    row.test === 'fisher' || row.test === 'chi-square' ? compareCounts(row.test, table) : null
  return {
    label: row.label,
    indent: row.indent,
    heading: false,
    statistic: { en: row.plain ? 'n' : 'n (%)' },
    cells: cells.map(withoutCount),
    test,
  }
}

function codeLines(
  row: TableRowDef,
  expression: string,
  arms: readonly Arm[],
  list: CodeListDef | null,
  percentDigits: number,
): TableLine[] {
  const codes =
    row.codes ??
    list?.codes.filter((entry) => entry.missing === undefined).map((entry) => entry.code) ??
    []
  const rows = codes.map((code) => ({
    code,
    cells: arms.map((arm) =>
      countCell(arm, (subject) => sameCode(subject.value(expression), code), row, percentDigits),
    ),
  }))
  const table = rows.map((line) => line.cells.map((cell) => cell.count))
  let test: TestResult | null = null
  if (row.test === 'fisher' || row.test === 'chi-square') test = compareCounts(row.test, table)
  const heading: TableLine = {
    label: row.label,
    indent: row.indent,
    heading: true,
    statistic: null,
    cells: [],
    test,
  }
  const lines = rows.map(
    ({ code, cells }): TableLine => ({
      label: list?.codes.find((entry) => entry.code === code)?.label ?? { en: code },
      indent: row.indent + 1,
      heading: false,
      statistic: { en: 'n (%)' },
      cells: cells.map(withoutCount),
      test: null,
    }),
  )
  return [heading, ...lines]
}

function withoutCount({ count: _, ...cell }: TracedCell & { count: number }): TracedCell {
  return cell
}

function asAnswer(value: unknown): boolean | null {
  return typeof value === 'boolean' ? value : null
}

function sameCode(value: unknown, code: string): boolean | null {
  return typeof value === 'string' ? value === code : null
}
