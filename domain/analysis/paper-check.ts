/**
 * Compares reports with what a paper prints, cell by cell. A cell is OK when our number, rounded to the printed digits, is the
 * printed one; SLD when it depends on subject-level data that the paper does not give and lies within a stated tolerance; BAD
 * when the paper contradicts itself: then the oracle holds what follows from its own counts and why, and ours must be that,
 * never the print. The class of a cell belongs to the oracle, so a cell cannot slide from one into another unseen.
 */
import type { Label } from '#domain/definition/definition.ts'
import type { OracleCell, Paper, Tolerance } from '#domain/definition/paper-schema.ts'
import { roundTo } from '#domain/statistics/rounding.ts'
import { type ReportCell, reportCells } from './report-cells.ts'
import type { ReportResult } from './report-result.ts'

export type CheckedCell = {
  class: 'OK' | 'SLD' | 'BAD'
  passed: boolean
  what: string
  report: string
  row: string
  column: string
  printed: string
  ours: string
  /** The tolerance, the contradiction of the paper in the words of the file, or what is wrong; empty where ours is the print. */
  reason: Label
}

const noReport: Label = {
  en: 'the definition has no such report',
  ja: '定義にこの報告書がない',
  zh: '定义中没有该报告',
}
const noRow: Label = {
  en: 'the report has no such row below the one before it',
  ja: '報告書の直前の行より下にこの行がない',
  zh: '报告中前一行之后没有该行',
}
const noColumn: Label = {
  en: 'the row has no such column',
  ja: 'この行にその列がない',
  zh: '该行没有此列',
}
const differs: Label = {
  en: 'differs from the print',
  ja: '印刷値と異なる',
  zh: '与印刷值不同',
}
const contradictory: Label = {
  en: 'the report shows the contradictory print',
  ja: '報告書が矛盾した印刷値と同じ値を示している',
  zh: '报告显示了自相矛盾的印刷值',
}
const followsOtherwise = ({ ours, why }: { ours: string; why: string }): Label => ({
  en: `${ours} follows from the paper: ${why}`,
  ja: `論文自体からは ${ours} となる：${why}`,
  zh: `由论文自身应得 ${ours}：${why}`,
})
const between = (low: number | string, high: number | string): Label => ({
  en: `between ${low} and ${high}`,
  ja: `${low}以上${high}以下`,
  zh: `介于 ${low} 与 ${high} 之间`,
})
const near = (limit: string): Label => ({
  en: `within ${limit}`,
  ja: `許容差 ${limit}`,
  zh: `容许差 ${limit}`,
})
const nearByLogarithm = (limit: number): Label => ({
  en: `within ${limit} of the logarithm`,
  ja: `対数で許容差 ${limit}`,
  zh: `对数容许差 ${limit}`,
})
const tooFew = (count: number): Label => ({
  en: `ours has ${count} numbers`,
  ja: `こちらの数値は${count}個`,
  zh: `我方有 ${count} 个数值`,
})

/** Every printed cell of the paper against the reports. A row is looked for below the one before it, so labels may repeat. */
export function checkPaper(paper: Paper, results: readonly ReportResult[]): CheckedCell[] {
  return paper.parts.flatMap((part) => {
    const result = results.find((one) => one.oid === part.report)
    const cells = result ? reportCells(result) : []
    let last = -2
    return part.rows.flatMap(([label, ...printed]) => {
      const at = cells.find((cell) => cell.at > last && cell.row === label)?.at
      if (at !== undefined) last = at
      const line = cells.filter((cell) => cell.at === at)
      return part.columns.flatMap((column, c): CheckedCell[] => {
        const oracle = printed[c] ?? null
        if (oracle === null) return []
        const place = { what: part.what, report: part.report, row: label, column }
        const full = withDefault(oracle, part.tolerances?.[column])
        const found = line.find((cell) => cell.column === column)
        if (found) return [{ ...place, ...judge(full, found) }]
        const reason = result ? (at === undefined ? noRow : noColumn) : noReport
        const wanted = typeof full === 'string' ? full : full.print
        return [
          { ...place, class: classOf(full), passed: false, printed: wanted, ours: '', reason },
        ]
      })
    })
  })
}

