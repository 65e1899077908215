/** The paper of one figure: collects shapes and definitions in order, writes text with its size and weight. */
import type { Language } from '#domain/definition/definition.ts'
import { type FigureLabel, spoken } from './figure-label.ts'
import { type Attributes, element, escapeText, rounded } from './svg.ts'
import { cleanText, type Weight } from './text-metrics.ts'
import { hatches, markerPath, type SeriesStyle, type Theme } from './theme.ts'
import { type Words, words } from './words.ts'

export type TextOptions = {
  anchor?: 'start' | 'middle' | 'end'
  size?: number
  weight?: Weight
  fill?: string
  /** Degrees about the point of the text. */
  rotate?: number
}

export const lineHeight = 1.3
/** Nothing is printed smaller. */
export const smallType = 11
export const plainType = 12

export class Sheet {
  readonly theme: Theme
  readonly language: Language
  private across: number
  readonly words: Words
  private readonly id: string
  private readonly parts: string[] = []
  private readonly definitions = new Map<string, string>()

  constructor(options: { theme: Theme; language: Language; width: number; id: string }) {
    this.theme = options.theme
    this.language = options.language
    this.across = options.width
    this.id = options.id
    this.words = words[options.language]
  }

  get width(): number {
    return this.across
  }

  /** A figure that cannot be set in its width becomes wider; a page scales it down as a whole. */
  widen(width: number): void {
    this.across = Math.max(this.across, Math.ceil(width))
  }

  /** A label in the language of the figure, printable. */
  say(label: FigureLabel, limit?: number): string {
    return cleanText(spoken(label, this.language), limit)
  }

  add(...markup: readonly string[]): void {
    this.parts.push(...markup)
  }

  /** Shapes that belong together, named for whoever reads the file. */
  part(name: string, draw: () => void, attributes: Attributes = {}): void {
    const from = this.parts.length
    draw()
    const inner = this.parts.splice(from).join('')
    if (inner !== '') this.parts.push(element('g', { 'data-part': name, ...attributes }, inner))
  }

  text(text: string, x: number, y: number, options: TextOptions = {}): void {
    if (text === '') return
    const { anchor, size = plainType, weight = 400, fill, rotate } = options
    this.parts.push(
      element(
        'text',
        {
          x,
          y,
          'text-anchor': anchor === 'start' ? undefined : anchor,
          'font-size': size === plainType ? undefined : size,
          'font-weight': weight === 400 ? undefined : weight,
          fill,
          transform: rotate ? `rotate(${rotate} ${rounded(x)} ${rounded(y)})` : undefined,
        },
        escapeText(text),
      ),
    )
  }

  /** Lines under each other, the first with its baseline at y; gives the baseline of the last. */
  lines(lines: readonly string[], x: number, y: number, options: TextOptions = {}): number {
    const step = (options.size ?? plainType) * lineHeight
    lines.forEach((line, at) => {
      this.text(line, x, y + at * step, options)
    })
    return y + Math.max(0, lines.length - 1) * step
  }

  /** A quiet ground, so that lines do not run through the text that stands on it. */
  ground(x: number, y: number, width: number, height: number): void {
    this.rect(x, y, width, height, { fill: this.theme.paper, 'fill-opacity': 0.85 })
  }

  path(d: string, attributes: Attributes = {}): void {
    this.parts.push(element('path', { d, fill: 'none', stroke: this.theme.ink, ...attributes }))
  }

  rect(x: number, y: number, width: number, height: number, attributes: Attributes = {}): void {
    this.parts.push(element('rect', { x, y, width, height, ...attributes }))
  }

  marker(
    style: SeriesStyle,
    x: number,
    y: number,
    size: number,
    attributes: Attributes = {},
  ): void {
    this.parts.push(
      element('path', {
        d: markerPath(style.marker, size),
        transform: `translate(${rounded(x)},${rounded(y)})`,
        fill: style.hollow ? this.theme.paper : style.colour,
        stroke: style.colour,
        'stroke-width': style.hollow ? 1.6 : 1,
        ...attributes,
      }),
    )
  }

  /** A fill for areas: tint with the hatch of its place, told apart without colour too. */
  hatch(index: number, colour: string): string {
    const lines = hatches[index % hatches.length] as string
    const name = `${this.id}-h${index}`
    if (!this.definitions.has(name))
      this.definitions.set(
        name,
        element(
          'pattern',
          { id: name, width: 8, height: 8, patternUnits: 'userSpaceOnUse' },
          element('rect', { width: 8, height: 8, fill: this.theme.paper }),
          element('rect', {
            width: 8,
            height: 8,
            fill: colour,
            'fill-opacity': lines === '' ? (this.theme.blackAndWhite ? 0.4 : 0.75) : 0.22,
          }),
          lines === '' ? '' : element('path', { d: lines, stroke: colour, 'stroke-width': 1.3 }),
        ),
      )
    return `url(#${name})`
  }

  clip(x: number, y: number, width: number, height: number): string {
    const name = `${this.id}-c${this.definitions.size}`
    this.definitions.set(
      name,
      element('clipPath', { id: name }, element('rect', { x, y, width, height })),
    )
    return `url(#${name})`
  }

  /** Everything drawn, definitions first. */
  content(): string {
    const definitions = [...this.definitions.values()].join('')
    return `${definitions === '' ? '' : `<defs>${definitions}</defs>`}${this.parts.join('')}`
  }
}
