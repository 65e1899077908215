/** The life of a subject in the study. Every change of a subject's state goes through `nextSubjectState`. */
import { Problem } from '#domain/problem.ts'
import type { SubjectState } from './views.ts'

/** `correct` takes back a step that was recorded by mistake: back to screening, enrolled or randomised. */
export const subjectEvents = [
  'failScreening',
  'enrol',
  'randomise',
  'complete',
  'discontinue',
  'withdraw',
  'die',
  'correct',
] as const
export type SubjectEvent = (typeof subjectEvents)[number]

const transitions: Readonly<Record<SubjectState, Partial<Record<SubjectEvent, SubjectState>>>> = {
  screening: {
    failScreening: 'screenFailure',
    enrol: 'enrolled',
    randomise: 'randomised',
    withdraw: 'withdrawn',
    die: 'dead',
  },
  screenFailure: { correct: 'screening', die: 'dead' },
  enrolled: {
    complete: 'completed',
    discontinue: 'discontinued',
    withdraw: 'withdrawn',
    die: 'dead',
  },
  randomised: {
    complete: 'completed',
    discontinue: 'discontinued',
    withdraw: 'withdrawn',
    die: 'dead',
  },
  completed: { die: 'dead', correct: 'randomised' },
  // Follow-up goes on after the study drug is stopped.
  discontinued: {
    complete: 'completed',
    withdraw: 'withdrawn',
    die: 'dead',
    correct: 'randomised',
  },
  withdrawn: { die: 'dead', correct: 'screening' },
  dead: { correct: 'screening' },
}

/**
 * The next state, or the problem that says why there is none. A correction leads back to what the subject was in the study:
 * `randomised` or, in a study without allocation, `enrolled`; of one who was neither to `screening`. An allocation is never undone.
 */
export function nextSubjectState(
  state: SubjectState,
  event: SubjectEvent,
  was: 'randomised' | 'enrolled' | null = null,
): SubjectState | Problem {
  const next = transitions[state][event]
  if (next === undefined) return new Problem('subject-not-active', { state })
  if (event === 'correct' && state !== 'screenFailure') {
    if (was !== null) return was
    return state === 'completed' || state === 'discontinued' ? 'randomised' : 'screening'
  }
  return next
}
