/** Small typed writer of SVG text: text and attributes are escaped, numbers rounded to a hundredth of a unit. */
import { FigureProblem } from './figure-problem.ts'

export type Attributes = Readonly<Record<string, string | number | undefined>>

/** Characters that no XML file may hold; labels are cleaned before, keys in data attributes are not. */
const forbidden =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

export function escapeText(text: string): string {
  return text
    .replace(forbidden, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

export function element(
  name: string,
  attributes: Attributes,
  ...children: readonly string[]
): string {
  let written = ''
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined) continue
    // Paths made by d3 do not pass through `rounded`.
    if (key === 'd' && typeof value === 'string' && /NaN|Infinity/.test(value)) throw notANumber()
    written += ` ${key}="${typeof value === 'number' ? rounded(value) : escapeText(value)}"`
  }
  return children.length === 0
    ? `<${name}${written}/>`
    : `<${name}${written}>${children.join('')}</${name}>`
}

function notANumber(): FigureProblem {
  return new FigureProblem('not-drawable', 'a place in the figure is not a number')
}

/** The last guard: what is no number never reaches the file. */
export function rounded(value: number): string {
  if (!Number.isFinite(value)) throw notANumber()
  const hundredths = Math.round(value * 100)
  // The largest numbers have no hundredths.
  return String(Number.isFinite(hundredths) ? hundredths / 100 || 0 : value)
}

/** Path of straight pieces: `M` at the first point, `L` to the others. */
export function polyline(points: readonly (readonly [number, number])[]): string {
  return points.map(([x, y], at) => `${at === 0 ? 'M' : 'L'}${rounded(x)},${rounded(y)}`).join('')
}
