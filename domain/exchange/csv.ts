/**
 * CSV as RFC 4180 with CRLF. A spreadsheet would run a text that begins with = + - @ as a formula; such a text gets an
 * apostrophe before it, and so does one that begins with an apostrophe, which makes the rule reversible: take away one
 * leading apostrophe and the value is exact. Numbers are left alone, also negative ones.
 */
const plainNumber = /^[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/

export function csvCell(text: string): string {
  const safe = /^['=+\-@\t\r\n]/.test(text) && !plainNumber.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

export const csvLine = (cells: readonly string[]): string => `${cells.map(csvCell).join(',')}\r\n`

/**
 * The cells of a text that `csvLine` wrote, or of any RFC 4180 file: quotes and apostrophes are taken away, lines may end
 * with LF alone, a byte order mark is skipped. Throws where a quote is never closed or text follows a closing quote.
 */
export function csvRows(text: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  let at = text.startsWith('\uFEFF') ? 1 : 0
  while (at < text.length) {
    let cell: string
    if (text[at] === '"') {
      const end = closingQuote(text, at)
      cell = text.slice(at + 1, end).replaceAll('""', '"')
      at = end + 1
      if (at < text.length && !/[,\r\n]/.test(text[at] as string))
        throw new Error(`CSV line ${rows.length + 1}: text after a closing quote`)
    } else {
      const rest = /[,\r\n]/g
      rest.lastIndex = at
      const end = rest.exec(text)?.index ?? text.length
      cell = text.slice(at, end)
      at = end
    }
    row.push(cell.startsWith("'") ? cell.slice(1) : cell)
    if (text[at] === ',') {
      at++
      if (at < text.length) continue
      row.push('')
    }
    rows.push(row)
    row = []
    at += text.startsWith('\r\n', at) ? 2 : 1
  }
  return rows
}

/** Where the quoted cell that begins at `start` ends. */
function closingQuote(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] !== '"') continue
    if (text[at + 1] !== '"') return at
    at++
  }
  throw new Error('CSV: a quote is never closed')
}
