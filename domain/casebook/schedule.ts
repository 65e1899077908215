/** When visits fall due and what a cell of the subject matrix shows. Dates are ISO days; nothing here knows the clock. */
import type { StudyDefinition, StudyEventDef } from '#domain/definition/definition.ts'
import { addDays, daysBetween, isFullDate } from '#domain/values/partial-date.ts'
import { isDone } from './form-state.ts'
import type { FormState } from './record.ts'
import type { CellState, MatrixCell } from './views.ts'

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

export type CellFacts = {
  event: StudyEventDef
  anchor: string | null
  today: string
  /** Visit date as entered; null where none is. */
  visitDate: string | null
  /** False where the visit is recorded as not held. */
  occurred: boolean | null
  /** One entry for each form that applies to the visit, `notStarted` where nothing was entered. */
  forms: readonly { state: FormState; required: boolean; verified?: boolean }[]
  queries: number
  /** Whether visits still fall due for this subject (`isFollowed`). */
  followed: boolean
  /** Whether the event belongs to the subject (its `when`); absent: it does. Null: undecided. */
  applies?: boolean | null
  /** Day 1 of an event that has an anchor of its own. */
  eventAnchor?: string | null
}

/** What the matrix shows of one visit of one subject. */
export function cellOf(facts: CellFacts): MatrixCell {
  const { event, visitDate } = facts
  const plan = plannedVisit(event, facts.anchor, facts.eventAnchor)
  const forms = facts.forms.filter((form) => form.state !== 'removed')
  const expected = forms.filter((form) => form.required)
  const started = forms.some((form) => form.state !== 'notStarted')
  const latest = plan.to ?? plan.target
  const enforced = isEnforced(event)
  const overdue =
    enforced &&
    facts.followed &&
    (facts.applies ?? facts.applies === undefined) &&
    facts.occurred !== false &&
    visitDate === null &&
    !started &&
    event.kind === 'scheduled' &&
    latest !== null &&
    facts.today > latest
  const outsideWindow =
    enforced &&
    visitDate !== null &&
    isFullDate(visitDate) &&
    ((plan.from !== null && visitDate < plan.from) || (plan.to !== null && visitDate > plan.to))
  const state = cellState(facts, forms, expected, started)
  return {
    event: event.oid,
    state,
    queries: facts.queries,
    overdue,
    outsideWindow,
    date: visitDate,
    target: plan.target,
    from: enforced ? plan.from : null,
    to: enforced ? plan.to : null,
    enforced,
    done: expected.filter((form) => isDone(form.state)).length,
    expected: state === 'none' ? 0 : expected.length,
  }
}

type CellForm = CellFacts['forms'][number]

function cellState(
  facts: CellFacts,
  forms: readonly CellForm[],
  expected: readonly CellForm[],
  started: boolean,
): CellState {
  if (facts.occurred === false) return 'missed'
  const { kind } = facts.event
  if (!started) {
    // After death, withdrawal or a failed screening no visit is expected any more.
    if (!facts.followed && facts.visitDate === null) return 'none'
    if (facts.applies === false || facts.applies === null) return 'none'
    return kind === 'scheduled' || kind === 'screening' || kind === 'baseline'
      ? 'notStarted'
      : 'none'
  }
  // Where nothing is required, what was started decides.
  const deciding =
    expected.length > 0 ? expected : forms.filter((form) => form.state !== 'notStarted')
  const all = (test: (form: CellForm) => boolean): boolean => deciding.every(test)
  if (!all((form) => isDone(form.state))) return 'inProgress'
  if (all((form) => form.state === 'locked')) return 'locked'
  if (
    all((form) => form.state === 'signed' || form.state === 'frozen' || form.state === 'locked')
  ) {
    return 'signed'
  }
  return all((form) => form.verified === true) ? 'verified' : 'complete'
}
