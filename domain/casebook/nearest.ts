/** Which of several dated values belongs to a visit whose window is a bin. */
import type { StudyEventDef } from '#domain/definition/definition.ts'
import { daysBetween } from '#domain/values/partial-date.ts'
import type { CompiledStudy } from './compile-study.ts'
import type { PlannedVisit } from './schedule.ts'

type Plans = {
  compiled: CompiledStudy
  planOf(event: string): PlannedVisit | null
  eventApplies(event: string): boolean | null
}

/**
 * Takes the values dated inside the window of the visit (full ISO dates, in order of entry): the one nearest to the target day,
 * of two equally near the later; or the first or last, as the event says. Where windows overlap, a date belongs to the visit
 * whose target it is nearer to (to the earlier of two equally near), unless that visit chooses by order, not by distance.
 */
export function chooseNearest<T extends { date: string }>(
  plans: Plans,
  oid: string,
  values: readonly T[],
): T | null {
  const event = plans.compiled.index.events.get(oid)
  const plan = plans.planOf(oid)
  if (!event || !plan?.target || plans.eventApplies(oid) !== true) return null
  const choose = event.choose ?? 'nearest'
  let best: T | null = null
  for (const value of values) {
    if (!isInside(plan, value.date)) continue
    if (choose === 'nearest' && belongsElsewhere(plans, event, plan, value.date)) continue
    if (best === null || isBetter(choose, plan.target, value.date, best.date)) best = value
  }
  return best
}

function isInside({ from, to }: PlannedVisit, date: string): boolean {
  return from !== null && to !== null && date >= from && date <= to
}

function distance(target: string, date: string): number {
  return Math.abs(daysBetween(target, date) ?? Number.POSITIVE_INFINITY)
}

function isBetter(
  choose: 'nearest' | 'first' | 'last',
  target: string,
  date: string,
  best: string,
): boolean {
  if (choose === 'first') return date < best
  if (choose === 'last') return date >= best
  const difference = distance(target, date) - distance(target, best)
  return difference < 0 || (difference === 0 && date >= best)
}

/** Whether another visit of the same anchor, seen from which bins exclude each other, is nearer to the date. */
function belongsElsewhere(
  plans: Plans,
  event: StudyEventDef,
  plan: PlannedVisit,
  date: string,
): boolean {
  const own = distance(plan.target as string, date)
  let isBefore = true
  for (const other of plans.compiled.definition.events) {
    if (other.oid === event.oid) {
      isBefore = false
      continue
    }
    if (other.anchor !== event.anchor || (other.choose ?? 'nearest') !== 'nearest') continue
    const planned = other.window === undefined ? null : plans.planOf(other.oid)
    if (!planned?.target || !isInside(planned, date)) continue
    if (plans.eventApplies(other.oid) !== true) continue
    const theirs = distance(planned.target, date)
    if (theirs < own || (theirs === own && isBefore)) return true
  }
  return false
}
