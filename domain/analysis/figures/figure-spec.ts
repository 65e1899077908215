/**
 * What a figure is, as data: one JSON object of a closed list of kinds. A specification holds the numbers to draw and the
 * words in en/ja/zh, nothing about pixels; `draw-figure.ts` turns it into SVG, a sentence and a table, alike in the
 * server, the browser and on the command line. `docs/figures.md` describes every kind with an example.
 */
import { z } from 'zod'
import { FigureProblem } from './figure-problem.ts'
import { barsSpec, heatSpec, trendSpec } from './spec-counts.ts'
import { incidenceSpec, survivalSpec } from './spec-curves.ts'
import {
  amount,
  checkKeys,
  figureBase,
  figureLabel,
  groupDef,
  issues,
  key,
  maxGroups,
  share,
  ticksOf,
  timeAxis,
} from './spec-parts.ts'
import { boxSpec, spaghettiSpec, visitMeansSpec, waterfallSpec } from './spec-values.ts'

/** A limit may be infinite (written as text, JSON has no infinity) or not estimable. */
const limit = z.union([amount, z.enum(['Infinity', '-Infinity']), z.null()])

/**
 * Estimates with limits. `heading` opens a subgroup; `reference` rows name the category that others are compared with; an
 * estimate of null prints `note` (NA when absent) and draws nothing. `weight` sets the area of the box.
 */
export const forestSpec = z
  .strictObject({
    kind: z.literal('forest'),
    ...figureBase,
    effect: figureLabel,
    scale: z.enum(['log', 'linear']).default('log'),
    /** Value of no effect, a vertical line; default 1 on the log scale, 0 on the linear one. */
    noEffect: amount.optional(),
    axis: z.strictObject({ min: amount, max: amount, ticks: ticksOf(30).optional() }).optional(),
    level: share.default(0.95),
    digits: z.number().int().min(0).max(6).default(2),
    columns: z
      .array(z.strictObject({ key, label: figureLabel }))
      .max(6)
      .default([]),
    favours: z.strictObject({ lower: figureLabel, upper: figureLabel }).optional(),
    rows: z
      .array(
        z.discriminatedUnion('type', [
          z.strictObject({ type: z.literal('heading'), label: figureLabel }),
          z.strictObject({
            type: z.literal('reference'),
            label: figureLabel,
            cells: z.record(z.string(), z.union([z.number(), figureLabel])).default({}),
          }),
          z.strictObject({
            type: z.literal('estimate'),
            label: figureLabel,
            cells: z.record(z.string(), z.union([z.number(), figureLabel])).default({}),
            estimate: z.union([amount, z.enum(['Infinity', '-Infinity']), z.null()]),
            lower: limit,
            upper: limit,
            weight: amount.positive().optional(),
            p: share.nullable().optional(),
            note: figureLabel.optional(),
            /** A pooled estimate, drawn as a diamond. */
            summary: z.boolean().default(false),
          }),
        ]),
      )
      .max(300),
  })
  .superRefine((spec, context) => {
    const issue = issues(context)
    checkKeys(issue, 'columns', spec.columns)
    const log = spec.scale === 'log'
    if (spec.axis && spec.axis.min >= spec.axis.max)
      issue.add(['axis', 'max'], 'the end of the axis must be above its start')
    if (log && spec.axis && spec.axis.min <= 0)
      issue.add(['axis', 'min'], 'a log axis has positive ends')
    if (log && spec.noEffect !== undefined && spec.noEffect <= 0)
      issue.add(['noEffect'], 'must be positive on a log scale')
    spec.rows.forEach((row, r) => {
      if (row.type !== 'estimate') return
      const at = (name: string) => ['rows', r, name]
      if (log && typeof row.estimate === 'number' && row.estimate < 0)
        issue.add(at('estimate'), 'a negative estimate has no place on a log scale')
      if (log && typeof row.upper === 'number' && row.upper <= 0)
        issue.add(at('upper'), 'must be positive on a log scale')
      if (row.lower !== null && row.upper !== null && Number(row.lower) > Number(row.upper))
        issue.add(at('upper'), 'the upper limit is below the lower one')
    })
  })
export type ForestSpec = z.infer<typeof forestSpec>

/** A box of the profile, with reasons beside their counts. */
const flowDetail = z.strictObject({ label: figureLabel, n: z.number().min(0).nullable() })
const flowBox = {
  label: figureLabel,
  n: z.number().min(0).nullable(),
  details: z.array(flowDetail).max(20).default([]),
}
export type FlowNode = {
  label: z.infer<typeof figureLabel>
  n: number | null
  details: { label: z.infer<typeof figureLabel>; n: number | null }[]
  /** Phase of the trial, printed at the left edge: enrolment, allocation, follow-up, analysis. */
  phase?: z.infer<typeof figureLabel>
  /** Boxes at the side, between this box and the next. */
  excluded: { label: z.infer<typeof figureLabel>; n: number | null; details: FlowNode['details'] }[]
  next: FlowNode[]
}
type FlowNodeInput = {
  label: z.input<typeof figureLabel>
  n: number | null
  details?: z.input<typeof flowDetail>[]
  phase?: z.input<typeof figureLabel>
  excluded?: {
    label: z.input<typeof figureLabel>
    n: number | null
    details?: z.input<typeof flowDetail>[]
  }[]
  next?: FlowNodeInput[]
}
const flowNode: z.ZodType<FlowNode, FlowNodeInput> = z.lazy(() =>
  z.strictObject({
    ...flowBox,
    phase: figureLabel.optional(),
    excluded: z.array(z.strictObject(flowBox)).max(12).default([]),
    next: z.array(flowNode).max(12).default([]),
  }),
)

