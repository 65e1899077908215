/** The life of a form instance. Every change of `FormRecordData.state` goes through `nextFormState`. */
import { Problem } from '#domain/problem.ts'
import type { FormState } from './record.ts'

export const formEvents = [
  'save',
  'complete',
  'reopen',
  'sign',
  'fallSignature',
  'freeze',
  'unfreeze',
  'lock',
  'unlock',
  'remove',
  'restore',
] as const
export type FormEvent = (typeof formEvents)[number]

const transitions: Readonly<Record<FormState, Partial<Record<FormEvent, FormState>>>> = {
  notStarted: { save: 'inProgress' },
  inProgress: { save: 'inProgress', complete: 'complete', remove: 'removed' },
  // A correction opens a complete form again, with a reason: what was complete may not be after the change.
  complete: {
    reopen: 'inProgress',
    sign: 'signed',
    freeze: 'frozen',
    remove: 'removed',
  },
  signed: {
    reopen: 'inProgress',
    fallSignature: 'complete',
    freeze: 'frozen',
  },
  frozen: { unfreeze: 'complete', lock: 'locked' },
  locked: { unlock: 'frozen' },
  removed: { restore: 'inProgress' },
}

/** The next state, or the problem that says why there is none. */
export function nextFormState(state: FormState, event: FormEvent): FormState | Problem {
  const next = transitions[state][event]
  if (next !== undefined) return next
  if (event === 'sign') return new Problem('form-not-complete')
  return new Problem('form-not-editable', { state, who: whoReopens(state) })
}

/** Whether values may be typed in this state. */
export function isEditable(state: FormState): boolean {
  return transitions[state].save !== undefined
}

/** Whether the form counts as finished by the site. */
export function isDone(state: FormState): boolean {
  return state === 'complete' || state === 'signed' || state === 'frozen' || state === 'locked'
}

function whoReopens(state: FormState): string {
  if (state === 'frozen' || state === 'locked') return 'The data manager'
  return 'The site'
}
