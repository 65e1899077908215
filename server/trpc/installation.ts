import { environment } from '../environment.ts'

/** The time zone (IANA name) whose calendar says which day "today" is, for screens that propose or bound a date. */
export function installationZone(): string {
  return environment().timeZone
}
