/** Study folders as the commands read them. */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { checkStudy } from '#domain/definition/check-study.ts'
import type { StudyDefinition } from '#domain/definition/definition.ts'
import type { StudyFinding } from '#domain/definition/finding.ts'
import { definitionHash } from '#domain/definition/hash.ts'
import { parseStudy, type SourceFile } from '#domain/definition/parse-study.ts'

export type LoadedStudy = {
  definition: StudyDefinition | null
  /** Of reading and of checking, with file, line and column. */
  findings: StudyFinding[]
  hash: string | null
  /** Adds file, line and column to a finding about a place of the definition. */
  locate(finding: StudyFinding): StudyFinding
}

/** Reads, merges and checks the study in `folder` with the library beside it. */
export function loadStudy(
  folder: string,
  library: string = join(dirname(resolve(folder)), 'library'),
): LoadedStudy {
  const parsed = parseStudy(
    readYamlFiles(folder),
    existsSync(library) ? readYamlFiles(library) : [],
  )
  const { definition, locate } = parsed
  const findings = [...parsed.findings]
  if (definition) findings.push(...checkStudy(definition).map(locate))
  const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex')
  return {
    definition,
    findings,
    hash: definition ? definitionHash(definition, sha256) : null,
    locate,
  }
}

/** YAML files of a folder and of its `forms`, with paths as a person would name them. */
export function readYamlFiles(folder: string): SourceFile[] {
  const files: SourceFile[] = []
  for (const directory of [folder, join(folder, 'forms')]) {
    if (!existsSync(directory)) continue
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      if (!entry.isFile() || !/\.ya?ml$/.test(entry.name)) continue
      const path = join(directory, entry.name)
      const shown = relative(process.cwd(), resolve(path)) || path
      files.push({ path: shown.startsWith('..') ? path : shown, text: readFileSync(path, 'utf8') })
    }
  }
  return files
}
