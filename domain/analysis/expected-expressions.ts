/** What a report is likely to ask its subjects, so that a casebook is read once; what is missed here is asked when it turns up. */
import type { ReportDef, StudyDefinition } from '#domain/definition/definition.ts'
import { populationRule } from '#domain/definition/population-rule.ts'
import { endpointVerdict } from './endpoint-verdict.ts'
import { armExpression } from './report-cohort.ts'

/** Keys whose texts are words, not expressions. */
const words: readonly string[] = [
  'kind',
  'oid',
  'title',
  'label',
  'footnote',
  'source',
  'statistic',
  'test',
  'alsoTests',
  'pairedTest',
  'unit',
  'codeLabels',
  'note',
  'message',
]

/** Texts of reports that may be expressions; `VISIT` stands for each visit of its report, as the report reads it. */
export function expectedExpressions(
  definition: StudyDefinition,
  reports: readonly ReportDef[],
): string[] {
  const found = new Set<string>()
  for (const { oid } of definition.populations) found.add(populationRule(definition, oid))
  for (const part of [definition.populations, definition.groupings, definition.endpoints]) {
    for (const text of textsIn(part)) found.add(text)
  }
  for (const endpoint of definition.endpoints) endpointVerdict({ value: noting(found) }, endpoint)
  const arm = armExpression(definition)
  if (arm !== null) found.add(arm)
  for (const report of reports) for (const text of reportTexts(report)) found.add(text)
  return [...found]
}

/** What a report itself may ask, and the names that it mentions: of populations, endpoints, groupings, visits. */
export function reportTexts(report: ReportDef): ReadonlySet<string> {
  const found = new Set<string>()
  const visits = 'visits' in report ? report.visits : []
  const item = 'item' in report ? report.item : null
  for (const text of textsIn(report)) {
    if (!/\bVISIT\b/.test(text)) found.add(text)
    for (const visit of visits) {
      if (/\bVISIT\b/.test(text)) found.add(text.replaceAll(/\bVISIT\b/g, visit))
      else if (text === item) found.add(`at(${visit}, ${text})`)
    }
  }
  return found
}

/** Puts together expressions of its own from the parts of the endpoint, so it is asked to ask. */
const noting = (found: Set<string>) => (text: string) => {
  found.add(text)
  return null
}

function* textsIn(part: unknown): Generator<string> {
  if (typeof part === 'string') yield part
  else if (Array.isArray(part)) for (const one of part) yield* textsIn(one)
  else if (typeof part === 'object' && part !== null) {
    for (const [key, value] of Object.entries(part)) if (!words.includes(key)) yield* textsIn(value)
  }
}
