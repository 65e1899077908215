import { parseArgs } from 'node:util'
import { setFiles } from '#domain/analysis/analysis-sets/set-files.ts'
import { type SetFormat, setFormats } from '#domain/analysis/analysis-sets/set-formats.ts'
import { StudySets } from '#domain/analysis/analysis-sets/study-sets.ts'
import { engineVersion } from '#domain/analysis/run-report.ts'
import { demoToday } from '#studies/demo/fill-subject.ts'
import { filledCohort } from './report-cohort.ts'
import { cohortOf, writeFiles } from './report-script.ts'
import { type Say, streams } from './say.ts'

const usage = [
  'casebook analysis sets <study folder> --out DIR [--format csv|json|ndjson]',
  '    writes the analysis sets of the demo cohort (ADSL, ADTTE, ADAE, a set per form with numbers by visit) with the list of',
  '    their variables; json and ndjson are CDISC Dataset-JSON 1.1',
  'Exit status: 0 written, 2 bad use.',
].join('\n')

/** The sets of a demo cohort, with arms. */
export function cohortSets(name: string) {
  const { study, filled } = filledCohort(name)
  const sets = new StudySets(study.compiled, { conceals: null })
  for (const { casebook } of filled) sets.add(casebook)
  return { study, sets: sets.sets() }
}

/** `casebook analysis`: what statisticians take away. */
export async function analysis(words: string[], say: Say = streams): Promise<number> {
  const asked = readWords(words)
  if (asked === null) {
    say.error(usage)
    return 2
  }
  const name = cohortOf(asked.folder, say)
  if (name === null) return 2
  const { study, sets } = cohortSets(name)
  const { definition } = study
  const at = `${demoToday}T00:00:00Z`
  const files = setFiles(sets, asked.format, {
    studyOid: definition.oid,
    studyName: definition.name.en,
    version: { number: 1, label: definition.version, hash: 'demo' },
    dataAsOf: at,
    createdAt: at,
    engineVersion,
    hasArms: true,
    cut: null,
  })
  writeFiles(asked.out, files)
  const rows = sets.reduce((sum, set) => sum + set.rows.length, 0)
  say.out(`${sets.length} sets with ${rows} rows in ${asked.out}`)
  return 0
}

type Asked = { folder: string; out: string; format: SetFormat }

function readWords(words: string[]): Asked | null {
  try {
    const { values, positionals } = parseArgs({
      args: words,
      allowPositionals: true,
      options: { out: { type: 'string' }, format: { type: 'string', default: 'csv' } },
    })
    const [verb, folder, more] = positionals
    const format = setFormats.find((one) => one === values.format)
    if (verb !== 'sets' || folder === undefined || more !== undefined) return null
    return values.out === undefined || !format ? null : { folder, out: values.out, format }
  } catch {
    return null
  }
}