/** CONSORT and STROBE profiles: a tree of boxes from the top; arms are the branches. */
export const flowSpec = z
  .strictObject({
    kind: z.literal('flow'),
    ...figureBase,
    standard: z.enum(['consort', 'strobe']).default('consort'),
    root: flowNode,
    /** One more box that all branches lead to. */
    joined: flowNode.optional(),
  })
  .superRefine((spec, context) => {
    const size = (node: FlowNode, depth: number): number =>
      depth > 40 ? 1e6 : node.next.reduce((sum, child) => sum + size(child, depth + 1), 1)
    if (size(spec.root, 0) > 200) issues(context).add(['root'], 'a flow has 200 boxes at most')
  })
export type FlowSpec = z.infer<typeof flowSpec>

/** A bar a subject from `start` to `end`, with states as parts of the bar, events as marks, an arrow while ongoing. */
export const swimmerSpec = z
  .strictObject({
    kind: z.literal('swimmer'),
    ...figureBase,
    time: timeAxis,
    groups: z.array(groupDef).max(maxGroups).default([]),
    states: z.array(groupDef).max(6).default([]),
    events: z.array(groupDef).max(12).default([]),
    order: z.enum(['given', 'longest-first']).default('longest-first'),
    subjects: z
      .array(
        z.strictObject({
          key,
          label: figureLabel.optional(),
          group: key.optional(),
          start: amount.default(0),
          end: amount,
          ongoing: z.boolean().default(false),
          states: z
            .array(z.strictObject({ state: key, from: amount, to: amount }))
            .max(100)
            .default([]),
          events: z
            .array(z.strictObject({ event: key, time: amount }))
            .max(200)
            .default([]),
        }),
      )
      .max(20_000),
  })
  .superRefine((spec, context) => {
    const issue = issues(context)
    const groups = checkKeys(issue, 'groups', spec.groups)
    const states = checkKeys(issue, 'states', spec.states)
    const events = checkKeys(issue, 'events', spec.events)
    checkKeys(issue, 'subjects', spec.subjects)
    spec.subjects.forEach((subject, s) => {
      const add = (path: (string | number)[], message: string) =>
        issue.add(['subjects', s, ...path], message)
      if (subject.end < subject.start) add(['end'], 'ends before it starts')
      if (spec.groups.length > 0 && (subject.group === undefined || !groups.has(subject.group)))
        add(['group'], `there is no group "${subject.group ?? ''}"`)
      subject.states.forEach((one, at) => {
        if (!states.has(one.state)) add(['states', at, 'state'], `there is no state "${one.state}"`)
        if (one.to < one.from) add(['states', at, 'to'], 'ends before it starts')
      })
      subject.events.forEach((one, at) => {
        if (!events.has(one.event)) add(['events', at, 'event'], `there is no event "${one.event}"`)
      })
    })
  })
export type SwimmerSpec = z.infer<typeof swimmerSpec>

export const figureSpec = z.discriminatedUnion('kind', [
  survivalSpec,
  incidenceSpec,
  forestSpec,
  visitMeansSpec,
  boxSpec,
  flowSpec,
  swimmerSpec,
  waterfallSpec,
  spaghettiSpec,
  barsSpec,
  trendSpec,
  heatSpec,
])
/** A checked specification: defaults are filled in. */
export type FigureSpec = z.infer<typeof figureSpec>
/** A specification as people write it. */
export type FigureSpecInput = z.input<typeof figureSpec>
export const figureKinds = figureSpec.options.map((option) => option.shape.kind.value)

/**
 * Checks a specification from outside. Throws `FigureProblem` `bad-spec` with the place and the reason of what is wrong
 * first, and how many other problems there are.
 */
export function parseFigureSpec(input: unknown): FigureSpec {
  const result = checked(input)
  if (result.success) return result.data
  const [first, ...others] = result.error.issues
  if (!first) throw new FigureProblem('bad-spec', 'this is not a figure')
  if (first.path[0] === 'kind' || first.path.length === 0)
    throw new FigureProblem(
      'bad-spec',
      first.path[0] === 'kind' ? `kind is one of ${figureKinds.join(', ')}` : first.message,
    )
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`
  throw new FigureProblem('bad-spec', `${first.message}${more}`, pathText(first.path))
}

function checked(input: unknown): ReturnType<typeof figureSpec.safeParse> {
  try {
    return figureSpec.safeParse(input)
  } catch (error) {
    // A flow that nests without end uses up the stack before its size is looked at.
    if (error instanceof RangeError)
      throw new FigureProblem('bad-spec', 'boxes nest too deeply', 'root')
    throw error
  }
}

function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((part, at) =>
      typeof part === 'number' ? `[${part}]` : `${at === 0 ? '' : '.'}${String(part).slice(0, 60)}`,
    )
    .join('')
}
