import { environment } from './environment.ts'

let formatter: Intl.DateTimeFormat | undefined

/** The calendar date at a moment (ISO 8601) in the installation's time zone: what "today" means to rules and windows. */
export function dayOf(moment: string): string {
  formatter ??= new Intl.DateTimeFormat('en-CA', {
    timeZone: environment().timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  })
  return formatter.format(new Date(moment))
}

/** A moment (ISO 8601) by the clock of the installation, with its offset: `2026-11-21T19:03:04+09:00`. */
export function momentOf(moment: string): string {
  const parts = Object.fromEntries(
    clock()
      .formatToParts(new Date(moment))
      .map(({ type, value }) => [type, value]),
  )
  const offset = parts.timeZoneName === 'GMT' ? 'Z' : (parts.timeZoneName ?? 'Z').replace('GMT', '')
  return `${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}:${parts.second}${offset}`
}

let clockFormatter: Intl.DateTimeFormat | undefined

function clock(): Intl.DateTimeFormat {
  clockFormatter ??= new Intl.DateTimeFormat('en-GB', {
    timeZone: environment().timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'longOffset',
  })
  return clockFormatter
}
