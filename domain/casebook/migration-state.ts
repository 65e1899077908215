/** The life of a run that takes subjects to another version. Every change of its state goes through `nextMigrationState`. */
import { Problem } from '#domain/problem.ts'

export const migrationStates = ['running', 'paused', 'cancelled', 'done'] as const
export type MigrationState = (typeof migrationStates)[number]
export const migrationEvents = ['pause', 'resume', 'cancel', 'finish'] as const
export type MigrationEvent = (typeof migrationEvents)[number]

const transitions: Readonly<
  Record<MigrationState, Partial<Record<MigrationEvent, MigrationState>>>
> = {
  running: { pause: 'paused', cancel: 'cancelled', finish: 'done' },
  paused: { resume: 'running', cancel: 'cancelled' },
  // What was migrated stays migrated; the rest can be taken along by another run.
  cancelled: {},
  done: {},
}

/** The next state, or the problem that says why there is none. */
export function nextMigrationState(
  state: MigrationState,
  event: MigrationEvent,
): MigrationState | Problem {
  return transitions[state][event] ?? new Problem('migration-over', { state })
}

/** Whether batches are to be worked off. */
export const isRunning = (state: MigrationState): boolean => transitions[state].finish !== undefined

/** Whether nothing more will happen in this run. */
export const isOver = (state: MigrationState): boolean =>
  Object.keys(transitions[state]).length === 0
