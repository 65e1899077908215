'use client'
import dynamic from 'next/dynamic'
import { useTranslations } from 'next-intl'
import { type ClipboardEvent, type KeyboardEvent, memo, useMemo, useState } from 'react'
import { itemPath } from '#domain/casebook/record.ts'
import type { ItemDef, ItemGroupDef } from '#domain/definition/definition.ts'
import { labelText } from '#domain/definition/label-text.ts'
import { unitSign } from '#domain/values/unit-sign.ts'
import { Arithmetic } from './arithmetic.tsx'
import { type ItemSpot, inputId, inputName, useEntry, useEntryContext } from './entry-context.tsx'
import classes from './form.module.css'
import { type GroupRow, newRowKey, useGroupRows } from './group-rows.ts'
import { ItemInput } from './item-input.tsx'
import { ItemMessages } from './item-messages.tsx'
import { ItemMarks } from './item-row.tsx'
import { isoFromTyped, unitOf } from './item-text.ts'
import type { PastedCell } from './paste-preview.tsx'

const PastePreview = dynamic(() => import('./paste-preview.tsx').then((m) => m.PastePreview), {
  ssr: false,
})

/** A repeating group as a spreadsheet: arrow keys move, a block pasted from a spreadsheet is shown before it is taken. */
export function GridGroup({ group }: { group: ItemGroupDef }) {
  const t = useTranslations('form')
  const { language, readOnly, store, inputs } = useEntryContext()
  const rows = useGroupRows(group)
  const [active, setActive] = useState<{ row: string; item: string } | null>(null)
  const [pasted, setPasted] = useState<readonly PastedCell[] | null>(null)
  const [drafts, setDrafts] = useState<readonly string[]>([])
  const columns = useMemo(() => group.items.filter((item) => item.oid !== group.rowItem), [group])
  const allRows: readonly GroupRow[] = [
    ...rows,
    ...drafts
      .filter((key) => !rows.some((row) => row.key === key))
      .map((key, index) => ({
        key,
        def: null,
        label: String(rows.filter((row) => row.def === null).length + index + 1),
      })),
  ]
  const performed = columns.find(
    (item) => item.type === 'code' && item.codeList === 'CL_NY' && item.oid.endsWith('PERF'),
  )
  const sampled = columns.find((item) => item.type === 'date' || item.type === 'partialDate')

  function fillEmpty(item: ItemDef, value: string) {
    for (const row of allRows) {
      const path = itemPath(group.oid, row.key, item.oid)
      if (store.snapshot().values[path] === undefined) store.change(path, value)
    }
  }

  const isTyped = columns.some((item) => item.type === 'decimal' || item.type === 'integer')
  // Where results are typed, proposals come with the result; a list of questions is confirmed as a whole.
  const proposals = useEntry((entry) =>
    isTyped
      ? 0
      : Object.keys(entry.evaluation.suggested).filter(
          (path) => path.startsWith(`${group.oid}[`) && entry.values[path] === undefined,
        ).length,
  )

  function confirmProposals() {
    const { evaluation, values } = store.snapshot()
    for (const [path, proposal] of Object.entries(evaluation.suggested)) {
      if (path.startsWith(`${group.oid}[`) && values[path] === undefined)
        store.change(path, proposal)
    }
  }

  function move(event: KeyboardEvent<HTMLTableElement>) {
    const cell = (event.target as HTMLElement).closest<HTMLElement>('[data-column]')
    if (!cell) return
    const input = event.target as HTMLInputElement
    const step = {
      ArrowUp: [-1, 0],
      ArrowDown: [1, 0],
      Enter: [1, 0],
      ArrowLeft: [0, -1],
      ArrowRight: [0, 1],
    }[event.key]
    if (!step || event.altKey || event.ctrlKey || event.metaKey) return
    if (input.tagName === 'SELECT' && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) return
    if (input.tagName === 'INPUT' && input.type === 'text') {
      // Left and right move inside the text until its end is reached.
      if (event.key === 'ArrowLeft' && input.selectionStart !== 0) return
      if (event.key === 'ArrowRight' && input.selectionEnd !== input.value.length) return
    }
    const rowIndex = Number(cell.dataset.row) + (step[0] as number)
    const columnIndex = Number(cell.dataset.column) + (step[1] as number)
    const table = event.currentTarget
    const next = table.querySelector<HTMLElement>(
      `[data-row="${rowIndex}"][data-column="${columnIndex}"] :is(input, select, textarea, button, output)`,
    )
    if (!next) return
    event.preventDefault()
    event.stopPropagation()
    next.focus()
    if (next instanceof HTMLInputElement) next.select()
  }

  function paste(event: ClipboardEvent<HTMLTableElement>) {
    const cell = (event.target as HTMLElement).closest<HTMLElement>('[data-column]')
    const text = event.clipboardData.getData('text/plain')
    if (!cell || readOnly || !/[\t\n]/.test(text.trimEnd())) return
    event.preventDefault()
    const cells: PastedCell[] = []
    text
      .trimEnd()
      .split(/\r?\n/)
      .forEach((line, down) => {
        line.split('\t').forEach((value, right) => {
          const row = allRows[Number(cell.dataset.row) + down]
          const item = columns[Number(cell.dataset.column) + right]
          if (!row || !item || value.trim() === '') return
          const path = itemPath(group.oid, row.key, item.oid)
          const typeable =
            item.derive === undefined || item.entry === 'override' || item.entry === 'suggest'
          cells.push({
            path,
            row: row.label,
            item: labelText(item.label, language),
            old: store.snapshot().values[path] ?? null,
            value: value.trim(),
            typeable,
          })
        })
      })
    setPasted(cells)
  }

  const activeRow = allRows.find((row) => row.key === active?.row)
  const activeItem = columns.find((item) => item.oid === active?.item)
  return (
    <div>
      {!readOnly && (
        <div className={classes.gridTools}>
          {performed && (
            <button type="button" onClick={() => fillEmpty(performed, 'Y')}>
              {t('allDone')}
            </button>
          )}
          {performed && (
            <button type="button" onClick={() => fillEmpty(performed, 'N')}>
              {t('restNotDone')}
            </button>
          )}
          {sampled && (
            <FillDate
              label={labelText(sampled.label, language)}
              onFill={(value) => fillEmpty(sampled, value)}
            />
          )}
          {proposals > 0 && (
            <button type="button" onClick={confirmProposals}>
              {t('confirmAll', { count: proposals })}
            </button>
          )}
          {isTyped && <span className={classes.gridHint}>{t('gridHint')}</span>}
        </div>
      )}
      <div className={classes.gridScroll}>
        <table
          className={classes.grid}
          data-dense={columns.length > 8 || undefined}
          onKeyDown={move}
          onPaste={paste}
        >
          <thead>
            <tr>
              <th scope="col">
                {group.rowItem
                  ? labelText(
                      group.items.find((item) => item.oid === group.rowItem)?.label ?? { en: '' },
                      language,
                    )
                  : '#'}
              </th>
              {columns.map((item) => (
                <th key={item.oid} scope="col" title={labelText(item.label, language)}>
                  {labelText(item.label, language)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {allRows.map((row, index) => (
              <GridRow
                key={row.key}
                group={group}
                row={row}
                index={index}
                columns={columns}
                onFocusCell={(item) => setActive({ row: row.key, item })}
                active={active?.row === row.key ? active.item : null}
              />
            ))}
          </tbody>
        </table>
      </div>
      {!readOnly && (group.repeats === 'rows' || group.repeats === 'fixedOpen') && (
        <button
          type="button"
          className={classes.addRow}
          onClick={() => setDrafts([...drafts, newRowKey()])}
        >
          {t('addRow')}
        </button>
      )}
      {activeRow && activeItem && (
        <CellDetail
          spot={{
            path: itemPath(group.oid, activeRow.key, activeItem.oid),
            item: activeItem,
            group,
            row: activeRow.def,
          }}
          rowLabel={activeRow.label}
        />
      )}
      {pasted && (
        <PastePreview
          cells={pasted}
          onClose={() => setPasted(null)}
          onTake={(cells) => {
            for (const cell of cells) {
              inputs.setValue(inputName(cell.path), cell.value)
              store.change(cell.path, cell.value)
            }
            setPasted(null)
          }}
        />
      )}
    </div>
  )
}

type GridRowProps = {
  group: ItemGroupDef
  row: GroupRow
  index: number
  columns: readonly ItemDef[]
  onFocusCell: (item: string) => void
  active: string | null
}

const GridRow = memo(
  function GridRow({ group, row, index, columns, onFocusCell, active }: GridRowProps) {
    const { language } = useEntryContext()
    return (
      <tr data-active={active !== null || undefined}>
        <th scope="row">
          {row.label}
          {row.def?.unit && <small>{unitSign(row.def.unit)}</small>}
        </th>
        {columns.map((item, column) => {
          const spot: ItemSpot = {
            path: itemPath(group.oid, row.key, item.oid),
            item,
            group,
            row: row.def,
          }
          return (
            <GridCell
              key={item.oid}
              spot={spot}
              rowIndex={index}
              columnIndex={column}
              label={`${row.label} ${labelText(item.label, language)}`}
              onFocus={() => onFocusCell(item.oid)}
            />
          )
        })}
      </tr>
    )
  },
  (before, after) =>
    before.row === after.row &&
    before.index === after.index &&
    before.active === after.active &&
    before.columns === after.columns,
)

function GridCell({
  spot,
  rowIndex,
  columnIndex,
  label,
  onFocus,
}: {
  spot: ItemSpot
  rowIndex: number
  columnIndex: number
  label: string
  onFocus: () => void
}) {
  const closed = useEntry(
    (entry) => entry.evaluation.closed.includes(spot.path) && entry.values[spot.path] === undefined,
  )
  const level = useEntry((entry) => {
    if (entry.refused.has(spot.path) || entry.conflicts.has(spot.path)) return 'hard'
    const finding = entry.evaluation.findings.find(
      (one) => one.path === spot.path && one.check !== 'REQUIRED',
    )
    return finding?.level
  })
  const needs = useEntry(
    (entry) =>
      entry.edits.has(spot.path) &&
      entry.edits.get(spot.path)?.reason === undefined &&
      entry.saved[spot.path] !== undefined,
  )
  const queries = useEntry((entry) =>
    entry.queries.some(
      (query) =>
        query.path === spot.path && query.state !== 'closed' && query.state !== 'cancelled',
    ),
  )
  const derived = spot.item.derive !== undefined && (spot.item.entry ?? 'never') === 'never'
  return (
    <td
      data-row={rowIndex}
      data-column={columnIndex}
      data-level={level}
      data-needs={needs || undefined}
      data-query={queries || undefined}
      data-derived={derived || undefined}
      data-item={spot.path}
      onFocus={onFocus}
      tabIndex={derived && !closed ? 0 : undefined}
    >
      {closed ? (
        <span className={classes.closedCell} id={inputId(spot.path)} />
      ) : (
        <ItemInput spot={spot} label={label} dense />
      )}
    </td>
  )
}

/** What belongs to the cell with the focus: its messages, its arithmetic, its marks. */
function CellDetail({ spot, rowLabel }: { spot: ItemSpot; rowLabel: string }) {
  const { language } = useEntryContext()
  const label = labelText(spot.item.label, language)
  const derived = useEntry((entry) => entry.evaluation.derived[spot.path])
  // An entered result has the unit of its own row's unit item, not the standard one.
  const unit =
    spot.item.unit === 'row' && spot.item.derive === undefined ? null : unitOf(spot.item, spot.row)
  return (
    <div className={classes.cellDetail} role="status">
      <strong>{rowLabel}</strong> {label}
      {unit && <span className={classes.unit}>{unit}</span>}
      {spot.item.hint && <small>{labelText(spot.item.hint, language)}</small>}
      {spot.item.derive !== undefined && derived !== undefined && <Arithmetic path={spot.path} />}
      <ItemMarks spot={spot} label={`${rowLabel} ${label}`} />
      <ItemMessages spot={spot} label={`${rowLabel} ${label}`} />
    </div>
  )
}

function FillDate({ label, onFill }: { label: string; onFill: (value: string) => void }) {
  const t = useTranslations('form')
  const [typed, setTyped] = useState('')
  const date = isoFromTyped(typed)
  const isDate = /^\d{4}-\d{2}-\d{2}$/.test(date)
  const fill = () => {
    if (!isDate) return
    onFill(date)
    setTyped('')
  }
  return (
    <label className={classes.fillDate}>
      {t('fillDate', { label })}
      <input
        type="text"
        value={typed}
        placeholder="YYYY-MM-DD"
        autoComplete="off"
        onChange={(event) => setTyped(event.target.value)}
        onBlur={fill}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return
          event.preventDefault()
          event.stopPropagation()
          fill()
        }}
      />
    </label>
  )
}
