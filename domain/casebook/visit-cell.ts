/** What a cell of the subject matrix, and a visit of the casebook, shows. */
import { isFullDate } from '#domain/values/partial-date.ts'
import { isDone } from './form-state.ts'
import type { FormState } from './record.ts'
import { isEnforced, plannedVisit } from './schedule.ts'
import type { CellState, MatrixCell } from './views.ts'
import { isExpected, type StandingFacts, type VisitStanding, visitStanding } from './visit-due.ts'

export type CellFacts = Omit<StandingFacts, 'begun'> & {
  /** One entry for each form that applies to the visit, `notStarted` where nothing was entered. */
  forms: readonly { state: FormState; required: boolean; verified?: boolean }[]
  queries: number
}

/** What the matrix shows of one visit of one subject. */
export function cellOf(facts: CellFacts): MatrixCell {
  const { event, visitDate } = facts
  const plan = plannedVisit(event, facts.anchor, facts.eventAnchor)
  const forms = facts.forms.filter((form) => form.state !== 'removed')
  const expected = forms.filter((form) => form.required)
  const begun = forms.some((form) => form.state !== 'notStarted')
  const enforced = isEnforced(event)
  const standing = visitStanding({ ...facts, begun })
  const outsideWindow =
    enforced &&
    visitDate !== null &&
    isFullDate(visitDate) &&
    ((plan.from !== null && visitDate < plan.from) || (plan.to !== null && visitDate > plan.to))
  const state = cellState(facts, standing, forms, expected, begun)
  return {
    event: event.oid,
    state,
    queries: facts.queries,
    overdue: standing === 'overdue',
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

/** What it shows of a visit of which nothing is known, or nothing told. */
export const noCell = (event: string): MatrixCell => ({
  event,
  state: 'none',
  queries: 0,
  overdue: false,
  outsideWindow: false,
  date: null,
  target: null,
  from: null,
  to: null,
  enforced: false,
  done: 0,
  expected: 0,
})

type CellForm = CellFacts['forms'][number]

function cellState(
  facts: CellFacts,
  standing: VisitStanding,
  forms: readonly CellForm[],
  expected: readonly CellForm[],
  begun: boolean,
): CellState {
  if (standing === 'missed') return 'missed'
  if (!begun) return isExpected(facts) ? 'notStarted' : 'none'
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
