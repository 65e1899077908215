import {
  fillMarks,
  type ProblemCode,
  type ProblemDetails,
  type ProblemMessage,
  problemTexts,
} from '#domain/problem.ts'

/** The `problem` catalogue of a language: one text a code, with `{name}` marks as in `domain/problem.ts`. */
export type ProblemCatalogue = Readonly<Partial<Record<ProblemCode, string>>>

/** A refusal in the reader's language; the English text of the closed list where a translation is missing. */
export function problemText(problem: ProblemMessage, catalogue: ProblemCatalogue): string {
  const text = catalogue[problem.code]
  return text ? fillMarks(text, problem.details) : problem.message
}

/**
 * The problem inside an error of the tRPC client. A lost network or any other failure has no problem of its own; `null`
 * then means "nothing reached the server, or no answer came back".
 */
export function problemOf(error: unknown): ProblemMessage | null {
  if (typeof error !== 'object' || error === null || !('data' in error)) return null
  const data = (error as { data: unknown }).data
  if (typeof data !== 'object' || data === null || !('problem' in data)) return null
  const problem = (data as { problem: unknown }).problem
  if (typeof problem !== 'object' || problem === null || !('code' in problem)) return null
  const { code, message, details, place } = problem as Partial<ProblemMessage>
  if (!code || !(code in problemTexts)) return null
  return {
    code,
    message: message ?? problemTexts[code],
    details: (details ?? {}) as ProblemDetails,
    ...(place === undefined ? {} : { place }),
  }
}
