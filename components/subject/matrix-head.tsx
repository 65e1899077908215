'use client'

import { useTranslations } from 'next-intl'
import { Icon } from '#components/ui/icon.tsx'
import type { Format } from '#components/ui/use-format.ts'
import type { MatrixView } from '#domain/casebook/views.ts'
import type { MatrixColumns } from './matrix-row.tsx'
import css from './subject-matrix.module.css'

/** Wide enough for the longest word of a visit's name, narrow enough for many visits. */
export function visitWidth(label: string): number {
  const longest = Math.max(...label.split(/\s+/).map((word) => textWidth(word)))
  return Math.max(58, Math.ceil(longest) + 8)
}

/** About the width of a text in the head, px: ideographs are twice as wide as letters. */
function textWidth(text: string): number {
  return [...text].reduce((sum, letter) => sum + (letter > '\u2e80' ? 6 : 7), 0)
}

export function matrixWidth(columns: MatrixColumns, format: Format): number {
  return (
    310 +
    80 * columns.columns.length +
    columns.events.reduce((sum, event) => sum + visitWidth(format.label(event.label)), 0)
  )
}

/** Widths are fixed, so that a page of rows arriving never moves a column. */
export function MatrixHead({ columns, format }: { columns: MatrixColumns; format: Format }) {
  const t = useTranslations('subjects')
  return (
    <>
      <colgroup>
        <col style={{ width: 88 }} />
        {columns.columns.map((column) => (
          <col key={column.oid} style={{ width: 80 }} />
        ))}
        <col style={{ width: 112 }} />
        <col style={{ width: 44 }} />
        {columns.events.map((event) => (
          <col key={event.oid} style={{ width: visitWidth(format.label(event.label)) }} />
        ))}
        <col style={{ width: 66 }} />
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
            <Icon name="query" size={14} />
          </th>
          {columns.events.map((event) => (
            <th scope="col" key={event.oid} className={css.visit} title={event.oid}>
              {format.label(event.label)}
            </th>
          ))}
          <th scope="col" className={css.number} title={t('total')}>
            {t('forms')}
          </th>
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
        <td colSpan={columns.columns.length + 2}>{t('total')}</td>
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
        <td />
      </tr>
    </tfoot>
  )
}
