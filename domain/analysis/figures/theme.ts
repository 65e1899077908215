/**
 * Colours, line styles, marker shapes and hatches. The colours are after Okabe and Ito, darkened until each has a contrast
 * of 3 to 1 with the paper; colour is never the only mark, so the same figure can be read in black and white.
 */
import {
  type SymbolType,
  symbol,
  symbolCircle,
  symbolCross,
  symbolDiamond,
  symbolSquare,
  symbolStar,
  symbolTriangle,
} from 'd3-shape'

export type ThemeName = 'screen' | 'file'

/** Six colours on white and, for dark screens, on a dark ground. */
export const seriesColours = [
  { light: '#0072b2', dark: '#56b4e9' },
  { light: '#c24e00', dark: '#ff9a57' },
  { light: '#00805c', dark: '#3fcfa3' },
  { light: '#a8478a', dark: '#e79fcf' },
  { light: '#856100', dark: '#e3b94e' },
  { light: '#50575e', dark: '#b9c0c7' },
] as const

const dashes = [undefined, '9 4', '2 3', '10 3 2 3', '5 2.5', '14 3 2 3 2 3'] as const
const markers: readonly SymbolType[] = [
  symbolCircle,
  symbolSquare,
  symbolTriangle,
  symbolDiamond,
  symbolCross,
  symbolStar,
]

export type SeriesStyle = {
  colour: string
  dash: string | undefined
  width: number
  marker: SymbolType
  /** Markers of the second round are open, lines thicker. */
  hollow: boolean
}

/**
 * `screen`: text in `currentColor`, series in CSS variables with the light colour as fallback, no ground, for the page's
 * own light and dark modes. `file`: fixed colours on white.
 */
export class Theme {
  readonly ink: string
  readonly muted: string
  readonly faint: string
  readonly paper: string
  readonly name: ThemeName
  readonly blackAndWhite: boolean

  constructor(name: ThemeName, blackAndWhite: boolean) {
    this.name = name
    this.blackAndWhite = blackAndWhite
    const screen = name === 'screen'
    this.ink = screen ? 'currentColor' : blackAndWhite ? '#000000' : '#1b1e22'
    this.muted = screen ? 'var(--cb-muted, #565d65)' : blackAndWhite ? '#000000' : '#565d65'
    this.faint = screen ? 'var(--cb-line, #e2e4e7)' : '#dddddd'
    this.paper = screen ? 'var(--cb-surface, #ffffff)' : '#ffffff'
  }

  series(index: number): SeriesStyle {
    const at = index % seriesColours.length
    const round = Math.floor(index / seriesColours.length)
    const { light } = seriesColours[at] as (typeof seriesColours)[number]
    const screen = `var(--cb-figure-${at + 1}, ${light})`
    const plain = round % 2 === 0 ? this.ink : this.name === 'screen' ? this.muted : '#6b6b6b'
    return {
      colour: this.blackAndWhite ? plain : this.name === 'screen' ? screen : light,
      // The second round shifts the dashes by one, so that no colour meets the same dash twice.
      dash: dashes[(at + round) % dashes.length],
      width: round % 2 === 0 ? 1.8 : 2.8,
      marker: markers[(at + round) % markers.length] as SymbolType,
      hollow: round % 2 === 1,
    }
  }
}

/** Path of a marker around (0, 0), about `size` units across. */
export function markerPath(type: SymbolType, size: number): string {
  return (
    symbol()
      .type(type)
      .size(size * size * 0.75)() ?? ''
  )
}

/** Lines of a hatch in a cell of 8 by 8 units; the first is a plain tint. */
export const hatches: readonly string[] = [
  '',
  'M-2,2L2,-2M0,8L8,0M6,10L10,6',
  'M-2,6L2,10M0,0L8,8M6,-2L10,2',
  'M0,4H8',
  'M4,0V8',
  'M0,4H8M4,0V8',
  'M0,8L8,0M0,0L8,8',
  'M3,4h2M7,0h2M-1,0h2M7,8h2M-1,8h2',
]
