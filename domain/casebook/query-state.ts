/** The life of a query. Every change of a query's state goes through `nextQueryState`. */
import { Problem } from '#domain/problem.ts'
import type { QueryState } from './views.ts'

/** `settle`: the rule that raised the query is silent again; `recur`: it speaks again after it was settled. */
export const queryEvents = ['answer', 'close', 'reopen', 'cancel', 'settle', 'recur'] as const
export type QueryEvent = (typeof queryEvents)[number]

const transitions: Readonly<Record<QueryState, Partial<Record<QueryEvent, QueryState>>>> = {
  open: { answer: 'answered', close: 'closed', cancel: 'cancelled', settle: 'closed' },
  answered: { answer: 'answered', close: 'closed', reopen: 'open', settle: 'closed' },
  closed: { reopen: 'open', recur: 'open' },
  cancelled: { recur: 'open' },
}

/** The next state, or the problem that says why there is none. */
export function nextQueryState(state: QueryState, event: QueryEvent): QueryState | Problem {
  return transitions[state][event] ?? new Problem('query-not-open', { state })
}

/** Whether somebody still has to act on it. */
export function isOpenQuery(state: QueryState): boolean {
  return state === 'open' || state === 'answered'
}
