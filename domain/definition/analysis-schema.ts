/** The shape of what a study asks of its data: populations, endpoints, groupings and reports. Read with `definition.ts`. */
import { z } from 'zod'
import { expressionSchema, labelSchema, oidSchema } from './schema-parts.ts'

export const populationSchema = z.strictObject({
  oid: oidSchema,
  label: labelSchema,
  rule: expressionSchema,
  source: z.string().optional(),
})
export type PopulationDef = z.infer<typeof populationSchema>

export const endpointSchema = z.strictObject({
  oid: oidSchema,
  label: labelSchema,
  kind: z.literal('time-to-event'),
  population: oidSchema,
  /** Subject-level date expressions; `event` is null where no event happened. */
  timeZero: expressionSchema,
  event: expressionSchema,
  censor: expressionSchema,
  /** Days; follow-up beyond it is censored at it. */
  horizon: z.int().positive(),
  source: z.string().optional(),
})
export type EndpointDef = z.infer<typeof endpointSchema>

/**
 * A way to put subjects into groups for reports, beside allocation: each subject in the group whose code `value` results in, or
 * in every group whose own rule is true (such columns may overlap and are never compared by a test).
 */
export const groupingSchema = z.strictObject({
  oid: oidSchema,
  label: labelSchema,
  /** Subject-level expression that results in a code or text. */
  value: expressionSchema.optional(),
  groups: z
    .array(
      z.strictObject({
        code: z.string().min(1).max(60),
        label: labelSchema,
        rule: expressionSchema.optional(),
      }),
    )
    .min(1),
  source: z.string().optional(),
})
export type GroupingDef = z.infer<typeof groupingSchema>

/** What the columns of a report are: the arms of the allocation, or a grouping by its OID. */
const reportGroupsSchema = z.union([z.literal('arm'), oidSchema])

/** One row of a baseline or adverse-event table. */
export const tableRowSchema = z.strictObject({
  label: labelSchema,
  /** Subject-level expression: a number (mean, median), a code (count per code) or a boolean (count of true). */
  value: expressionSchema.optional(),
  statistic: z.enum(['mean-sd', 'median-iqr', 'count', 'count-per-code', 'mean', 'heading']),
  /** Codes to show, in order, for count-per-code. */
  codes: z.array(z.string()).optional(),
  digits: z.int().min(0).max(4).optional(),
  test: z
    .enum(['none', 't-test', 'welch', 'mann-whitney', 'mann-whitney-cc', 'fisher', 'chi-square'])
    .default('none'),
  indent: z.int().min(0).max(3).default(0),
  /** Counts without percentages. */
  plain: z.boolean().optional(),
})
export const reportSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('flow'),
    oid: oidSchema,
    title: labelSchema,
    by: reportGroupsSchema.optional(),
    steps: z.array(
      z.strictObject({
        label: labelSchema,
        rule: expressionSchema,
        byArm: z.boolean().default(false),
        exclusion: z.boolean().default(false),
      }),
    ),
  }),
  z.strictObject({
    kind: z.literal('table'),
    oid: oidSchema,
    title: labelSchema,
    population: oidSchema,
    columns: reportGroupsSchema,
    rows: z.array(tableRowSchema),
    footnote: labelSchema.optional(),
    /** Rows without a test still show percentages with this many digits. */
    percentDigits: z.int().min(0).max(2).default(0),
  }),
  z.strictObject({
    kind: z.literal('survival'),
    oid: oidSchema,
    title: labelSchema,
    endpoint: oidSchema,
    by: reportGroupsSchema,
    unit: z.enum(['day', 'week', 'month']).default('week'),
    ticks: z.array(z.number()),
    test: z.enum(['log-rank']).default('log-rank'),
    threshold: z.number().optional(),
    subgroups: z.array(z.strictObject({ label: labelSchema, rule: expressionSchema })).optional(),
    footnote: labelSchema.optional(),
  }),
  z.strictObject({
    kind: z.literal('visit-means'),
    oid: oidSchema,
    title: labelSchema,
    population: oidSchema,
    /** A reference such as `F_PFT.FVCPP`; it is read at each visit. */
    item: expressionSchema,
    visits: z.array(oidSchema),
    baseline: oidSchema,
    level: z.number(),
    by: reportGroupsSchema.optional(),
  }),
])
export type ReportDef = z.infer<typeof reportSchema>
export type TableRowDef = z.infer<typeof tableRowSchema>
