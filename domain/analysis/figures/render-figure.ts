/**
 * The one renderer: a specification becomes SVG text, a sentence for those who cannot see it, and the table of exactly the
 * numbers drawn. Pure: no clock, no chance, no browser; the same specification and options give the same bytes anywhere.
 */
import type { Language } from '#domain/definition/definition.ts'
import { drawBars } from './draw-bars.ts'
import { drawBox } from './draw-box.ts'
import { drawFlow } from './draw-flow.ts'
import { drawForest } from './draw-forest.ts'
import { drawHeat } from './draw-heat.ts'
import { drawIncidence } from './draw-incidence.ts'
import { drawSpaghetti } from './draw-spaghetti.ts'
import { drawSurvival } from './draw-survival.ts'
import { drawSwimmer } from './draw-swimmer.ts'
import { drawTrend } from './draw-trend.ts'
import { drawVisitMeans } from './draw-visit-means.ts'
import { drawWaterfall } from './draw-waterfall.ts'
import type { Drawn, FigureTable } from './drawn.ts'
import type { FigureSpec } from './figure-spec.ts'
import { lineHeight, Sheet, smallType } from './sheet.ts'
import { element, escapeText } from './svg.ts'
import { wrapText } from './text-metrics.ts'
import { Theme, type ThemeName } from './theme.ts'

/** A font as a data URI with the characters it covers, e.g. from `server/report/figure-fonts.ts`. */
export type EmbeddedFont = { family: string; dataUri: string; unicodeRange: string }

export type DrawOptions = {
  language?: Language
  /** `screen` follows the colours of the page, `file` (default) has fixed colours on white. */
  theme?: ThemeName
  /** Series differ by dashes, shapes and hatches alone. */
  blackAndWhite?: boolean
  /** Units across; the width of the specification, or 760. */
  width?: number
  /** Title, subtitle and footnotes in the picture; by default in files only, a page has its own. */
  heading?: boolean
  /** Put into the file, so that it looks alike everywhere. */
  fonts?: readonly EmbeddedFont[]
  /** Begins the ids inside the SVG; by default a digest of the specification, so that figures on one page do not meet. */
  id?: string
}

export type DrawnFigure = {
  svg: string
  textAlternative: string
  table: FigureTable
  width: number
  height: number
}

const families: Record<Language, string> = {
  en: "'Noto Sans Variable', 'Noto Sans JP Variable', 'Noto Sans SC Variable', 'Noto Sans', sans-serif",
  ja: "'Noto Sans Variable', 'Noto Sans JP Variable', 'Noto Sans', 'Noto Sans CJK JP', sans-serif",
  zh: "'Noto Sans Variable', 'Noto Sans SC Variable', 'Noto Sans', 'Noto Sans CJK SC', sans-serif",
}

