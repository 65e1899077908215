/** The shape of what a study asks of its data: populations, groupings and reports. Read with `definition.ts`, `endpoint-schema.ts`. */
import { z } from 'zod'
import { expressionSchema, labelSchema, oidSchema } from './schema-parts.ts'

/**
 * Who is analysed. A subject belongs when it belongs to `of` (all subjects when absent), `rule` is true and no exclusion is; the first
 * exclusion that is true is the reason why not. Read membership by `populationRule`, never by `rule` alone.
 */
export const populationSchema = z
  .strictObject({
    oid: oidSchema,
    label: labelSchema,
    of: oidSchema.optional(),
    rule: expressionSchema.optional(),
    exclude: z
      .array(z.strictObject({ label: labelSchema, rule: expressionSchema }))
      .min(1)
      .max(40)
      .optional(),
    source: z.string().optional(),
  })
  .refine(({ rule, exclude }) => rule !== undefined || exclude !== undefined, {
    message: 'a population needs `rule`, `exclude` or both',
  })
export type PopulationDef = z.infer<typeof populationSchema>

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
        /** The group that the size of this one is a percentage of; the whole population when absent. */
        of: z.string().optional(),
      }),
    )
    .min(1)
    .refine(
      (groups) => groups.every(({ of }) => groups.some(({ code }) => (of ?? code) === code)),
      {
        message: '`of` names none of the groups',
      },
    ),
  source: z.string().optional(),
})
export type GroupingDef = z.infer<typeof groupingSchema>

/** What the columns of a report are: the arms of the allocation, or a grouping by its OID. */
const reportGroupsSchema = z.union([z.literal('arm'), oidSchema])

/** Tests between columns: two columns, or any number for chi-square, Fisher, Kruskal-Wallis and analysis of variance. */
export const groupTests = [
  't-test',
  'welch',
  'mann-whitney',
  'mann-whitney-cc',
  'kruskal-wallis',
  'anova',
  'fisher',
  'fisher-one-sided',
  'chi-square',
] as const
/** Statistics of numbers; tests of numbers go with them. A fall compares values of the same subjects only. */
const numberStatistics: readonly string[] = [
  'mean-sd',
  'mean-se',
  'mean',
  'median-iqr',
  'quartiles',
  'range',
  'median-range',
  'median',
  'sum',
  'fall',
]
const countTests: readonly string[] = ['fisher', 'fisher-one-sided', 'chi-square']
function testsOf(statistic: string): readonly string[] {
  if (statistic === 'count' || statistic === 'count-per-code') return countTests
  if (statistic === 'fall' || !numberStatistics.includes(statistic)) return []
  return groupTests.filter((name) => !countTests.includes(name))
}
/** Tests of two values of the same subjects. */
export const pairedTests = ['paired-t', 'signed-rank', 'mcnemar'] as const

/** A covariate of a regression: a factor when it has `codes` (the reference is one of them), else a number per `per` units. */
export const covariateSchema = z
  .strictObject({
    label: labelSchema,
    /** Subject-level: a code, a boolean (codes `Y` and `N`) or a number. */
    value: expressionSchema,
    codes: z.array(z.string().min(1)).min(2).optional(),
    reference: z.string().optional(),
    /** Names of the codes where no code list has them. */
    codeLabels: z.record(z.string(), labelSchema).optional(),
    /** Hazard ratio per this many units of a number. */
    per: z.number().positive().optional(),
  })
  .refine(({ codes, reference }) => (codes === undefined) === (reference === undefined), {
    message: 'codes and reference go together',
  })
  .refine(({ codes, reference }) => !codes || codes.includes(reference ?? ''), {
    message: 'the reference is none of the codes',
  })
  .refine(({ codes, per }) => !codes || per === undefined, {
    message: 'a factor has no units',
  })
export type CovariateDef = z.infer<typeof covariateSchema>

