'use client'
import { useTranslations } from 'next-intl'
import { useFormat } from '#components/ui/use-format.ts'
import type { ListingBody } from '#domain/analysis/report-result.ts'
import classes from './report.module.css'
import { Traced } from './traced.tsx'

/** One line a subject; the key opens the subject. */
export function ListingView({ body, studyOid }: { body: ListingBody; studyOid: string }) {
  const t = useTranslations('report')
  const format = useFormat()
  return (
    <>
      <p className={classes.footnote}>{t('listed', { count: body.rows.length })}</p>
      {body.rows.length > 0 && (
        <div className={classes.scroll}>
          <table className={classes.table}>
            <thead>
              <tr>
                <th scope="col">{t('subject')}</th>
                {body.columns.map((column) => (
                  <th key={column.en} scope="col">
                    {format.label(column)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {body.rows.map((row, line) => (
                <tr key={row.subject}>
                  <th scope="row">
                    <Traced
                      cell={{ text: row.subject, subjects: [row.subject], n: 1, missing: 0 }}
                      title={row.subject}
                      studyOid={studyOid}
                      at={{ line, column: 'subject' }}
                    />
                  </th>
                  {row.cells.map((cell, at) => (
                    <td key={body.columns[at]?.en}>{format.label(cell)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  )
}
