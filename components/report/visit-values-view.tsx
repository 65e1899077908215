'use client'
import { useTranslations } from 'next-intl'
import { useFormat } from '#components/ui/use-format.ts'
import type { VisitValuesBody } from '#domain/analysis/report-result.ts'
import type { Label } from '#domain/definition/definition.ts'
import classes from './report.module.css'
import { ReportFigure } from './report-figure.tsx'
import { TestCell, Traced } from './traced.tsx'

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
  const format = useFormat()
  const hasMarks = body.groups.some((group) => group.points.some((point) => point.test !== null))
  return (
    <>
      <ReportFigure body={body} title={title} />
      {hasMarks && <p className={classes.footnote}>{t('marksLevel', { level: body.level })}</p>}
      <div className={classes.scroll}>
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">{t('arm')}</th>
              {body.visits.map((visit) => (
                <th key={visit.oid} scope="col" className={classes.number}>
                  {format.label(visit.label)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {body.groups.map((group) => (
              <tr key={group.key}>
                <th scope="row">
                  {format.label(group.label)} <small>{t('medianIqr')}</small>
                </th>
                {group.points.map((point, at) => (
                  <td key={body.visits[at]?.oid} className={classes.number}>
                    <Traced
                      cell={point.cell}
                      title={`${format.label(group.label)}, ${format.label(body.visits[at]?.label)}`}
                      studyOid={studyOid}
                    />
                    <small>n = {point.cell.n}</small>
                    {point.test && (
                      <small>
                        p <TestCell test={point.test} />
                      </small>
                    )}
                  </td>
                ))}
              </tr>
            ))}
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
          </tbody>
        </table>
      </div>
    </>
  )
}
