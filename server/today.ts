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
