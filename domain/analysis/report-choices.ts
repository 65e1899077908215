/** What a reader may choose for a run of a report, what is wrong with a choice, and what of it differs from the definition. */

import { concealedIn } from '#domain/casebook/concealed.ts'
import type {
  Label,
  ParameterDef,
  ReportDef,
  StudyDefinition,
} from '#domain/definition/definition.ts'
import { Problem } from '#domain/problem.ts'
import type { ParameterReach } from './parameter-reach.ts'
import { ownPopulation } from './report-cohort.ts'
import type { ArmView, ReportParameters } from './report-parameters.ts'

export type ReportChoices = {
  /** Null for a report over all subjects. */
  ownPopulation: string | null
  populations: readonly { oid: string; label: Label }[]
  groupings: readonly {
    oid: string
    label: Label
    groups: readonly { code: string; label: Label }[]
  }[]
  /** Study parameters that a run may set otherwise. */
  values: readonly (Pick<ParameterDef, 'oid' | 'label' | 'value'> & {
    choices: NonNullable<ParameterDef['choices']>
  })[]
  /** Which of them can change the report; absent where the choices are for many reports. */
  reach?: ParameterReach
}

/** For one report. Unless arms are `shown`, without populations and groupings that tell the arm. */
export function reportChoices(
  report: ReportDef,
  definition: StudyDefinition,
  arms: ArmView = 'shown',
): ReportChoices {
  const all = studyChoices(definition, arms)
  return { ...all, ownPopulation: ownPopulation(report, definition) ?? null }
}

/** The same for all reports of a study together: a cut of them. */
export function studyChoices(definition: StudyDefinition, arms: ArmView = 'shown'): ReportChoices {
  const concealed = arms === 'shown' ? null : concealedIn(definition)
  return {
    ownPopulation: null,
    populations: definition.populations
      .filter(({ oid }) => !concealed?.populations.has(oid))
      .map(({ oid, label }) => ({ oid, label })),
    groupings: (definition.groupings ?? [])
      .filter(({ oid }) => !concealed?.groupings.has(oid))
      .map(({ oid, label, groups }) => ({
        oid,
        label,
        // A column of everybody is no subgroup.
        groups: groups
          .filter(({ rule }) => rule?.trim() !== 'true')
          .map((group) => ({ code: group.code, label: group.label })),
      }))
      .filter(({ groups }) => groups.length > 0),
    values: choicesOfValues(definition),
  }
}

const choicesOfValues = ({ parameters }: StudyDefinition): ReportChoices['values'] =>
  parameters.flatMap(({ oid, label, value, choices }) =>
    choices ? [{ oid, label, value, choices }] : [],
  )

/**
 * The study parameters that can change a number of the run: those that the report reads, or the population and subgroup that were
 * chosen. One that was set all the same is among them, so that it can be seen and put back.
 */
export function valuesInPlay(
  { values, reach, ownPopulation }: ReportChoices,
  chosen: ReportParameters,
): ReportChoices['values'] {
  if (!reach) return values
  const population = chosen.population ?? ownPopulation
  const read = new Set([
    ...reach.report,
    ...(population === null ? [] : (reach.populations[population] ?? [])),
    ...(chosen.subgroup ? (reach.groupings[chosen.subgroup.grouping] ?? []) : []),
    ...Object.keys(chosen.values ?? {}),
  ])
  return values.filter(({ oid }) => read.has(oid))
}

/** The first parameter that names what the definition does not have; null when all is well. */
export function parametersProblem(
  definition: StudyDefinition,
  { population, subgroup, values }: ReportParameters,
): Problem | null {
  if (population !== undefined && !definition.populations.some(({ oid }) => oid === population)) {
    return new Problem('no-such-population', { name: population }, 'population')
  }
  if (subgroup) {
    const grouping = definition.groupings?.find(({ oid }) => oid === subgroup.grouping)
    const group = grouping?.groups.find(({ code }) => code === subgroup.code)
    if (!group) {
      const name = `${subgroup.grouping}:${subgroup.code}`
      return new Problem('no-such-subgroup', { name }, 'subgroup')
    }
  }
  for (const [oid, value] of Object.entries(values ?? {})) {
    const parameter = definition.parameters.find((one) => one.oid === oid)
    const choices = parameter?.choices ?? []
    if (!choices.some((choice) => String(choice.value) === String(value))) {
      const allowed = choices.map((choice) => String(choice.value)).join(', ')
      if (allowed === '') return new Problem('not-a-choice', { name: oid }, oid)
      return new Problem('no-such-choice', { name: oid, value: String(value), allowed }, oid)
    }
  }
  return null
}

/** Values given as text, from an address, with the type of the choice they name. */
export function typedParameters(
  definition: StudyDefinition,
  parameters: ReportParameters,
): ReportParameters {
  if (!parameters.values) return parameters
  const typed = Object.entries(parameters.values).map(([oid, value]) => {
    const choices = definition.parameters.find((one) => one.oid === oid)?.choices
    const choice = choices?.find((one) => String(one.value) === String(value))
    return [oid, choice?.value ?? value] as const
  })
  return { ...parameters, values: Object.fromEntries(typed) }
}

/** The parameters without those that say what the definition says anyway. */
export function differences(
  report: ReportDef,
  definition: StudyDefinition,
  { population, subgroup, cutOff, values }: ReportParameters,
): ReportParameters {
  const other = Object.entries(values ?? {}).filter(
    ([oid, value]) => definition.parameters.find((one) => one.oid === oid)?.value !== value,
  )
  return {
    ...(population === undefined || population === ownPopulation(report, definition)
      ? {}
      : { population }),
    ...(subgroup ? { subgroup } : {}),
    ...(cutOff === undefined ? {} : { cutOff }),
    ...(other.length === 0 ? {} : { values: Object.fromEntries(other) }),
  }
}
