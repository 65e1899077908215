import type { RecordKey } from '#domain/casebook/record.ts'

/** `/studies/taccsa/subjects/07-013`. */
export function subjectHref(study: string, subjectKey: string): string {
  return `/studies/${study}/subjects/${encodeURIComponent(subjectKey)}`
}

/** Address of a visit's part of the casebook. */
export function visitHref(study: string, subjectKey: string, event: string, repeat = 1): string {
  return `${subjectHref(study, subjectKey)}#visit-${eventText(event, repeat)}`
}

/** `W4`, `UNS-2`. */
export function eventText(event: string, repeat: number): string {
  return repeat === 1 ? event : `${event}-${repeat}`
}

/** `/studies/taccsa/subjects/07-013/W4/F_LB`; a new instance of a log ends in `-new`. */
export function formHref(
  study: string,
  subjectKey: string,
  key: Omit<RecordKey, 'formRepeat'> & { formRepeat: number | 'new' },
): string {
  const form = key.formRepeat === 1 ? key.form : `${key.form}-${key.formRepeat}`
  return `${subjectHref(study, subjectKey)}/${eventText(key.event, key.eventRepeat)}/${form}`
}
