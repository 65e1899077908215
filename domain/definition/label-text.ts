import type { Label, Language } from './definition.ts'

/** The text in the asked language, else in English, which every label has. */
export function labelText(label: Label, language: Language): string {
  return label[language] ?? label.en
}

/** A locale such as `ja-JP` as one of the definition's languages. */
export function languageOf(locale: string): Language {
  if (locale.startsWith('ja')) return 'ja'
  if (locale.startsWith('zh')) return 'zh'
  return 'en'
}
