import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseDocument, stringify } from 'yaml'
import type { SourceFile } from '#domain/definition/parse-study.ts'

export type StudyFiles = {
  /** The study's own files, with what its demo sets otherwise (`demo/parameters.yaml`) and the figures of its paper. */
  own: readonly SourceFile[]
  library: readonly SourceFile[]
}

const studies = join(import.meta.dirname, '..')

/** Text of a study of this folder, ready to be parsed or published. `asDemo: false` leaves the parameters as they are. */
export function definitionFiles(study: string, { asDemo = true } = {}): StudyFiles {
  const parameters = join(studies, study, 'demo', 'parameters.yaml')
  const overrides =
    asDemo && existsSync(parameters)
      ? (parseDocument(readFileSync(parameters, 'utf8')).toJS() as Record<string, unknown>)
      : null
  const own = yamlFiles(join(studies, study), '').map((file) =>
    overrides && file.path === 'study.yaml'
      ? { ...file, text: withParameters(file.text, overrides) }
      : file,
  )
  // The paper describes the demo cohort, not whom a study of one's own will enrol.
  const paper = join(studies, study, 'demo', 'paper.yaml')
  if (asDemo && existsSync(paper))
    own.push({ path: 'paper.yaml', text: readFileSync(paper, 'utf8') })
  return { own, library: yamlFiles(join(studies, 'library'), 'library/') }
}

function yamlFiles(folder: string, prefix: string): SourceFile[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => name.endsWith('.yaml') && !name.startsWith('demo/'))
    .sort()
    .map((name) => ({ path: prefix + name, text: readFileSync(join(folder, name), 'utf8') }))
}

function withParameters(text: string, overrides: Readonly<Record<string, unknown>>): string {
  const study = parseDocument(text).toJS() as { parameters: { oid: string; value: unknown }[] }
  for (const [oid, value] of Object.entries(overrides)) {
    const parameter = study.parameters.find((one) => one.oid === oid)
    if (!parameter) throw new Error(`The demo sets ${oid}, which is no parameter of the study`)
    parameter.value = value
  }
  return stringify(study)
}
