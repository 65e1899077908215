/**
 * The shape of a study definition: everything a study is, as data. Folders of YAML text are merged into one such object
 * (`parse-study.ts`), checked (`check-study.ts`), hashed and published; nothing in it is executable. Names follow CDISC
 * ODM; every expression is text in the language of `domain/expression/`.
 */
import { z } from 'zod'
import { missingReasons } from '#domain/definition/missing-reasons.ts'

export const languages = ['en', 'ja', 'zh'] as const
export type Language = (typeof languages)[number]

/** A text in the study's languages; English is always there. */
export const labelSchema = z.strictObject({
  en: z.string().min(1),
  ja: z.string().min(1).optional(),
  zh: z.string().min(1).optional(),
})
export type Label = z.infer<typeof labelSchema>

/** OIDs are also SQL column names and expression names, so the alphabet is narrow. */
export const oidSchema = z.string().regex(/^[A-Z][A-Z0-9_]{0,39}$/)
export const expressionSchema = z.string().min(1).max(4000)
const rangeSchema = z.tuple([z.number().nullable(), z.number().nullable()])

export const itemTypes = [
  'text',
  'integer',
  'decimal',
  'date',
  'partialDate',
  'dateTime',
  'time',
  'code',
  'codes',
  'file',
] as const
export type ItemType = (typeof itemTypes)[number]

export const codeListSchema = z.strictObject({
  oid: oidSchema,
  codes: z
    .array(
      z.strictObject({
        code: z.string().min(1).max(60),
        label: labelSchema,
        /** A code that says the value is missing (ND, U): null in logic, with this reason. */
        missing: z.enum(missingReasons).optional(),
      }),
    )
    .min(1),
})
export type CodeListDef = z.infer<typeof codeListSchema>

/** How the value of a derived item comes about: never typed, typed over with a reason, or only proposed. */
export const entryModes = ['never', 'override', 'suggest'] as const

export const itemSchema = z.strictObject({
  oid: oidSchema,
  label: labelSchema,
  hint: labelSchema.optional(),
  type: z.enum(itemTypes),
  /** Digits in all and after the point: dec(5,1) is length 5, digits 1. */
  length: z.int().positive().optional(),
  digits: z.int().min(0).optional(),
  /** UCUM code; `row` takes it from the fixed row of the group. */
  unit: z.string().optional(),
  codeList: oidSchema.optional(),
  /** Restricts the list to these codes. */
  codes: z.array(z.string()).optional(),
  /** Inclusive plausibility limits: outside raises a query. `row` takes them from the fixed row. */
  soft: z.union([rangeSchema, z.literal('row')]).optional(),
  /** Inclusive possible limits: outside is refused. */
  hard: z.union([rangeSchema, z.literal('row')]).optional(),
  /** Must be filled (or carry a missing reason) before the form is complete. An expression makes it conditional. */
  required: z.union([z.boolean(), expressionSchema]).optional(),
  /** Skip logic: the item is open only where this is true. */
  when: expressionSchema.optional(),
  /** Derivation, with `entry` saying whether a person may type. */
  derive: expressionSchema.optional(),
  entry: z.enum(entryModes).optional(),
  /** Initial value offered when the form is opened first; an expression. */
  preset: expressionSchema.optional(),
  /** Which missing reasons are offered; default ND and UNK for entered items. */
  missing: z.array(z.enum(missingReasons)).optional(),
  /** Dates after today are refused unless true. */
  future: z.boolean().optional(),
  /** Which protocol section asks for it, for traceability. */
  source: z.string().optional(),
})
export type ItemDef = z.infer<typeof itemSchema>

/** A pre-printed row of a grid. `attributes` feed `soft: row`, units and the functions of expressions. */
export const fixedRowSchema = z.strictObject({
  key: z.string().regex(/^[A-Z0-9_]{1,40}$/),
  label: labelSchema,
  unit: z.string().optional(),
  /** Other units accepted at entry, with the factor to the standard unit. */
  units: z.record(z.string(), z.number().positive()).optional(),
  /** Working default reference range, in the standard unit. */
  reference: rangeSchema.optional(),
  soft: rangeSchema.optional(),
  hard: rangeSchema.optional(),
  required: z.boolean().optional(),
  note: labelSchema.optional(),
})
export type FixedRowDef = z.infer<typeof fixedRowSchema>

