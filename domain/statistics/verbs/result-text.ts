/* Results as aligned text for a terminal: records become columns, lists of records become tables. */

function cell(value: unknown): string {
  if (value === null || value === undefined) return '-'
  if (typeof value === 'number')
    return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(7)))
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return String(value)
}

/** camelCase name as words. */
function words(name: string): string {
  return name.replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !ArrayBuffer.isView(value)
  )
}

/** Rows of cells padded to columns; numbers to the right. */
export function alignedTable(rows: readonly (readonly unknown[])[]): string {
  const text = rows.map((row) => row.map(cell))
  const widths = (text[0] ?? []).map((_, j) =>
    Math.max(...text.map((row) => (row[j] ?? '').length)),
  )
  const right = widths.map((_, j) =>
    rows
      .slice(1)
      .every((row) => typeof row[j] === 'number' || row[j] === null || row[j] === undefined),
  )
  return text
    .map((row) =>
      row
        .map((c, j) => (right[j] ? c.padStart(widths[j] as number) : c.padEnd(widths[j] as number)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function recordTable(list: readonly Record<string, unknown>[]): string {
  const keys = [...new Set(list.flatMap((item) => Object.keys(item)))]
  return alignedTable([keys.map(words), ...list.map((item) => keys.map((key) => item[key]))])
}

/** A result of any procedure as text: first its plain values, then its parts. */
export function resultText(value: unknown): string {
  if (!isRecord(value))
    return Array.isArray(value) && value.every(isRecord) ? recordTable(value) : cell(value)
  const plain: unknown[][] = []
  const parts: string[] = []
  for (const [name, item] of Object.entries(value)) {
    if (item === undefined) continue
    const list = ArrayBuffer.isView(item) ? Array.from(item as Float64Array) : item
    if (Array.isArray(list)) {
      if (
        list.length > 0 &&
        list.every(isRecord) &&
        list.some((item) => Object.values(item).some((x) => Array.isArray(x) && x.some(isRecord)))
      ) {
        for (const item of list) parts.push(resultText(item))
      } else if (list.length > 0 && list.every(isRecord))
        parts.push(`${words(name)}\n${recordTable(list)}`)
      else if (list.some(Array.isArray))
        parts.push(
          `${words(name)}\n${alignedTable(list.map((row) => (Array.isArray(row) ? row : [row])))}`,
        )
      else plain.push([words(name), list.map(cell).join(', ')])
    } else if (isRecord(list))
      parts.push(`${words(name)}\n${resultText(list).replace(/^/gm, '  ')}`)
    else plain.push([words(name), cell(list)])
  }
  return [plain.length > 0 ? alignedTable(plain) : '', ...parts]
    .filter((part) => part !== '')
    .join('\n\n')
}
