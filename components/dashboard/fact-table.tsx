'use client'

import Link from 'next/link'
import { useMemo } from 'react'
import { type Column, DataTable } from '#components/ui/data-table.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import css from './dashboard.module.css'
import type { FactCell, FactRow, Facts } from './facts.ts'

/** The numbers behind a picture, sortable and as a file; a number that a list can show leads there. */
export function FactTable({ id, title, columns, rows }: Facts) {
  const format = useFormat()
  const shown = useMemo(
    () =>
      columns.map((column, at): Column<FactRow> => {
        const cellOf = (row: FactRow): FactCell => row.cells[at] ?? { value: null }
        return {
          id: column.id,
          header: column.header,
          number: column.number ?? false,
          heading: at === 0,
          value: (row) => cellOf(row).value,
          cell: (row) => {
            const { value, text, href } = cellOf(row)
            const said = text ?? (typeof value === 'number' ? format.count(value) : (value ?? '–'))
            return href && value !== 0 ? (
              <Link href={href} prefetch={false}>
                {said}
              </Link>
            ) : (
              said
            )
          },
        }
      }),
    [columns, format],
  )
  return (
    <section aria-label={title} className={css.behind}>
      <h2 className={css.behindTitle}>{title}</h2>
      <DataTable
        id={`dashboard-${id}`}
        label={title}
        columns={shown}
        rows={rows}
        rowKey={(row) => row.key}
        filterable={rows.length > 12}
        empty={<p className={css.none}>–</p>}
      />
    </section>
  )
}
