'use client'

/**
 * The table of every list: filter by typing and sort where all rows are here, more by key where they are not, columns
 * remembered on this computer, the shown rows as CSV.
 */
import { TextInput } from '@mantine/core'
import { useTranslations } from 'next-intl'
import { type ReactNode, useEffect, useMemo, useState } from 'react'
import { csvText, saveText } from './csv.ts'
import css from './data-table.module.css'
import { Icon } from './icon.tsx'
import { Menu, MenuItem } from './menu.tsx'

export type Column<Row> = {
  id: string
  header: string
  cell: (row: Row) => ReactNode
  /** Plain value for sorting, filtering and CSV. */
  value: (row: Row) => string | number | null
  number?: boolean
  /** Stands as the row's header for screen readers. */
  heading?: boolean
  nowrap?: boolean
  /** Holds what can be done with a row; neither sorted, hidden nor written to CSV. */
  action?: boolean
}

export function DataTable<Row>({
  id,
  label,
  columns,
  rows,
  rowKey,
  more,
  loadingMore = false,
  empty,
  filters,
  filterable = true,
  marked,
}: {
  /** Remembers the columns under this name. */
  id: string
  label: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  rowKey: (row: Row) => string
  /** Fetches the next page; absent when every row is here. */
  more?: (() => void) | undefined
  loadingMore?: boolean
  empty: ReactNode
  /** Filters of the list, asked of the server. */
  filters?: ReactNode
  /** Filter by typing over the rows that are here. */
  filterable?: boolean
  /** Rows that need attention get an amber edge. */
  marked?: (row: Row) => boolean
}) {
  const t = useTranslations('ui')
  const [text, setText] = useState('')
  const [sort, setSort] = useState<{ id: string; down: boolean } | null>(null)
  const [hidden, setHidden] = useState<readonly string[]>([])
  const complete = !more
  useEffect(() => {
    try {
      const stored: unknown = JSON.parse(localStorage.getItem(`casebook-columns-${id}`) ?? '[]')
      if (Array.isArray(stored)) setHidden(stored.filter((one) => typeof one === 'string'))
    } catch {
      setHidden([])
    }
  }, [id])

  function toggle(column: string) {
    const next = hidden.includes(column)
      ? hidden.filter((one) => one !== column)
      : [...hidden, column]
    setHidden(next)
    localStorage.setItem(`casebook-columns-${id}`, JSON.stringify(next))
  }

  const visible = columns.filter((column) => column.heading || !hidden.includes(column.id))
  const written = visible.filter((column) => !column.action)
  const shown = useMemo(() => {
    const needle = text.trim().toLowerCase()
    const kept = needle
      ? rows.filter((row) =>
          columns.some((column) =>
            String(column.value(row) ?? '')
              .toLowerCase()
              .includes(needle),
          ),
        )
      : rows
    const by = columns.find((column) => column.id === sort?.id)
    if (!by || !sort) return kept
    const sign = sort.down ? -1 : 1
    return [...kept].sort((a, b) => sign * compareValues(by.value(a), by.value(b)))
  }, [rows, columns, text, sort])

  return (
    <div className={css.box}>
      <div className={`${css.bar} cb-no-print`}>
        {filterable && complete ? (
          <TextInput
            aria-label={t('filter')}
            placeholder={t('filterHint')}
            leftSection={<Icon name="filter" />}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            w={200}
          />
        ) : null}
        {filters}
        <span className={css.count} role="status">
          {shown.length === rows.length
            ? t(complete ? 'rows' : 'rowsSoFar', { count: rows.length })
            : t('rowsOf', { shown: shown.length, total: rows.length })}
        </span>
        <Menu
          label={t('columns')}
          className={css.tool}
          stays
          named
          face={
            <>
              {t('columns')} <Icon name="down" size={12} />
            </>
          }
        >
          {columns
            .filter((column) => !column.heading && !column.action)
            .map((column) => (
              <MenuItem
                key={column.id}
                kind="checkbox"
                checked={!hidden.includes(column.id)}
                onSelect={() => toggle(column.id)}
              >
                {column.header}
              </MenuItem>
            ))}
        </Menu>
        <button
          type="button"
          className={css.tool}
          disabled={shown.length === 0}
          onClick={() =>
            saveText(
              `${id}.csv`,
              csvText([
                written.map((column) => column.header),
                ...shown.map((row) => written.map((column) => String(column.value(row) ?? ''))),
              ]),
            )
          }
        >
          <Icon name="download" size={14} /> {t('download')}
        </button>
      </div>
      {rows.length === 0 ? (
        empty
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        <div className={css.scroll} tabIndex={0}>
          <table className={css.table} aria-label={label}>
            <thead>
              <tr>
                {visible.map((column) => (
                  <th
                    scope="col"
                    key={column.id}
                    className={column.number ? css.number : undefined}
                    aria-sort={
                      sort?.id === column.id ? (sort.down ? 'descending' : 'ascending') : undefined
                    }
                  >
                    {column.action ? (
                      <span className="cb-hidden">{column.header}</span>
                    ) : complete ? (
                      <button
                        type="button"
                        className={css.sort}
                        onClick={() =>
                          setSort(
                            sort?.id !== column.id
                              ? { id: column.id, down: false }
                              : sort.down
                                ? null
                                : { id: column.id, down: true },
                          )
                        }
                      >
                        {column.header}
                        <span aria-hidden="true" className={css.arrow}>
                          {sort?.id === column.id ? (sort.down ? '↓' : '↑') : ''}
                        </span>
                      </button>
                    ) : (
                      column.header
                    )}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {shown.map((row) => (
                <tr key={rowKey(row)} data-marked={marked?.(row) || undefined}>
                  {visible.map((column) => {
                    const name = [column.number ? css.number : '', column.nowrap ? css.nowrap : '']
                      .join(' ')
                      .trim()
                    return column.heading ? (
                      <th scope="row" key={column.id} className={name}>
                        {column.cell(row)}
                      </th>
                    ) : (
                      <td key={column.id} className={name}>
                        {column.cell(row)}
                      </td>
                    )
                  })}
                </tr>
              ))}
            </tbody>
          </table>
          {shown.length === 0 ? <p className={css.none}>{t('noMatch')}</p> : null}
        </div>
      )}
      {more ? (
        <button type="button" className={css.more} onClick={more} disabled={loadingMore}>
          {loadingMore ? t('loading') : t('more')}
        </button>
      ) : null}
    </div>
  )
}

function compareValues(a: string | number | null, b: string | number | null): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1
  if (typeof a === 'number' && typeof b === 'number') return a - b
  return String(a).localeCompare(String(b), undefined, { numeric: true })
}
