import { type CompiledStudy, compileStudy } from '#domain/casebook/compile-study.ts'
import type { StudyDefinition } from '#domain/definition/definition.ts'
import { findingText } from '#domain/definition/finding.ts'
import { parseStudy } from '#domain/definition/parse-study.ts'
import { definitionFiles } from './definition-files.ts'

export type ReadStudy = {
  definition: StudyDefinition
  compiled: CompiledStudy
  parsed: ReturnType<typeof parseStudy>
}

/** A study of this folder, parsed and compiled. Throws with the findings where it has errors. */
export function studyDefinition(study: string, options: { asDemo?: boolean } = {}): ReadStudy {
  const { own, library } = definitionFiles(study, options)
  const parsed = parseStudy(own, library)
  if (parsed.definition === null)
    throw new Error(`${study}: ${parsed.findings.map(findingText).join('\n')}`)
  return { definition: parsed.definition, compiled: compileStudy(parsed.definition), parsed }
}
