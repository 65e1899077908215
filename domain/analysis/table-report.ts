import type { CodeListDef, Label, ReportDef, TableRowDef } from '#domain/definition/definition.ts'
import {
  meanOf,
  quantiles,
  standardDeviationOf,
  standardError,
} from '#domain/statistics/descriptive.ts'
import { StatisticsProblem } from '#domain/statistics/problem.ts'
import { formatNumber, formatPercent } from '#domain/statistics/rounding.ts'
import { type AnalysisSubject, keysOf, numberOf } from './analysis-subject.ts'
import type { TableBody, TableLine, TestResult, TracedCell } from './report-result.ts'
import { compareCounts, compareNumbers, comparePairs, isCountTest, isNumericTest } from './tests.ts'

export type Arm = {
  key: string
  label: Label
  subjects: readonly AnalysisSubject[]
  /** Number of subjects that the size of this column is a percentage of. */
  whole?: number
}
type TableReportDef = Extract<ReportDef, { kind: 'table' | 'visit-table' }>

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
  if (row.statistic === 'size') return [sizeLine(row, arms, percentDigits)]
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
  if (row.statistic === 'fall') return [fallLine(row, expression, arms)]
  if (row.statistic === 'n') return [knownLine(row, expression, arms)]
  if (row.statistic === 'count') return [countLine(row, expression, arms, percentDigits)]
  if (row.statistic === 'count-per-code')
    return codeLines(row, expression, arms, list, percentDigits)
  return [numberLine(row, expression, arms)]
}

function numberLine(row: TableRowDef, expression: string, arms: readonly Arm[]): TableLine {
  const digits = row.digits ?? (row.statistic === 'sum' ? 0 : 1)
  const samples = arms.map((arm) => arm.subjects.map((subject) => numberOf(subject, expression)))
  const cells = arms.map((arm, at) => {
    const sample = samples[at] as (number | null)[]
    const values = sample.filter((value): value is number => value !== null)
    if (values.length === 0) return empty(arm.subjects)
    return {
      ...printable(() => summaryOf(row, values, digits)),
      subjects: arm.subjects
        .filter((_, index) => sample[index] !== null)
        .map((subject) => subject.subjectKey),
      n: values.length,
      missing: sample.length - values.length,
    }
  })
  return {
    label: row.label,
    indent: row.indent,
    heading: false,
    statistic: statisticLabel(row.statistic),
    cells,
    ...testsOf(row, (name) => (isNumericTest(name) ? compareNumbers(name, samples) : null)),
    ...pairedOf(row, expression, arms),
  }
}

/** The tests between the columns that a row asks for; `compute` gives null for a test of another kind of row. */
function testsOf(
  row: TableRowDef,
  compute: (name: string) => TestResult | null,
): Pick<TableLine, 'test' | 'also'> {
  const also = (row.alsoTests ?? []).flatMap((name) => compute(name) ?? [])
  return { test: compute(row.test), ...(also.length > 0 ? { also } : {}) }
}

/** A paired test in each column of the value and what it is held against, on subjects with both. */
function pairedOf(
  row: TableRowDef,
  expression: string,
  arms: readonly Arm[],
): Pick<TableLine, 'paired'> {
  const { against, pairedTest } = row
  if (against === undefined || pairedTest === undefined) return {}
  const read = (subject: AnalysisSubject, text: string) => {
    const answer = subject.value(text)
    return typeof answer === 'boolean' ? Number(answer) : numberOf(subject, text)
  }
  return {
    paired: arms.map(({ subjects }) =>
      comparePairs(
        pairedTest,
        subjects.map((subject) => read(subject, expression)),
        subjects.map((subject) => read(subject, against)),
      ),
    ),
  }
}

/** The fall of a mean in percent of the mean it is held against; subjects without both values are left out. */
function fallLine(row: TableRowDef, expression: string, arms: readonly Arm[]): TableLine {
  const against = row.against ?? expression
  const cells = arms.map(({ subjects }): TracedCell => {
    const pairs = subjects.flatMap((subject) => {
      const [value, start] = [numberOf(subject, expression), numberOf(subject, against)]
      return value === null || start === null ? [] : [{ subject, value, start }]
    })
    const start = pairs.length === 0 ? 0 : meanOf(pairs.map((pair) => pair.start))
    if (start === 0) return empty(subjects)
    const fall = 100 * (1 - meanOf(pairs.map((pair) => pair.value)) / start)
    return {
      ...printable(() => ({ text: formatNumber(fall, row.digits ?? 1), values: [fall] })),
      subjects: keysOf(pairs.map((pair) => pair.subject)),
      n: pairs.length,
      missing: subjects.length - pairs.length,
    }
  })
  return {
    label: row.label,
    indent: row.indent,
    heading: false,
    statistic: { en: 'fall of the mean, %', ja: '平均の減少率（%）', zh: '均值下降（%）' },
    cells,
    test: null,
    ...pairedOf(row, expression, arms),
  }
}

