/** Everything that can be wrong with the input of a statistical procedure. The list is closed. */
export const statisticsProblemCodes = [
  'empty-sample',
  'sample-too-small',
  'sample-too-large',
  'constant-sample',
  'not-finite',
  'negative-time',
  'entry-after-exit',
  'length-mismatch',
  'single-group',
  'no-events',
  'bad-option',
  'bad-table',
  'constant-covariate',
  'collinear-covariates',
  'not-converged',
  'unknown-column',
  'unknown-procedure',
  'bad-case',
] as const

export type StatisticsProblemCode = (typeof statisticsProblemCodes)[number]

/**
 * The one way in which a procedure of this folder refuses its input. Nothing here returns NaN:
 * a value that does not exist is `null` (not estimable, not reached), a limit may be ±Infinity.
 */
export class StatisticsProblem extends Error {
  readonly code: StatisticsProblemCode

  constructor(code: StatisticsProblemCode, message: string) {
    super(message)
    this.name = 'StatisticsProblem'
    this.code = code
  }
}

/** Throws `StatisticsProblem` with the given code unless the condition holds. Loops over rows give the message as a function. */
export function ensure(
  condition: boolean,
  code: StatisticsProblemCode,
  message: string | (() => string),
): asserts condition {
  if (!condition)
    throw new StatisticsProblem(code, typeof message === 'string' ? message : message())
}

/** Checks a confidence level: a number strictly between 0 and 1. */
export function requireConfidenceLevel(level: number): void {
  ensure(level > 0 && level < 1, 'bad-option', `confidence level ${level} is not between 0 and 1`)
}