export const itemGroupSchema = z.strictObject({
  oid: oidSchema,
  label: labelSchema.optional(),
  hint: labelSchema.optional(),
  /** none: once; rows: the person adds rows; fixed: pre-printed rows, `rows` lists them; fixedOpen: both. */
  repeats: z.enum(['none', 'rows', 'fixed', 'fixedOpen']).default('none'),
  /** The item whose code names the row of a grid (LBTESTCD); set by the system. */
  rowItem: oidSchema.optional(),
  rows: z.array(fixedRowSchema).optional(),
  /** Named subsets of the fixed rows that the schedule refers to. */
  rowSets: z.record(z.string(), z.array(z.string())).optional(),
  when: expressionSchema.optional(),
  /** grid: a table like a spreadsheet; list: one item a line. */
  layout: z.enum(['list', 'grid']).default('list'),
  items: z.array(itemSchema).min(1),
})
export type ItemGroupDef = z.infer<typeof itemGroupSchema>

export const formSchema = z.strictObject({
  oid: oidSchema,
  label: labelSchema,
  hint: labelSchema.optional(),
  /** A log form has any number of instances (FormRepeatKey 1..n, never reused). */
  repeats: z.boolean().default(false),
  /** What names an instance in lists, e.g. AETERM. */
  title: oidSchema.optional(),
  /** The date that orders instances and dates the record, e.g. SVSTDTC. */
  date: oidSchema.optional(),
  /** Filled by the system (F_RAND); people only read it. */
  system: z.boolean().optional(),
  /** Signing this form is part of the flow (F_IE): the meaning shown when signing. */
  signature: z.strictObject({ meaning: labelSchema, required: z.boolean() }).optional(),
  groups: z.array(itemGroupSchema).min(1),
})
export type FormDef = z.infer<typeof formSchema>

export const studyEventSchema = z.strictObject({
  oid: oidSchema,
  label: labelSchema,
  kind: z.enum(['screening', 'baseline', 'scheduled', 'early-termination', 'unscheduled', 'log']),
  /** Target day counted from the anchor day = day 1. */
  day: z.int().optional(),
  /** Allowed deviation in days from target, [before, after], e.g. [-3, 3]. */
  window: z.tuple([z.int(), z.int()]).optional(),
  /** The visit date item decides date and window state; without it the event has no date. */
  forms: z.array(
    z.strictObject({
      form: oidSchema,
      /** Row set of a grid for this visit. */
      rows: z.string().optional(),
      required: z.boolean().default(true),
      when: expressionSchema.optional(),
    }),
  ),
  assumed: z.boolean().optional(),
})
export type StudyEventDef = z.infer<typeof studyEventSchema>

export const checkSchema = z.strictObject({
  id: z.string().regex(/^[A-Z][A-Z0-9-]{1,29}[a-z]?$/),
  form: oidSchema,
  /** Item the finding is shown at; in a repeating group it is evaluated for every row. */
  item: oidSchema,
  /** hard: refused; soft: raises a query; info: shown only. */
  level: z.enum(['hard', 'soft', 'info']),
  /** When a hard check bites: at once, or when the form is marked complete (default). */
  at: z.enum(['save', 'complete']).default('complete'),
  /** Fires when true; null (undecided) does not fire. */
  rule: expressionSchema,
  /** `{ITEM}` marks are filled with the values read. */
  message: labelSchema,
  source: z.string().optional(),
  tests: z
    .array(
      z.strictObject({
        name: z.string().optional(),
        /** Values by `FORM.ITEM`, `EVENT/FORM.ITEM`, `FORM#2.ITEM` or `EVENT/FORM.GROUP[KEY].ITEM`. */
        given: z.record(
          z.string(),
          z.union([z.string(), z.number(), z.null(), z.array(z.string())]),
        ),
        expect: z.enum(['fires', 'silent']),
      }),
    )
    .optional(),
})
export type CheckDef = z.infer<typeof checkSchema>

