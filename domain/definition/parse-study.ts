/**
 * From a folder of YAML texts and the library's to one `StudyDefinition`. The texts are merged as plain objects with their
 * positions, scalars that YAML read as numbers are put back as written where a text is wanted, labels in one language are spelt
 * out, and the schema has the last word. Findings only: nothing throws, whatever was uploaded. `docs/definitions.md` is the layout.
 */
import { type StudyDefinition, studyDefinitionSchema } from './definition.ts'
import type { StudyFinding } from './finding.ts'
import { missingNames } from './library-check.ts'
import { type Merging, mergeChecks, mergeCodeLists, mergeForms } from './merge-library.ts'
import { fitCheckTests, mergeDerivationTests } from './merge-tests.ts'
import { readShape, withPosition } from './read-shape.ts'
import {
  isPlainObject,
  maximalStudySize,
  memberOf,
  Origins,
  type Plain,
  type PlainObject,
  readYaml,
  type SourceFile,
} from './yaml-source.ts'

export type { SourceFile } from './yaml-source.ts'

export type ParsedStudy = {
  /** Null where a finding of severity error stands in the way of the shape. */
  definition: StudyDefinition | null
  findings: StudyFinding[]
  /**
   * Adds file, line and column to a finding about a place of the definition. A rule written in the library may name a code that
   * the study has left out of a list of the library: that is a note, not an error.
   */
  locate(finding: StudyFinding): StudyFinding
}

const studyFiles = [
  'study.yaml',
  'codelists.yaml',
  'forms.yaml',
  'schedule.yaml',
  'checks.yaml',
  'variables.yaml',
  'derivations.yaml',
  'analysis.yaml',
  'paper.yaml',
]
const libraryFiles = ['codelists.yaml', 'labs.yaml', 'checks.yaml', 'derivations.yaml']
const elsewhere = [
  'codeLists',
  'forms',
  'events',
  'checks',
  'variables',
  'populations',
  'derivationTests',
  'endpoints',
  'groupings',
  'reports',
  'paper',
]
const oneSided = ['never-fires', 'always-fires', 'never-open', 'always-open', 'never-required']

/** The codes that the library knows in full, whatever a study takes of them. */
class SharedCodes {
  readonly #files: ReadonlySet<string>
  readonly #codes = new Set<Plain>()

  constructor(library: readonly SourceFile[], shelf: Folder) {
    this.#files = new Set(library.map(({ path }) => path))
    const add = (entries: Plain | undefined, key: string): void => {
      if (!Array.isArray(entries)) return
      for (const entry of entries) this.#codes.add(memberOf(entry, key) ?? null)
    }
    const lists = shelf.named.get('codelists.yaml')
    for (const list of Array.isArray(lists) ? lists : []) add(memberOf(list, 'codes'), 'code')
    add(shelf.named.get('labs.yaml'), 'key')
    for (const form of shelf.forms) {
      const { groups } = form
      for (const group of Array.isArray(groups) ? groups : []) add(memberOf(group, 'rows'), 'key')
    }
  }

