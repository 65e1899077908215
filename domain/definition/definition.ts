/**
 * The shape of a study definition: everything a study is, as data. Folders of YAML text are merged into one such object
 * (`parse-study.ts`), checked (`check-study.ts`), hashed and published; nothing in it is executable. Names follow CDISC
 * ODM; every expression is text in the language of `domain/expression/`.
 */
import { z } from 'zod'
import { roles } from '#domain/access/permissions.ts'
import { missingReasons } from '#domain/definition/missing-reasons.ts'
import { groupingSchema, populationSchema, reportSchema } from './analysis-schema.ts'
import { endpointSchema } from './endpoint-schema.ts'
import { paperSchema } from './paper-schema.ts'
import {
  checkTestsSchema,
  expressionSchema,
  givenSchema,
  labelSchema,
  languages,
  oidSchema,
  renamedFromSchema,
} from './schema-parts.ts'
import { subjectStates } from './subject-states.ts'

export type {
  GroupingDef,
  PopulationDef,
  ReportDef,
  TableRowDef,
} from './analysis-schema.ts'
export type { EndpointDef } from './endpoint-schema.ts'
export { type Label, type Language, labelSchema, languages, oidSchema } from './schema-parts.ts'

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
        /** The code of the version before that this one takes the place of; stored values are carried over. */
        replaces: z.string().min(1).max(60).optional(),
      }),
    )
    .min(1),
})
export type CodeListDef = z.infer<typeof codeListSchema>

/** How the value of a derived item comes about: never typed, typed over with a reason, or only proposed. */
export const entryModes = ['never', 'override', 'suggest'] as const

export const itemSchema = z.strictObject({
  oid: oidSchema,
  renamedFrom: renamedFromSchema,
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
  /** Declares that the text is coded with a dictionary that the site licenses: its name, version and level (PT). */
  dictionary: z
    .strictObject({ name: z.string(), version: z.string(), level: z.string().optional() })
    .optional(),
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
  renamedFrom: renamedFromSchema,
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
  renamedFrom: renamedFromSchema,
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
  /**
   * Declares a form that independent readers fill, one instance per reader and image: the items that hold the reader and the key
   * of the image, how many readers, and the form in which differences are resolved.
   */
  reading: z
    .strictObject({
      reader: oidSchema,
      image: oidSchema,
      readers: z.int().min(1).max(9),
      adjudication: oidSchema.optional(),
    })
    .optional(),
  /**
   * Who fills the form in place of investigators and coordinators; from these it is concealed with all that reads it, so that scores of
   * blinded readers do not reach the sites. A reader meets the entries that are his own.
   */
  for: z
    .array(z.enum(['image-reader']))
    .length(1)
    .optional(),
  /** Signing this form is part of the flow (F_IE): the meaning shown when signing. */
  signature: z.strictObject({ meaning: labelSchema, required: z.boolean() }).optional(),
  groups: z.array(itemGroupSchema).min(1),
})
export type FormDef = z.infer<typeof formSchema>

export const windowModes = ['enforce', 'bin', 'none'] as const

export const studyEventSchema = z.strictObject({
  oid: oidSchema,
  renamedFrom: renamedFromSchema,
  label: labelSchema,
  kind: z.enum(['screening', 'baseline', 'scheduled', 'early-termination', 'unscheduled', 'log']),
  /** Target day counted from the anchor day = day 1. */
  day: z.int().optional(),
  /** Allowed deviation in days from target, [before, after], e.g. [-3, 3]. */
  window: z.tuple([z.int(), z.int()]).optional(),
  /**
   * enforce (default): a visit is wrong outside its window, and overdue after it in a prospective study; bin: the window only
   * decides which dated values `nearest()` takes for this visit; none: it is shown and decides nothing.
   */
  windowMode: z.enum(windowModes).optional(),
  /** Which value `nearest()` takes of those in the window: nearest to the target day (default), the first or the last. */
  choose: z.enum(['nearest', 'first', 'last']).optional(),
  /** Subject-level date that is day 1 of this event, where it is not the study's anchor (start of the second treatment). */
  anchor: expressionSchema.optional(),
  /** Subject-level condition: the event, with all its forms, belongs to the subject only where this is true. */
  when: expressionSchema.optional(),
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

export type Given = z.infer<typeof givenSchema>

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
  tests: checkTestsSchema.optional(),
})
export type CheckDef = z.infer<typeof checkSchema>

/** Given these values, derivations have these: a value, or `undecided`, `missing` or `closed`. See docs/definitions.md. */
export const derivationTestSchema = z.strictObject({
  name: z.string().min(1).max(200),
  given: givenSchema,
  /** By address of an item, OID of a variable or population, or `ENDPOINT.event` and its kin. */
  expect: z
    .record(
      z.string(),
      z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())]),
    )
    .optional(),
  undecided: z.array(z.string()).optional(),
  missing: z.array(z.string()).optional(),
})
export type DerivationTestDef = z.infer<typeof derivationTestSchema>

