/**
 * Values of records, read from their text once: most records that a save reads have not changed since the save before, and
 * what rules worked out about their texts is kept by the identity of the values. The text decides, so nothing is ever stale.
 */
import type { FormValues } from '#domain/casebook/record.ts'

type Known = { data: string; derived: string; values: Values }
type Values = { data: FormValues; derived: FormValues }

/** Characters of text kept, over all records. */
const mostCharacters = 24_000_000
const known = new Map<string, Known>()
let characters = 0

/** The values of a record as stored (jsonb as text); the same objects as long as both texts are the same. */
export function knownValues(recordId: string, data: string, derived: string): Values {
  const before = known.get(recordId)
  if (before?.data === data && before.derived === derived) return before.values
  const values = {
    data: before?.data === data ? before.values.data : parsed(data),
    derived: before?.derived === derived ? before.values.derived : parsed(derived),
  }
  if (before) characters -= sizeOf(before)
  const now = { data, derived, values }
  characters += sizeOf(now)
  if (characters > mostCharacters) {
    known.clear()
    characters = sizeOf(now)
  }
  known.set(recordId, now)
  return values
}

const sizeOf = ({ data, derived }: Known) => data.length + derived.length

function parsed(text: string): FormValues {
  const values = JSON.parse(text) as Record<string, FormValues[string]>
  return Object.freeze(values)
}
