'use client'

import Link from 'next/link'
import { memo } from 'react'
import { QueryCount, SubjectStatus } from '#components/ui/status.tsx'
import type { Format } from '#components/ui/use-format.ts'
import type { MatrixRow, MatrixView } from '#domain/casebook/views.ts'
import { subjectHref } from './address.ts'
import { VisitCell } from './matrix-cell.tsx'
import { shortText } from './short-text.ts'
import css from './subject-matrix.module.css'

export type MatrixColumns = Pick<MatrixView, 'events' | 'columns'>
export type CellWords = (cell: NonNullable<MatrixRow['cells'][number]>, event: string) => string

/** One subject. Redrawn only when its data change or the active cell enters, leaves or moves within it. */
export const SubjectRow = memo(function SubjectRow({
  row,
  index,
  active,
  columns,
  study,
  format,
  words,
}: {
  row: MatrixRow
  index: number
  /** Column of the active cell: -1 none, 0 the key, 1.. the visits. */
  active: number
  columns: MatrixColumns
  study: string
  format: Format
  words: CellWords
}) {
  const cells = new Map(row.cells.map((cell) => [cell.event, cell]))
  const done = row.cells.reduce((sum, cell) => sum + cell.done, 0)
  const expected = row.cells.reduce((sum, cell) => sum + cell.expected, 0)
  const firstVisit = columns.columns.length + 4
  return (
    <tr aria-rowindex={index + 2} className={css.row} data-row={index}>
      <th scope="row" className={css.key} aria-colindex={1}>
        <Link
          href={subjectHref(study, row.subjectKey)}
          className={css.keyLink}
          prefetch={false}
          tabIndex={active === 0 ? 0 : -1}
          id={`cell-${index}-0`}
        >
          {row.subjectKey}
        </Link>
      </th>
      {columns.columns.map((column) => {
        const code = row.columns[column.oid]
        const text = code ? format.label(column.codes[code]) || code : '–'
        return (
          <td key={column.oid} className={css.text} title={text}>
            {code ? shortText(code, text) : '–'}
          </td>
        )
      })}
      <td>
        <SubjectStatus state={row.state} />
      </td>
      <td className={css.number}>{row.queries > 0 ? <QueryCount count={row.queries} /> : null}</td>
      {columns.events.map((event, column) => {
        const cell = cells.get(event.oid)
        const name = format.label(event.label)
        return (
          <VisitCell
            key={event.oid}
            cell={cell}
            words={cell ? words(cell, name) : name}
            id={`cell-${index}-${column + 1}`}
            active={active === column + 1}
            column={firstVisit + column}
          />
        )
      })}
      <td className={css.number}>
        {done}/{expected}
      </td>
    </tr>
  )
})
