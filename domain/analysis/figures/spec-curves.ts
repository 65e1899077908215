/** Specifications of the curves over time: Kaplan-Meier and cumulative incidence. */
import { z } from 'zod'
import {
  amount,
  checkKeys,
  count,
  figureBase,
  figureLabel,
  groupBase,
  type Issue,
  issues,
  key,
  lineDef,
  maxGroups,
  namedTest,
  share,
  timeAxis,
} from './spec-parts.ts'

const limits = { lower: share.nullable().optional(), upper: share.nullable().optional() }

/** The value of a curve from `time` on; `censored` counts those censored at that time (a tick on the curve). */
const curveStep = z.strictObject({
  time: amount.min(0),
  value: share,
  ...limits,
  events: z.number().min(0).optional(),
  censored: z.number().min(0).optional(),
})
export type CurveStep = z.infer<typeof curveStep>

const curveBase = {
  ...figureBase,
  time: timeAxis,
  /** `percent` (default) or `probability`; `max` shortens the value axis of incidence figures. */
  value: z
    .strictObject({
      label: figureLabel.optional(),
      as: z.enum(['percent', 'probability']).default('percent'),
      max: share.positive().optional(),
    })
    .default({ as: 'percent' }),
  bands: z.boolean().default(false),
  riskTable: z.boolean().default(true),
  /** Vertical lines at named times. */
  landmarks: z.array(lineDef).max(6).default([]),
  /** Lines of text in the plot, e.g. a hazard ratio with its limits. */
  notes: z.array(figureLabel).max(6).default([]),
}

/**
 * Kaplan-Meier curves. Steps ascend in time; the curve starts at (0, 1). `atRisk` stands under the ticks of the time
 * axis, one number each; a group without it has no row (adjusted curves have no risk set). `end` is printed beside the curve.
 */
export const survivalSpec = z
  .strictObject({
    kind: z.literal('survival'),
    ...curveBase,
    groups: z
      .array(
        z.strictObject({
          ...groupBase,
          n: count,
          events: z.number().min(0).max(1e9),
          steps: z.array(curveStep).max(200_000),
          atRisk: z.array(z.number().min(0).max(1e9)).max(60).optional(),
          median: amount.nullable().optional(),
          end: figureLabel.optional(),
        }),
      )
      .max(maxGroups),
    censorMarks: z.boolean().default(true),
    medianLines: z.boolean().default(false),
    test: namedTest.optional(),
  })
  .superRefine((spec, context) => {
    const issue = issues(context)
    checkKeys(issue, 'groups', spec.groups)
    spec.groups.forEach((group, g) => {
      checkSteps(issue, ['groups', g, 'steps'], group.steps, 'falls')
      checkRisk(issue, g, group.atRisk, spec.time.ticks)
    })
  })
export type SurvivalSpec = z.infer<typeof survivalSpec>

/**
 * Cumulative incidence of competing causes. `lines`: a line per group and cause; `stacked`: a panel per group with the
 * causes on top of each other, so that the upper edge is the probability of any event.
 */
export const incidenceSpec = z
  .strictObject({
    kind: z.literal('cumulative-incidence'),
    ...curveBase,
    display: z.enum(['lines', 'stacked']).default('lines'),
    causes: z
      .array(z.strictObject({ key, label: figureLabel }))
      .min(1)
      .max(8),
    groups: z
      .array(
        z.strictObject({
          ...groupBase,
          n: count,
          curves: z
            .array(
              z.strictObject({
                cause: key,
                events: count.optional(),
                steps: z.array(curveStep).max(200_000),
              }),
            )
            .max(8),
          atRisk: z.array(z.number().min(0).max(1e9)).max(60).optional(),
        }),
      )
      .max(maxGroups),
    /** Tests by cause, e.g. Gray's. */
    tests: z
      .array(z.strictObject({ cause: key, name: figureLabel, p: share.nullable() }))
      .max(8)
      .default([]),
  })
  .superRefine((spec, context) => {
    const issue = issues(context)
    checkKeys(issue, 'groups', spec.groups)
    const causes = checkKeys(issue, 'causes', spec.causes)
    spec.groups.forEach((group, g) => {
      group.curves.forEach((curve, c) => {
        if (!causes.has(curve.cause))
          issue.add(['groups', g, 'curves', c, 'cause'], `there is no cause "${curve.cause}"`)
        checkSteps(issue, ['groups', g, 'curves', c, 'steps'], curve.steps, 'rises')
      })
      checkRisk(issue, g, group.atRisk, spec.time.ticks)
    })
    spec.tests.forEach((test, t) => {
      if (!causes.has(test.cause))
        issue.add(['tests', t, 'cause'], `there is no cause "${test.cause}"`)
    })
  })
export type IncidenceSpec = z.infer<typeof incidenceSpec>

/** Rounding of estimates may reverse the last digit, a real reversal is a mistake. */
const slack = 1e-9

function checkSteps(
  issue: Issue,
  path: (string | number)[],
  steps: readonly CurveStep[],
  direction: 'falls' | 'rises',
): void {
  let before: { time: number; value: number } = { time: -1, value: direction === 'falls' ? 1 : 0 }
  steps.forEach((step, at) => {
    if (step.time <= before.time) issue.add([...path, at, 'time'], 'times must ascend')
    const wrong =
      direction === 'falls' ? step.value > before.value + slack : step.value < before.value - slack
    if (wrong)
      issue.add(
        [...path, at, 'value'],
        direction === 'falls' ? 'a survival curve cannot rise' : 'an incidence cannot fall',
      )
    before = step
  })
}

function checkRisk(
  issue: Issue,
  group: number,
  atRisk: readonly number[] | undefined,
  ticks: readonly number[] | undefined,
): void {
  if (!atRisk) return
  if (!ticks)
    issue.add(['groups', group, 'atRisk'], 'numbers at risk need the ticks of the time axis')
  else if (ticks.length !== atRisk.length)
    issue.add(
      ['groups', group, 'atRisk'],
      `${atRisk.length} numbers at risk for ${ticks.length} ticks`,
    )
}
