/** What a reader of a report chose for one run of it; what is absent is as the definition says. */
import { z } from 'zod'

const oid = z.string().regex(/^[A-Z][A-Z0-9_]{0,39}$/)
const day = z.iso.date()

export const reportParametersSchema = z.strictObject({
  /** Another population of the definition in place of the report's own. */
  population: oid.optional(),
  /** Only subjects in this group of a grouping of the definition. */
  subgroup: z.strictObject({ grouping: oid, code: z.string().min(1).max(60) }).optional(),
  /** Clinical cut-off, ISO day: what happened after it does not count, follow-up ends on it. */
  cutOff: day.optional(),
  /** Study parameters by OID that this run sets otherwise (change of FVC absolute or relative). */
  values: z
    .record(oid, z.union([z.number(), z.string().max(200), z.boolean()]))
    .refine((values) => Object.keys(values).length <= 20, { message: 'more than 20 values' })
    .optional(),
})
export type ReportParameters = z.infer<typeof reportParametersSchema>

/**
 * How a report shows what it divides by arm: each arm by name; arms under letters whose meaning is not told; or all arms
 * together, for readers who must not know.
 */
export const armViews = ['shown', 'masked', 'pooled'] as const
export type ArmView = (typeof armViews)[number]
