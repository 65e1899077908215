/** Every number a report prints, with its place and its digits before rounding: what R holds its own numbers against. */
import { type ReportCell, reportCells } from '#domain/analysis/report-cells.ts'
import type {
  IncidenceBody,
  ReportResult,
  SurvivalBody,
  TableBody,
} from '#domain/analysis/report-result.ts'
import { csvLine } from '#domain/exchange/csv.ts'

export type PrintedNumber = Pick<ReportCell, 'at' | 'row' | 'column' | 'text' | 'values'> & {
  note: string | null
}

/** The cells of a report that hold a number, and those its pictures and margins print beside them. */
export function printedNumbers(result: ReportResult): PrintedNumber[] {
  const { body } = result
  const cells = reportCells(result)
    .filter(({ column }) => column !== '')
    .map(({ note, at, row, column, text, values }) => ({
      at,
      row,
      column,
      text,
      values,
      note: note?.en ?? null,
    }))
  if (body.kind === 'survival') return [...cells, ...curves(body)]
  if (body.kind === 'incidence') return [...cells, ...incidences(body)]
  if (body.kind === 'table') return [...cells, ...missing(body)]
  return cells
}

const number = (at: number, row: string, column: string, value: number | null): PrintedNumber => ({
  at,
  row,
  column,
  text: value === null ? '–' : String(value),
  values: value === null ? null : [value],
  note: null,
})

/** Limits at the horizon, medians with limits, numbers at risk, and subjects left out. */
function curves(body: SurvivalBody): PrintedNumber[] {
  return body.parts.flatMap((part, at) => {
    const row = part.label?.en ?? 'All'
    const ofGroups = part.groups.flatMap((group) => {
      const { key, atHorizon, median, atRisk } = group
      return [
        number(at, row, `${key}.lower`, atHorizon?.lower ?? null),
        number(at, row, `${key}.upper`, atHorizon?.upper ?? null),
        number(at, row, `${key}.median`, median.time),
        number(at, row, `${key}.medianLower`, median.lower),
        number(at, row, `${key}.medianUpper`, median.upper),
        ...atRisk.map((count, tick) => number(at, row, `${key}.risk${tick + 1}`, count)),
      ]
    })
    return [...ofGroups, number(at, row, 'excluded', part.excluded)]
  })
}

function incidences(body: IncidenceBody): PrintedNumber[] {
  const ofGroups = body.groups.flatMap(({ key, atRisk, causes }) => [
    ...atRisk.map((count, tick) =>
      number(0, body.causes[0]?.label.en ?? '', `${key}.risk${tick + 1}`, count),
    ),
    ...causes.flatMap(({ atHorizon }, at) => {
      const row = body.causes[at]?.label.en ?? ''
      return [
        number(at, row, `${key}.lower`, atHorizon?.lower ?? null),
        number(at, row, `${key}.upper`, atHorizon?.upper ?? null),
      ]
    }),
  ])
  return [...ofGroups, number(0, 'All', 'excluded', body.excluded.length)]
}

function missing(body: TableBody): PrintedNumber[] {
  return body.lines.flatMap((line, at) =>
    line.cells.map((cell, c) =>
      number(at, line.label.en, `${body.columns[c]?.key ?? ''}.missing`, cell.missing),
    ),
  )
}

const places = 8

/** `AT,ROW,COL,TEXT,V1 .. V8,NOTE`; AT counts the rows of the report from 0. */
export function* printedCsv(numbers: readonly PrintedNumber[]): Generator<string> {
  const values = Array.from({ length: places }, (_, at) => `V${at + 1}`)
  yield csvLine(['AT', 'ROW', 'COL', 'TEXT', ...values, 'NOTE'])
  for (const { at, row, column, text, values: own, note } of numbers)
    yield csvLine([
      String(at),
      row,
      column,
      text,
      ...values.map((_, place) => String(own?.[place] ?? '')),
      note ?? '',
    ])
}
