'use client'
import { useLocale } from 'next-intl'
import { useMemo } from 'react'
import { FigureProblem } from '#domain/analysis/figures/figure-problem.ts'
import {
  type DrawnFigure,
  type DrawOptions,
  renderFigure,
} from '#domain/analysis/figures/render-figure.ts'
import { reportFigureSpec } from '#domain/analysis/figures/spec-from-report.ts'
import type { ReportBody } from '#domain/analysis/report-result.ts'
import type { Label } from '#domain/definition/definition.ts'
import { languageOf } from '#domain/definition/label-text.ts'
import classes from './figure.module.css'

/** The figure of a report, null for tables; a sentence in place of what cannot be drawn. */
export function reportFigure(
  body: ReportBody,
  title: Label,
  options: DrawOptions & { part?: number },
): DrawnFigure | string | null {
  try {
    const spec = reportFigureSpec(body, title, options.part)
    return spec && renderFigure(spec, options)
  } catch (error) {
    if (error instanceof FigureProblem) return error.message
    throw error
  }
}

/** The figure on the page, in the page's own colours. */
export function ReportFigure({
  body,
  title,
  part = 0,
}: {
  body: ReportBody
  title: Label
  part?: number
}) {
  const language = languageOf(useLocale())
  const drawn = useMemo(
    () => reportFigure(body, title, { language, theme: 'screen', part }),
    [body, title, language, part],
  )
  if (drawn === null) return null
  if (typeof drawn === 'string') return <p className={classes.sentence}>{drawn}</p>
  // biome-ignore lint/security/noDangerouslySetInnerHtml: the SVG comes from domain/analysis/figures, which escapes all text
  return <figure className={classes.figure} dangerouslySetInnerHTML={{ __html: drawn.svg }} />
}
