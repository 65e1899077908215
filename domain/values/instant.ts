/** Dates with time and offset, `2014-11-01T10:30+09:00`: source data of when something happened. */
import { dayNumber, isFullDate } from '#domain/values/partial-date.ts'

const pattern = /^(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2})(?::(\d{2})(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/

/** Seconds since 1970-01-01T00:00Z; null for text that is no date-time with offset. */
export function instantSeconds(text: string): number | null {
  const match = pattern.exec(text)
  if (!match) return null
  const [, date = '', hour = '', minute = '', second = '0', fraction = '', zone = 'Z'] = match
  if (!isFullDate(date) || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59)
    return null
  const offset = offsetMinutes(zone)
  const days = dayNumber(date)
  if (offset === null || days === null) return null
  const minutes = days * 1440 + Number(hour) * 60 + Number(minute) - offset
  return minutes * 60 + Number(second) + Number(`0${fraction}`)
}

function offsetMinutes(zone: string): number | null {
  if (zone === 'Z') return 0
  const hours = Number(zone.slice(1, 3))
  const minutes = Number(zone.slice(4, 6))
  if (hours > 14 || minutes > 59) return null
  return (zone[0] === '-' ? -1 : 1) * (hours * 60 + minutes)
}

export function isInstant(text: string): boolean {
  return instantSeconds(text) !== null
}

/** Negative, zero or positive as a happened before, with or after b; null where one cannot be read. */
export function compareInstants(a: string, b: string): number | null {
  const left = instantSeconds(a)
  const right = instantSeconds(b)
  return left === null || right === null ? null : left - right
}
