import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { runCheckTests } from '#domain/casebook/check-tests.ts'
import { compileStudy } from '#domain/casebook/compile-study.ts'
import { checkStudy } from '#domain/definition/check-study.ts'
import type { StudyDefinition } from '#domain/definition/definition.ts'
import { findingText, hasErrors, type StudyFinding } from '#domain/definition/finding.ts'
import { definitionHash } from '#domain/definition/hash.ts'
import { parseStudy, type SourceFile } from '#domain/definition/parse-study.ts'

/** Where the command writes; the process's own streams unless a test listens. */
export interface Say {
  out(text: string): void
  error(text: string): void
}
const streams: Say = {
  out: (text) => void process.stdout.write(`${text}\n`),
  error: (text) => void process.stderr.write(`${text}\n`),
}

const usage = [
  'casebook study check <folder> [--json] [--notes]',
  '    checks a study definition; the library is the folder "library" beside it, or --library <folder>',
  'casebook study test <folder> [--json]',
  '    runs the tests beside the edit checks',
  'Exit status: 0 all is well, 1 a finding or a failed test, 2 bad use.',
].join('\n')

/** `casebook study check` and `casebook study test`. Warnings alone leave the exit status 0. */
export async function study(words: string[], say: Say = streams): Promise<number> {
  let asked: ReturnType<typeof readWords>
  try {
    asked = readWords(words)
  } catch {
    asked = null
  }
  if (asked === null || !existsSync(asked.folder) || !statSync(asked.folder).isDirectory()) {
    if (asked !== null) say.error(`There is no folder ${asked.folder}.`)
    say.error(usage)
    return 2
  }
  const loaded = loadStudy(asked.folder, asked.library)
  return asked.verb === 'check' ? check(loaded, asked, say) : test(loaded, asked, say)
}

type Asked = {
  verb: 'check' | 'test'
  folder: string
  library: string
  json: boolean
  notes: boolean
}

function readWords(words: string[]): Asked | null {
  const { values, positionals } = parseArgs({
    args: words,
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      notes: { type: 'boolean', default: false },
      library: { type: 'string' },
    },
  })
  const [verb, folder, ...rest] = positionals
  if ((verb !== 'check' && verb !== 'test') || folder === undefined || rest.length > 0) return null
  const library = values.library ?? join(dirname(resolve(folder)), 'library')
  return { verb, folder, library, json: values.json, notes: values.notes }
}

export type LoadedStudy = {
  definition: StudyDefinition | null
  /** Of reading and of checking, with file, line and column. */
  findings: StudyFinding[]
  hash: string | null
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
  const { definition } = parsed
  const findings = [...parsed.findings]
  if (definition) findings.push(...checkStudy(definition).map(parsed.locate))
  const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex')
  return { definition, findings, hash: definition ? definitionHash(definition, sha256) : null }
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

function check(loaded: LoadedStudy, asked: Asked, say: Say): number {
  const { definition, findings, hash } = loaded
  const failed = hasErrors(findings) || definition === null
  if (asked.json) {
    say.out(JSON.stringify({ ok: !failed, hash, findings }, null, 2))
    return failed ? 1 : 0
  }
  const shown = findings.filter(({ severity }) => asked.notes || severity !== 'note')
  for (const finding of shown) say.out(findingText(finding))
  const count = (severity: StudyFinding['severity']): number =>
    findings.filter((finding) => finding.severity === severity).length
  const counts = `${count('error')} errors, ${count('warning')} warnings, ${count('note')} notes`
  if (definition === null) {
    say.out(`No definition: ${counts}.`)
    return 1
  }
  const items = definition.forms.flatMap((form) => form.groups.flatMap((group) => group.items))
  const parts = [
    `${definition.forms.length} forms`,
    `${items.length} items`,
    `${definition.checks.length} checks`,
    `${definition.events.length} events`,
    `${definition.variables.length} variables`,
    `${definition.reports.length} reports`,
  ]
  say.out(`${definition.oid} ${definition.version}: ${parts.join(', ')}; ${counts}.`)
  say.out(`Content hash ${hash}`)
  return failed ? 1 : 0
}

function test(loaded: LoadedStudy, asked: Asked, say: Say): number {
  const { definition, findings } = loaded
  if (definition === null) {
    for (const finding of findings.filter(({ severity }) => severity === 'error')) {
      say.error(findingText(finding))
    }
    return 1
  }
  const compiled = compileStudy(definition)
  const results = definition.checks.flatMap((entry) =>
    runCheckTests(compiled, entry).map((result) => ({ check: entry.id, ...result })),
  )
  const failed = results.filter((result) => !result.ok)
  if (asked.json) {
    say.out(JSON.stringify({ ok: failed.length === 0, results }, null, 2))
  } else {
    for (const { check: id, name, message } of failed) say.out(`${id}: ${name}: ${message}`)
    const untested = definition.checks.filter((entry) => !entry.tests?.length).length
    const more = untested === 0 ? '' : `; ${untested} checks have no test`
    say.out(`${results.length - failed.length} of ${results.length} check tests pass${more}.`)
  }
  return failed.length === 0 ? 0 : 1
}
