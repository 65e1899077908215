'use client'

import { useLocale, useTimeZone } from 'next-intl'
import { useMemo } from 'react'
import type { Label } from '#domain/definition/definition.ts'
import { labelText, languageOf } from '#domain/definition/label-text.ts'
import { formatBytes, formatCount, formatDate, formatMoment, formatTime } from './dates.ts'

export type Format = {
  locale: string
  label: (label: Label | null | undefined) => string
  date: (iso: string | null | undefined) => string
  moment: (iso: string | null | undefined) => string
  time: (iso: string) => string
  count: (value: number) => string
  bytes: (value: number) => string
}

/** Labels, dates and numbers in the reader's language and time zone. */
export function useFormat(): Format {
  const locale = useLocale()
  const zone = useTimeZone() ?? 'UTC'
  return useMemo(
    () => ({
      locale,
      label: (label) => (label ? labelText(label, languageOf(locale)) : ''),
      date: (iso) => formatDate(iso, locale),
      moment: (iso) => formatMoment(iso, locale, zone),
      time: (iso) => formatTime(iso, locale, zone),
      count: (value) => formatCount(value, locale),
      bytes: (value) => formatBytes(value, locale),
    }),
    [locale, zone],
  )
}
