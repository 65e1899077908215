import { z } from 'zod'
import { StatisticsProblem } from '#domain/statistics/problem.ts'

const anyRecord = z.record(z.string(), z.unknown())
/** R writes an empty list as []. */
const optionsRecord = z.union([
  anyRecord,
  z
    .array(z.unknown())
    .max(0)
    .transform((): Record<string, unknown> => ({})),
])

const referenceCase = z.object({
  id: z.string(),
  procedure: z.string(),
  r_call: z.string().optional(),
  data: z.union([
    anyRecord,
    z
      .array(z.unknown())
      .max(0)
      .transform((): Record<string, unknown> => ({})),
  ]),
  options: optionsRecord.default({}),
  expected: anyRecord,
  rel_tol: z.number().positive().max(0.1),
  note: z.string().optional(),
})

const referenceFile = z.object({
  generator: z.string().optional(),
  n_cases: z.number().optional(),
  cases: z.array(referenceCase),
})

/** One reference case: what was computed elsewhere (by R), on which data, with which options and to which precision. */
export type ReferenceCase = z.infer<typeof referenceCase>

/** Parses the JSON of a file of reference cases; throws `bad-case` with the place of the first fault. */
export function parseReferenceFile(json: unknown): ReferenceCase[] {
  const parsed = referenceFile.safeParse(json)
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
  return cases
}