function sizeLine(row: TableRowDef, arms: readonly Arm[], percentDigits: number): TableLine {
  const cells = arms.map(({ subjects, whole = subjects.length }): TracedCell => {
    const n = subjects.length
    // Groups with rules of their own may overlap: more than the whole is no share of it.
    const isShare = whole > 0 && n <= whole && !row.plain
    const percent = isShare ? ` (${formatPercent(n, whole, percentDigits)})` : ''
    const values = percent === '' ? [n] : [n, (100 * n) / whole]
    return { text: `${n}${percent}`, values, subjects: keysOf(subjects), n: whole, missing: 0 }
  })
  const { label, indent } = row
  const statistic = { en: row.plain ? 'n' : 'n (%)' }
  return { label, indent, heading: false, statistic, cells, test: null }
}

/** How many subjects have a value at all. */
function knownLine(row: TableRowDef, expression: string, arms: readonly Arm[]): TableLine {
  const cells = arms.map(({ subjects }) => {
    const having = subjects.filter((subject) => subject.value(expression) !== null)
    return { text: String(having.length), subjects: keysOf(having), n: subjects.length, missing: 0 }
  })
  const { label, indent } = row
  return { label, indent, heading: false, statistic: { en: 'n' }, cells, test: null }
}

function summaryOf(
  { statistic, quantileType = 7 }: Pick<TableRowDef, 'statistic' | 'quantileType'>,
  values: readonly number[],
  digits: number,
): { text: string; values: readonly number[] } {
  const show = (value: number) => formatNumber(value, digits)
  if (statistic === 'sum') {
    const sum = values.reduce((total, value) => total + value, 0)
    return { text: show(sum), values: [sum] }
  }
  if (statistic === 'mean') {
    const mean = meanOf(values)
    return { text: show(mean), values: [mean] }
  }
  const ordered = ['median-iqr', 'median-range', 'median', 'quartiles', 'range']
  if (ordered.includes(statistic)) {
    const ends = statistic.endsWith('range') ? [0, 0.5, 1] : [0.25, 0.5, 0.75]
    const [low, middle, high] = quantiles(values, ends, quantileType) as [number, number, number]
    if (statistic === 'quartiles' || statistic === 'range')
      return { text: `${show(low)}–${show(high)}`, values: [low, high] }
    if (statistic === 'median') return { text: show(middle), values: [middle] }
    return { text: `${show(middle)} (${show(low)}–${show(high)})`, values: [middle, low, high] }
  }
  const mean = meanOf(values)
  const spread = statistic === 'mean-se' ? standardError : standardDeviationOf
  const sd = values.length > 1 ? spread(values) : null
  return {
    text: `${show(mean)} (${sd === null ? '–' : show(sd)})`,
    values: sd === null ? [mean] : [mean, sd],
  }
}

/** Sums and squares of numbers can be larger than any number: then there is none to print. */
function printable(make: () => { text: string; values: readonly number[] }): {
  text: string
  values?: readonly number[]
} {
  try {
    const made = make()
    return made.values.every(Number.isFinite) ? made : { text: '–' }
  } catch (error) {
    if (error instanceof StatisticsProblem) return { text: '–' }
    throw error
  }
}

function statisticLabel(statistic: TableRowDef['statistic']): Label {
  const labels: Partial<Record<TableRowDef['statistic'], Label>> = {
    'mean-sd': { en: 'mean (SD)', ja: '平均 (SD)', zh: '均值 (SD)' },
    'mean-se': { en: 'mean (SE)', ja: '平均 (SE)', zh: '均值 (SE)' },
    quartiles: { en: 'quartiles', ja: '四分位数', zh: '四分位数' },
    range: { en: 'range', ja: '範囲', zh: '范围' },
    'median-iqr': { en: 'median (IQR)', ja: '中央値 (IQR)', zh: '中位数 (IQR)' },
    'median-range': { en: 'median (range)', ja: '中央値（範囲）', zh: '中位数（范围）' },
    sum: { en: 'total', ja: '合計', zh: '合计' },
    median: { en: 'median', ja: '中央値', zh: '中位数' },
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
  // Of nobody with an answer it is not known that it is none.
  if (known === 0) return { ...empty(arm.subjects), count: 0 }
  const percent = row.plain ? '' : ` (${formatPercent(yes.length, known, percentDigits)})`
  return {
    text: `${yes.length}${percent}`,
    values: percent === '' ? [yes.length] : [yes.length, (100 * yes.length) / known],
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
  return {
    label: row.label,
    indent: row.indent,
    heading: false,
    statistic: { en: row.plain ? 'n' : 'n (%)' },
    cells: cells.map(withoutCount),
    ...testsOf(row, (name) => (isCountTest(name) ? compareCounts(name, table) : null)),
    ...pairedOf(row, expression, arms),
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
  const heading: TableLine = {
    label: row.label,
    indent: row.indent,
    heading: true,
    statistic: null,
    cells: [],
    ...testsOf(row, (name) => (isCountTest(name) ? compareCounts(name, table) : null)),
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
