'use client'

/**
 * A date as text in ISO order, with a small month to pick from. The browser's own date input is not used: it shows the order
 * of the browser's language, and 11/12/2026 is two different days.
 */
import { TextInput } from '@mantine/core'
import { useTranslations } from 'next-intl'
import { useEffect, useRef, useState } from 'react'
import css from './date-input.module.css'
import { Icon } from './icon.tsx'
import { useFormat } from './use-format.ts'

/** True for an existing calendar day written `YYYY-MM-DD`. */
export function isIsoDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const at = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().slice(0, 10) === text
}

/**
 * Today as the installation counts it, ISO. A computer in a zone ahead of it would else propose a day that the server refuses
 * as one in the future.
 */
export function todayHere(): string {
  const timeZone =
    typeof document === 'undefined' ? undefined : document.documentElement.dataset.installationZone
  return new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).format(new Date())
}

function shiftMonth(month: string, by: number): string {
  const at = new Date(`${month}-01T00:00:00Z`)
  at.setUTCMonth(at.getUTCMonth() + by)
  return at.toISOString().slice(0, 7)
}

/** Days of a month in weeks from Monday; nulls fill the first week. */
function weeksOf(month: string): (string | null)[] {
  const first = new Date(`${month}-01T00:00:00Z`)
  const blanks = (first.getUTCDay() + 6) % 7
  const count = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate()
  return [
    ...Array.from({ length: blanks }, () => null),
    ...Array.from({ length: count }, (_, day) => `${month}-${String(day + 1).padStart(2, '0')}`),
  ]
}

export function DateInput({
  label,
  value,
  onChange,
  max,
  required,
  width,
  bare = false,
}: {
  label: string
  value: string
  onChange: (value: string) => void
  /** Latest day that may be picked, ISO. */
  max?: string
  required?: boolean
  width?: number
  /** The label stands in the empty input instead of above it. */
  bare?: boolean
}) {
  const t = useTranslations('ui')
  const format = useFormat()
  const [open, setOpen] = useState(false)
  const [month, setMonth] = useState('')
  const box = useRef<HTMLDivElement>(null)
  const sheet = useRef<HTMLFieldSetElement>(null)
  const wrong = value !== '' && !isIsoDate(value)

  useEffect(() => {
    const element = sheet.current
    const anchor = box.current?.getBoundingClientRect()
    if (!open || !element || !anchor) return
    // In the browser's top layer, so that neither a dialog nor a scrolling page cuts the month off.
    element.showPopover()
    const { width: wide, height: tall } = element.getBoundingClientRect()
    const below = anchor.bottom + 4
    const top = below + tall > window.innerHeight ? Math.max(4, anchor.bottom - 64 - tall) : below
    element.style.top = `${top}px`
    element.style.left = `${Math.max(4, anchor.right - wide)}px`
  }, [open])

  useEffect(() => {
    if (!open) return
    const outside = (event: PointerEvent) => {
      if (!box.current?.contains(event.target as Node)) setOpen(false)
    }
    window.addEventListener('pointerdown', outside)
    return () => window.removeEventListener('pointerdown', outside)
  }, [open])

  const weekdays = Array.from({ length: 7 }, (_, day) =>
    new Intl.DateTimeFormat(format.locale, { weekday: 'narrow', timeZone: 'UTC' }).format(
      new Date(Date.UTC(2024, 0, 1 + day)),
    ),
  )

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape closes the month wherever the focus is inside
    <div
      className={css.box}
      ref={box}
      style={{ width }}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && open) {
          event.preventDefault()
          event.stopPropagation()
          setOpen(false)
        }
      }}
    >
      <TextInput
        label={bare ? undefined : label}
        aria-label={bare ? label : undefined}
        value={value}
        placeholder={bare ? label : t('dateHint')}
        inputMode="numeric"
        required={required}
        error={wrong && value.length >= 10 ? t('dateWrong') : undefined}
        onChange={(event) => onChange(event.currentTarget.value)}
        rightSectionWidth={36}
        rightSection={
          <button
            type="button"
            className={css.open}
            aria-label={t('pickDate')}
            aria-expanded={open}
            onClick={() => {
              setMonth((isIsoDate(value) ? value : todayHere()).slice(0, 7))
              setOpen(!open)
            }}
          >
            <Icon name="calendar" />
          </button>
        }
      />
      {open ? (
        <fieldset ref={sheet} popover="manual" className={css.month} aria-label={t('pickDate')}>
          <div className={css.head}>
            <button
              type="button"
              className={css.step}
              aria-label={t('previousMonth')}
              onClick={() => setMonth(shiftMonth(month, -1))}
            >
              <Icon name="left" />
            </button>
            <strong aria-live="polite">{format.date(month)}</strong>
            <button
              type="button"
              className={css.step}
              aria-label={t('nextMonth')}
              onClick={() => setMonth(shiftMonth(month, 1))}
            >
              <Icon name="right" />
            </button>
          </div>
          <div className={css.days}>
            {weekdays.map((day, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: seven weekdays in fixed order
              <span key={index} className={css.weekday} aria-hidden="true">
                {day}
              </span>
            ))}
            {weeksOf(month).map((day, index) =>
              day === null ? (
                // biome-ignore lint/suspicious/noArrayIndexKey: blanks before the first day
                <span key={`blank-${index}`} />
              ) : (
                <button
                  key={day}
                  type="button"
                  className={css.day}
                  aria-label={format.date(day)}
                  aria-pressed={day === value}
                  disabled={max !== undefined && day > max}
                  onClick={() => {
                    onChange(day)
                    setOpen(false)
                  }}
                >
                  {Number(day.slice(8))}
                </button>
              ),
            )}
          </div>
        </fieldset>
      ) : null}
    </div>
  )
}
