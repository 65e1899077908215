import figure from '#components/report/figure.module.css'
import { FigureProblem } from '#domain/analysis/figures/figure-problem.ts'
import type { FigureSpec } from '#domain/analysis/figures/figure-spec.ts'
import { renderFigure } from '#domain/analysis/figures/render-figure.ts'
import type { Language } from '#domain/definition/definition.ts'
import css from './dashboard.module.css'

/** A picture drawn on the server, in the page's own colours; what cannot be drawn is a sentence. */
export function Picture({
  spec,
  language,
  width,
}: {
  spec: FigureSpec
  language: Language
  width: number
}) {
  const drawn = drawnOf(spec, language, width)
  return typeof drawn === 'string' ? (
    <p className={css.none}>{drawn}</p>
  ) : (
    <figure
      className={`${figure.figure} ${css.picture}`}
      // biome-ignore lint/security/noDangerouslySetInnerHtml: the SVG comes from domain/analysis/figures, which escapes all text
      dangerouslySetInnerHTML={{ __html: drawn.svg }}
    />
  )
}

function drawnOf(spec: FigureSpec, language: Language, width: number) {
  try {
    return renderFigure(spec, { language, theme: 'screen', width })
  } catch (error) {
    if (error instanceof FigureProblem) return error.message
    throw error
  }
}
