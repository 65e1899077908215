'use client'
import { useLocale, useTranslations } from 'next-intl'
import { saveText } from '#components/ui/csv.ts'
import { flowFigure } from '#domain/analysis/figures/flow-figure.ts'
import { survivalFigure } from '#domain/analysis/figures/survival-figure.ts'
import { visitMeansFigure } from '#domain/analysis/figures/visit-means-figure.ts'
import type { ReportResult } from '#domain/analysis/report-result.ts'
import { reportCsv, reportScript } from '#domain/analysis/take-away.ts'
import { labelText, languageOf } from '#domain/definition/label-text.ts'
import classes from './report.module.css'

/** Take away: the data behind the report, an R script that computes it again, and the figure. */
export function Downloads({ result }: { result: ReportResult }) {
  const t = useTranslations('report')
  const language = languageOf(useLocale())
  const { body } = result
  const name = result.oid.toLowerCase()
  const title = labelText(result.title, language)
  const svg =
    body.kind === 'survival' && body.parts[0]
      ? survivalFigure(body, body.parts[0], language)
      : body.kind === 'flow'
        ? flowFigure(body, title, language)
        : body.kind === 'visit-means'
          ? visitMeansFigure(body, title, language)
          : null
  const script = reportScript(result, `${name}.csv`)
  return (
    <div className={classes.downloads}>
      <span>{t('takeAway')}</span>
      <button type="button" onClick={() => saveText(`${name}.csv`, reportCsv(result, language))}>
        {t('data')}
      </button>
      {script && (
        <button type="button" onClick={() => saveText(`${name}.R`, script, 'text/plain')}>
          {t('script')}
        </button>
      )}
      {svg && (
        <button
          type="button"
          onClick={() =>
            saveText(
              `${name}.svg`,
              svg.replace('width="100%"', 'width="760" color="#1b1e22"'),
              'image/svg+xml',
            )
          }
        >
          SVG
        </button>
      )}
      <button type="button" onClick={() => window.print()}>
        {t('print')}
      </button>
    </div>
  )
}
