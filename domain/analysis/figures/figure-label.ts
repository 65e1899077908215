/** Labels of figures. Apart from the schemas, so that a page that draws does not load the checker of specifications. */
import type { Label, Language } from '#domain/definition/definition.ts'
import { labelText } from '#domain/definition/label-text.ts'

/** A text in the languages of the study, or one text for all. */
export type FigureLabel = string | Label

export function spoken(label: FigureLabel, language: Language): string {
  return typeof label === 'string' ? label : labelText(label, language)
}
