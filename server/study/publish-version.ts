import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Transaction } from '#db/client.ts'
import { runCheckTests } from '#domain/casebook/check-tests.ts'
import { compileStudy } from '#domain/casebook/compile-study.ts'
import { checkStudy } from '#domain/definition/check-study.ts'
import type { StudyDefinition } from '#domain/definition/definition.ts'
import { hasErrors, type StudyFinding } from '#domain/definition/finding.ts'
import { definitionHash } from '#domain/definition/hash.ts'
import { parseStudy } from '#domain/definition/parse-study.ts'
import { Problem } from '#domain/problem.ts'
import { command } from '../command.ts'
import { commandKey, id, plainText } from '../input.ts'
import { libraryFiles } from './library.ts'

/** One finding of parser, checker or check tests, with its place in the files. */
export type PublishFinding = {
  severity: 'error' | 'warning' | 'note'
  code: string
  message: string
  file: string | null
  line: number | null
  column: number | null
}
export type PublishResult = {
  /** The new version's number; null when findings stopped it. */
  number: number | null
  hash: string | null
  findings: readonly PublishFinding[]
}

/** Checks the files and, when nothing is wrong, publishes them as the next version; the first one opens the study. */
export const publishVersion = command({
  name: 'study.publish',
  permission: 'study.publish',
  input: z.strictObject({
    studyId: id,
    files: z
      .array(z.strictObject({ path: plainText(200), text: plainText(500_000) }))
      .min(1)
      .max(200),
    key: commandKey,
  }),
  states: ['draft', 'open'],
  target: studyForUpdate,
  run: async ({ tx, input, study, actor }): Promise<PublishResult> => {
    const { definition, findings } = await checked(input.files, study.oid)
    if (!definition || hasErrors(findings))
      return { number: null, hash: null, findings: findings.map(told) }
    const hash = definitionHash(definition, sha256)
    const [same] = await tx.query<{ number: number }>(
      'select number from casebook.study_version where study_id = $1 and hash = $2',
      [input.studyId, hash],
    )
    if (same) throw new Problem('duplicate', { what: `This definition (version ${same.number})` })
    const [last] = await tx.query<{ number: number }>(
      'select coalesce(max(number), 0) as number from casebook.study_version where study_id = $1',
      [input.studyId],
    )
    const number = (last?.number ?? 0) + 1
    // Sites keep the version they work with until each of them takes the new one.
    await tx.query(
      `update casebook.site set version_number = $2
       where study_id = $1 and version_number is null and $2 > 0`,
      [input.studyId, number - 1],
    )
    await tx.query(
      `insert into casebook.study_version (study_id, number, label, hash, definition, published_by)
       values ($1, $2, $3, $4, $5, $6)`,
      [input.studyId, number, definition.version, hash, JSON.stringify(definition), actor.userId],
    )
    if (study.state === 'draft') {
      await tx.query(
        `update casebook.study set state = 'open', name = $2, title = $3 where study_id = $1`,
        [input.studyId, JSON.stringify(definition.name), JSON.stringify(definition.title)],
      )
    }
    return { number, hash, findings: findings.map(told) }
  },
})

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

async function studyForUpdate(tx: Transaction, input: { studyId: string }) {
  const rows = await tx.query('select 1 from casebook.study where study_id = $1 for update', [
    input.studyId,
  ])
  return rows.length === 1 ? { siteId: null } : null
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

/** A check whose own tests fail is an error like any other. */
function testFindings(definition: StudyDefinition): StudyFinding[] {
  const compiled = compileStudy(definition)
  return definition.checks.flatMap((check, at) =>
    runCheckTests(compiled, check)
      .filter(({ ok }) => !ok)
      .map(
        ({ name, message }): StudyFinding => ({
          code: 'check-test-failed',
          severity: 'error',
          message: `${name}: ${message}`,
          place: ['checks', at],
        }),
      ),
  )
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
