/**
 * What may still be entered of a subject who withdrew consent: everything dated up to and including the day of the withdrawal, and what
 * has no date yet. Without the first what was measured and not yet typed would be lost; the second is judged when its date comes.
 */
import { compareDates } from '#domain/values/partial-date.ts'
import type { CompiledStudy } from './compile-study.ts'
import { CasebookEnvironment } from './environment.ts'
import type { Casebook, RecordKey } from './record.ts'

/**
 * The date by which a record counts as data from before or after a withdrawal, ISO, whole or in part: of a visit its date (in a study
 * without visit dates the first date of its forms), of an entry of a log its own date, so an adverse event counts by its
 * start. Null while no date is known, and for forms that are open at any time (`tellsOfEnd`).
 */
export function dateOfEntry(
  compiled: CompiledStudy,
  casebook: Casebook,
  key: RecordKey,
): string | null {
  const form = compiled.index.forms.get(key.form)?.form
  const event = compiled.index.events.get(key.event)
  if (!form || !event) return null
  const ends = tellsOfEnd(compiled)
  if (ends.has(key.form) || ends.has(`${key.event}/${key.form}`)) return null
  const environment = new CasebookEnvironment(compiled, casebook)
  const ofVisit =
    event.kind === 'log'
      ? null
      : compiled.index.visitDate
        ? environment.visitDate(key.event, key.eventRepeat)
        : environment.firstDateAt(key.event, key.eventRepeat)
  // An image made before the withdrawal may be read after it.
  if (ofVisit !== null || form.reading !== undefined || form.date === undefined) return ofVisit
  const record = environment.recordAt(key)
  return record ? environment.itemText(record, form.date) : null
}

/** Whether a date lies after the day of a withdrawal; one known in part only where that is certain. Days are ISO. */
export function isAfterWithdrawal(withdrawnOn: string | null, date: string | null): boolean {
  return withdrawnOn !== null && date !== null && compareDates(date, withdrawnOn) === 1
}

const known = new WeakMap<CompiledStudy, ReadonlySet<string>>()

/**
 * Forms that tell of the withdrawal or of a death itself, as the rules of these states read them, where they read one visit with its
 * OID (`END/F_DS`); logs are none of them. They are open at any time: a wrong date of withdrawal in them could never be corrected otherwise, and a death belongs to the safety of the study.
 */
export function tellsOfEnd(compiled: CompiledStudy): ReadonlySet<string> {
  const before = known.get(compiled)
  if (before) return before
  const forms = new Set<string>()
  for (const { state, rule, on } of compiled.definition.subjectStates ?? []) {
    if (state !== 'withdrawn' && state !== 'dead') continue
    for (const text of on === undefined ? [rule] : [rule, on]) {
      for (const { form, place } of compiled.subject(text)?.references ?? []) {
        if (compiled.index.forms.get(form)?.form.repeats !== false) continue
        forms.add(place.kind === 'event' ? `${place.event}/${form}` : form)
      }
    }
  }
  known.set(compiled, forms)
  return forms
}
