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

/** Semicolons separate where the header has them and no comma: spreadsheets of the decimal comma write so. */
function separatorOf(text: string): ',' | ';' {
  const header = text.slice(0, text.search(/[\r\n]|$/)).replace(/"[^"]*"/g, '')
  return header.includes(';') && !header.includes(',') ? ';' : ','
}

/** Cells of CSV text (RFC 4180: quotes, doubled quotes, line ends of any kind, a byte order mark). */
function rawRecords(text: string, separator: ',' | ';'): RawCell[][] {
  const records: RawCell[][] = []
  let record: RawCell[] = []
  let value = ''
  let quoted = false
  let wasQuoted = false
  const source = text
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
    } else if (c === separator) endCell()
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

function numberOfText(text: string, decimalComma = false): number | undefined {
  if (decimalComma && /^[-+]?\d*,\d+([eE][-+]?\d+)?$/.test(text))
    return Number(text.replace(',', '.'))
  if (text in infinities) return infinities[text]
  // Number() also takes 0x1f and the empty text, which no table of numbers holds.
  return /^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/.test(text) ? Number(text) : undefined
}

/** Codes such as "01" that are quoted stay text: as numbers they would lose their zero. */
function isCode({ value, quoted }: RawCell, decimalComma: boolean): boolean {
  const plain = decimalComma ? value.replace(',', '.') : value
  return quoted && plain !== String(numberOfText(value, decimalComma))
}

/**
 * CSV text to columns. An empty field, NA, NaN and the full stop of SAS are missing. A column is numeric when every
 * other field of it is a number. Where semicolons separate, a comma in a number is the decimal one. Throws `bad-case`
 * on ragged rows, open quotes, a repeated column name or an empty text.
 */
export function parseCsv(text: string): DataSet {
  const source = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
  const separator = separatorOf(source)
  const comma = separator === ';'
  const [header, ...body] = rawRecords(source, separator)
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
      value === '' || (!quoted && (value === 'NA' || value === 'NaN' || value === '.'))
    // 1.234 beside 5,6 may be a thousand: such a column is text, and whoever needs its numbers is told.
    const both = ['.', ','].every((mark) =>
      cells.some((cell) => !missing(cell) && cell.value.includes(mark)),
    )
    const unclear = comma && both
    const numeric = cells.every(
      (cell) =>
        missing(cell) ||
        (!unclear && !isCode(cell, comma) && numberOfText(cell.value, comma) !== undefined),
    )
    if (columns.has(name.trim()))
      throw new StatisticsProblem('bad-case', `the CSV has two columns "${name.trim()}"`)
    columns.set(
      name.trim(),
      cells.map((cell) =>
        missing(cell)
          ? null
          : numeric
            ? (numberOfText(cell.value, comma) as number)
            : cell.value.trim(),
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

/** A column that must be numeric; quoted codes such as "1.50" are numbers here. */
export function numbersOf(data: DataSet, name: string): (number | null)[] {
  return columnOf(data, name).map((cell) => {
    if (cell === null || typeof cell === 'number') return cell
    const number = numberOfText(cell)
    if (number !== undefined) return number
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
