/** Specifications of the figures of running work: bars of counts in ordered classes, counts over calendar time, heat maps of shares. */
import { z } from 'zod'
import {
  amount,
  checkKeys,
  count,
  figureBase,
  figureLabel,
  groupDef,
  issues,
  share,
} from './spec-parts.ts'

const day = z.iso.date()
/** Place of the colour among the six of the theme. */
const tone = z.number().int().min(0).max(5).default(0)

/**
 * A bar a row, made of ordered classes in one colour from light to strong (`rising`) or from strong to light, so that the order
 * can be read without colour. `mark` is a value to be reached, a line across the bar; `end` is printed behind the bar in place
 * of its total. With `as: share` every bar with a total is as long as the others.
 */
export const barsSpec = z
  .strictObject({
    kind: z.literal('bars'),
    ...figureBase,
    axis: figureLabel,
    as: z.enum(['count', 'share']).default('count'),
    ramp: z.enum(['rising', 'falling']).default('rising'),
    tone,
    classes: z.array(groupDef).min(1).max(8),
    mark: figureLabel.optional(),
    rows: z
      .array(
        z.strictObject({
          key: z.string().min(1).max(200),
          label: figureLabel,
          values: z.array(count),
          mark: amount.min(0).nullable().optional(),
          end: figureLabel.optional(),
        }),
      )
      .max(400),
  })
  .superRefine((spec, context) => {
    const issue = issues(context)
    checkKeys(issue, 'classes', spec.classes)
    checkKeys(issue, 'rows', spec.rows)
    spec.rows.forEach((row, r) => {
      if (row.values.length !== spec.classes.length)
        issue.add(['rows', r, 'values'], 'there is one value a class')
    })
  })
export type BarsSpec = z.infer<typeof barsSpec>

/** Cumulative counts over calendar days as steps, a goal as a level line, counts a month as bars below. */
export const trendSpec = z
  .strictObject({
    kind: z.literal('trend'),
    ...figureBase,
    from: day,
    to: day,
    axis: figureLabel,
    series: z
      .array(
        z.strictObject({
          ...groupDef.shape,
          points: z.array(z.strictObject({ date: day, value: count })).max(20_000),
        }),
      )
      .max(6),
    goal: z.strictObject({ value: count, label: figureLabel }).optional(),
    /** Where the first series would reach the goal, drawn as a dotted line from its end. */
    projection: z.strictObject({ date: day, label: figureLabel }).optional(),
    months: z
      .strictObject({
        label: figureLabel,
        items: z
          .array(z.strictObject({ month: z.string().regex(/^\d{4}-\d{2}$/), value: count }))
          .max(1200),
      })
      .optional(),
  })
  .superRefine((spec, context) => {
    const issue = issues(context)
    checkKeys(issue, 'series', spec.series)
    if (spec.to < spec.from) issue.add(['to'], 'ends before it starts')
    spec.series.forEach((one, s) => {
      one.points.forEach((point, p) => {
        const before = one.points[p - 1]
        if (before && (point.date < before.date || point.value < before.value))
          issue.add(['series', s, 'points', p], 'days ascend and counts never fall')
      })
    })
  })
export type TrendSpec = z.infer<typeof trendSpec>

/** Shares by row and column; the share stands in the cell, its tint only repeats it. Null: nothing to have a share of. */
export const heatSpec = z
  .strictObject({
    kind: z.literal('heat'),
    ...figureBase,
    value: figureLabel,
    tone,
    rows: z.array(groupDef).max(400),
    columns: z.array(groupDef).max(60),
    /** By row, then by column. */
    cells: z.array(z.array(z.strictObject({ share: share.nullable(), n: count }))),
  })
  .superRefine((spec, context) => {
    const issue = issues(context)
    checkKeys(issue, 'rows', spec.rows)
    checkKeys(issue, 'columns', spec.columns)
    if (spec.cells.length !== spec.rows.length) issue.add(['cells'], 'there is one line a row')
    spec.cells.forEach((line, at) => {
      if (line.length !== spec.columns.length)
        issue.add(['cells', at], 'there is one cell a column')
    })
  })
export type HeatSpec = z.infer<typeof heatSpec>
