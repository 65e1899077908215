'use client'
import { useTranslations } from 'next-intl'
import type { VisitValuesBody } from '#domain/analysis/report-result.ts'
import type { Label } from '#domain/definition/definition.ts'
import classes from './report.module.css'
import { ReportFigure } from './report-figure.tsx'
import { TestCell } from './traced.tsx'
import { VisitGrid } from './visit-grid.tsx'

/** Boxes or lines of subjects by visit, and under them median and quartiles with their tests. */
export function VisitValuesView({
  body,
  title,
  studyOid,
}: {
  body: VisitValuesBody
  title: Label
  studyOid: string
}) {
  const t = useTranslations('report')
  const hasMarks = body.groups.some((group) => group.points.some((point) => point.test !== null))
  return (
    <>
      <ReportFigure body={body} title={title} />
      {hasMarks && <p className={classes.footnote}>{t('marksLevel', { level: body.level })}</p>}
      <VisitGrid
        visits={body.visits}
        groups={body.groups}
        statistic={t('medianIqr')}
        printTest={(test) => <TestCell test={test} />}
        studyOid={studyOid}
      >
        {body.between.length > 0 && (
          <tr>
            <th scope="row">{t('between')}</th>
            {body.between.map((test, at) => (
              <td key={body.visits[at]?.oid} className={classes.number}>
                p <TestCell test={test} />
              </td>
            ))}
          </tr>
        )}
      </VisitGrid>
    </>
  )
}
