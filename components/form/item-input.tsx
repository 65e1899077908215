'use client'
import { useTranslations } from 'next-intl'
import { type KeyboardEvent, useEffect, useRef } from 'react'
import { type FormEvaluation, isMissingValue, type StoredValue } from '#domain/casebook/record.ts'
import { labelText } from '#domain/definition/label-text.ts'
import { type ItemSpot, inputId, inputName, useEntry, useEntryContext } from './entry-context.tsx'
import type { EntryStore } from './entry-store.ts'
import { FileInput } from './file-input.tsx'
import classes from './form.module.css'
import {
  codesOf,
  computedText,
  isoFromTyped,
  missingFromTyped,
  splitQualified,
  typedText,
  valueText,
} from './item-text.ts'

type Props = { spot: ItemSpot; label: string; dense?: boolean; describedBy?: string }

/** The input of one item, by data type. Derived items that nobody may type are shown as output. */
export function ItemInput({ spot, label, dense = false, describedBy }: Props) {
  const { readOnly } = useEntryContext()
  const { item, path } = spot
  const missing = useEntry((entry) => isMissingValue(entry.values[path]))
  if (item.derive !== undefined && (item.entry ?? 'never') === 'never')
    return <DerivedOutput spot={spot} label={label} />
  if (missing) return <MissingChip spot={spot} label={label} />
  if (item.type === 'code') {
    return <CodeInput spot={spot} label={label} dense={dense} describedBy={describedBy} />
  }
  if (item.type === 'codes') return <CodesInput spot={spot} label={label} />
  if (item.type === 'file') return <FileInput spot={spot} label={label} readOnly={readOnly} />
  return <TypedInput spot={spot} label={label} dense={dense} describedBy={describedBy} />
}

function DerivedOutput({ spot, label }: { spot: ItemSpot; label: string }) {
  const t = useTranslations('form')
  const { codeLists, language } = useEntryContext()
  const value = useEntry((entry) => entry.evaluation.derived[spot.path])
  const text =
    spot.item.codeList === undefined && typeof value === 'string'
      ? computedText(value, spot.item)
      : valueText(value, spot.item, codeLists, language, (reason) => t(`missing.${reason}`))
  return (
    <output
      className={classes.derived}
      id={inputId(spot.path)}
      aria-label={label}
      data-empty={text === ''}
    >
      {text === '' ? '–' : text}
    </output>
  )
}

function MissingChip({ spot, label }: { spot: ItemSpot; label: string }) {
  const t = useTranslations('form')
  const { store, readOnly } = useEntryContext()
  const value = useEntry((entry) => entry.values[spot.path])
  if (!isMissingValue(value)) return null
  const word = t(`missing.${value.missing}`)
  return (
    <span className={classes.missingChip}>
      <span>{word}</span>
      {!readOnly && (
        <button
          type="button"
          id={inputId(spot.path)}
          aria-label={t('clearMissing', { label, reason: word })}
          onClick={() => store.change(spot.path, null)}
        >
          ×
        </button>
      )}
    </span>
  )
}

/**
 * What stands in an item without a typed value: a computed value in use, or a proposal. Where nothing can be typed nobody can
 * take a proposal, and a reader would take it for an answer.
 */
function standing(evaluation: FormEvaluation, path: string, readOnly: boolean) {
  return (readOnly ? undefined : evaluation.suggested[path]) ?? evaluation.derived[path]
}

