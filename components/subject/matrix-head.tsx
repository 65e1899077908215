'use client'

import { useTranslations } from 'next-intl'
import type { Format } from '#components/ui/use-format.ts'
import type { MatrixView } from '#domain/casebook/views.ts'
import type { MatrixColumns } from './matrix-row.tsx'
import css from './subject-matrix.module.css'

/** Widths are fixed, so that a page of rows arriving never moves a column. */
export function MatrixHead({ columns, format }: { columns: MatrixColumns; format: Format }) {
  const t = useTranslations('subjects')
  return (
    <>
      <colgroup>
        <col style={{ width: 92 }} />
        {columns.columns.map((column) => (
          <col key={column.oid} style={{ width: 96 }} />
        ))}
        <col style={{ width: 124 }} />
        <col style={{ width: 44 }} />
        <col style={{ width: 66 }} />
        {columns.events.map((event) => (
          <col key={event.oid} style={{ width: 58 }} />
        ))}
      </colgroup>
      <thead>
        <tr>
          <th scope="col" className={css.key}>
            {t('subject')}
          </th>
          {columns.columns.map((column) => (
            <th scope="col" key={column.oid}>
              {format.label(column.label)}
            </th>
          ))}
          <th scope="col">{t('state')}</th>
          <th scope="col" className={css.number}>
            <span className="cb-hidden">{t('openQueries')}</span>
            <span aria-hidden="true">?</span>
          </th>
          <th scope="col" className={css.number} title={t('total')}>
            {t('forms')}
          </th>
          {columns.events.map((event) => (
            <th scope="col" key={event.oid} className={css.visit} title={event.oid}>
              {format.label(event.label)}
            </th>
          ))}
        </tr>
      </thead>
    </>
  )
}

/** Complete visits of expected ones, by visit. */
export function MatrixFoot({
  columns,
  totals,
  format,
}: {
  columns: MatrixColumns
  totals: MatrixView['totals']
  format: Format
}) {
  const t = useTranslations('subjects')
  return (
    <tfoot>
      <tr>
        <th scope="row" className={css.key} colSpan={1}>
          {t('totalShort')}
        </th>
        <td colSpan={columns.columns.length + 3}>{t('total')}</td>
        {columns.events.map((event) => {
          const sum = totals[event.oid]
          const expected = sum ? sum.complete + sum.inProgress + sum.notStarted : 0
          return (
            <td
              key={event.oid}
              className={css.visit}
              title={
                sum
                  ? `${format.label(event.label)}: ${t('totalOf', { complete: sum.complete, expected })}`
                  : undefined
              }
            >
              {sum && expected > 0 ? `${sum.complete}/${expected}` : '–'}
            </td>
          )
        })}
      </tr>
    </tfoot>
  )
}
