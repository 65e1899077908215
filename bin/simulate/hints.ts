import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'

const rate = z.number().min(0).max(1)
const date = z.iso.date()

/**
 * How values of one item are spread: a normal curve, days before the visit (below 0: after it) or before the subject's part ends,
 * days of the calendar, or weights of codes and texts (`A+B`: both codes of an item with several).
 */
const spreadSchema = z.union([
  z.strictObject({ mean: z.number(), sd: z.number().positive() }),
  z.strictObject({ daysBefore: z.tuple([z.number(), z.number()]) }),
  z.strictObject({ daysBeforeEnd: z.tuple([z.number(), z.number()]) }),
  z.strictObject({ between: z.tuple([date, date]) }),
  z.record(z.string(), z.number().min(0)),
])
export type Spread = z.infer<typeof spreadSchema>
const spreads = z.record(z.string(), spreadSchema).default({})

export const fates = ['completes', 'drops out', 'dies'] as const
export type Fate = (typeof fates)[number]

const days = z
  .tuple([z.int(), z.int()])
  .refine(([from, to]) => from <= to, 'The first day lies after the last.')

/** One entry of a log at a time of its own. Its `values`, by item or path, hold before those of the study and are always filled. */
const entrySchema = z.strictObject({
  form: z.string(),
  /** Days after day 1, 0 on day 1; before day 1 is known, after the visit at hand. `end`: the day the subject's part ends. */
  day: z.union([days, z.literal('end')]),
  /** Entered before this form is filled, because the form reads it; else with the other logs. */
  before: z.string().optional(),
  share: rate.default(1),
  fates: z.array(z.enum(fates)).default([...fates]),
  values: spreads,
})
export type EntryHint = z.infer<typeof entrySchema>

/** What goes together: the findings of a diagnosis, the drugs of a group. */
const profileSchema = z.strictObject({
  weight: z.number().positive(),
  values: spreads,
  entries: z.array(entrySchema).default([]),
})

const hintsSchema = z.strictObject({
  /** First and last screening date. */
  calendar: z.strictObject({ from: date, to: date }).optional(),
  /**
   * By `FORM.ITEM`, `FORM.GROUP[ROW].ITEM` or either with `EVENT/` before it; the longest address that fits counts. Numbers with
   * a visit before them are drawn anew there, others move on from the visit before.
   */
  values: spreads,
  /** Mean number of entries of a log form for each subject. */
  logs: z.record(z.string(), z.number().min(0).max(50)).default({}),
  entries: z.array(entrySchema).default([]),
  /** Each subject has one of every list, whose values and entries are added to those of the study. */
  profiles: z.record(z.string(), z.array(profileSchema).min(1)).default({}),
  /** Days after day 1, or the date, on which each fate ends a subject's part; nothing is dated later. Else a visit is the last. */
  ends: z.partialRecord(z.enum(fates), z.union([days, date])).default({}),
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

/** The hints as they hold for one subject, with one profile of every list drawn. */
export function hintsOfSubject(hints: Hints, draw: () => number): Hints {
  const values = { ...hints.values }
  const entries = [...hints.entries]
  for (const profiles of Object.values(hints.profiles)) {
    const total = profiles.reduce((sum, { weight }) => sum + weight, 0)
    let at = draw() * total
    const own = profiles.find(({ weight }) => {
      at -= weight
      return at < 0
    })
    Object.assign(values, own?.values)
    entries.push(...(own?.entries ?? []))
  }
  return { ...hints, values, entries }
}

/** The spread of an item at a place, the most particular address first, and whether it is that of the visit alone. */
export function spreadOf(
  hints: Hints,
  place: { event: string; form: string; path: string; item: string },
): { spread: Spread; ofVisit: boolean } | undefined {
  const { event, form, path, item } = place
  for (const address of [`${form}.${path}`, `${form}.${item}`]) {
    const own = hints.values[`${event}/${address}`]
    if (own) return { spread: own, ofVisit: true }
    const spread = hints.values[address]
    if (spread) return { spread, ofVisit: false }
  }
  return undefined
}