function withDefault(
  oracle: NonNullable<OracleCell>,
  tolerances: Tolerance | undefined,
): NonNullable<OracleCell> {
  return typeof oracle === 'string' && tolerances && printedNumbers(oracle).length > 0
    ? { print: oracle, ...tolerances }
    : oracle
}

function classOf(oracle: NonNullable<OracleCell>): CheckedCell['class'] {
  if (typeof oracle === 'string') return 'OK'
  if ('ours' in oracle) return 'BAD'
  return 'SLD'
}

type Verdict = Pick<CheckedCell, 'class' | 'passed' | 'printed' | 'ours' | 'reason'>

function judge(oracle: NonNullable<OracleCell>, cell: ReportCell): Verdict {
  const ours = cell.text
  const base = { class: classOf(oracle), ours }
  if (typeof oracle === 'string') {
    const passed = isPrinted(oracle, cell)
    return { ...base, passed, printed: oracle, reason: passed ? { en: '' } : differs }
  }
  const printed = oracle.print
  if ('ours' in oracle) {
    const follows =
      oracle.within === undefined
        ? isPrinted(oracle.ours, cell)
        : isNear(oracle.ours, cell, oracle).passed
    const asPrinted = isPrinted(printed, cell)
    const reason = asPrinted
      ? contradictory
      : follows
        ? { en: oracle.why }
        : followsOtherwise(oracle)
    return { ...base, printed, passed: follows && !asPrinted, reason }
  }
  if ('between' in oracle) {
    const [low, high] = oracle.between
    const value = numbersOf(cell)[0]
    const passed =
      value !== undefined && (low === null || value >= low) && (high === null || value <= high)
    return { ...base, printed, passed, reason: between(low ?? '…', high ?? '…') }
  }
  const { passed, reason } = isNear(printed, cell, oracle)
  return { ...base, printed, passed, reason }
}

const numberPattern = /(?<![\d.])-?\d+(?:\.\d+)?/g

/** Dashes between numbers are no signs, thousands have no commas. */
function plain(printed: string): string {
  return printed
    .replaceAll(/(?<=\d),(?=\d{3})/g, '')
    .replaceAll(/(?<=\d)\s*[-–]\s*(?=\d)/g, ' ; ')
    .replaceAll('−', '-')
}

type PrintedNumber = { value: number; digits: number }
function printedNumbers(printed: string): PrintedNumber[] {
  return [...plain(printed).matchAll(numberPattern)].map(([found]) => ({
    value: Number(found),
    digits: found.split('.')[1]?.length ?? 0,
  }))
}

function numbersOf(cell: ReportCell): readonly number[] {
  return cell.values ?? printedNumbers(cell.text).map(({ value }) => value)
}

/** Ours rounded to the printed digits is the print. The paper may say less (a count without its percentage), never more. */
function isPrinted(printed: string, cell: ReportCell): boolean {
  const limit = /^\s*(?:p\s*)?([<>])\s*([\d.]+)\s*$/.exec(printed)
  const ours = numbersOf(cell)
  if (limit) {
    const [value] = ours
    if (value === undefined) return false
    return limit[1] === '<' ? value < Number(limit[2]) : value > Number(limit[2])
  }
  const wanted = printedNumbers(printed)
  if (wanted.length === 0) return plain(cell.text).trim() === plain(printed).trim()
  if (wanted.length > ours.length) return false
  return wanted.every(({ value, digits }, at) => roundTo(ours[at] as number, digits) === value)
}

function isNear(
  printed: string,
  cell: ReportCell,
  { within: limits, withinLog }: { within?: number | number[]; withinLog?: number },
): { passed: boolean; reason: Label } {
  const wanted = printedNumbers(printed)
  const ours = numbersOf(cell)
  const said = withinLog === undefined ? near(String(limits)) : nearByLogarithm(withinLog)
  if (wanted.length === 0 || wanted.length > ours.length)
    return { passed: false, reason: tooFew(ours.length) }
  const passed = wanted.every(({ value, digits }, at) => {
    const own = ours[at] as number
    if (withinLog !== undefined) {
      const slack = withinLog + (0.5 * 10 ** -digits) / value
      return own > 0 && Math.abs(Math.log(own / value)) <= slack
    }
    const limit = Array.isArray(limits) ? (limits[at] ?? 0) : (limits ?? 0)
    return Math.abs(own - value) <= limit + 1e-9
  })
  return { passed, reason: said }
}
