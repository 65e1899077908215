/**
 * Who is still expected at which visit, and when a visit is due or overdue: the one rule behind the matrix, the casebook, the
 * home page, the dashboards and the checklist of a cut. `server/study/due-visits.ts` puts `dueWindow` and `followedStates` to
 * the database in its own words; nothing else may decide it. Dates are ISO days; nothing here knows the clock.
 */
import type { StudyDefinition, StudyEventDef } from '#domain/definition/definition.ts'
import { subjectStates } from '#domain/definition/subject-states.ts'
import { daysBetween, isFullDate } from '#domain/values/partial-date.ts'
import { isEnforced } from './schedule.ts'
import type { SubjectState } from './views.ts'

/** What of a study decides whether visits fall due. */
export type FollowUp = Pick<StudyDefinition, 'mode' | 'followUpAfterDiscontinuation'>

/** Whether planned visits are still expected of a subject in this state. */
export function isFollowed(study: FollowUp, state: SubjectState): boolean {
  // Stopping the study drug does not end the visits, unless the study says that it does.
  if (state === 'discontinued') return study.followUpAfterDiscontinuation ?? true
  return state === 'screening' || state === 'enrolled' || state === 'randomised'
}

/** The states of `isFollowed`, in the order of `subjectStates`. */
export function followedStates(study: FollowUp): SubjectState[] {
  return subjectStates.filter((state) => isFollowed(study, state))
}

/** Days from day 1: the target, and the first and the last day of the window. */
export type DueWindow = { target: number; opens: number; closes: number }

/**
 * When a visit of this event falls due; null where it never does. In a registry and a chart review nothing does: there the
 * visits are what was found. A target day without a window is its own window.
 */
export function dueWindow(study: FollowUp, event: StudyEventDef): DueWindow | null {
  if (study.mode !== 'prospective' || event.kind !== 'scheduled' || !isEnforced(event)) return null
  if (event.day === undefined || event.day === 0) return null
  const target = event.day > 0 ? event.day - 1 : event.day
  const [before, after] = event.window ?? [0, 0]
  return { target, opens: target + before, closes: target + after }
}

export type StandingFacts = {
  study: FollowUp
  event: StudyEventDef
  state: SubjectState
  /** The study's anchor; null where it is not known or partial. */
  anchor: string | null
  /** Day 1 of an event that has an anchor of its own. */
  eventAnchor?: string | null
  /** Whether the event belongs to the subject (its `when`); absent: it does. Null: undecided. */
  applies?: boolean | null
  /** Visit date as entered; null where none is. */
  visitDate: string | null
  /** False where the visit is recorded as not held. */
  occurred: boolean | null
  /** Whether any form of the visit was begun and not removed. */
  begun: boolean
  today: string
}

/**
 * `missed`: recorded as not held; `held`: dated or begun; `notExpected`: nobody waits for it; `planned`: expected, with no date
 * or before its window; `due`: in its window; `overdue`: from the day after its window on.
 */
export type VisitStanding = 'missed' | 'held' | 'notExpected' | 'planned' | 'due' | 'overdue'

const expectedKinds: readonly StudyEventDef['kind'][] = ['screening', 'baseline', 'scheduled']

/** Whether a visit of this kind is planned for everybody, and not held only where there is cause. */
export function isPlanned({ kind }: Pick<StudyEventDef, 'kind'>): boolean {
  return expectedKinds.includes(kind)
}

/** Whether the visit is expected of the subject, whether it was held or not. */
export function isExpected({
  study,
  event,
  state,
  applies = true,
}: Pick<StandingFacts, 'study' | 'event' | 'state' | 'applies'>): boolean {
  return applies === true && isPlanned(event) && isFollowed(study, state)
}

/** How one visit of one subject stands on a day. */
export function visitStanding(facts: StandingFacts): VisitStanding {
  const { study, event } = facts
  if (facts.occurred === false) return 'missed'
  if (facts.visitDate !== null || facts.begun) return 'held'
  if (!isExpected(facts)) return 'notExpected'
  const window = dueWindow(study, event)
  const anchor = event.anchor === undefined ? facts.anchor : (facts.eventAnchor ?? null)
  if (window === null || anchor === null || !isFullDate(anchor)) return 'planned'
  const day = daysBetween(anchor, facts.today)
  if (day === null || day < window.opens) return 'planned'
  return day > window.closes ? 'overdue' : 'due'
}
