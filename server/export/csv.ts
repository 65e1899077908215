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
