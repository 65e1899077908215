/** What a change of the shared library does to every study that builds on it. */
import { existsSync, readdirSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { type DefinitionChange, diffDefinitions, worstSeverity } from '#domain/definition/diff.ts'
import { findingText, type StudyFinding } from '#domain/definition/finding.ts'
import { type Say, streams } from './say.ts'
import { changeLines, isAtRisk } from './study-diff.ts'
import { loadStudy } from './study-files.ts'

const usage = [
  'casebook library diff <old library> <new library> [--studies FOLDER] [--json]',
  '    builds every study of the folder (default: the one that holds the new library) with both and tells what changes',
  'Exit status: 0 no stored value is at risk in any study, 1 values are at risk or a study has errors, 2 bad use.',
].join('\n')

type StudyResult = {
  study: string
  /** Errors that the new library brings: those it has with the new one only. */
  errors: readonly StudyFinding[]
  changes: readonly DefinitionChange[]
}

/** `casebook library diff`; see the usage. */
export async function library(words: string[], say: Say = streams): Promise<number> {
  const asked = readWords(words)
  if (!asked) {
    say.error(usage)
    return 2
  }
  for (const folder of [asked.before, asked.after, asked.studies]) {
    if (existsSync(folder) && statSync(folder).isDirectory()) continue
    say.error(`There is no folder ${folder}.`)
    return 2
  }
  const results = studiesOf(asked.studies).map((folder) => compared(folder, asked))
  if (results.length === 0) {
    say.error(`There is no study in ${asked.studies}.`)
    return 2
  }
  if (asked.json) {
    say.out(
      JSON.stringify(
        results.map((result) => ({ ...result, worst: worstSeverity(result.changes) })),
        null,
        2,
      ),
    )
  } else {
    for (const result of results) tell(result, say)
  }
  return results.some(({ errors, changes }) => errors.length > 0 || isAtRisk(changes)) ? 1 : 0
}

type Asked = { before: string; after: string; studies: string; json: boolean }

function readWords(words: string[]): Asked | null {
  try {
    const { values, positionals } = parseArgs({
      args: words,
      allowPositionals: true,
      options: { json: { type: 'boolean', default: false }, studies: { type: 'string' } },
    })
    const [verb, before, after, ...more] = positionals
    if (verb !== 'diff' || before === undefined || after === undefined || more.length > 0) {
      return null
    }
    return { before, after, studies: values.studies ?? dirname(resolve(after)), json: values.json }
  } catch {
    return null
  }
}

/** Folders with a study.yaml, by name. */
function studiesOf(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(folder, name))
    .filter((path) => existsSync(join(path, 'study.yaml')))
    .sort()
}

function compared(folder: string, { before, after }: Asked): StudyResult {
  const old = loadStudy(folder, before)
  const now = loadStudy(folder, after)
  const known = new Set(old.findings.map(findingText))
  const errors = now.findings.filter(
    (finding) => finding.severity === 'error' && !known.has(findingText(finding)),
  )
  const changes =
    old.definition && now.definition ? diffDefinitions(old.definition, now.definition) : []
  return { study: folder, errors, changes }
}

function tell({ study, errors, changes }: StudyResult, say: Say): void {
  say.out(study)
  for (const error of errors) say.out(`  ${findingText(error)}`)
  const isBroken = errors.length > 0 && changes.length === 0
  if (!isBroken) for (const line of changeLines(changes)) say.out(`  ${line}`)
}
