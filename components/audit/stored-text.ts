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

/** The text of a label that is stored in several languages (`{"en":..,"ja":..}`); null for any other value. */
export function languageText(value: unknown, language: Language): string | null {
  if (typeof value !== 'string' || !value.startsWith('{')) return null
  try {
    const label = JSON.parse(value) as Partial<Record<Language, unknown>>
    const text = label[language] ?? label.en
    return typeof text === 'string' && text !== '' ? text : null
  } catch {
    return null
  }
}
