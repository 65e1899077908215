import type { StoredValue } from '#domain/casebook/record.ts'
import type { Language } from '#domain/definition/definition.ts'
import { missingReasonText } from '#domain/values/format.ts'

/** A stored value as it was typed; a missing one by its reason; null where nothing was entered. */
export function storedWords(value: StoredValue | null, language: Language): string | null {
  if (value === null) return null
  if (typeof value === 'string') return value
  if ('missing' in value) return missingReasonText(value.missing, language)
  return value.join(', ')
}
