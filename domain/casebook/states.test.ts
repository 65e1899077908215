import { describe, expect, test } from 'vitest'
import { subjectStates } from '#domain/definition/subject-states.ts'
import { Problem } from '#domain/problem.ts'
import { formEvents, isDone, isEditable, nextFormState } from './form-state.ts'
import { isOpenQuery, nextQueryState, queryEvents } from './query-state.ts'
import { formStates } from './record.ts'
import { nextSubjectState, subjectEvents } from './subject-state.ts'
import { queryStates } from './views.ts'

/** Every pair of state and event; a dash is a refusal. */
function table<S extends string, E extends string>(
  states: readonly S[],
  events: readonly E[],
  next: (state: S, event: E) => S | Problem,
): Record<string, string> {
  return Object.fromEntries(
    states.map((state) => [
      state,
      events
        .flatMap((event) => {
          const result = next(state, event)
          return result instanceof Problem ? [] : [`${event}>${result}`]
        })
        .join(' '),
    ]),
  )
}

test('forms: every state and event', () => {
  expect(table(formStates, formEvents, nextFormState)).toEqual({
    notStarted: 'save>inProgress',
    inProgress: 'save>inProgress complete>complete remove>removed',
    complete: 'reopen>inProgress sign>signed freeze>frozen remove>removed',
    signed: 'reopen>inProgress fallSignature>complete freeze>frozen',
    frozen: 'unfreeze>complete lock>locked',
    locked: 'unlock>frozen',
    removed: 'restore>inProgress',
  })
  expect(formStates.filter(isEditable)).toEqual(['notStarted', 'inProgress'])
  expect(formStates.filter(isDone)).toEqual(['complete', 'signed', 'frozen', 'locked'])
})

test('forms: refusals say what stands in the way', () => {
  expect(nextFormState('inProgress', 'sign')).toMatchObject({ code: 'form-not-complete' })
  expect(nextFormState('locked', 'save')).toMatchObject({
    code: 'form-not-editable',
    details: { state: 'locked', who: 'The data manager' },
  })
})

test('queries: every state and event', () => {
  expect(table(queryStates, queryEvents, nextQueryState)).toEqual({
    open: 'answer>answered close>closed cancel>cancelled settle>closed',
    answered: 'answer>answered close>closed reopen>open settle>closed',
    closed: 'reopen>open recur>open',
    cancelled: 'recur>open',
  })
  expect(nextQueryState('closed', 'answer')).toMatchObject({ code: 'query-not-open' })
  expect(queryStates.filter(isOpenQuery)).toEqual(['open', 'answered'])
})

describe('subjects', () => {
  test('every state and event', () => {
    expect(table(subjectStates, subjectEvents, (s, e) => nextSubjectState(s, e))).toEqual({
      screening:
        'failScreening>screenFailure enrol>enrolled randomise>randomised withdraw>withdrawn die>dead',
      screenFailure: 'die>dead correct>screening',
      enrolled: 'complete>completed discontinue>discontinued withdraw>withdrawn die>dead',
      randomised: 'complete>completed discontinue>discontinued withdraw>withdrawn die>dead',
      completed: 'die>dead correct>randomised',
      discontinued: 'complete>completed withdraw>withdrawn die>dead correct>randomised',
      withdrawn: 'die>dead correct>screening',
      dead: 'correct>screening',
    })
    expect(nextSubjectState('dead', 'randomise')).toMatchObject({ code: 'subject-not-active' })
  })

  test('a correction never undoes an allocation', () => {
    expect(nextSubjectState('dead', 'correct', 'randomised')).toBe('randomised')
    expect(nextSubjectState('withdrawn', 'correct', 'randomised')).toBe('randomised')
    expect(nextSubjectState('completed', 'correct', 'enrolled')).toBe('enrolled')
  })
})