/** A subject-level variable used by other expressions, populations and reports (TZERO, PFSDT). */
export const variableSchema = z.strictObject({
  oid: oidSchema,
  label: labelSchema,
  type: z.enum(['number', 'text', 'boolean', 'date', 'code']),
  codeList: oidSchema.optional(),
  unit: z.string().optional(),
  value: expressionSchema,
  source: z.string().optional(),
})
export type VariableDef = z.infer<typeof variableSchema>

export const parameterSchema = z.strictObject({
  oid: oidSchema,
  label: labelSchema,
  type: z.enum(['number', 'text', 'boolean', 'date']),
  value: z.union([z.number(), z.string(), z.boolean()]),
  /** Where the protocol is silent and this is our choice. */
  assumed: z.boolean().optional(),
})
export type ParameterDef = z.infer<typeof parameterSchema>

export const allocationSchema = z.strictObject({
  /** Form the allocation is written to, by the system. */
  form: oidSchema,
  /** Subject-level expression that yields the stratum code. */
  stratum: expressionSchema,
  strata: z.array(z.strictObject({ code: z.string(), label: labelSchema })).min(1),
  arms: z
    .array(z.strictObject({ code: oidSchema, label: labelSchema, ratio: z.int().positive() }))
    .min(2),
  openLabel: z.boolean(),
  /** Everything that must be true before the button works; each links to the form that is open. */
  preconditions: z.array(
    z.strictObject({
      id: z.string(),
      label: labelSchema,
      rule: expressionSchema,
      form: oidSchema,
      problem: z.enum([
        'consent-missing',
        'not-eligible',
        'eligibility-not-signed',
        'stratum-unknown',
      ]),
    }),
  ),
})
export type AllocationDef = z.infer<typeof allocationSchema>

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
    columns: z.enum(['arm']),
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
    by: z.enum(['arm']),
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
  }),
])
export type ReportDef = z.infer<typeof reportSchema>
export type TableRowDef = z.infer<typeof tableRowSchema>

export const studyDefinitionSchema = z.strictObject({
  oid: oidSchema,
  name: labelSchema,
  title: labelSchema,
  protocol: z.strictObject({
    version: z.string(),
    registry: z.string().optional(),
    sponsor: z.string().optional(),
    source: z.string().optional(),
  }),
  /** Version label of this definition, e.g. 1.0. */
  version: z.string(),
  languages: z.array(z.enum(languages)).min(1),
  mode: z.enum(['prospective', 'registry', 'retrospective']),
  /** Subject keys look like `07-013`: site code, dash, running number of this many digits. */
  subjectKeyDigits: z.int().min(2).max(6).default(3),
  plannedSubjects: z.int().positive().optional(),
  plannedSites: z
    .array(z.strictObject({ code: z.string(), name: labelSchema, planned: z.int().optional() }))
    .default([]),
  /** Subject-level expression: the date that day 1 is counted from (randomisation). */
  anchor: expressionSchema,
  /** The consent date, for "on or after consent" rules and the matrix. */
  consent: expressionSchema.optional(),
  /** Item that carries the date of a visit, e.g. F_SV.SVSTDTC, and whether it happened. */
  visitDate: z.string(),
  visitOccurred: z.string().optional(),
  /** Codes shown beside the subject in lists: diagnosis, stratum, arm. */
  subjectColumns: z
    .array(z.strictObject({ oid: oidSchema, label: labelSchema, value: expressionSchema }))
    .default([]),
  /** Rules that name the subject's state, first true wins; none: randomised once the anchor is known, else screening. */
  subjectStates: z
    .array(
      z.strictObject({
        state: z.enum([
          'screening',
          'screenFailure',
          'randomised',
          'completed',
          'discontinued',
          'withdrawn',
          'dead',
        ]),
        rule: expressionSchema,
      }),
    )
    .optional(),
  parameters: z.array(parameterSchema).default([]),
  codeLists: z.array(codeListSchema),
  forms: z.array(formSchema),
  events: z.array(studyEventSchema),
  variables: z.array(variableSchema).default([]),
  checks: z.array(checkSchema).default([]),
  allocation: allocationSchema.optional(),
  populations: z.array(populationSchema).default([]),
  endpoints: z.array(endpointSchema).default([]),
  reports: z.array(reportSchema).default([]),
})
export type StudyDefinition = z.infer<typeof studyDefinitionSchema>
