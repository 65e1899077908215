/**
 * Compares reports with what a paper prints, cell by cell. A cell is OK when our number, rounded to the printed digits, is the
 * printed one; SLD when it depends on subject-level data that the paper does not give and lies within a stated tolerance; BAD
 * when the paper contradicts itself: then the oracle holds what follows from its own counts and why, and ours must be that,
 * never the print. The class of a cell belongs to the oracle, so a cell cannot slide from one into another unseen.
 */
import { z } from 'zod'
import { roundTo } from '#domain/statistics/rounding.ts'
import { type ReportCell, reportCells } from './report-cells.ts'
import type { ReportResult } from './report-result.ts'

const text = z.union([z.string(), z.number()]).transform(String)
const within = z.union([z.number().positive(), z.array(z.number().min(0)).min(1)])
/** `within`: largest difference, per number or for all. `withinLog`: of the logarithms, beside half of the last printed digit. */
const tolerance = {
  within: within.optional(),
  withinLog: z.number().positive().optional(),
}
const cellSchema = z.union([
  z.null(),
  text,
  z.strictObject({ print: text, ...tolerance }),
  /** A printed range or limit: `[6, 8]`; null leaves an end open. */
  z.strictObject({ print: text, between: z.tuple([z.number().nullable(), z.number().nullable()]) }),
  z.strictObject({ print: text, ours: text, why: z.string().min(1), within: within.optional() }),
])
const partSchema = z
  .strictObject({
    report: z.string().min(1),
    /** As the paper calls it: `Table 2`. */
    what: z.string().min(1),
    columns: z.array(z.string().min(1)).min(1),
    /** Tolerance of a whole column, for the cells that state no other. */
    tolerances: z.record(z.string(), z.strictObject(tolerance)).optional(),
    /** A label and a cell per column, in the order of the report; null where the paper prints nothing. */
    rows: z.array(z.tuple([z.string()], cellSchema)).min(1),
  })
  .refine(({ columns, rows }) => rows.every((row) => row.length <= columns.length + 1), {
    message: 'a row has more cells than there are columns',
  })
export const paperSchema = z.strictObject({
  paper: z.string().min(1),
  parts: z.array(partSchema).min(1),
  /** What the paper prints and no report here compares, each with the reason. */
  notCompared: z.array(z.strictObject({ what: z.string(), why: z.string() })).optional(),
})
export type Paper = z.infer<typeof paperSchema>
type OracleCell = z.infer<typeof cellSchema>

export type CheckedCell = {
  class: 'OK' | 'SLD' | 'BAD'
  passed: boolean
  what: string
  report: string
  row: string
  column: string
  printed: string
  ours: string
  /** The tolerance, the contradiction of the paper, or what is wrong. */
  reason: string
}

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
        const reason = result
          ? at === undefined
            ? 'the report has no such row below the one before it'
            : 'the row has no such column'
          : 'the definition has no such report'
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
  tolerances: { within?: z.infer<typeof within>; withinLog?: number } | undefined,
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
    return { ...base, passed, printed: oracle, reason: passed ? '' : 'differs from the print' }
  }
  const printed = oracle.print
  if ('ours' in oracle) {
    const follows =
      oracle.within === undefined
        ? isPrinted(oracle.ours, cell)
        : isNear(oracle.ours, cell, oracle).passed
    const asPrinted = isPrinted(printed, cell)
    const reason = asPrinted
      ? 'the report shows the contradictory print'
      : follows
        ? oracle.why
        : `${oracle.ours} follows from the paper: ${oracle.why}`
    return { ...base, printed, passed: follows && !asPrinted, reason }
  }
  if ('between' in oracle) {
    const [low, high] = oracle.between
    const value = numbersOf(cell)[0]
    const passed =
      value !== undefined && (low === null || value >= low) && (high === null || value <= high)
    return { ...base, printed, passed, reason: `between ${low ?? '…'} and ${high ?? '…'}` }
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
): { passed: boolean; reason: string } {
  const wanted = printedNumbers(printed)
  const ours = numbersOf(cell)
  const said = withinLog === undefined ? `within ${limits}` : `within ${withinLog} of the logarithm`
  if (wanted.length === 0 || wanted.length > ours.length)
    return { passed: false, reason: `${said}: ours has ${ours.length} numbers` }
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