  judge(finding: StudyFinding): StudyFinding {
    const { code, absent, file } = finding
    if (file === undefined || !this.#files.has(file)) return finding
    if (code === 'code' && absent !== undefined && this.#codes.has(absent)) {
      return { ...finding, code: 'code-left-out', severity: 'note' }
    }
    // With codes and visits left out, a rule of the library may have become one-sided.
    return oneSided.includes(code) ? { ...finding, severity: 'note' } : finding
  }
}

type Folder = { named: Map<string, Plain>; forms: PlainObject[]; paths: Map<string, string> }

/** Merges and validates; see the file head. `files` and `library` carry paths for findings; only their ends matter. */
export function parseStudy(
  files: readonly SourceFile[],
  library: readonly SourceFile[] = [],
): ParsedStudy {
  const origins = new Origins()
  const findings: StudyFinding[] = []
  const fail = (): ParsedStudy => ({ definition: null, findings, locate: (finding) => finding })
  const size = [...files, ...library].reduce((sum, file) => sum + file.text.length, 0)
  if (size > maximalStudySize) {
    findings.push(plainFinding('study-too-large', 'The files are larger than 8 MB together.'))
    return fail()
  }
  const shelf = readFolder(library, libraryFiles, origins, findings)
  const folder = readFolder(files, studyFiles, origins, findings)
  const study = folder.named.get('study.yaml')
  if (!isPlainObject(study)) {
    if (!folder.paths.has('study.yaml')) {
      findings.push(plainFinding('no-study', 'The folder has no study.yaml.'))
    } else if (study !== undefined) {
      findings.push(
        plainFinding('shape', 'study.yaml is a mapping.', folder.paths.get('study.yaml')),
      )
    }
    return fail()
  }
  const root = merge(study, folder, shelf, { origins, findings })
  const definition = readShape(studyDefinitionSchema, root, origins, findings)
  const shared = new SharedCodes(library, shelf)
  const locate = (finding: StudyFinding): StudyFinding =>
    shared.judge(withPosition(finding, root, origins))
  return { definition, findings: findings.map(locate), locate }
}

function plainFinding(code: string, message: string, file?: string): StudyFinding {
  return {
    code,
    severity: 'error',
    message,
    place: [],
    ...(file !== undefined && { file, line: 1, column: 1 }),
  }
}

function readFolder(
  files: readonly SourceFile[],
  names: readonly string[],
  origins: Origins,
  findings: StudyFinding[],
): Folder {
  const folder: Folder = { named: new Map(), forms: [], paths: new Map() }
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
  const base = baseOf(sorted, names)
  for (const file of sorted) {
    if (!/\.ya?ml$/.test(file.path)) continue
    const folderPath = file.path.slice(0, file.path.lastIndexOf('/') + 1)
    const isForm = folderPath === `${base}forms/`
    // Other folders (a demo cohort, notes) are not part of the definition.
    if (!isForm && folderPath !== base) continue
    const name = file.path.slice(folderPath.length)
    if (!isForm && !names.includes(name)) {
      const known = names.join(', ')
      findings.push(plainFinding('unknown-file', `Not one of ${known}, forms/*.yaml.`, file.path))
      continue
    }
    if (!isForm && folder.paths.has(name)) {
      findings.push(plainFinding('duplicate-file', `There is another ${name}.`, file.path))
      continue
    }
    if (!isForm) folder.paths.set(name, file.path)
    const reading = readYaml(file, origins)
    findings.push(...reading.findings)
    const { value } = reading
    if (value === undefined || value === null) continue
    if (!isForm) folder.named.set(name, value)
    else if (isPlainObject(value)) folder.forms.push(value)
    else findings.push(plainFinding('shape', 'A form is a mapping.', file.path))
    const isMapping = ['study.yaml', 'analysis.yaml', 'paper.yaml'].includes(name)
    if (!isForm && !isMapping && !Array.isArray(value)) {
      findings.push(plainFinding('shape', `${name} is a list.`, file.path))
      folder.named.delete(name)
    }
  }
  reportDuplicateForms(folder.forms, origins, findings)
  return folder
}

/** The folder that holds the named files, with its closing slash; empty where paths are relative to it. */
function baseOf(files: readonly SourceFile[], names: readonly string[]): string {
  let base: string | null = null
  for (const { path } of files) {
    const end = path.lastIndexOf('/') + 1
    const name = path.slice(end)
    const isForm = /(^|\/)forms\/[^/]+\.ya?ml$/.test(path)
    if (!names.includes(name) && !isForm) continue
    const folder =
      isForm && !names.includes(name)
        ? path.slice(0, path.lastIndexOf('forms/'))
        : path.slice(0, end)
    if (base === null || folder.length < base.length) base = folder
  }
  return base ?? ''
}

function reportDuplicateForms(
  forms: readonly PlainObject[],
  origins: Origins,
  findings: StudyFinding[],
): void {
  const seen = new Set<Plain>()
  for (const form of forms) {
    const oid = form.oid
    if (oid === undefined) continue
    if (seen.has(oid)) {
      const position = origins.get(form, 'oid')
      findings.push({
        ...plainFinding(
          'duplicate-oid',
          `Another file has the form ${String(oid)}.`,
          position?.file,
        ),
        ...(position && { line: position.line, column: position.column }),
      })
    }
    seen.add(oid)
  }
}

function merge(study: PlainObject, folder: Folder, shelf: Folder, merging: Merging): PlainObject {
  const { origins, findings } = merging
  const root: PlainObject = {}
  for (const key of Object.keys(study)) {
    if (elsewhere.includes(key)) {
      const position = origins.get(study, key)
      findings.push({
        ...plainFinding('unknown-key', `“${key}” has a file of its own.`, position?.file),
        ...(position && { line: position.line, column: position.column }),
      })
      continue
    }
    root[key] = study[key] as Plain
    origins.move(study, key, root)
  }
  const labs = shelf.named.get('labs.yaml')
  root.forms = mergeForms(
    folder.named.get('forms.yaml'),
    folder.forms,
    shelf.forms,
    Array.isArray(labs) ? labs : [],
    merging,
  )
  root.events = expandEvents(folder.named.get('schedule.yaml') ?? [], study.mode, origins)
  root.variables = folder.named.get('variables.yaml') ?? []
  const analysis = folder.named.get('analysis.yaml')
  if (isPlainObject(analysis)) {
    for (const key of Object.keys(analysis)) {
      if (['populations', 'endpoints', 'groupings', 'reports'].includes(key)) {
        root[key] = analysis[key] as Plain
        origins.move(analysis, key, root)
      } else {
        const position = origins.get(analysis, key)
        findings.push({
          ...plainFinding('unknown-key', `“${key}” is not known here.`, position?.file),
          ...(position && { line: position.line, column: position.column }),
        })
      }
    }
  } else if (analysis !== undefined) {
    findings.push(
      plainFinding('shape', 'analysis.yaml is a mapping.', folder.paths.get('analysis.yaml')),
    )
  }
  const paper = folder.named.get('paper.yaml')
  if (isPlainObject(paper)) {
    root.paper = paper
    const file = folder.paths.get('paper.yaml') ?? 'paper.yaml'
    origins.set(root, 'paper', { file, line: 1, column: 1 })
  } else if (paper !== undefined)
    findings.push(plainFinding('shape', 'paper.yaml is a mapping.', folder.paths.get('paper.yaml')))
  const lists = shelf.named.get('codelists.yaml')
  root.codeLists = mergeCodeLists(
    folder.named.get('codelists.yaml'),
    Array.isArray(lists) ? lists : [],
    namedCodeLists([root.forms, root.variables as Plain]),
    merging,
  )
  const shelfChecks = shelf.named.get('checks.yaml')
  const checks = mergeChecks(
    folder.named.get('checks.yaml'),
    Array.isArray(shelfChecks) ? shelfChecks : [],
    merging,
  )
  for (const check of checks.changed) fitCheckTests(check, root, merging)
  for (const check of checks.fromLibrary) {
    const missing = missingNames(check, root)
    if (missing.length === 0) {
      fitCheckTests(check, root, merging)
      origins.move(check, 'id', checks.own, checks.own.length)
      checks.own.push(check)
      continue
    }
    const position = origins.get(check, 'id')
    findings.push({
      code: 'library-check-unused',
      severity: 'note',
      message: `The library's check ${String(check.id)} is not used: the study has no ${missing.join(', ')}.`,
      place: [],
      ...(position && { file: position.file, line: position.line, column: position.column }),
    })
  }
  root.checks = checks.own
  const tests = mergeDerivationTests(
    folder.named.get('derivations.yaml'),
    shelf.named.get('derivations.yaml'),
    shelf.forms,
    root,
    merging,
  )
  if (tests !== null) root.derivationTests = tests
  return root
}

/** Forms by name become objects; outside prospective studies windows sort what was dated and promise nothing. */
function expandEvents(events: Plain, mode: Plain | undefined, origins: Origins): Plain {
  if (!Array.isArray(events)) return events
  for (const event of events) {
    if (isPlainObject(event) && event.window !== undefined && event.windowMode === undefined) {
      if (mode === 'registry' || mode === 'retrospective') event.windowMode = 'bin'
    }
    const forms = memberOf(event, 'forms')
    if (!Array.isArray(forms)) continue
    forms.forEach((entry, index) => {
      if (typeof entry !== 'string') return
      const expanded: PlainObject = { form: entry }
      origins.move(forms, index, expanded, 'form')
      forms[index] = expanded
    })
  }
  return events
}

function namedCodeLists(roots: readonly (Plain | undefined)[]): Set<string> {
  const named = new Set<string>()
  const visit = (value: Plain | undefined): void => {
    if (Array.isArray(value)) value.forEach(visit)
    else if (isPlainObject(value)) {
      if (typeof value.codeList === 'string') named.add(value.codeList)
      for (const key of Object.keys(value)) visit(value[key])
    }
  }
  roots.forEach(visit)
  return named
}