function TypedInput({ spot, label, dense, describedBy }: Props) {
  const { inputs, store, readOnly } = useEntryContext()
  const { item, path, group } = spot
  const name = inputName(path)
  const value = useEntry((entry) => entry.values[path])
  const proposed = useEntry((entry) => standing(entry.evaluation, path, readOnly))
  const bad = useEntry((entry) => entry.refused.has(path) || entry.conflicts.has(path))
  const typing = useRef(false)
  const isDate = item.type === 'date' || item.type === 'partialDate'
  const isNumber = item.type === 'integer' || item.type === 'decimal'

  // What the server or another input decided appears here, unless the person is typing in it.
  useEffect(() => {
    const text = typedText(value)
    if (!typing.current && inputs.getValues(name) !== text) inputs.setValue(name, text)
  }, [value, inputs, name])

  const registration = inputs.register(name, {
    onChange: (event: { target: { value: string } }) => {
      const typed = event.target.value
      store.change(path, typed.trim() === '' ? null : typed)
    },
    onBlur: () => {
      typing.current = false
      const typed = inputs.getValues(name) ?? ''
      const missing = missingFromTyped(typed, item)
      const qualified = isNumber ? splitQualified(typed) : null
      const qualifier = group.items.find((other) => other.codeList === 'CL_LBQUAL')
      if (missing) store.change(path, { missing })
      else if (qualified && qualifier) {
        const [head] = path.split('.')
        store.change(
          path.includes('].') ? `${head}.${qualifier.oid}` : qualifier.oid,
          qualified.qualifier,
        )
        store.change(path, qualified.number)
        inputs.setValue(name, qualified.number)
      } else if (typed.trim() !== '') {
        const text = isDate ? isoFromTyped(typed) : typed.trim()
        if (text !== typed) inputs.setValue(name, text)
        store.change(path, text)
      }
      if (typed.trim() !== '') adoptRowProposals(store, spot)
      store.hold(null)
    },
  })
  const shared = {
    ...registration,
    id: inputId(path),
    className: classes.input,
    readOnly,
    'aria-label': label,
    'aria-describedby': describedBy,
    'aria-invalid': bad || undefined,
    'data-type': item.type,
    'data-dense': dense || undefined,
    defaultValue: typedText(value),
    autoComplete: 'off',
    onFocus: () => {
      typing.current = true
      if (!readOnly) store.hold(path)
    },
    placeholder:
      typeof proposed === 'string' && value === undefined
        ? computedText(proposed, item)
        : undefined,
  }
  if (item.type === 'text' && (item.length ?? 0) > 200) return <textarea {...shared} rows={3} />
  return (
    <span className={classes.inputWrap}>
      <input
        {...shared}
        type="text"
        inputMode={isNumber ? 'decimal' : undefined}
        maxLength={item.type === 'text' ? (item.length ?? 1000) : 40}
        placeholder={
          shared.placeholder ?? (isDate && !dense && !readOnly ? 'YYYY-MM-DD' : undefined)
        }
      />
      {isDate && !readOnly && !dense && <DatePicker spot={spot} />}
    </span>
  )
}

/**
 * A result typed into a row takes the proposals of its neighbours along (unit, sample date, qualifier): they stand in the row
 * for everybody to see, and one by one they would be clicked without a look.
 */
function adoptRowProposals(store: EntryStore, { group, path }: ItemSpot) {
  const end = path.indexOf('].')
  if (end < 0) return
  const { values, evaluation } = store.snapshot()
  for (const neighbour of group.items) {
    const place = `${path.slice(0, end)}].${neighbour.oid}`
    const proposal = evaluation.suggested[place]
    if (
      proposal !== undefined &&
      values[place] === undefined &&
      !evaluation.closed.includes(place)
    ) {
      store.change(place, proposal)
    }
  }
}

/** The browser's own calendar behind a small button; the text input stays the source. */
function DatePicker({ spot }: { spot: ItemSpot }) {
  const t = useTranslations('form')
  const { store, inputs } = useEntryContext()
  const picker = useRef<HTMLInputElement>(null)
  return (
    <span className={classes.picker}>
      <input
        ref={picker}
        type="date"
        tabIndex={-1}
        aria-hidden="true"
        onChange={(event) => {
          inputs.setValue(inputName(spot.path), event.target.value)
          store.change(spot.path, event.target.value === '' ? null : event.target.value)
        }}
      />
      <button
        type="button"
        tabIndex={-1}
        aria-label={t('calendar')}
        onClick={() => picker.current?.showPicker()}
      >
        <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
          <path
            d="M2.5 3.5h11v10h-11zM2.5 6.5h11M5.5 2v3M10.5 2v3"
            fill="none"
            stroke="currentColor"
            strokeWidth="1.2"
          />
        </svg>
      </button>
    </span>
  )
}

