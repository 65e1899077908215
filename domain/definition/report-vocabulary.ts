/** What can be named in a report of a study, for whoever completes names while it is written. */
import { z } from 'zod'
import { languageFunctions, specialFunctions } from '#domain/expression/functions.ts'
import { reportSchema } from './analysis-schema.ts'
import type { Label, StudyDefinition } from './definition.ts'

export type VocabularyEntry = {
  /** As it is written: `F_DM.AGE`, `ITT`. */
  name: string
  label: Label
  /** Type of an item or variable with its unit; `function` and the like for others. */
  detail: string
  codes?: readonly { code: string; label: Label }[]
}
export type ReportVocabulary = {
  items: readonly VocabularyEntry[]
  variables: readonly VocabularyEntry[]
  populations: readonly VocabularyEntry[]
  endpoints: readonly VocabularyEntry[]
  groupings: readonly VocabularyEntry[]
  events: readonly VocabularyEntry[]
  functions: readonly string[]
  /** JSON schema of a report; keys and their permitted values come from it. */
  schema: unknown
}

/** Through text, so that nothing but data is left: it goes to browsers. */
const schema: unknown = JSON.parse(
  JSON.stringify(z.toJSONSchema(reportSchema, { io: 'input', unrepresentable: 'any' })),
)

export function reportVocabulary(definition: StudyDefinition): ReportVocabulary {
  const codesOf = (list: string | undefined) =>
    definition.codeLists
      .find(({ oid }) => oid === list)
      ?.codes.map(({ code, label }) => ({ code, label }))
  const named = (entries: readonly { oid: string; label: Label }[], detail: string) =>
    entries.map(({ oid, label }) => ({ name: oid, label, detail }))
  return {
    items: definition.forms.flatMap((form) =>
      form.groups.flatMap((group) =>
        group.items.map((item) => {
          const codes = codesOf(item.codeList)
          return {
            name: `${form.oid}.${item.oid}`,
            label: item.label,
            detail: item.unit ? `${item.type}, ${item.unit}` : item.type,
            ...(codes ? { codes } : {}),
          }
        }),
      ),
    ),
    variables: definition.variables.map(({ oid, label, type, unit, codeList }) => {
      const codes = codesOf(codeList)
      return {
        name: oid,
        label,
        detail: unit ? `${type}, ${unit}` : type,
        ...(codes ? { codes } : {}),
      }
    }),
    populations: named(definition.populations, 'population'),
    endpoints: named(definition.endpoints, 'endpoint'),
    groupings: named(definition.groupings ?? [], 'grouping'),
    events: named(definition.events, 'visit'),
    functions: [...Object.keys(languageFunctions), ...specialFunctions].sort(),
    schema,
  }
}
