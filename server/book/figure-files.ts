/** Figures as files: SVG that carries its fonts, PNG for print, and the pictures inside documents. */
import { renderAsync } from '@resvg/resvg-js'
import { FigureProblem } from '#domain/analysis/figures/figure-problem.ts'
import type { FigureSpec } from '#domain/analysis/figures/figure-spec.ts'
import {
  type DrawnFigure,
  type DrawOptions,
  renderFigure,
} from '#domain/analysis/figures/render-figure.ts'
import type { Language } from '#domain/definition/definition.ts'
import { svgInOutlines } from '../document/svg-text.ts'
import { figureFonts } from '../report/figure-fonts.ts'
import { withPhysicalSize } from './png-size.ts'

/** Width in print: the text of an A4 page; journals take 170 to 180 mm for two columns. */
const millimetresWide = 170
const dotsPerInch = 300
const pixelsWide = Math.round((millimetresWide / 25.4) * dotsPerInch)
/** Of a figure as high as long: more pixels than this help nobody and cost memory. */
const mostPixelsHigh = 6000

/** A figure, or the sentence why it cannot be drawn. */
export function drawn(spec: FigureSpec, options: DrawOptions): DrawnFigure | string {
  try {
    return renderFigure(spec, options)
  } catch (error) {
    if (error instanceof FigureProblem) return error.message
    throw error
  }
}

/** With title and foot notes, and with the fonts of its own characters. Throws `FigureProblem` for what cannot be drawn. */
export function figureSvg(spec: FigureSpec, language: Language): string {
  const bare = renderFigure(spec, { language })
  return renderFigure(spec, { language, fonts: figureFonts(bare.svg, language) }).svg
}

/** 170 mm wide at 300 dots per inch, which the file says of itself. Throws `FigureProblem` for what cannot be drawn. */
export async function figurePng(spec: FigureSpec, language: Language): Promise<Buffer> {
  return pngOf(renderFigure(spec, { language }), language, dotsPerInch)
}

/** A drawn figure as pixels, its text as outlines: no font of the machine takes part. */
export async function pngOf(
  figure: DrawnFigure,
  language: Language,
  resolution: number,
): Promise<Buffer> {
  const wide = Math.round((pixelsWide * resolution) / dotsPerInch)
  const tooHigh = (wide * figure.height) / figure.width > mostPixelsHigh
  const image = await renderAsync(svgInOutlines(figure.svg, language), {
    font: { loadSystemFonts: false },
    background: '#ffffff',
    fitTo: tooHigh ? { mode: 'height', value: mostPixelsHigh } : { mode: 'width', value: wide },
  })
  return withPhysicalSize(image.asPng(), resolution)
}
