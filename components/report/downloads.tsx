'use client'
import { useLocale, useTranslations } from 'next-intl'
import { useMemo } from 'react'
import { MenuGroup, MenuItem } from '#components/ui/menu.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import { reportFigureSpec } from '#domain/analysis/figures/spec-from-report.ts'
import { searchOfParameters } from '#domain/analysis/report-address.ts'
import type { ReportResult } from '#domain/analysis/report-result.ts'
import { languageOf } from '#domain/definition/label-text.ts'
import { TakeMenu } from './take-menu.tsx'

/** Take away: the report's data, the report as a document, its figures, and what computes it again; all as this page shows it. */
export function Downloads({ result, studyOid }: { result: ReportResult; studyOid: string }) {
  const t = useTranslations('report.take')
  const everybody = useTranslations('report')('everybody')
  const format = useFormat()
  const language = languageOf(useLocale())
  const { body, cut } = result
  const address = (file: string, more: Record<string, string> = {}) => {
    const search = new URLSearchParams(cut ? '' : searchOfParameters(result.parameters))
    search.set('language', language)
    if (cut) search.set('cut', String(cut.number))
    for (const [name, value] of Object.entries(more)) search.set(name, value)
    const report = `/api/studies/${studyOid}/reports/${result.oid.toLowerCase()}`
    return `${report}/${file}?${search}`
  }
  const parts = body.kind === 'survival' ? body.parts : [{ label: null }]
  const { problem, title } = result
  const hasFigure = useMemo(
    () => !problem && reportFigureSpec(body, title) !== null,
    [problem, body, title],
  )
  return (
    <TakeMenu label={t('title')}>
      {(take) => (
        <>
          <MenuGroup title={t('numbers')}>
            <MenuItem onSelect={() => take(address('data.csv'))}>{t('csv')}</MenuItem>
            <MenuItem onSelect={() => take(address('r.zip'))}>{t('r')}</MenuItem>
          </MenuGroup>
          <MenuGroup title={t('document')}>
            <MenuItem onSelect={() => take(address('report.pdf'))}>{t('pdf')}</MenuItem>
            <MenuItem onSelect={() => take(address('report.docx'))}>{t('docx')}</MenuItem>
            <MenuItem onSelect={() => window.print()}>{t('print')}</MenuItem>
          </MenuGroup>
          {hasFigure &&
            parts.map((part, at) => {
              const of: Record<string, string> = at === 0 ? {} : { part: String(at) }
              const name = part.label ? format.label(part.label) : everybody
              return (
                <MenuGroup
                  key={part.label ? part.label.en : 'all'}
                  title={parts.length > 1 ? t('figureOf', { name }) : t('figure')}
                >
                  <MenuItem onSelect={() => take(address('figure.svg', of))}>{t('svg')}</MenuItem>
                  <MenuItem onSelect={() => take(address('figure.png', of))}>{t('png')}</MenuItem>
                  <MenuItem onSelect={() => take(address('figure.pdf', of))}>
                    {t('figurePdf')}
                  </MenuItem>
                </MenuGroup>
              )
            })}
        </>
      )}
    </TakeMenu>
  )
}
