/** Values in words: what a list, an inbox or an audit row shows for what is stored. */
import { parseItemPath, type StoredValue } from '#domain/casebook/record.ts'
import { type Label, type Language, languages } from '#domain/definition/definition.ts'
import { formatStored } from '#domain/values/format.ts'
import type { PublishedStudy } from './study/published.ts'

export function inLanguage(label: Label, language: string): string {
  return (language === 'ja' ? label.ja : language === 'zh' ? label.zh : undefined) ?? label.en
}

export const languageOf = (text: string): Language =>
  languages.find((language) => language === text) ?? 'en'

/** Codes as their labels, dates and reasons in words, all else as it was typed; null where nothing is stored. */
export function displayValue(
  study: PublishedStudy,
  form: string,
  path: string,
  value: StoredValue | null | undefined,
  language: string,
): string | null {
  if (value === null || value === undefined) return null
  const item = itemOf(study, form, path) ?? { type: 'text' as const }
  return formatStored(item, value, languageOf(language), codeListOf(study, form, path))
}

export function codeListOf(study: PublishedStudy, form: string, path: string) {
  const oid = itemOf(study, form, path)?.codeList
  return oid === undefined ? undefined : study.codeLists.get(oid)
}

export function itemOf(study: PublishedStudy, form: string, path: string) {
  const parts = parseItemPath(path)
  return parts ? study.items.get(form)?.get(parts.item)?.item : undefined
}

/** Label of an item, with its row in a grid; the path itself for what the version does not know. */
export function itemLabel(study: PublishedStudy, form: string, path: string): Label {
  const parts = parseItemPath(path)
  const found = parts ? study.items.get(form)?.get(parts.item) : undefined
  if (!parts || !found) return { en: path }
  if (parts.row === null) return found.item.label
  const row = found.group.rows?.find((entry) => entry.key === parts.row)?.label
  if (!row) return found.item.label
  const both = (language: 'en' | 'ja' | 'zh') =>
    `${inLanguage(row, language)} – ${inLanguage(found.item.label, language)}`
  return { en: both('en'), ja: both('ja'), zh: both('zh') }
}
