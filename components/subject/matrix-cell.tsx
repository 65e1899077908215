'use client'

import { useTranslations } from 'next-intl'
import { memo } from 'react'
import { cellGlyph, Glyph } from '#components/ui/glyph.tsx'
import type { MatrixCell } from '#domain/casebook/views.ts'
import css from './subject-matrix.module.css'

/** What a cell says aloud: visit, state, and what needs attention. */
export function useCellWords(): (cell: MatrixCell, event: string) => string {
  const t = useTranslations('subjects.cell')
  const ui = useTranslations('ui')
  return (cell, event) =>
    [
      t('name', { event, state: ui(`cellState.${cell.state}`) }),
      cell.expected > 0 && cell.state === 'inProgress'
        ? t('progress', { done: cell.done, expected: cell.expected })
        : '',
      cell.overdue ? t('overdue') : '',
      cell.outsideWindow ? t('outside') : '',
      cell.queries > 0 ? ui('queries', { count: cell.queries }) : '',
    ]
      .filter((part) => part !== '')
      .join(', ')
}

/** One visit of one subject: a glyph, an amber edge, a dashed frame, a red dot with a number. */
export const VisitCell = memo(function VisitCell({
  cell,
  words,
  id,
  active,
  column,
}: {
  cell: MatrixCell | undefined
  words: string
  id: string
  active: boolean
  column: number
}) {
  return (
    <td
      id={id}
      aria-colindex={column}
      aria-label={words}
      title={words}
      tabIndex={active ? 0 : -1}
      className={css.cell}
      data-cell={cell ? cell.event : ''}
      data-state={cell?.state ?? 'none'}
      data-overdue={cell?.overdue || undefined}
      data-outside={cell?.outsideWindow || undefined}
    >
      <span className={css.mark}>
        <Glyph name={cellGlyph[cell?.state ?? 'none']} />
        {cell && cell.queries > 0 ? (
          <span className={css.dot} aria-hidden="true">
            {cell.queries > 9 ? '9+' : cell.queries}
          </span>
        ) : null}
      </span>
    </td>
  )
})
