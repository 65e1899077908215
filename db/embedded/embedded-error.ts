/** What can keep the embedded PostgreSQL from starting, for callers that react to one of them. */
export type EmbeddedServerProblem =
  | 'no-binaries'
  | 'not-writable'
  | 'in-use'
  | 'wrong-version'
  | 'not-ours'
  | 'failed'

/** An error whose message is one line a person can act on: what is wrong and what to do about it. */
export class EmbeddedServerError extends Error {
  readonly problem: EmbeddedServerProblem

  constructor(problem: EmbeddedServerProblem, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'EmbeddedServerError'
    this.problem = problem
  }
}
