import { z } from 'zod'
import { StatisticsProblem } from '#domain/statistics/problem.ts'

/** A record; R writes an empty list as []. */
const anyRecord = z.union([
  z.record(z.string(), z.unknown()),
  z
    .array(z.unknown())
    .max(0)
    .transform((): Record<string, unknown> => ({})),
])

const referenceCase = z.object({
  id: z.string(),
  procedure: z.string(),
  r_call: z.string().optional(),
  data: anyRecord.default({}),
  options: anyRecord.nullish().transform((options): Record<string, unknown> => options ?? {}),
  expected: anyRecord,
  /** Relative tolerance; 0 asks for the same double. */
  rel_tol: z.number().nonnegative().max(0.1).default(1e-9),
  /** Absolute tolerance for values near 0; the same number as the relative one when it is not given. */
  abs_tol: z.number().nonnegative().optional(),
  note: z.string().optional(),
})

const referenceFile = z.object({
  generator: z.string().optional(),
  n_cases: z.number().optional(),
  cases: z.array(z.unknown()),
})

/** One reference case: what was computed elsewhere (by R), on which data, with which options and to which precision. */
export type ReferenceCase = z.infer<typeof referenceCase>

/** A case that does not have the form of one: it is counted as failed, beside the others of its file. */
export interface MalformedCase {
  id: string
  procedure: string
  fault: string
}

/**
 * Parses the JSON of a file of reference cases. A malformed case stays in its place with its fault; throws `bad-case`
 * when the whole is not such a file, or holds another number of cases than it announces.
 */
export function parseReferenceFile(json: unknown): (ReferenceCase | MalformedCase)[] {
  const parsed = referenceFile.safeParse(Array.isArray(json) ? { cases: json } : json)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw new StatisticsProblem(
      'bad-case',
      `not a file of reference cases: ${issue?.path.join('.')}: ${issue?.message}`,
    )
  }
  const { cases, n_cases } = parsed.data
  if (n_cases !== undefined && n_cases !== cases.length) {
    throw new StatisticsProblem(
      'bad-case',
      `the file announces ${n_cases} cases and holds ${cases.length}`,
    )
  }
  return cases.map((item, i) => {
    const one = referenceCase.safeParse(item)
    if (one.success) return one.data
    const { id, procedure } = (item ?? {}) as { id?: unknown; procedure?: unknown }
    const issue = one.error.issues[0]
    return {
      id: typeof id === 'string' ? id : `case ${i + 1}`,
      procedure: typeof procedure === 'string' ? procedure : '?',
      fault: `not a reference case: ${issue?.path.join('.')}: ${issue?.message}`,
    }
  })
}
