/** Membership of a population as one rule, so that everything that asks who belongs asks the same question. */
import type { StudyDefinition } from './definition.ts'

type Populations = Pick<StudyDefinition, 'populations'>

/**
 * The subject-level expression that is true for members and null where membership is undecided: `of`, `rule` and the
 * exclusions put together. False for a population that does not exist or is taken from itself; the checker lets none pass.
 */
export function populationRule(definition: Populations, oid: string): string {
  return ruleOf(definition, oid, [])
}

function ruleOf(definition: Populations, oid: string, above: readonly string[]): string {
  const population = definition.populations.find((one) => one.oid === oid)
  if (!population || above.includes(oid)) return 'false'
  const { of, rule, exclude = [] } = population
  if (of === undefined && exclude.length === 0) return rule ?? 'false'
  return [
    ...(of === undefined ? [] : [`(${ruleOf(definition, of, [...above, oid])})`]),
    ...(rule === undefined ? [] : [`(${rule})`]),
    ...exclude.map((exclusion) => `!(${exclusion.rule})`),
  ].join(' && ')
}
