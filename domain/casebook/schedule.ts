/** Days, targets and windows of visits. Dates are ISO days; nothing here knows the clock. */
import type { StudyDefinition, StudyEventDef } from '#domain/definition/definition.ts'
import { addDays, daysBetween, isFullDate } from '#domain/values/partial-date.ts'

export type PlannedVisit = {
  event: string
  /** Null where the anchor is not known or the event has no target day. */
  target: string | null
  from: string | null
  to: string | null
}

/** The date of a study day: day 1 is the anchor, day -1 the day before; there is no day 0. Null for day 0. */
export function dateOfStudyDay(anchor: string, day: number): string | null {
  if (day === 0 || !isFullDate(anchor)) return null
  return addDays(anchor, day > 0 ? day - 1 : day)
}

/** The study day of a date, 1 on the anchor, -1 the day before; null where a date is partial or missing. */
export function studyDay(anchor: string | null, date: string | null): number | null {
  if (anchor === null || date === null) return null
  const days = daysBetween(anchor, date)
  return days === null ? null : days >= 0 ? days + 1 : days
}

/** Whether the window of a visit is a promise: overdue after it, wrong outside it. Bins only sort what was dated. */
export function isEnforced(event: StudyEventDef): boolean {
  return (event.windowMode ?? 'enforce') === 'enforce'
}

/**
 * Target and window of one event. Without a window every date is inside. `own` is the day 1 of an event that has an anchor of its
 * own; of the study's anchor it is then independent.
 */
export function plannedVisit(
  event: StudyEventDef,
  anchor: string | null,
  own: string | null = null,
): PlannedVisit {
  const first = event.anchor === undefined ? anchor : own
  const target = first === null || event.day === undefined ? null : dateOfStudyDay(first, event.day)
  if (target === null || event.window === undefined) {
    return { event: event.oid, target, from: null, to: null }
  }
  const [before, after] = event.window
  return {
    event: event.oid,
    target,
    from: addDays(target, before),
    to: addDays(target, after),
  }
}

/** Every event of the study with its target and window, in the order of the schedule. */
export function visitPlan(
  definition: Pick<StudyDefinition, 'events'>,
  anchor: string | null,
): PlannedVisit[] {
  return definition.events.map((event) => plannedVisit(event, anchor))
}
