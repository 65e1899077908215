/** How the event of an endpoint is read: its criteria, and the rule they make together. Loaded in browsers too. */
import type { CriterionDef, EndpointDef } from './endpoint-schema.ts'

/** The criteria of an event in their order, where they stand, and how many must be met; null for an event that is one date. */
export function criteriaOf({ event }: Pick<EndpointDef, 'event'>): {
  criteria: readonly CriterionDef[]
  needed: number
  key: 'any' | 'of'
} | null {
  if (typeof event === 'string') return null
  return 'any' in event
    ? { criteria: event.any, needed: 1, key: 'any' }
    : { criteria: event.of, needed: event.atLeast, key: 'of' }
}

/** Whether the event happened, as one subject-level expression: a date of an event that is one date, else yes or no. */
export function eventRule(endpoint: Pick<EndpointDef, 'event'>): string {
  const found = criteriaOf(endpoint)
  if (!found) return endpoint.event as string
  const rules = found.criteria.map(({ rule }) => `(${rule})`)
  return found.needed === 1
    ? rules.join(' || ')
    : `atLeast(${found.needed}, ${found.criteria.map(({ rule }) => rule).join(', ')})`
}
