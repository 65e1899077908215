import type { Label, ParameterDef, StudyDefinition } from '#domain/definition/definition.ts'
import type { ArmView, ReportParameters } from '../report-parameters.ts'
import type { Say } from './say.ts'

type Named = { oid: string; label: Label }
/** The parts of a definition that give parameters their names. */
export type NamesOf = {
  populations: readonly Named[]
  groupings?: readonly (Named & { groups: readonly { code: string; label: Label }[] })[] | undefined
  parameters: readonly (Named & Pick<ParameterDef, 'choices'>)[]
}

/** Only of what the run was asked for: a book or a cut carries no more of the definition than it prints. */
export function namesFor(
  { populations, groupings = [], parameters }: StudyDefinition,
  { population, subgroup, values = {} }: ReportParameters,
): NamesOf {
  return {
    populations: populations
      .filter(({ oid }) => oid === population)
      .map(({ oid, label }) => ({ oid, label })),
    groupings: groupings
      .filter(({ oid }) => oid === subgroup?.grouping)
      .map(({ oid, label, groups }) => ({
        oid,
        label,
        groups: groups
          .filter(({ code }) => code === subgroup?.code)
          .map((group) => ({ code: group.code, label: group.label })),
      })),
    parameters: parameters
      .filter(({ oid }) => Object.hasOwn(values, oid))
      .map(({ oid, label, choices }) => ({ oid, label, ...(choices ? { choices } : {}) })),
  }
}

/**
 * What a run was asked for beside the definition, a sentence each, and how arms are shown when not by name. Without `names`
 * the OIDs stand for themselves.
 */
export function conditionsOf(
  parameters: ReportParameters,
  arms: ArmView,
  say: Say,
  names?: NamesOf,
): string[] {
  const { words, label } = say
  const lines: string[] = []
  const { population, subgroup, cutOff, values } = parameters
  if (population !== undefined) {
    const found = names?.populations.find((one) => one.oid === population)
    lines.push(words.otherPopulation(found ? label(found.label) : population))
  }
  if (subgroup) {
    const grouping = names?.groupings?.find((one) => one.oid === subgroup.grouping)
    const group = grouping?.groups.find((one) => one.code === subgroup.code)
    lines.push(
      words.subgroup(
        grouping ? label(grouping.label) : subgroup.grouping,
        group ? label(group.label) : subgroup.code,
      ),
    )
  }
  if (cutOff !== undefined) lines.push(words.cutOff(cutOff))
  for (const [oid, value] of Object.entries(values ?? {})) {
    const found = names?.parameters.find((one) => one.oid === oid)
    const choice = found?.choices?.find((one) => one.value === value)
    const plain = typeof value === 'boolean' ? (value ? words.yes : words.no) : String(value)
    const text = choice ? label(choice.label) : plain
    lines.push(words.setting(found ? label(found.label) : oid, text))
  }
  if (arms !== 'shown') lines.push(words[arms])
  return lines
}
