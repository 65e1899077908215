/** The shape of an endpoint: when its clock starts, what counts as the event, what ends the follow-up, who may overrule the rule. */
import { z } from 'zod'
import { checkTestsSchema, expressionSchema, labelSchema, oidSchema } from './schema-parts.ts'

/** Where a query stands when an event lacks its form, and what makes it be asked. */
const eventAskSchema = z.strictObject({
  /** Name of the rule, as of a check. */
  id: z.string().regex(/^[A-Z][A-Z0-9-]{1,29}[a-z]?$/),
  /** The item that is asked about, `FORM.ITEM`. */
  item: z.string().regex(/^[A-Z][A-Z0-9_]{0,39}\.[A-Z][A-Z0-9_]{0,39}$/),
  /** As seen from the record (or row) of that item; the criterion itself, on its date, when absent. */
  rule: expressionSchema.optional(),
  /** In place of the standard sentence; marks as in checks. */
  message: labelSchema.optional(),
  source: z.string().optional(),
  tests: checkTestsSchema.optional(),
})

export const eventFormSchema = z.strictObject({
  /** The form in which a site records this event. */
  form: oidSchema,
  /** Most days between the criterion and the date of the form; any form of the subject will do when absent. */
  within: z.int().min(0).max(3660).optional(),
  asks: z.array(eventAskSchema).min(1).max(20),
})
export type EventFormDef = z.infer<typeof eventFormSchema>

/** One way in which the event comes about. Undecided where what the rule reads is missing. */
export const criterionSchema = z.strictObject({
  oid: oidSchema,
  label: labelSchema,
  /** Subject-level: whether it is met, and since when. */
  rule: expressionSchema,
  date: expressionSchema,
  eventForm: eventFormSchema.optional(),
  source: z.string().optional(),
})
export type CriterionDef = z.infer<typeof criterionSchema>

const criteriaSchema = z.array(criterionSchema).min(1).max(20)

export const endpointEventSchema = z.union([
  /** A date; null where no event happened. */
  expressionSchema,
  z.strictObject({ any: criteriaSchema }),
  z
    .strictObject({ atLeast: z.int().min(1), of: criteriaSchema })
    .refine(({ atLeast, of }) => atLeast <= of.length, {
      message: 'more criteria are asked for than there are',
    }),
])

/** Items in which an adjudicator decides; his decision stands in place of the rule's. */
export const adjudicationSchema = z.strictObject({
  form: oidSchema,
  /** A code Y (the event happened) or N (it did not); without a value nothing is decided. */
  decision: oidSchema,
  date: oidSchema,
  reason: oidSchema,
  /** In a form about several endpoints: the code item that holds the OID of the endpoint. */
  about: oidSchema.optional(),
})
export type AdjudicationDef = z.infer<typeof adjudicationSchema>

export const endpointSchema = z.strictObject({
  oid: oidSchema,
  label: labelSchema,
  kind: z.literal('time-to-event'),
  population: oidSchema,
  /** Subject-level date. */
  timeZero: expressionSchema,
  event: endpointEventSchema,
  /** Subject-level date at which follow-up without event ends. */
  censor: expressionSchema,
  /** Events after which this one cannot happen any more: subject-level dates. */
  competing: z
    .array(
      z.strictObject({
        oid: oidSchema,
        label: labelSchema,
        date: expressionSchema,
        source: z.string().optional(),
      }),
    )
    .min(1)
    .max(10)
    .optional(),
  /** Days; follow-up beyond it is censored at it. */
  horizon: z.int().positive(),
  adjudication: adjudicationSchema.optional(),
  /** Of an event that is one date. */
  eventForm: eventFormSchema.optional(),
  source: z.string().optional(),
})
export type EndpointDef = z.infer<typeof endpointSchema>
