import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'

const rate = z.number().min(0).max(1)
const date = z.iso.date()

/** How values of one item are spread: a normal curve, days before the visit, or weights of codes. */
const spreadSchema = z.union([
  z.strictObject({ mean: z.number(), sd: z.number().positive() }),
  z.strictObject({ daysBefore: z.tuple([z.number(), z.number()]) }),
  z.record(z.string(), z.number().min(0)),
])
export type Spread = z.infer<typeof spreadSchema>

const hintsSchema = z.strictObject({
  /** First and last screening date. */
  calendar: z.strictObject({ from: date, to: date }).optional(),
  /** By `FORM.ITEM`, `FORM.GROUP[ROW].ITEM` or either with `EVENT/` before it; the longest address that fits counts. */
  values: z.record(z.string(), spreadSchema).default({}),
  /** Mean number of entries of a log form for each subject. */
  logs: z.record(z.string(), z.number().min(0).max(50)).default({}),
  rates: z
    .strictObject({
      missedVisit: rate.default(0.04),
      lateVisit: rate.default(0.06),
      dropout: rate.default(0.1),
      death: rate.default(0.04),
      lateEntry: rate.default(0.15),
      /** Of numbers: outside the plausible limits, and (a tenth of it) outside the possible ones. */
      dirty: rate.default(0.02),
      /** Of numbers whose unit is entered beside them: right number, wrong unit. */
      unitError: rate.default(0.005),
      /** Of required items: a reason in place of a value. */
      missing: rate.default(0.02),
      /** Of items that are not required: filled at all. */
      optional: rate.default(0.6),
    })
    .prefault({}),
})
export type Hints = z.infer<typeof hintsSchema>

/**
 * What a study says about its simulated subjects (`demo/simulation.yaml`, may be absent): which answers are common. Without
 * it every code is equally likely and numbers lie anywhere within their plausible limits. Throws a sentence for a bad file.
 */
export function readHints(folder: string): Hints {
  const file = join(folder, 'demo', 'simulation.yaml')
  if (!existsSync(file)) return hintsSchema.parse({})
  const read = hintsSchema.safeParse(parse(readFileSync(file, 'utf8'), { maxAliasCount: 0 }) ?? {})
  if (read.success) return read.data
  throw new Error(`${file}: ${z.prettifyError(read.error)}`)
}

/** The spread of an item at a place, the most particular address first. */
export function spreadOf(
  hints: Hints,
  place: { event: string; form: string; path: string; item: string },
): Spread | undefined {
  const { event, form, path, item } = place
  for (const address of [`${form}.${path}`, `${form}.${item}`]) {
    const found = hints.values[`${event}/${address}`] ?? hints.values[address]
    if (found) return found
  }
  return undefined
}
