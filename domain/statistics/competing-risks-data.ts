import { ensure } from '#domain/statistics/problem.ts'
import { prepareSurvival, sortedLevels } from '#domain/statistics/survival-data.ts'

/** Follow-up with the state reached at `time`: a cause, or the label of censoring. Missing in any column drops the row. */
export interface CompetingRisksData {
  time: ArrayLike<number | null | undefined>
  state: ArrayLike<string | number | null | undefined>
  group?: ArrayLike<string | number | null | undefined>
}

/** Checked rows in time order. */
export interface CodedRisks {
  time: Float64Array
  /** 0 censored, k for cause k. */
  cause: Int32Array
  group: Int32Array
  levels: string[]
  missing: number
}

/** Checks and sorts; a state that is neither a cause nor the censoring label is refused. */
export function codeRisks(
  data: CompetingRisksData,
  censoring: string,
  causes: readonly string[],
  levels?: readonly string[],
): CodedRisks {
  const { time, state, group } = data
  ensure(
    state.length === time.length,
    'length-mismatch',
    `${time.length} times but ${state.length} states`,
  )
  const event = Array.from(state, (s) =>
    s === null || s === undefined ? null : String(s) !== censoring,
  )
  const prepared = prepareSurvival({ time, event, group }, { levels })
  const cause = new Int32Array(prepared.n)
  for (let i = 0; i < prepared.n; i++) {
    if (!prepared.event[i]) continue
    const label = String(state[prepared.row[i] as number])
    const index = causes.indexOf(label)
    ensure(index >= 0, 'bad-option', `state "${label}" is neither a cause nor "${censoring}"`)
    cause[i] = index + 1
  }
  return {
    time: prepared.time,
    cause,
    group: prepared.group,
    levels: prepared.levels,
    missing: prepared.missing,
  }
}

/** Causes named, or all states but the censoring label in order. */
export function causesOf(
  data: CompetingRisksData,
  censoring: string,
  causes?: readonly string[],
): string[] {
  if (causes) return [...causes]
  const labels = Array.from(data.state, (s) =>
    s === null || s === undefined ? censoring : String(s),
  )
  return sortedLevels(labels).filter((label) => label !== censoring)
}
