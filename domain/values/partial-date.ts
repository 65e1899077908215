/**
 * Calendar dates as ISO 8601 text, as far as they are known: `2016`, `2016-03`, `2016-03-15`. Arithmetic counts days in
 * the proleptic Gregorian calendar, without time zones and without the Date object.
 */
import type { Duration } from '#domain/expression/types.ts'

export type DatePrecision = 'year' | 'month' | 'day'

const pattern = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/

export function isLeapYear(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
}

export function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

/** True for text that names a real year, month or day; years 0001 to 9999. */
export function isPartialDate(text: string): boolean {
  const match = pattern.exec(text)
  if (!match) return false
  const year = Number(match[1])
  if (year === 0) return false
  if (match[2] === undefined) return true
  const month = Number(match[2])
  if (month < 1 || month > 12) return false
  if (match[3] === undefined) return true
  const day = Number(match[3])
  return day >= 1 && day <= daysInMonth(year, month)
}

export function isFullDate(text: string): boolean {
  return text.length === 10 && isPartialDate(text)
}

export function precisionOf(date: string): DatePrecision {
  return date.length === 4 ? 'year' : date.length === 7 ? 'month' : 'day'
}

export function isPartial(date: string): boolean {
  return date.length < 10
}

export function yearOf(date: string): number {
  return Number(date.slice(0, 4))
}

/**
 * Compares at the coarser precision of the two. Null where they agree at it and their precisions differ: it cannot be
 * known which is the earlier. Two dates of the same precision are always decided.
 */
export function compareDates(a: string, b: string): -1 | 0 | 1 | null {
  if (a.length === b.length) return a < b ? -1 : a > b ? 1 : 0
  const length = Math.min(a.length, b.length)
  const left = a.slice(0, length)
  const right = b.slice(0, length)
  if (left === right) return null
  return left < right ? -1 : 1
}

/** Days from 1970-01-01 (day 0) to a full date; null for a partial one. */
export function dayNumber(date: string): number | null {
  if (date.length !== 10) return null
  return dayCount(Number(date.slice(0, 4)), Number(date.slice(5, 7)), Number(date.slice(8, 10)))
}

/** Months start in March here, so that the leap day falls at the end of the counted year. */
function dayCount(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  const dayOfEra =
    yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146097 + dayOfEra - 719468
}

/** The full date of a day number; null outside the years 0001 to 9999. */
export function dateOfDayNumber(number: number): string | null {
  const z = number + 719468
  const era = Math.floor(z / 146097)
  const dayOfEra = z - era * 146097
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36524) -
      Math.floor(dayOfEra / 146096)) /
      365,
  )
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const shifted = Math.floor((5 * dayOfYear + 2) / 153)
  const day = dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1
  const month = shifted < 10 ? shifted + 3 : shifted - 9
  return written(yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
}

function written(year: number, month: number, day: number | null): string | null {
  if (year < 1 || year > 9999) return null
  const text = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}`
  return day === null ? text : `${text}-${String(day).padStart(2, '0')}`
}

/** Whole days from a to b (b - a); null if either is partial. */
export function daysBetween(a: string, b: string): number | null {
  const from = dayNumber(a)
  const to = dayNumber(b)
  return from === null || to === null ? null : to - from
}

export function addDays(date: string, days: number): string | null {
  const number = dayNumber(date)
  return number === null ? null : dateOfDayNumber(number + days)
}

/**
 * Adds months, then days (sign -1 takes both away). The day is cut to the length of the month reached (31 Jan + 1 month
 * is 28 or 29 Feb). A partial date can be moved only by steps it can show: a month by months, a year by whole years.
 */
export function shiftDate(date: string, duration: Duration, sign: 1 | -1): string | null {
  const months = sign * duration.months
  const days = sign * duration.days
  const year = yearOf(date)
  if (date.length === 4) {
    if (days !== 0 || months % 12 !== 0) return null
    const moved = year + months / 12
    return moved < 1 || moved > 9999 ? null : String(moved).padStart(4, '0')
  }
  const count = year * 12 + Number(date.slice(5, 7)) - 1 + months
  const newYear = Math.floor(count / 12)
  const newMonth = count - newYear * 12 + 1
  if (date.length === 7) return days === 0 ? written(newYear, newMonth, null) : null
  if (newYear < 1 || newYear > 9999) return null
  const day = Math.min(Number(date.slice(8, 10)), daysInMonth(newYear, newMonth))
  return dateOfDayNumber(dayCount(newYear, newMonth, day) + days)
}

/** The usual analysis imputation: a missing day is the 15th, a missing month 1 July. */
export function imputeDate(date: string): string {
  return date.length === 4 ? `${date}-07-01` : date.length === 7 ? `${date}-15` : date
}

/** Order for earliest and latest: by the imputed date, at a tie the better known date first. */
function order(a: string, b: string): number {
  const left = imputeDate(a)
  const right = imputeDate(b)
  return left === right ? b.length - a.length : left < right ? -1 : 1
}

/** The earliest of the known dates, by their imputed dates and returned as they are; null if there is none. */
export function earliestDate(dates: readonly (string | null)[]): string | null {
  let best: string | null = null
  for (const date of dates)
    if (date !== null && (best === null || order(date, best) < 0)) best = date
  return best
}

/** The latest of the known dates, by their imputed dates and returned as they are; null if there is none. */
export function latestDate(dates: readonly (string | null)[]): string | null {
  let best: string | null = null
  for (const date of dates) {
    if (date === null) continue
    if (best === null || imputeDate(date) > imputeDate(best)) best = date
    else if (imputeDate(date) === imputeDate(best) && date.length > best.length) best = date
  }
  return best
}

/**
 * Completed years from birth to a full reference date; negative when the reference lies before birth. Born on 29
 * February counts from 1 March in other years. A partial birth date is imputed first (mid-month, mid-year).
 */
export function ageAt(birth: string, reference: string): number | null {
  if (reference.length !== 10) return null
  const born = imputeDate(birth)
  const years = yearOf(reference) - yearOf(born)
  return reference.slice(5) < born.slice(5) ? years - 1 : years
}

/** First and last day that a partial date can mean. */
export function dateBounds(date: string): { first: string; last: string } {
  if (date.length === 10) return { first: date, last: date }
  if (date.length === 4) return { first: `${date}-01-01`, last: `${date}-12-31` }
  const days = daysInMonth(yearOf(date), Number(date.slice(5, 7)))
  return { first: `${date}-01`, last: `${date}-${days}` }
}
