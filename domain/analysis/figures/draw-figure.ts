import { type FigureSpecInput, parseFigureSpec } from './figure-spec.ts'
import { type DrawnFigure, type DrawOptions, renderFigure } from './render-figure.ts'

/**
 * Checks a specification from outside and draws it. Throws `FigureProblem` with place and reason when it is not one. Pages,
 * whose specifications the project makes itself, call `renderFigure` and do not load the checker.
 */
export function drawFigure(input: FigureSpecInput, options: DrawOptions = {}): DrawnFigure {
  return renderFigure(parseFigureSpec(input), options)
}
