import { languageOf } from '#domain/definition/label-text.ts'
import { formatDate as dateText } from '#domain/values/format.ts'

/**
 * Dates and times as people read them: `21 Nov 2026`, `Mar 2016`, `14:03 JST`; never an ambiguous order of numbers.
 * Input is ISO 8601, partial dates included; text that is none is shown as it stands.
 */
const localeTag: Readonly<Record<string, string>> = { en: 'en-GB', ja: 'ja-JP', zh: 'zh-CN' }

function tag(locale: string): string {
  return localeTag[locale] ?? 'en-GB'
}

/** `2026-11-21` as `21 Nov 2026`; `2026-11` as `Nov 2026`; `2026` as it is; null as a dash. */
export function formatDate(iso: string | null | undefined, locale: string): string {
  if (!iso) return '–'
  return /^\d{4}(-\d{2})?(-\d{2})?/.test(iso) ? dateText(iso.slice(0, 10), languageOf(locale)) : iso
}

/** `21 Nov 2026, 14:03 GMT+9` in the zone given. */
export function formatMoment(iso: string | null | undefined, locale: string, zone: string): string {
  if (!iso) return '–'
  const at = new Date(iso)
  if (Number.isNaN(at.getTime())) return iso
  return new Intl.DateTimeFormat(tag(locale), {
    timeZone: zone,
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
    timeZoneName: 'short',
  })
    .format(at)
    .replace('Sept', 'Sep')
}

/** `14:03` in the zone given. */
export function formatTime(iso: string, locale: string, zone: string): string {
  return new Intl.DateTimeFormat(tag(locale), {
    timeZone: zone,
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
  }).format(new Date(iso))
}

/** Whole number with thousands separated, in the reader's language. */
export function formatCount(value: number, locale: string): string {
  return new Intl.NumberFormat(tag(locale)).format(value)
}

/** Bytes in the largest unit that keeps the number above one. */
export function formatBytes(bytes: number, locale: string): string {
  const units = ['B', 'kB', 'MB', 'GB']
  let value = bytes
  let unit = 0
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit += 1
  }
  const digits = unit === 0 || value >= 100 ? 0 : 1
  return `${new Intl.NumberFormat(tag(locale), { maximumFractionDigits: digits }).format(value)} ${units[unit]}`
}

/** Days from one ISO date to another; null when either is partial. */
export function daysBetween(from: string, to: string): number | null {
  const a = Date.parse(`${from.slice(0, 10)}T00:00:00Z`)
  const b = Date.parse(`${to.slice(0, 10)}T00:00:00Z`)
  return Number.isNaN(a) || Number.isNaN(b) || from.length < 10 || to.length < 10
    ? null
    : Math.round((b - a) / 86_400_000)
}
