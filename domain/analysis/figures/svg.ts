/** Small typed writer of SVG text: attributes are escaped, numbers are rounded to a hundredth of a unit. */
export type Attributes = Readonly<Record<string, string | number | undefined>>

export function escapeText(text: string): string {
  return text
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
  const written = Object.entries(attributes)
    .filter((entry): entry is [string, string | number] => entry[1] !== undefined)
    .map(
      ([key, value]) =>
        ` ${key}="${typeof value === 'number' ? rounded(value) : escapeText(value)}"`,
    )
    .join('')
  return children.length === 0
    ? `<${name}${written}/>`
    : `<${name}${written}>${children.join('')}</${name}>`
}

export function textElement(
  text: string,
  x: number,
  y: number,
  attributes: Attributes = {},
): string {
  return element('text', { x, y, ...attributes }, escapeText(text))
}

/** Width of a bold 12-unit text, rather too much than too little; Chinese and Japanese characters are square. */
export function textWidth(text: string): number {
  let width = 0
  for (const character of text) width += (character.codePointAt(0) as number) > 0x2e7f ? 12.5 : 7
  return width
}

export function rounded(value: number): string {
  return String(Math.round(value * 100) / 100)
}

/** Colours that stay apart for colour-blind eyes (Okabe and Ito), with line styles that stay apart without colour. */
export const seriesStyles = [
  { colour: '#0072b2', dash: undefined },
  { colour: '#d55e00', dash: '7 4' },
  { colour: '#009e73', dash: '2 3' },
  { colour: '#cc79a7', dash: '10 3 2 3' },
] as const

export function seriesStyle(index: number): (typeof seriesStyles)[number] {
  return seriesStyles[index % seriesStyles.length] as (typeof seriesStyles)[number]
}

/** The outer element: scales with its place, speaks its title and description, inherits the text colour. */
export function figure(
  width: number,
  height: number,
  title: string,
  description: string,
  body: string,
): string {
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${width} ${height}`,
      width: '100%',
      role: 'img',
      'aria-label': title,
      'font-family': 'Noto Sans Variable, Noto Sans JP Variable, Noto Sans, sans-serif',
      'font-size': 12,
      fill: 'currentColor',
    },
    element('title', {}, escapeText(title)),
    element('desc', {}, escapeText(description)),
    body,
  )
}