/** Draws a checked specification; data that show nothing give a sentence in place. Throws `not-drawable` for what is no number. */
export function renderFigure(spec: FigureSpec, options: DrawOptions = {}): DrawnFigure {
  const { language = 'en', theme = 'file', blackAndWhite = false, fonts = [] } = options
  const width = Math.round(Math.min(2400, Math.max(320, options.width ?? spec.width ?? 760)))
  const heading = options.heading ?? theme === 'file'
  const id = options.id ?? `f${digest(JSON.stringify([spec, language, width]))}`
  const sheet = new Sheet({ theme: new Theme(theme, blackAndWhite), language, width, id })
  const title = sheet.say(spec.title)
  let top = 4
  if (heading) {
    const lines = wrapText(title, width - 24, { size: 14, weight: 600, maxLines: 3 })
    top = sheet.lines(lines, 12, top + 18, { size: 14, weight: 600 }) + 6
    if (spec.subtitle)
      top =
        sheet.lines(wrapText(sheet.say(spec.subtitle), width - 24), 12, top + 12, {
          fill: sheet.theme.muted,
        }) + 6
    top += 8
  }
  const drawn = draw(spec, sheet, top)
  const notes = [
    ...drawn.notes,
    ...(heading ? spec.footnotes.map((note) => sheet.say(note, 1200)) : []),
  ]
  let bottom = drawn.bottom
  if (notes.length > 0) bottom = footnotes(sheet, notes, bottom + 6)
  const height = Math.ceil(bottom + 10)
  const across = sheet.width
  const textAlternative = `${sentenceOf(spec, sheet, title)}${drawn.sentence === '' ? '' : ` ${drawn.sentence}${sheet.words.listEnd}`}`
  const onScreen = theme === 'screen'
  const svg = element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${across} ${height}`,
      width: onScreen ? '100%' : across,
      height: onScreen ? undefined : height,
      role: 'img',
      'aria-label': title,
      lang: language,
      'font-family': families[language],
      'font-size': 12,
      fill: sheet.theme.ink,
    },
    element('title', {}, escapeText(title)),
    element('desc', {}, escapeText(textAlternative)),
    fonts.length === 0 ? '' : fontFaces(fonts),
    onScreen ? '' : element('rect', { width: across, height, fill: sheet.theme.paper }),
    sheet.content(),
  )
  return { svg, textAlternative, table: drawn.table, width: across, height }
}

function draw(spec: FigureSpec, sheet: Sheet, top: number): Drawn {
  switch (spec.kind) {
    case 'survival':
      return drawSurvival(spec, sheet, top)
    case 'cumulative-incidence':
      return drawIncidence(spec, sheet, top)
    case 'forest':
      return drawForest(spec, sheet, top)
    case 'visit-means':
      return drawVisitMeans(spec, sheet, top)
    case 'box':
      return drawBox(spec, sheet, top)
    case 'flow':
      return drawFlow(spec, sheet, top)
    case 'swimmer':
      return drawSwimmer(spec, sheet, top)
    case 'waterfall':
      return drawWaterfall(spec, sheet, top)
    case 'spaghetti':
      return drawSpaghetti(spec, sheet, top)
    case 'bars':
      return drawBars(spec, sheet, top)
    case 'trend':
      return drawTrend(spec, sheet, top)
    case 'heat':
      return drawHeat(spec, sheet, top)
  }
}

function sentenceOf(spec: FigureSpec, sheet: Sheet, title: string): string {
  const kind = sheet.words.kinds[spec.kind === 'flow' ? spec.standard : spec.kind]
  const end = sheet.words.listEnd
  return sheet.language === 'en' ? `${kind}: ${title}${end}` : `${kind}：${title}${end}`
}

function footnotes(sheet: Sheet, notes: readonly string[], top: number): number {
  let y = top
  sheet.part('footnotes', () => {
    for (const note of notes) {
      const lines = wrapText(note, sheet.width - 24, { size: smallType, maxLines: 12 })
      y = sheet.lines(lines, 12, y + smallType * lineHeight, {
        size: smallType,
        fill: sheet.theme.muted,
      })
      y += 2
    }
  })
  return y
}

/** Only data URIs of fonts: nothing in a figure fetches from elsewhere. */
function fontFaces(fonts: readonly EmbeddedFont[]): string {
  const rules = fonts
    .filter((font) => /^data:font\/[a-z0-9]+;base64,[A-Za-z0-9+/=]+$/.test(font.dataUri))
    .map((font) => {
      const family = font.family.replace(/[^\w -]/g, '')
      const range = font.unicodeRange.replace(/[^\w+,? -]/g, '')
      return `@font-face{font-family:'${family}';font-weight:100 900;src:url(${font.dataUri}) format('woff2');unicode-range:${range}}`
    })
  return `<style>${rules.join('')}</style>`
}

/** FNV-1a over UTF-16 units: short names for ids, nothing secret. */
function digest(text: string): string {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return (hash >>> 0).toString(36)
}
