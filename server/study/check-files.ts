/** Everything that must hold before the files of a definition may be published, as findings with file and line. */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Transaction } from '#db/client.ts'
import { compileStudy } from '#domain/casebook/compile-study.ts'
import { runStudyTests } from '#domain/casebook/study-tests.ts'
import { checkStudy } from '#domain/definition/check-study.ts'
import type { StudyDefinition } from '#domain/definition/definition.ts'
import { diffDefinitions } from '#domain/definition/diff.ts'
import { hasErrors, type StudyFinding } from '#domain/definition/finding.ts'
import { definitionHash } from '#domain/definition/hash.ts'
import { parseStudy } from '#domain/definition/parse-study.ts'
import type { StudyRow } from '../command.ts'
import { plainText } from '../input.ts'
import { libraryFiles } from './library.ts'
import { type PublishedStudy, publishedStudy } from './published.ts'

/** One finding of parser, checker or the definition's own tests, with its place in the files. */
export type PublishFinding = {
  severity: 'error' | 'warning' | 'note'
  code: string
  message: string
  file: string | null
  line: number | null
  column: number | null
}

export const definitionFiles = z
  .array(z.strictObject({ path: plainText(200), text: plainText(500_000) }))
  .min(1)
  .max(200)

export type CheckedFiles = {
  /** Null where a finding of severity error forbids to publish it. */
  definition: StudyDefinition | null
  hash: string | null
  findings: readonly PublishFinding[]
  /** The newest published version; null before the first. */
  newest: PublishedStudy | null
}

export async function checkFiles(
  tx: Transaction,
  study: StudyRow,
  files: z.output<typeof definitionFiles>,
): Promise<CheckedFiles> {
  const { latestVersion, studyId } = study
  const newest = latestVersion === 0 ? null : await publishedStudy(tx, studyId, latestVersion)
  const { definition, findings } = await checked(files, study.oid)
  if (definition && newest) findings.push(...(await forbidden(tx, newest, definition)))
  const isSound = definition !== null && !hasErrors(findings)
  return {
    definition: isSound ? definition : null,
    hash: isSound ? definitionHash(definition, sha256) : null,
    findings: findings.map(told),
    newest,
  }
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

/** What may not change once lists are frozen or subjects allocated: the lists were made for it. */
async function forbidden(
  tx: Transaction,
  newest: PublishedStudy,
  definition: StudyDefinition,
): Promise<StudyFinding[]> {
  const changes = diffDefinitions(newest.definition, definition).filter(
    ({ severity }) => severity === 'forbidden',
  )
  if (changes.length === 0) return []
  const strata = newest.definition.allocation?.strata.map(({ code }) => code) ?? []
  const [row] = await tx.query<{ begun: boolean }>(
    `select exists (select from casebook.allocation_issued a where a.study_id = $1)
       or exists (select from unnest($2::text[]) s(code) where allocation.is_open($1, s.code)) as begun`,
    [newest.studyId, strata],
  )
  if (!row?.begun) return []
  return changes.map(({ code, text }) => ({
    code,
    severity: 'error',
    message: `${text.en} This is not possible once an allocation list is frozen.`,
    place: ['allocation'],
  }))
}

async function checked(
  files: readonly { path: string; text: string }[],
  oid: string,
): Promise<{ definition: StudyDefinition | null; findings: StudyFinding[] }> {
  const parsed = parseStudy(files, await libraryFiles())
  const { definition } = parsed
  if (!definition && !hasErrors(parsed.findings)) {
    const message = 'The files hold no study.'
    parsed.findings.push({ code: 'no-study', severity: 'error', message, place: [] })
  }
  if (!definition || hasErrors(parsed.findings)) return parsed
  const found = checkStudy(definition)
  if (definition.oid !== oid) {
    const message = `The definition is of study ${definition.oid}, not of ${oid}.`
    found.push({ code: 'other-study', severity: 'error', message, place: ['oid'] })
  }
  if (!hasErrors(found)) found.push(...testFindings(definition))
  return { definition, findings: [...parsed.findings, ...found.map(parsed.locate)] }
}

/** A test that fails is an error like any other; what no test shows is a warning. */
function testFindings(definition: StudyDefinition): StudyFinding[] {
  const { checks, derivations, coverage } = runStudyTests(compileStudy(definition))
  const failed = [
    ...checks
      .filter(({ ok }) => !ok)
      .map(({ check, name, message, place }) => ({
        code: 'check-test-failed',
        message: `${check}: ${name}: ${message}`,
        place,
      })),
    ...derivations
      .filter(({ ok }) => !ok)
      .map(({ test, message, place }) => ({
        code: 'derivation-test-failed',
        message: `${test}: ${message}`,
        place,
      })),
  ]
  const gaps = coverage.gaps.map(({ name, lacks, place }) => ({
    code: 'not-covered',
    message: `No passing test shows ${name} ${lacks.join(', ')}.`,
    place,
  }))
  return [
    ...failed.map((finding): StudyFinding => ({ ...finding, severity: 'error' })),
    ...gaps.map((finding): StudyFinding => ({ ...finding, severity: 'warning' })),
  ]
}

function told({ severity, code, message, file, line, column }: StudyFinding): PublishFinding {
  return {
    severity,
    code,
    message,
    file: file ?? null,
    line: line ?? null,
    column: column ?? null,
  }
}
