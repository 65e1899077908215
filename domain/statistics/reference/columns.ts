import { StatisticsProblem } from '#domain/statistics/problem.ts'

export type Cell = string | number | null

export interface DataSet {
  columns: Map<string, Cell[]>
  rows: number
}

interface RawCell {
  value: string
  quoted: boolean
}

/** Cells of CSV text (RFC 4180: quotes, doubled quotes, line ends of any kind, a byte order mark). */
function rawRecords(text: string): RawCell[][] {
  const records: RawCell[][] = []
  let record: RawCell[] = []
  let value = ''
  let quoted = false
  let wasQuoted = false
  const source = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
  const endCell = () => {
    record.push({ value: wasQuoted ? value : value.trim(), quoted: wasQuoted })
    value = ''
    wasQuoted = false
  }
  const endRecord = () => {
    endCell()
    if (record.length > 1 || record[0]?.value !== '') records.push(record)
    record = []
  }
  for (let i = 0; i < source.length; i++) {
    const c = source[i] as string
    if (quoted) {
      if (c !== '"') value += c
      else if (source[i + 1] === '"') {
        value += '"'
        i++
      } else quoted = false
    } else if (c === '"' && value.trim() === '') {
      value = ''
      quoted = true
      wasQuoted = true
    } else if (c === ',') endCell()
    else if (c === '\n' || c === '\r') {
      if (c === '\r' && source[i + 1] === '\n') i++
      endRecord()
    } else if (!wasQuoted || c.trim() !== '') value += c
  }
  if (quoted) throw new StatisticsProblem('bad-case', 'the CSV ends inside quotes')
  if (value !== '' || record.length > 0) endRecord()
  return records
}

const infinities: Readonly<Record<string, number>> = {
  Inf: Infinity,
  '-Inf': -Infinity,
  Infinity: Infinity,
  '-Infinity': -Infinity,
}

function numberOfText(text: string): number | undefined {
  if (text in infinities) return infinities[text]
  // Number() also takes 0x1f and the empty text, which no table of numbers holds.
  return /^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/.test(text) ? Number(text) : undefined
}

/** Codes such as "01" that are quoted stay text: as numbers they would lose their zero. */
function isCode({ value, quoted }: RawCell): boolean {
  return quoted && value !== String(numberOfText(value))
}

/**
 * CSV text to columns. An empty field, NA and NaN are missing. A column is numeric when every other field of it is a
 * number. Throws `bad-case` on ragged rows, open quotes, a repeated column name or an empty text.
 */
export function parseCsv(text: string): DataSet {
  const [header, ...body] = rawRecords(text)
  if (!header) throw new StatisticsProblem('bad-case', 'the CSV is empty')
  const columns = new Map<string, Cell[]>()
  body.forEach((row, i) => {
    if (row.length !== header.length)
      throw new StatisticsProblem(
        'bad-case',
        `CSV row ${i + 2} has ${row.length} cells, the header ${header.length}`,
      )
  })
  header.forEach(({ value: name }, j) => {
    const cells = body.map((row) => row[j] as RawCell)
    const missing = ({ value, quoted }: RawCell) =>
      value === '' || (!quoted && (value === 'NA' || value === 'NaN'))
    const numeric = cells.every(
      (cell) => missing(cell) || (!isCode(cell) && numberOfText(cell.value) !== undefined),
    )
    if (columns.has(name.trim()))
      throw new StatisticsProblem('bad-case', `the CSV has two columns "${name.trim()}"`)
    columns.set(
      name.trim(),
      cells.map((cell) =>
        missing(cell) ? null : numeric ? (numberOfText(cell.value) as number) : cell.value.trim(),
      ),
    )
  })
  return { columns, rows: body.length }
}

export function columnOf(data: DataSet, name: string): Cell[] {
  const column = data.columns.get(name)
  if (!column) throw new StatisticsProblem('unknown-column', `there is no column "${name}"`)
  return column
}

/** A column that must be numeric. */
export function numbersOf(data: DataSet, name: string): (number | null)[] {
  return columnOf(data, name).map((cell) => {
    if (cell === null || typeof cell === 'number') return cell
    throw new StatisticsProblem('bad-case', `column "${name}" holds "${cell}", not a number`)
  })
}

/** Keeps the rows for which the test holds. */
export function filterRows(data: DataSet, keep: (row: number) => boolean): DataSet {
  const rows = Array.from({ length: data.rows }, (_, i) => i).filter(keep)
  return {
    rows: rows.length,
    columns: new Map(
      [...data.columns].map(([name, cells]) => [name, rows.map((i) => cells[i] as Cell)]),
    ),
  }
}
