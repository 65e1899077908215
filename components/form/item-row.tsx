'use client'
import { useTranslations } from 'next-intl'
import { memo } from 'react'
import { Menu, MenuItem } from '#components/ui/menu.tsx'
import { isMissingValue } from '#domain/casebook/record.ts'
import { labelText } from '#domain/definition/label-text.ts'
import { missingReasons } from '#domain/definition/missing-reasons.ts'
import { type ItemSpot, inputId, useEntry, useEntryContext } from './entry-context.tsx'
import classes from './form.module.css'
import { ItemInput } from './item-input.tsx'
import { ItemMessages } from './item-messages.tsx'
import { rangeText, unitOf } from './item-text.ts'

/** One item a line: label and hint, input with unit and plausible range, quiet marks, messages underneath. */
export const ItemRow = memo(function ItemRow({ spot }: { spot: ItemSpot }) {
  const t = useTranslations('form')
  const { language } = useEntryContext()
  const { item, path, row } = spot
  const label = labelText(item.label, language)
  const closed = useEntry((entry) => entry.evaluation.closed.includes(path))
  const stillOpen = useEntry((entry) => entry.evaluation.open.includes(path))
  const stored = useEntry((entry) => entry.values[path] !== undefined)
  // A closed item that still holds a value is shown, so nothing that was entered disappears from sight.
  if (closed && !stored) return null
  const unit = unitOf(item, row)
  const range = rangeText(item, row)
  const messagesId = `${inputId(path)}-messages`
  return (
    <div
      className={classes.row}
      data-open={stillOpen || undefined}
      data-closed={closed || undefined}
      data-item={path}
    >
      <div className={classes.label}>
        <label htmlFor={inputId(path)}>{label}</label>
        {stillOpen && <span className={classes.required}>{t('stillOpen')}</span>}
        {item.hint && <small>{labelText(item.hint, language)}</small>}
        {closed && <small>{t('closedWithValue')}</small>}
      </div>
      <div className={classes.control}>
        <ItemInput spot={spot} label={label} describedBy={messagesId} />
        {unit && <span className={classes.unit}>{unit}</span>}
        {range && <span className={classes.range}>{range}</span>}
      </div>
      <ItemMarks spot={spot} label={label} />
      <div className={classes.messages} id={messagesId}>
        <ItemMessages spot={spot} label={label} />
      </div>
    </div>
  )
})

/** Query, history and missing-reason marks at the end of a row: quiet until there is something to see. */
export function ItemMarks({ spot, label }: { spot: ItemSpot; label: string }) {
  const t = useTranslations('form')
  const { store, view, openPanel, readOnly } = useEntryContext()
  const { item, path } = spot
  const openQueries = useEntry(
    (entry) =>
      entry.queries.filter(
        (query) => query.path === path && (query.state === 'open' || query.state === 'answered'),
      ).length,
  )
  const missing = useEntry((entry) => isMissingValue(entry.values[path]))
  const saved = useEntry((entry) => entry.saved[path] !== undefined)
  const changes = view.changed[path] ?? 0
  const derivedOnly = item.derive !== undefined && (item.entry ?? 'never') === 'never'
  const offered = item.missing ?? ['ND', 'UNK']
  return (
    <div className={classes.marks}>
      {!derivedOnly && !readOnly && !missing && offered.length > 0 && (
        <Menu
          label={t('markMissingOf', { label })}
          face="ND"
          className={classes.mark}
          width={200}
          tabIndex={-1}
        >
          {missingReasons
            .filter((reason) => offered.includes(reason))
            .map((reason) => (
              <MenuItem key={reason} onSelect={() => store.change(path, { missing: reason })}>
                {t(`missing.${reason}`)}
              </MenuItem>
            ))}
        </Menu>
      )}
      {(openQueries > 0 || view.abilities.raiseQuery) && (
        <button
          type="button"
          className={classes.mark}
          data-active={openQueries > 0 || undefined}
          tabIndex={-1}
          title={t('queries')}
          aria-label={t('queriesOf', { label, count: openQueries })}
          onClick={() => openPanel({ kind: 'query', path, label })}
        >
          ?{openQueries > 0 ? openQueries : ''}
        </button>
      )}
      {view.abilities.readAudit && (saved || derivedOnly) && (
        <button
          type="button"
          className={classes.mark}
          data-changed={changes > 0 || undefined}
          tabIndex={-1}
          title={t('history')}
          aria-label={t('historyOf', { label })}
          onClick={() => openPanel({ kind: 'history', path, label })}
        >
          <svg viewBox="0 0 16 16" width="13" height="13" aria-hidden="true">
            <path
              d="M8 4.5V8l2.5 1.5M2.5 8a5.5 5.5 0 1 0 1.6-3.9M2.5 2.5v2.6h2.6"
              fill="none"
              stroke="currentColor"
              strokeWidth="1.3"
            />
          </svg>
          {changes > 0 ? changes : ''}
        </button>
      )}
    </div>
  )
}
