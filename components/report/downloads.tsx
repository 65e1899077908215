'use client'
import { useLocale, useTranslations } from 'next-intl'
import { saveText } from '#components/ui/csv.ts'
import type { ReportResult } from '#domain/analysis/report-result.ts'
import { reportCsv, reportScript } from '#domain/analysis/take-away.ts'
import { languageOf } from '#domain/definition/label-text.ts'
import classes from './report.module.css'
import { reportFigure } from './report-figure.tsx'

/** Take away: the data behind the report, an R script that computes it again, and the figure. */
export function Downloads({ result }: { result: ReportResult }) {
  const t = useTranslations('report')
  const language = languageOf(useLocale())
  const { body } = result
  const name = result.oid.toLowerCase()
  const drawn = reportFigure(body, result.title, { language })
  const svg = drawn === null || typeof drawn === 'string' ? null : drawn.svg
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
        <button type="button" onClick={() => saveText(`${name}.svg`, svg, 'image/svg+xml')}>
          SVG
        </button>
      )}
      <button type="button" onClick={() => window.print()}>
        {t('print')}
      </button>
    </div>
  )
}
