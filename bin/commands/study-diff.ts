/** What one definition changes of another, in words: folders, or published versions by their content hash. */
import { existsSync, statSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { databasePool, inTransaction } from '#db/client.ts'
import { type StudyDefinition, studyDefinitionSchema } from '#domain/definition/definition.ts'
import { type DefinitionChange, diffDefinitions, worstSeverity } from '#domain/definition/diff.ts'
import { changeSeverities } from '#domain/definition/diff-text.ts'
import { findingText, hasErrors } from '#domain/definition/finding.ts'
import { openDatabase } from './audit.ts'
import { type Say, streams } from './say.ts'
import { loadStudy } from './study-files.ts'

const usage = [
  'casebook study diff <a> <b> [--json] [--library FOLDER] [--language en|ja|zh] [--database URL]',
  '    what b changes of a, in words; a and b are folders, or content hashes (8 digits or more) of published versions',
  'Exit status: 0 no stored value is at risk, 1 values are at risk or a definition has errors, 2 bad use.',
].join('\n')

const headings = {
  forbidden: 'Not once subjects are allocated',
  risk: 'Data at risk',
  reevaluated: 'Data are evaluated again',
  none: 'No effect on data',
} as const
type Language = 'en' | 'ja' | 'zh'

/** `casebook study diff`; see the usage. */
export async function studyDiff(words: string[], say: Say = streams): Promise<number> {
  const asked = readWords(words)
  if (!asked) {
    say.error(usage)
    return 2
  }
  const sides: StudyDefinition[] = []
  for (const name of [asked.before, asked.after]) {
    const found = await definitionOf(name, asked, say)
    if (typeof found === 'number') return found
    sides.push(found)
  }
  const [before, after] = sides as [StudyDefinition, StudyDefinition]
  const changes = diffDefinitions(before, after)
  const worst = worstSeverity(changes)
  if (asked.json) say.out(JSON.stringify({ worst, changes }, null, 2))
  else for (const line of changeLines(changes, asked.language)) say.out(line)
  return isAtRisk(changes) ? 1 : 0
}

export const isAtRisk = (changes: readonly DefinitionChange[]): boolean =>
  ['risk', 'forbidden'].includes(worstSeverity(changes))

/** Changes as a person reads them, the gravest first; rules with both texts. */
export function changeLines(
  changes: readonly DefinitionChange[],
  language: Language = 'en',
): string[] {
  if (changes.length === 0) return ['Nothing that matters is different.']
  return [...changeSeverities].reverse().flatMap((severity) => {
    const group = changes.filter((change) => change.severity === severity)
    if (group.length === 0) return []
    return [
      `${headings[severity]} (${group.length})`,
      ...group.flatMap(({ text, before, after, code }) => [
        `  ${text[language]} [${code}]`,
        ...(before === null ? [] : [`    was ${before}`]),
        ...(after === null ? [] : [`    is  ${after}`]),
      ]),
    ]
  })
}

type Asked = {
  before: string
  after: string
  json: boolean
  language: Language
  library: string | undefined
  database: string | undefined
}

function readWords(words: string[]): Asked | null {
  try {
    const { values, positionals } = parseArgs({
      args: words,
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        library: { type: 'string' },
        language: { type: 'string', default: 'en' },
        database: { type: 'string' },
      },
    })
    const [before, after, ...more] = positionals
    const { language } = values
    const isKnown = language === 'en' || language === 'ja' || language === 'zh'
    if (before === undefined || after === undefined || more.length > 0 || !isKnown) return null
    const { json, library, database } = values
    return { before, after, json, language, library, database }
  } catch {
    return null
  }
}

/** The definition behind a folder or a hash, or the exit status that ends the command. */
async function definitionOf(
  name: string,
  asked: Asked,
  say: Say,
): Promise<StudyDefinition | number> {
  if (existsSync(name) && statSync(name).isDirectory()) {
    const { definition, findings } = loadStudy(name, asked.library)
    if (definition && !hasErrors(findings)) return definition
    for (const finding of findings.filter(({ severity }) => severity === 'error')) {
      say.error(findingText(finding))
    }
    return 1
  }
  if (!/^[0-9a-f]{8,64}$/.test(name)) {
    say.error(`${name} is neither a folder nor a content hash.`)
    say.error(usage)
    return 2
  }
  return publishedUnder(name, asked.database, say)
}

async function publishedUnder(
  hash: string,
  named: string | undefined,
  say: Say,
): Promise<StudyDefinition | number> {
  const { database, stop } = await openDatabase(named)
  const pool = databasePool(database, { max: 1, applicationName: 'casebook study diff' })
  try {
    const rows = await inTransaction(pool, { actor: 'system', readOnly: true }, (tx) =>
      tx.query<{ definition: unknown }>(
        'select definition from casebook.study_version where hash like $1 limit 2',
        [`${hash}%`],
      ),
    )
    const [row] = rows
    if (row && rows.length === 1) return studyDefinitionSchema.parse(row.definition)
    say.error(
      row ? `More than one version begins with ${hash}.` : `No version has the hash ${hash}.`,
    )
    return 2
  } finally {
    await pool.end()
    await stop()
  }
}
