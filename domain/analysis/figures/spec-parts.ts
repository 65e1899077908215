/** What the specifications of all figures have in common: labels, numbers, groups, time axes, tests and marks. */
import { z } from 'zod'
import { labelSchema } from '#domain/definition/definition.ts'

/** A text in the languages of the study, or one text for all. Trimmed and wrapped when drawn, never refused for its length. */
export const figureLabel = z.union([z.string().min(1), labelSchema])
/** Finite and of a size that an axis can hold. */
export const amount = z.number().min(-1e15).max(1e15)
export const count = z.number().int().min(0).max(1e9)
export const share = z.number().min(0).max(1)
export const key = z.string().min(1).max(200)

/** Of all figures. `width` in SVG units (pixels at 100 %). */
export const figureBase = {
  title: figureLabel,
  subtitle: figureLabel.optional(),
  footnotes: z.array(figureLabel).max(20).default([]),
  width: z.number().int().min(320).max(2400).optional(),
}

export const groupBase = { key, label: figureLabel }
export const groupDef = z.strictObject(groupBase)
export type GroupDef = z.infer<typeof groupDef>

/** Groups have 24 places at most: beyond that no style tells them apart. */
export const maxGroups = 24

export const timeUnits = ['day', 'week', 'month', 'year'] as const
export type TimeUnit = (typeof timeUnits)[number]

/** Places of tick labels, in order. */
export const ticksOf = (most: number) =>
  z
    .array(amount)
    .min(1)
    .max(most)
    .refine(
      (ticks) => ticks.every((tick, at) => at === 0 || tick > (ticks[at - 1] as number)),
      'ticks must ascend',
    )

/** A time axis: every time of the figure is in `unit`. `ticks` default to round ones, `max` to the last time. */
export const timeAxis = z.strictObject({
  unit: z.enum(timeUnits),
  label: figureLabel.optional(),
  max: amount.positive().optional(),
  ticks: ticksOf(60).optional(),
})
export type TimeAxis = z.infer<typeof timeAxis>

/** A value axis. Values that are not positive have no place on a log scale: they are left out, counted and said. */
export const valueAxisDef = z.strictObject({
  label: figureLabel,
  scale: z.enum(['linear', 'log']).default('linear'),
  min: amount.optional(),
  max: amount.optional(),
})
export type ValueAxisDef = z.infer<typeof valueAxisDef>

/** A named test of the whole figure, e.g. log-rank; `p` null: not estimable. */
export const namedTest = z.strictObject({ name: figureLabel, p: share.nullable() })
export type NamedTest = z.infer<typeof namedTest>

/**
 * Significance marks: `symbol` stands where the p-value of a cell is below `level`. A cell without a group stands over
 * the whole visit (a comparison between groups). `test` names the procedure, `against` what was compared.
 */
export const markDef = z.strictObject({
  symbol: z.string().min(1).max(3),
  test: figureLabel,
  against: figureLabel.optional(),
  level: share,
  cells: z
    .array(z.strictObject({ visit: key, group: key.optional(), p: share.nullable() }))
    .max(2000),
})
export type MarkDef = z.infer<typeof markDef>

/** A horizontal or vertical line at a value, with its name. */
export const lineDef = z.strictObject({ at: amount, label: figureLabel.optional() })

export type Issue = { add(path: (string | number)[], message: string): void }
type Context = {
  addIssue(issue: { code: 'custom'; path: (string | number)[]; message: string }): void
}

export function issues(context: Context): Issue {
  return { add: (path, message) => context.addIssue({ code: 'custom', path, message }) }
}

/** Keys name things once; everything that refers to a key must find it. */
export function checkKeys(
  issue: Issue,
  path: string,
  things: readonly { key: string }[],
): Set<string> {
  const seen = new Set<string>()
  things.forEach((thing, at) => {
    if (seen.has(thing.key)) issue.add([path, at, 'key'], `the key "${thing.key}" occurs twice`)
    seen.add(thing.key)
  })
  return seen
}

export function checkMarks(
  issue: Issue,
  marks: readonly MarkDef[],
  visits: ReadonlySet<string>,
  groups: ReadonlySet<string>,
): void {
  marks.forEach((mark, m) => {
    mark.cells.forEach((cell, c) => {
      if (!visits.has(cell.visit))
        issue.add(['marks', m, 'cells', c, 'visit'], `there is no visit "${cell.visit}"`)
      if (cell.group !== undefined && !groups.has(cell.group))
        issue.add(['marks', m, 'cells', c, 'group'], `there is no group "${cell.group}"`)
    })
  })
}

export function checkSpan(issue: Issue, axis: ValueAxisDef, path: string): void {
  if (axis.min !== undefined && axis.max !== undefined && axis.min >= axis.max)
    issue.add([path, 'max'], 'the end of the axis must be above its start')
  if (axis.scale === 'log')
    for (const end of ['min', 'max'] as const)
      if (axis[end] !== undefined && axis[end] <= 0)
        issue.add([path, end], 'a log axis has positive ends')
}
