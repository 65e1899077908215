/** Where a subject stands with each population: in it, or out of it and why. */
import type { Label, StudyDefinition } from '#domain/definition/definition.ts'
import type { Value } from '#domain/expression/types.ts'

export type PopulationStanding = {
  oid: string
  label: Label
  /**
   * `excluded`: an exclusion is true; `outside`: the population is of others (its rule, or one it is taken from, is not met);
   * `undecided`: values are missing that would tell.
   */
  state: 'member' | 'excluded' | 'outside' | 'undecided'
  /** The first exclusion that is true, or the first that is undecided; null where a rule without reasons decides. */
  because: Label | null
  /** The population that decides: this one, or one that it is taken from. Null for members. */
  by: string | null
  /** Position of that exclusion in its population. */
  exclusion: number | null
  /** Whether it belongs to the population that this one is taken from: only then is it counted among those who were left out. */
  wasIn: boolean
}

type Populations = Pick<StudyDefinition, 'populations'>
type Ask = (expression: string) => Value

/** The standing of a subject with every population, in the order of the definition. */
export function populationStandings(definition: Populations, value: Ask): PopulationStanding[] {
  return definition.populations.map(({ oid }) => populationStanding(definition, oid, value))
}

/** Agrees with `populationRule`: `member` where that is true, `undecided` where it is null. An unknown OID is `outside`. */
export function populationStanding(
  definition: Populations,
  oid: string,
  value: Ask,
): PopulationStanding {
  return standing(definition, oid, value, [])
}

function standing(
  definition: Populations,
  oid: string,
  value: Ask,
  above: readonly string[],
): PopulationStanding {
  const population = definition.populations.find((one) => one.oid === oid)
  const label = population?.label ?? { en: oid }
  const nowhere = {
    oid,
    label,
    state: 'outside',
    because: null,
    by: oid,
    exclusion: null,
    wasIn: false,
  } as const
  if (!population || above.includes(oid)) return nowhere
  const { of, rule, exclude = [] } = population
  const taken = of === undefined ? null : standing(definition, of, value, [...above, oid])
  // Who is out of the population it is taken from is out for that reason, whatever is said here.
  if (taken && (taken.state === 'excluded' || taken.state === 'outside'))
    return { ...taken, oid, label, wasIn: false }
  const outside = { ...nowhere, wasIn: taken === null || taken.state === 'member' }
  const met = rule === undefined ? true : value(rule)
  if (met === false) return outside
  const answers = exclude.map((exclusion) => value(exclusion.rule))
  const found = answers.indexOf(true)
  if (found >= 0)
    return {
      ...outside,
      state: 'excluded',
      because: exclude[found]?.label ?? null,
      exclusion: found,
    }
  if (taken?.state === 'undecided') return { ...taken, oid, label, wasIn: false }
  const open = answers.findIndex((answer) => answer !== false)
  if (met !== true) return { ...outside, state: 'undecided' }
  if (open >= 0)
    return {
      ...outside,
      state: 'undecided',
      because: exclude[open]?.label ?? null,
      exclusion: open,
    }
  return { ...outside, state: 'member', by: null }
}
