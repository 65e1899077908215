import { existsSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { studyChecks } from '#domain/casebook/study-checks.ts'
import { findingText, hasErrors, type StudyFinding } from '#domain/definition/finding.ts'
import { type Say, streams } from './say.ts'
import { type LoadedStudy, loadStudy } from './study-files.ts'
import { testStudy } from './study-test.ts'

const usage = [
  'casebook study check <folder> [--json] [--notes]',
  '    checks a study definition; the library is the folder "library" beside it, or --library <folder>',
  'casebook study test <folder> [--json] [--report-only] [--excused]',
  '    runs the tests of checks and derivations and says what no test shows;',
  '    --report-only: gaps do not fail; --excused: lists what cannot be shown, with the reason',
  'casebook study simulate <folder> [--subjects 500] [--seed 7] [--out FOLDER] [--json]',
  '    sends simulated subjects through the study on a database of its own',
  'casebook study diff <folder|hash> <folder|hash> [--json]',
  '    what the second changes of the first, in words; exit status 1 where stored data are at risk',
  'Exit status: 0 all is well, 1 a finding or a failed test, 2 bad use.',
].join('\n')

/** `casebook study check` and `casebook study test`. Warnings alone leave the exit status 0. */
export async function study(words: string[], say: Say = streams): Promise<number> {
  if (words[0] === 'diff') return (await import('./study-diff.ts')).studyDiff(words.slice(1), say)
  if (words[0] === 'simulate') {
    return (await import('./simulate.ts')).simulate(words.slice(1), say)
  }
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
  return asked.verb === 'check' ? check(loaded, asked, say) : testStudy(loaded, asked, say)
}

type Asked = {
  verb: 'check' | 'test'
  folder: string
  library: string
  json: boolean
  notes: boolean
  reportOnly: boolean
  excused: boolean
}

function readWords(words: string[]): Asked | null {
  const { values, positionals } = parseArgs({
    args: words,
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      notes: { type: 'boolean', default: false },
      'report-only': { type: 'boolean', default: false },
      excused: { type: 'boolean', default: false },
      library: { type: 'string' },
    },
  })
  const [verb, folder, ...rest] = positionals
  if ((verb !== 'check' && verb !== 'test') || folder === undefined || rest.length > 0) return null
  const library = values.library ?? join(dirname(resolve(folder)), 'library')
  const { json, notes, excused } = values
  return { verb, folder, library, json, notes, excused, reportOnly: values['report-only'] }
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
    `${studyChecks(definition).length} checks`,
    `${definition.events.length} events`,
    `${definition.variables.length} variables`,
    `${definition.reports.length} reports`,
  ]
  say.out(`${definition.oid} ${definition.version}: ${parts.join(', ')}; ${counts}.`)
  say.out(`Content hash ${hash}`)
  return failed ? 1 : 0
}
