/** Specifications of figures of measured values: means by visit, boxes, lines of subjects, best change. */
import { z } from 'zod'
import {
  amount,
  checkKeys,
  checkMarks,
  checkSpan,
  count,
  figureBase,
  figureLabel,
  groupBase,
  groupDef,
  issues,
  key,
  lineDef,
  markDef,
  maxGroups,
  ticksOf,
  valueAxisDef,
} from './spec-parts.ts'

/** Visits in order; with a `position` for all (days, weeks) they stand at their distance, else side by side. */
const visit = z.strictObject({ key, label: figureLabel, position: amount.optional() })
export type VisitDef = z.infer<typeof visit>
const visits = z.array(visit).min(1).max(60)

/** Mean with SD, SE or a confidence interval by visit and group. */
export const visitMeansSpec = z
  .strictObject({
    kind: z.literal('visit-means'),
    ...figureBase,
    value: valueAxisDef,
    spread: z.enum(['sd', 'se', 'interval']).default('sd'),
    visits,
    groups: z
      .array(
        z.strictObject({
          ...groupBase,
          /** One a visit, in the order of the visits; a mean of null is not drawn. */
          points: z.array(
            z.strictObject({
              n: count,
              mean: amount.nullable(),
              /** Half-length of the bar for SD and SE. */
              spread: amount.min(0).nullable().optional(),
              lower: amount.nullable().optional(),
              upper: amount.nullable().optional(),
            }),
          ),
        }),
      )
      .max(maxGroups),
    counts: z.boolean().default(true),
    lines: z.array(lineDef).max(6).default([]),
    marks: z.array(markDef).max(12).default([]),
  })
  .superRefine((spec, context) => {
    const issue = issues(context)
    const groups = checkKeys(issue, 'groups', spec.groups)
    checkMarks(issue, spec.marks, checkKeys(issue, 'visits', spec.visits), groups)
    checkSpan(issue, spec.value, 'value')
    spec.groups.forEach((group, g) => {
      if (group.points.length !== spec.visits.length)
        issue.add(
          ['groups', g, 'points'],
          `${group.points.length} points for ${spec.visits.length} visits`,
        )
    })
  })
export type VisitMeansSpec = z.infer<typeof visitMeansSpec>

/** Published quartiles without the values behind them; an end of null has no whisker. */
const fiveNumbers = z.strictObject({
  n: count.optional(),
  min: amount.nullable(),
  q1: amount,
  median: amount,
  q3: amount,
  max: amount.nullable(),
})

/**
 * Box plots by visit and group. From `values`: quartiles by type 7 (R's default), whiskers by Tukey's rule (the last
 * value within 1.5 interquartile ranges of the box) or to minimum and maximum. Or from `summary` as printed.
 */
export const boxSpec = z
  .strictObject({
    kind: z.literal('box'),
    ...figureBase,
    value: valueAxisDef,
    whiskers: z.enum(['tukey', 'min-max']).default('tukey'),
    points: z.enum(['all', 'outliers', 'none']).default('outliers'),
    visits,
    groups: z.array(groupDef).min(1).max(maxGroups),
    boxes: z
      .array(
        z.union([
          z.strictObject({ visit: key, group: key, values: z.array(amount).max(50_000) }),
          z.strictObject({ visit: key, group: key, summary: fiveNumbers }),
        ]),
      )
      .max(600),
    counts: z.boolean().default(true),
    lines: z.array(lineDef).max(6).default([]),
    marks: z.array(markDef).max(12).default([]),
  })
  .superRefine((spec, context) => {
    const issue = issues(context)
    const groups = checkKeys(issue, 'groups', spec.groups)
    const places = checkKeys(issue, 'visits', spec.visits)
    checkMarks(issue, spec.marks, places, groups)
    checkSpan(issue, spec.value, 'value')
    const seen = new Set<string>()
    spec.boxes.forEach((box, b) => {
      if (!places.has(box.visit))
        issue.add(['boxes', b, 'visit'], `there is no visit "${box.visit}"`)
      if (!groups.has(box.group))
        issue.add(['boxes', b, 'group'], `there is no group "${box.group}"`)
      const place = JSON.stringify([box.visit, box.group])
      if (seen.has(place)) issue.add(['boxes', b], 'visit and group have two boxes')
      seen.add(place)
      if ('summary' in box) {
        const { min, q1, median, q3, max } = box.summary
        const ascending = [min, q1, median, q3, max].filter((one): one is number => one !== null)
        if (ascending.some((one, at) => at > 0 && one < (ascending[at - 1] as number)))
          issue.add(['boxes', b, 'summary'], 'minimum, quartiles and maximum must ascend')
      }
    })
  })
export type BoxSpec = z.infer<typeof boxSpec>

/** One line a subject, with the mean or median of each group at the visits over them. */
export const spaghettiSpec = z
  .strictObject({
    kind: z.literal('spaghetti'),
    ...figureBase,
    x: z.strictObject({ label: figureLabel, ticks: ticksOf(60).optional() }),
    value: valueAxisDef,
    groups: z.array(groupDef).min(1).max(maxGroups),
    subjects: z
      .array(
        z.strictObject({
          key,
          group: key,
          points: z.array(z.strictObject({ x: amount, y: amount.nullable() })).max(500),
        }),
      )
      .max(20_000),
    /** Over subjects with a value at exactly that x; `median` by type 7. */
    overlay: z.enum(['mean', 'median', 'none']).default('mean'),
    lines: z.array(lineDef).max(6).default([]),
  })
  .superRefine((spec, context) => {
    const issue = issues(context)
    const groups = checkKeys(issue, 'groups', spec.groups)
    checkKeys(issue, 'subjects', spec.subjects)
    checkSpan(issue, spec.value, 'value')
    spec.subjects.forEach((subject, s) => {
      if (!groups.has(subject.group))
        issue.add(['subjects', s, 'group'], `there is no group "${subject.group}"`)
    })
  })
export type SpaghettiSpec = z.infer<typeof spaghettiSpec>

/** Best change of each subject as a bar, sorted from the largest rise to the largest fall. */
export const waterfallSpec = z
  .strictObject({
    kind: z.literal('waterfall'),
    ...figureBase,
    /** Bars beyond `max` or `min` are cut there and marked. */
    value: valueAxisDef.omit({ scale: true }),
    groups: z.array(groupDef).min(1).max(maxGroups),
    subjects: z
      .array(
        z.strictObject({
          key,
          group: key,
          change: amount.nullable(),
          symbol: z.string().max(3).optional(),
        }),
      )
      .max(20_000),
    lines: z.array(lineDef).max(6).default([]),
    labels: z.boolean().default(true),
  })
  .superRefine((spec, context) => {
    const issue = issues(context)
    const groups = checkKeys(issue, 'groups', spec.groups)
    checkKeys(issue, 'subjects', spec.subjects)
    const { min, max } = spec.value
    if ((min !== undefined && min > 0) || (max !== undefined && max < 0))
      issue.add(['value'], 'the axis of changes must hold 0')
    if (min !== undefined && max !== undefined && min >= max)
      issue.add(['value', 'max'], 'the end of the axis must be above its start')
    spec.subjects.forEach((subject, s) => {
      if (!groups.has(subject.group))
        issue.add(['subjects', s, 'group'], `there is no group "${subject.group}"`)
    })
  })
export type WaterfallSpec = z.infer<typeof waterfallSpec>
