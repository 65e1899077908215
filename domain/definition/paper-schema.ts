/**
 * What the paper of a study prints, as far as reports of the study are compared with it. Tables are long, so the limits are
 * wide; a whole definition has limits of its own.
 */
import { z } from 'zod'

const text = z.union([z.string(), z.number()]).transform(String)
const within = z.union([z.number().positive(), z.array(z.number().min(0)).min(1)])
/** `within`: largest difference, per number or for all. `withinLog`: of the logarithms, beside half of the last printed digit. */
const tolerance = {
  within: within.optional(),
  withinLog: z.number().positive().optional(),
}
const cellSchema = z.union([
  z.null(),
  text,
  z.strictObject({ print: text, ...tolerance }),
  /** A printed range or limit: `[6, 8]`; null leaves an end open. */
  z.strictObject({ print: text, between: z.tuple([z.number().nullable(), z.number().nullable()]) }),
  z.strictObject({ print: text, ours: text, why: z.string().min(1), within: within.optional() }),
])
const partSchema = z
  .strictObject({
    report: z.string().min(1),
    /** As the paper calls it: `Table 2`. */
    what: z.string().min(1),
    columns: z.array(z.string().min(1)).min(1),
    /** Tolerance of a whole column, for the cells that state no other. */
    tolerances: z.record(z.string(), z.strictObject(tolerance)).optional(),
    /** A label and a cell per column, in the order of the report; null where the paper prints nothing. */
    rows: z
      .array(z.tuple([z.string().max(300)], cellSchema))
      .min(1)
      .max(1000),
  })
  .refine(({ columns, rows }) => rows.every((row) => row.length <= columns.length + 1), {
    message: 'a row has more cells than there are columns',
  })
export const paperSchema = z.strictObject({
  paper: z.string().min(1),
  parts: z.array(partSchema).min(1).max(300),
  /** What the paper prints and no report here compares, each with the reason. */
  notCompared: z.array(z.strictObject({ what: z.string(), why: z.string() })).optional(),
})
export type Paper = z.infer<typeof paperSchema>
export type OracleCell = z.infer<typeof cellSchema>
export type Tolerance = { within?: z.infer<typeof within>; withinLog?: number }
