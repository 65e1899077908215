'use client'

/**
 * The subject matrix: thousands of rows by visits, drawn as a virtual table. Pages come by key from the server and are
 * fetched ahead of the scroll; the bar is as long as the whole list from the start, so nothing jumps when a page arrives.
 * Exactly one cell is in the tab order; arrows move it, Enter opens the casebook there, Space peeks in the right panel.
 */
import { useVirtualizer } from '@tanstack/react-virtual'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import {
  type KeyboardEvent,
  type MouseEvent,
  useCallback,
  useDeferredValue,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import { useTRPC, useTRPCClient } from '#components/trpc.ts'
import { useKeys } from '#components/ui/keys.tsx'
import { EmptyState } from '#components/ui/page.tsx'
import { usePanel } from '#components/ui/panel.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import { usePages } from '#components/ui/use-pages.ts'
import type { MatrixView } from '#domain/casebook/views.ts'
import { subjectHref, visitHref } from './address.ts'
import { useCellWords } from './matrix-cell.tsx'
import { compact, filterAddress, type MatrixFilter } from './matrix-filter.ts'
import { MatrixFilters } from './matrix-filters.tsx'
import { MatrixFoot, MatrixHead, matrixWidth } from './matrix-head.tsx'
import { SubjectRow } from './matrix-row.tsx'
import css from './subject-matrix.module.css'
import { SubjectsHeader } from './subjects-header.tsx'
import { VisitPeek } from './visit-peek.tsx'

const rowHeight = 34
const pageLength = 100

export function SubjectMatrix({
  studyId,
  study,
  initial,
  initialFilter,
}: {
  studyId: string
  study: string
  initial: MatrixView
  initialFilter: MatrixFilter
}) {
  const t = useTranslations('subjects')
  const format = useFormat()
  const trpc = useTRPC()
  const client = useTRPCClient()
  const router = useRouter()
  const panel = usePanel()
  const words = useCellWords()
  // The function is made anew with every render of the catalogue; rows must not be redrawn for it.
  const stableWords = useRef(words)
  stableWords.current = words
  const cellWords = useCallback<typeof words>((cell, event) => stableWords.current(cell, event), [])

  const [filter, setFilter] = useState(initialFilter)
  const asked = useDeferredValue(filter)
  const search = useRef<HTMLInputElement>(null)
  const scroll = useRef<HTMLDivElement>(null)
  const isInitial = filterAddress(asked) === filterAddress(initialFilter)

  const input = { studyId, limit: pageLength, filter: asked }
  const pages = usePages({
    queryKey: [...trpc.subject.matrix.pathKey(), 'pages', input],
    fetch: (cursor, signal) => client.subject.matrix.query({ ...input, cursor }, { signal }),
    initial: isInitial ? initial : undefined,
  })
  const first = pages.data?.pages[0] ?? initial
  const rows = useMemo(() => pages.data?.pages.flatMap((page) => page.rows) ?? [], [pages.data])
  const total = Math.max(first.total, rows.length)
  const columns = useMemo(
    () => ({ events: first.events, columns: first.columns }),
    [first.events, first.columns],
  )

  const virtual = useVirtualizer({
    count: total,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    initialRect: { width: 1200, height: 900 },
    scrollPaddingStart: 46,
    scrollPaddingEnd: 40,
  })
  const shown = virtual.getVirtualItems()
  const lastShown = shown.at(-1)?.index ?? 0
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = pages
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && lastShown > rows.length - 60) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage, lastShown, rows.length])

  function changeFilter(next: MatrixFilter) {
    const kept = compact(next)
    setFilter(kept)
    setActive({ row: 0, column: 0 })
    scroll.current?.scrollTo({ top: 0 })
    const query = filterAddress(kept)
    window.history.replaceState(null, '', query ? `?${query}` : window.location.pathname)
  }

  const [active, setActive] = useState({ row: 0, column: 0 })
  const wantsFocus = useRef(false)
  useEffect(() => {
    if (!wantsFocus.current) return
    const cell = document.getElementById(`cell-${active.row}-${active.column}`)
    if (!cell) return
    wantsFocus.current = false
    cell.focus({ preventScroll: true })
    cell.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  })

  const peekOpen = panel.shown?.startsWith('peek-') ?? false
  function peek(row: number, column: number) {
    const subject = rows[row]
    const event = columns.events[column - 1]
    const cell = subject?.cells.find((one) => one.event === event?.oid)
    if (!subject || !event || !cell || cell.state === 'none') return
    panel.show({
      id: `peek-${subject.subjectId}-${event.oid}`,
      title: `${subject.subjectKey} · ${format.label(event.label)}`,
      body: (
        <VisitPeek
          studyId={studyId}
          study={study}
          subjectId={subject.subjectId}
          subjectKey={subject.subjectKey}
          cell={cell}
        />
      ),
    })
  }

  function move(row: number, column: number) {
    const next = {
      row: Math.min(Math.max(row, 0), total - 1),
      column: Math.min(Math.max(column, 0), columns.events.length),
    }
    wantsFocus.current = true
    setActive(next)
    virtual.scrollToIndex(next.row)
    if (peekOpen) peek(next.row, next.column)
  }

  function openActive(row: number, column: number) {
    const subject = rows[row]
    if (!subject) return
    const event = columns.events[column - 1]
    router.push(
      event
        ? visitHref(study, subject.subjectKey, event.oid)
        : subjectHref(study, subject.subjectKey),
    )
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.altKey || event.metaKey) return
    const page = Math.max(1, Math.floor((scroll.current?.clientHeight ?? 600) / rowHeight) - 3)
    const { row, column } = active
    const steps: Record<string, () => void> = {
      ArrowDown: () => move(row + 1, column),
      ArrowUp: () => move(row - 1, column),
      ArrowRight: () => move(row, column + 1),
      ArrowLeft: () => move(row, column - 1),
      PageDown: () => move(row + page, column),
      PageUp: () => move(row - page, column),
      Home: () => move(event.ctrlKey ? 0 : row, 0),
      End: () => move(event.ctrlKey ? total - 1 : row, columns.events.length),
      Enter: () => openActive(row, column),
      ' ': () => peek(row, Math.max(column, 1)),
    }
    const step = steps[event.key]
    if (!step) return
    event.preventDefault()
    step()
  }

  function onClick(event: MouseEvent) {
    const cell = (event.target as Element).closest<HTMLElement>('[data-cell]')
    const row = Number(cell?.closest<HTMLElement>('[data-row]')?.dataset.row)
    if (!cell || Number.isNaN(row)) return
    const column = columns.events.findIndex((one) => one.oid === cell.dataset.cell) + 1
    setActive({ row, column })
    peek(row, column)
  }

  useKeys('matrix', t('keys.title'), [
    { keys: '/', label: t('keys.search'), run: () => search.current?.focus() },
    { keys: 'Enter', label: t('keys.open') },
    { keys: 'Space', label: t('keys.peek') },
    { keys: 'ArrowDown', label: t('keys.move') },
  ])

  const before = shown[0]?.start ?? 0
  const after = virtual.getTotalSize() - (shown.at(-1)?.end ?? 0)
  const width = columns.columns.length + 4 + columns.events.length

  return (
    <div className={css.page} style={{ height: 'calc(100dvh - 40px)' }}>
      <SubjectsHeader
        studyId={studyId}
        study={study}
        total={first.total}
        sites={first.sites}
        mayScreen={first.abilities.screen}
        chosenSite={filter.siteId ?? null}
      />
      <MatrixFilters view={first} filter={filter} onChange={changeFilter} searchRef={search} />
      {total === 0 ? (
        <EmptyState title={filterAddress(filter) ? t('noMatchTitle') : t('emptyTitle')}>
          {filterAddress(filter) ? null : (
            <>
              {t('emptyText')} {t(first.abilities.screen ? 'emptyMay' : 'emptyMayNot')}
            </>
          )}
        </EmptyState>
      ) : (
        <div className={css.scroll} ref={scroll} aria-busy={pages.isPlaceholderData}>
          <table
            // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table whose cells are moved through is a grid
            role="grid"
            className={css.table}
            style={{ width: matrixWidth(columns, format) }}
            aria-label={t('matrix')}
            aria-rowcount={total + 2}
            aria-colcount={width}
            onKeyDown={onKeyDown}
            onFocus={(event) => {
              const place = /^cell-(\d+)-(\d+)$/.exec(event.target.id)
              if (!place) return
              const at = { row: Number(place[1]), column: Number(place[2]) }
              setActive((now) => (now.row === at.row && now.column === at.column ? now : at))
            }}
            onClick={onClick}
          >
            <MatrixHead columns={columns} format={format} />
            <tbody>
              {before > 0 ? <Spacer height={before} /> : null}
              {shown.map((item) => {
                const row = rows[item.index]
                return row ? (
                  <SubjectRow
                    key={row.subjectId}
                    row={row}
                    index={item.index}
                    active={active.row === item.index ? active.column : -1}
                    columns={columns}
                    study={study}
                    format={format}
                    words={cellWords}
                  />
                ) : (
                  <tr key={`waiting-${item.index}`} aria-busy="true">
                    <td className={css.key}>
                      <span className={css.waiting} />
                    </td>
                    <td colSpan={width - 1} />
                  </tr>
                )
              })}
              {after > 0 ? <Spacer height={after} /> : null}
            </tbody>
            <MatrixFoot columns={columns} totals={first.totals} format={format} />
          </table>
        </div>
      )}
    </div>
  )
}

/** Holds the place of the rows that are not drawn. */
function Spacer({ height }: { height: number }) {
  return (
    <tr aria-busy="false">
      <td style={{ height, padding: 0, border: 0 }} />
    </tr>
  )
}