/** One row of a baseline or adverse-event table. */
export const tableRowSchema = z
  .strictObject({
    label: labelSchema,
    /** Subject-level expression: a number (mean, median), a code (count per code) or a boolean (count of true). */
    value: expressionSchema.optional(),
    statistic: z.enum([
      'mean-sd',
      /** Standard error of the mean; the statistic is named beside the row, for it looks like a standard deviation. */
      'mean-se',
      'median-iqr',
      /** The quartiles alone, and the extremes alone: for a row below that of the mean. */
      'quartiles',
      'range',
      'median-range',
      'median',
      'mean',
      /** Subjects of the column, with their percentage of the population or of the group that `of` names. */
      'size',
      'sum',
      /** By how many percent the mean lies below that of `against`, on subjects with both. */
      'fall',
      /** How many subjects have a value. */
      'n',
      'count',
      'count-per-code',
      'heading',
    ]),
    /** Codes to show, in order, for count-per-code. */
    codes: z.array(z.string()).optional(),
    digits: z.int().min(0).max(4).optional(),
    /** How quartiles are read between values (Hyndman and Fan): 7 as R and when absent, 6 as SPSS and Minitab. */
    quantileType: z.union([z.literal(6), z.literal(7)]).optional(),
    test: z.enum(['none', ...groupTests]).default('none'),
    /** Further tests between the columns, shown beside the first: Fisher one-sided as printed and two-sided as it should be. */
    alsoTests: z.array(z.enum(groupTests)).min(1).max(3).optional(),
    /** A second expression of the same kind; `pairedTest` compares the two within each column. */
    against: expressionSchema.optional(),
    pairedTest: z.enum(pairedTests).optional(),
    indent: z.int().min(0).max(3).default(0),
    /** Counts without percentages. */
    plain: z.boolean().optional(),
  })
  .refine(
    ({ statistic, test, alsoTests = [] }) =>
      [test, ...alsoTests].every((name) => name === 'none' || testsOf(statistic).includes(name)),
    {
      message:
        'the test does not fit the statistic: counts have tests of counts, numbers of numbers',
    },
  )
  .refine(
    ({ statistic, pairedTest }) =>
      pairedTest === undefined ||
      (pairedTest === 'mcnemar' ? statistic === 'count' : numberStatistics.includes(statistic)),
    {
      message:
        'the paired test does not fit the statistic: McNemar is of counts, the others of numbers',
    },
  )
  .refine(({ statistic, against }) => statistic !== 'fall' || against !== undefined, {
    message: 'a fall needs `against`',
  })
  .refine(({ against, pairedTest }) => against !== undefined || pairedTest === undefined, {
    message: 'a paired test needs `against`',
  })

/**
 * One step of a trial profile: who meets a rule, who belongs to a population, or who is excluded from one, with a line for
 * each reason; `label` then names the line of all of them.
 */
const flowStepSchema = z
  .strictObject({
    label: labelSchema.optional(),
    rule: expressionSchema.optional(),
    population: oidSchema.optional(),
    excludedFrom: oidSchema.optional(),
    byArm: z.boolean().default(false),
    exclusion: z.boolean().default(false),
  })
  .refine(
    ({ rule, population, excludedFrom }) =>
      [rule, population, excludedFrom].filter((one) => one !== undefined).length === 1,
    { message: 'a step has one of `rule`, `population` and `excludedFrom`' },
  )
  .refine(({ rule, label }) => rule === undefined || label !== undefined, {
    message: 'a step with a rule needs a label',
  })