/** Declares forms of visits that a site submits together and the sponsor receives or returns. */
export const bookletSchema = z.strictObject({
  oid: oidSchema,
  label: labelSchema,
  events: z.array(oidSchema).min(1),
  /** Absent: all forms of the events. */
  forms: z.array(oidSchema).optional(),
})
export type BookletDef = z.infer<typeof bookletSchema>

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

const parameterValueSchema = z.union([z.number(), z.string(), z.boolean()])
export const parameterSchema = z.strictObject({
  oid: oidSchema,
  label: labelSchema,
  type: z.enum(['number', 'text', 'boolean', 'date']),
  value: parameterValueSchema,
  /** Where the protocol is silent and this is our choice. */
  assumed: z.boolean().optional(),
  /** What a run of a report may set instead, the value of the definition among them; absent: nothing. */
  choices: z
    .array(z.strictObject({ value: parameterValueSchema, label: labelSchema }))
    .min(2)
    .max(12)
    .optional(),
})
export type ParameterDef = z.infer<typeof parameterSchema>

export const blindingSchema = z.strictObject({
  /** Roles that must not learn which arm a subject is in, nor read what tells it; in a study that is not open label: all. */
  arm: z.array(z.enum(roles)).default([]),
  /** Roles that must not see numbers by arm; who must not learn single arms never sees them either. */
  byArm: z.array(z.enum(roles)).default([]),
  /** Forms (`F_EX`) and items (`F_LB.TACRO`) that tell the arm and are concealed with it. */
  conceals: z.array(z.string().max(90)).default([]),
  /** How the data safety monitoring board sees arms while they are concealed from others. */
  board: z.enum(['masked', 'shown']).default('masked'),
})
export type BlindingDef = z.infer<typeof blindingSchema>

export const allocationSchema = z.strictObject({
  /** Form the allocation is written to, by the system. */
  form: oidSchema,
  /** Subject-level expression that yields the stratum code. */
  stratum: expressionSchema,
  strata: z.array(z.strictObject({ code: z.string(), label: labelSchema })).min(1),
  arms: z
    .array(z.strictObject({ code: oidSchema, label: labelSchema, ratio: z.int().positive() }))
    .min(2),
  /** False: nobody but the keeper of the lists knows arms until the study is unblinded. */
  openLabel: z.boolean(),
  blinding: blindingSchema.optional(),
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
  /** How far from the anchor, in days, a value may lie to be the baseline: [before, after]; default any time before, 0 after. */
  baseline: z.strictObject({ before: z.int().min(0).optional(), after: z.int().min(0) }).optional(),
  /** Item that carries the date of a visit, e.g. F_SV.SVSTDTC, and whether it happened. Without: records have their own dates only. */
  visitDate: z.string().optional(),
  visitOccurred: z.string().optional(),
  /** Codes shown beside the subject in lists: diagnosis, stratum, arm. */
  subjectColumns: z
    .array(z.strictObject({ oid: oidSchema, label: labelSchema, value: expressionSchema }))
    .default([]),
  /**
   * Rules that name the subject's state, first true wins; none: once the anchor is known randomised, or enrolled in a study
   * without allocation; else screening.
   */
  subjectStates: z
    .array(
      z
        .strictObject({
          state: z.enum(subjectStates),
          rule: expressionSchema,
          /** Day of a withdrawal of consent; data up to it are still taken. Absent: the day on which the rule became true. */
          on: expressionSchema.optional(),
        })
        .refine(({ state, on }) => on === undefined || state === 'withdrawn', {
          path: ['on'],
          message: 'Only the state `withdrawn` has a day',
        }),
    )
    .optional(),
  /** Whether visits still fall due for a subject in the state `discontinued`; default true. */
  followUpAfterDiscontinuation: z.boolean().optional(),
  parameters: z.array(parameterSchema).default([]),
  codeLists: z.array(codeListSchema),
  forms: z.array(formSchema),
  events: z.array(studyEventSchema),
  variables: z.array(variableSchema).default([]),
  checks: z.array(checkSchema).default([]),
  allocation: allocationSchema.optional(),
  derivationTests: z.array(derivationTestSchema).optional(),
  booklets: z.array(bookletSchema).optional(),
  populations: z.array(populationSchema).default([]),
  endpoints: z.array(endpointSchema).default([]),
  groupings: z.array(groupingSchema).optional(),
  reports: z.array(reportSchema).default([]),
  /** What the paper of the study prints; reports are compared with it. */
  paper: paperSchema.optional(),
})
export type StudyDefinition = z.infer<typeof studyDefinitionSchema>
