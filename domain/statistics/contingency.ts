import { ensure } from '#domain/statistics/problem.ts'

/** A table of counts: rows of equal length, whole numbers ≥ 0, some of them positive. */
export type Table = readonly (readonly number[])[]

export interface Margins {
  rows: number[]
  columns: number[]
  total: number
}

/** Checks a table of counts and returns its margins; throws `bad-table`. */
export function tableMargins(table: Table, minimumRows = 2, minimumColumns = 2): Margins {
  const width = table[0]?.length ?? 0
  ensure(
    table.length >= minimumRows && width >= minimumColumns,
    'bad-table',
    `a table of ${table.length} × ${width} is too small`,
  )
  const rows = table.map(() => 0)
  const columns = new Array<number>(width).fill(0)
  let total = 0
  table.forEach((row, i) => {
    ensure(row.length === width, 'bad-table', 'the rows of the table differ in length')
    row.forEach((count, j) => {
      ensure(
        Number.isSafeInteger(count) && count >= 0,
        'bad-table',
        `cell ${i + 1}, ${j + 1} holds ${count}, not a count`,
      )
      rows[i] = (rows[i] as number) + count
      columns[j] = (columns[j] as number) + count
      total += count
    })
  })
  ensure(total > 0, 'bad-table', 'the table holds no observation')
  ensure(total <= 1e9, 'sample-too-large', `the table holds ${total} observations`)
  return { rows, columns, total }
}

/**
 * Cross-tabulates two columns of labels. Throws `length-mismatch`.
 * Input: two columns of equal length and the order of the labels, as `sortedLevels` gives it; the result is counts,
 * rows × columns. Missing: a row with a missing label is dropped and counted. Source: R’s table().
 * Example: `crossTabulate(['a', 'b', 'a', null], ['x', 'x', 'y', 'y'], sortedLevels).table` = [[1, 1], [1, 0]],
 * `crossTabulate(['a', 'b', 'a', null], ['x', 'x', 'y', 'y'], sortedLevels).missing` = 1.
 */
export function crossTabulate(
  rows: ArrayLike<string | number | null | undefined>,
  columns: ArrayLike<string | number | null | undefined>,
  sort: (labels: Iterable<string>) => string[],
): { rowLevels: string[]; columnLevels: string[]; table: number[][]; missing: number } {
  ensure(
    rows.length === columns.length,
    'length-mismatch',
    `${rows.length} row labels, ${columns.length} column labels`,
  )
  const pairs: [string, string][] = []
  for (let i = 0; i < rows.length; i++) {
    const r = rows[i]
    const c = columns[i]
    if (r !== null && r !== undefined && c !== null && c !== undefined)
      pairs.push([String(r), String(c)])
  }
  const rowLevels = sort(pairs.map(([r]) => r))
  const columnLevels = sort(pairs.map(([, c]) => c))
  const table = rowLevels.map(() => columnLevels.map(() => 0))
  const rowIndex = new Map(rowLevels.map((level, i) => [level, i]))
  const columnIndex = new Map(columnLevels.map((level, i) => [level, i]))
  for (const [r, c] of pairs) {
    const row = table[rowIndex.get(r) as number] as number[]
    const j = columnIndex.get(c) as number
    row[j] = (row[j] as number) + 1
  }
  return { rowLevels, columnLevels, table, missing: rows.length - pairs.length }
}
