/** Which labels lack a translation into a language that the study promises. */
import type { Language, StudyDefinition } from './definition.ts'
import type { StudyFinding } from './finding.ts'

/** One warning per label and language; places point at the label. */
export function checkLabels(definition: StudyDefinition): StudyFinding[] {
  const findings: StudyFinding[] = []
  const wanted = definition.languages.filter((language) => language !== 'en')
  const visit = (value: unknown, place: (string | number)[]): void => {
    if (typeof value !== 'object' || value === null) return
    if (Array.isArray(value)) {
      for (const [i, entry] of value.entries()) visit(entry, [...place, i])
      return
    }
    const label = value as Partial<Record<Language, string>>
    if (typeof label.en === 'string') {
      const missing = wanted.filter((language) => label[language] === undefined)
      if (missing.length > 0) {
        const shown = label.en.length > 50 ? `${label.en.slice(0, 50)}…` : label.en
        findings.push({
          code: 'missing-translation',
          severity: 'warning',
          message: `“${shown}” has no text in ${missing.join(', ')}.`,
          place,
        })
      }
      return
    }
    for (const [key, entry] of Object.entries(value)) visit(entry, [...place, key])
  }
  visit(definition, [])
  return findings
}