function CodeInput({ spot, label, dense, describedBy }: Props) {
  const t = useTranslations('form')
  const { store, codeLists, language, readOnly } = useEntryContext()
  const { item, path } = spot
  const value = useEntry((entry) => entry.values[path])
  const suggested = useEntry((entry) => standing(entry.evaluation, path, readOnly))
  const codes = codesOf(item, codeLists)
  const current = typeof value === 'string' ? value : ''
  const choose = (code: string | null) => store.change(path, code)
  if (dense || codes.length > 5) {
    const proposed = codes.find((entry) => entry.code === suggested)
    return (
      <select
        id={inputId(path)}
        className={classes.select}
        value={current}
        disabled={readOnly}
        aria-label={label}
        aria-describedby={describedBy}
        data-dense={dense || undefined}
        data-proposed={(proposed && current === '') || undefined}
        onChange={(event) => choose(event.target.value === '' ? null : event.target.value)}
      >
        <option value="">
          {proposed && current === ''
            ? dense
              ? `${labelText(proposed.label, language)} ?`
              : t('proposed', { value: labelText(proposed.label, language) })
            : ''}
        </option>
        {codes.map((entry) => (
          <option key={entry.code} value={entry.code}>
            {labelText(entry.label, language)}
          </option>
        ))}
      </select>
    )
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const digit = Number(event.key)
    const entry = codes[digit - 1]
    if (entry && !readOnly) {
      event.preventDefault()
      choose(entry.code)
    } else if ((event.key === 'Delete' || event.key === 'Backspace') && !readOnly) choose(null)
  }
  return (
    <div
      className={classes.choices}
      role="radiogroup"
      aria-label={label}
      aria-describedby={describedBy}
      id={inputId(path)}
      onKeyDown={onKeyDown}
    >
      {codes.map((entry) => (
        <label
          key={entry.code}
          className={classes.choice}
          data-checked={current === entry.code || undefined}
          data-proposed={(current === '' && suggested === entry.code) || undefined}
        >
          <input
            type="radio"
            name={inputName(path)}
            value={entry.code}
            checked={current === entry.code}
            disabled={readOnly}
            onChange={() => choose(entry.code)}
          />
          {labelText(entry.label, language)}
        </label>
      ))}
      {current === '' &&
        typeof suggested === 'string' &&
        !readOnly &&
        codes.some((entry) => entry.code === suggested) && (
          <button type="button" className={classes.confirm} onClick={() => choose(suggested)}>
            {t('confirmProposed')}
          </button>
        )}
      {current !== '' && !readOnly && (
        <button
          type="button"
          className={classes.clear}
          aria-label={t('clear', { label })}
          onClick={() => choose(null)}
        >
          ×
        </button>
      )}
    </div>
  )
}

function CodesInput({ spot, label }: Props) {
  const { store, codeLists, language, readOnly } = useEntryContext()
  const { item, path } = spot
  const value = useEntry((entry) => entry.values[path])
  const chosen: readonly string[] = Array.isArray(value) ? value : []
  const codes = codesOf(item, codeLists)
  const toggle = (code: string) => {
    const next = codes
      .map((entry) => entry.code)
      .filter((one) => (one === code ? !chosen.includes(code) : chosen.includes(one)))
    const stored: StoredValue | null = next.length === 0 ? null : next
    store.change(path, stored)
  }
  return (
    // One answer of several ticks: sent when the boxes are left, or the second tick would be a change that asks for a reason.
    <fieldset
      className={classes.choices}
      id={inputId(path)}
      aria-label={label}
      onFocus={() => {
        if (!readOnly) store.hold(path)
      }}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) store.hold(null)
      }}
    >
      {codes.map((entry) => (
        <label
          key={entry.code}
          className={classes.choice}
          data-checked={chosen.includes(entry.code) || undefined}
        >
          <input
            type="checkbox"
            checked={chosen.includes(entry.code)}
            disabled={readOnly}
            onChange={() => toggle(entry.code)}
          />
          {labelText(entry.label, language)}
        </label>
      ))}
    </fieldset>
  )
}