export const reportSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('flow'),
    oid: oidSchema,
    title: labelSchema,
    by: reportGroupsSchema.optional(),
    steps: z.array(flowStepSchema),
  }),
  z.strictObject({
    /** Populations with the reasons why subjects are not in them; body of a table. */
    kind: z.literal('populations'),
    oid: oidSchema,
    title: labelSchema,
    /** Of the definition, in this order; all of them when absent. */
    populations: z.array(oidSchema).min(1).optional(),
    by: reportGroupsSchema.optional(),
    footnote: labelSchema.optional(),
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
    /** A table whose columns are visits: `VISIT` in a value stands for each of them. Columns are not tested against each other. */
    kind: z.literal('visit-table'),
    oid: oidSchema,
    title: labelSchema,
    population: oidSchema,
    visits: z.array(oidSchema).min(1),
    rows: z.array(
      tableRowSchema.refine((row) => row.test === 'none' && !row.alsoTests, {
        message: 'visits are compared by pairedTest, not by test',
      }),
    ),
    footnote: labelSchema.optional(),
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
    /** Decimals of the percentages at the horizon; none when absent. */
    percentDigits: z.int().min(0).max(2).optional(),
    footnote: labelSchema.optional(),
  }),
  z.strictObject({
    /** Cumulative incidence of the event of an endpoint and of what competes with it, with Gray's test between groups. */
    kind: z.literal('incidence'),
    oid: oidSchema,
    title: labelSchema,
    endpoint: oidSchema,
    by: reportGroupsSchema,
    unit: z.enum(['day', 'week', 'month']).default('week'),
    ticks: z.array(z.number()),
    display: z.enum(['lines', 'stacked']).default('lines'),
    percentDigits: z.int().min(0).max(2).optional(),
    footnote: labelSchema.optional(),
  }),
  z.strictObject({
    kind: z.literal('cox'),
    oid: oidSchema,
    title: labelSchema,
    population: oidSchema,
    /** Subject-level: days of follow-up (a number) and whether the event happened (yes or no). */
    time: expressionSchema,
    event: expressionSchema,
    /** One model per covariate, one model with all, or both side by side. */
    model: z.enum(['univariable', 'multivariable', 'both']),
    ties: z.enum(['efron', 'breslow', 'exact']).default('efron'),
    covariates: z.array(covariateSchema).min(1).max(60),
    digits: z.int().min(1).max(4).optional(),
    footnote: labelSchema.optional(),
  }),
  z.strictObject({
    kind: z.literal('visit-values'),
    oid: oidSchema,
    title: labelSchema,
    population: oidSchema,
    /** As in `visit-means`; each visit must give a number. */
    item: expressionSchema,
    visits: z.array(oidSchema).min(1),
    baseline: oidSchema.optional(),
    by: reportGroupsSchema.optional(),
    figure: z.enum(['box', 'spaghetti']).default('box'),
    digits: z.int().min(0).max(4).optional(),
    /** Each visit against the baseline visit within a group (only with a baseline), and the groups against each other at each visit. */
    within: z.enum(['signed-rank', 'paired-t']).optional(),
    between: z
      .enum(['t-test', 'welch', 'mann-whitney', 'mann-whitney-cc', 'kruskal-wallis', 'anova'])
      .optional(),
    level: z.number().positive().max(1).default(0.05),
    footnote: labelSchema.optional(),
  }),
  z.strictObject({
    kind: z.literal('listing'),
    oid: oidSchema,
    title: labelSchema,
    population: oidSchema,
    /** Which members of the population are listed; all when absent. */
    rule: expressionSchema.optional(),
    shows: z
      .array(
        z
          .strictObject({
            label: labelSchema,
            value: expressionSchema.optional(),
            /** Instead of a value the labels of all that are true, one after the other: the infections of a subject. */
            each: z
              .array(z.strictObject({ label: labelSchema, rule: expressionSchema }))
              .min(1)
              .max(40)
              .optional(),
          })
          .refine(({ value, each }) => (value === undefined) !== (each === undefined), {
            message: 'a column has a value or `each`',
          }),
      )
      .min(1)
      .max(20),
    footnote: labelSchema.optional(),
  }),
  z.strictObject({
    /** Two readings of the same subjects: kappa of codes, intraclass correlation of numbers; body of a table. */
    kind: z.literal('agreement'),
    oid: oidSchema,
    title: labelSchema,
    population: oidSchema,
    rows: z
      .array(
        z
          .strictObject({
            label: labelSchema,
            first: expressionSchema,
            second: expressionSchema,
            statistic: z.enum(['kappa', 'weighted-kappa', 'icc']),
            /** Codes that count, for kappa; in their order where it is weighted. */
            codes: z.array(z.string().min(1)).min(2).optional(),
          })
          .refine(({ statistic, codes }) => (statistic === 'icc') === (codes === undefined), {
            message: 'kappa needs codes, the intraclass correlation has none',
          }),
      )
      .min(1)
      .max(40),
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
    /** Each visit is tested against it by Wilcoxon's signed-rank test; no tests when absent. */
    baseline: oidSchema.optional(),
    level: z.number(),
    digits: z.int().min(0).max(4).optional(),
    by: reportGroupsSchema.optional(),
  }),
])
export type ReportDef = z.infer<typeof reportSchema>
export type TableRowDef = z.infer<typeof tableRowSchema>
