/*
 * Results as aligned text for a terminal: records become columns, lists of records become tables. Every statistic is
 * named as a paper names it (an SD is never an SE), and p-values are printed by the papers' rule; --json has all digits.
 */
import { formatPValue } from '#domain/statistics/rounding.ts'

/** Names of results as they are read aloud; names that are not here are shown as words. */
const names: Readonly<Record<string, string>> = {
  p: 'p',
  pExact: 'p, exact',
  pCorrected: 'p, with continuity correction',
  twoSided: 'p, two-sided',
  less: 'p, less',
  greater: 'p, greater',
  smallerTail: 'p, smaller tail',
  midP: 'p, mid-P two-sided',
  adjusted: 'p, adjusted',
  standardDeviation: 'SD',
  standardError: 'SE',
  naiveStandardError: 'SE, not robust',
  interquartileRange: 'interquartile range (IQR)',
  medianAbsoluteDeviation: 'median absolute deviation x 1.4826',
  fiveNumbers: 'minimum, hinge, median, hinge, maximum',
  meanInterval: 'confidence limits of the mean',
  h: 'Kruskal-Wallis H',
  u: 'Mann-Whitney U',
  uOther: 'Mann-Whitney U of the other sample',
  v: 'signed-rank V',
  w: 'Shapiro-Wilk W',
  r: 'Pearson r',
  rho: 'Spearman rho',
  tau: 'Kendall tau-b',
  t: 't',
  f: 'F',
  z: 'z',
  chiSquare: 'chi-square',
  chiSquareCorrected: 'chi-square, with continuity correction',
  icc: 'intraclass correlation (ICC)',
  df1: 'degrees of freedom 1',
  df2: 'degrees of freedom 2',
  hazardRatio: 'hazard ratio',
  estimate: 'estimate',
}

/** Results that are probabilities of a test. */
const pValues = new Set([
  'p',
  'pExact',
  'pCorrected',
  'twoSided',
  'less',
  'greater',
  'smallerTail',
  'midP',
  'adjusted',
])

function cell(value: unknown, name = ''): string {
  if (value === null || value === undefined) return '-'
  if (typeof value === 'number') {
    if (pValues.has(name) && value >= 0 && value <= 1) return formatPValue(value)
    if (Number.isNaN(value)) return '-'
    return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(7)))
  }
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return String(value)
}

/** A result's name: as papers say it, else its camelCase as words. */
function words(name: string): string {
  return Object.hasOwn(names, name)
    ? (names[name] as string)
    : name.replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`)
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
export function alignedTable(
  rows: readonly (readonly unknown[])[],
  columns: readonly string[] = [],
): string {
  const text = rows.map((row) => row.map((value, j) => cell(value, columns[j])))
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
  return alignedTable([keys.map(words), ...list.map((item) => keys.map((key) => item[key]))], keys)
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
      else plain.push([words(name), list.map((x) => cell(x, name)).join(', ')])
    } else if (isRecord(list))
      parts.push(`${words(name)}\n${resultText(list).replace(/^/gm, '  ')}`)
    else plain.push([words(name), cell(list, name)])
  }
  return [plain.length > 0 ? alignedTable(plain) : '', ...parts]
    .filter((part) => part !== '')
    .join('\n\n')
}
