/**
 * The whole study as a ZIP of CSV files, written to a stream while it is read, from one snapshot of the database and
 * through row security: sites out of the reader's reach are not in it. Begin and end leave a trace of their own, so that a
 * download that was broken off is known, too.
 */
import type { Writable } from 'node:stream'
import { z } from 'zod'
import type { Transaction } from '#db/client.ts'
import { uuidv7 } from '#db/uuid.ts'
import type { Language } from '#domain/definition/definition.ts'
import { languages } from '#domain/definition/definition.ts'
import { csvLine } from '#domain/exchange/csv.ts'
import { Problem } from '#domain/problem.ts'
import { auditEvent } from '../audit-event.ts'
import { command, type StudyState, wholeStudy } from '../command.ts'
import { id } from '../input.ts'
import { type ExportedStudy, exportedStudy } from './all-versions.ts'
import { dictionaryColumns, dictionaryRows, readme } from './dictionary.ts'
import { columnNames, type FormFile, filesOf, rowsOf } from './form-file.ts'
import { recordsForExport } from './records.ts'
import { hasAmendedData, retiredFileName, retiredLines } from './retired-file.ts'
import { Meter, zip } from './zip.ts'

const anyState: readonly StudyState[] = ['draft', 'open', 'locked', 'archived']

const input = z.strictObject({
  studyId: id,
  language: z.enum(languages).default('en'),
  /** A byte order mark lets old spreadsheets read the files as UTF-8. */
  bom: z.boolean().default(false),
})

/** Says in the audit trail that an export begins; refuses who may not. */
export const beginExport = command({
  name: 'export.begin',
  permission: 'data.export',
  input,
  states: anyState,
  target: wholeStudy,
  run: async ({ tx, study }): Promise<{ fileName: string }> => {
    if (study.latestVersion === 0) throw new Problem('not-found')
    await auditEvent(tx, 'export.begun', 'study', study.studyId, {}, study.studyId)
    return { fileName: `${study.oid.toLowerCase()}-${tx.now.slice(0, 10)}.zip` }
  },
})

/** The export into a stream; the stream is ended, or destroyed with the error, before this settles. */
export const exportTo = (sink: Writable) =>
  command({
    name: 'export.download',
    permission: 'data.export',
    input,
    states: anyState,
    snapshot: true,
    asReader: true,
    target: wholeStudy,
    run: async ({ tx, input, study, actor, now }): Promise<{ sha256: string; bytes: number }> => {
      const published = await exportedStudy(tx, input.studyId, study.latestVersion)
      const files = published.forms.flatMap(filesOf)
      const bom = input.bom ? '\uFEFF' : ''
      const sites = await siteCodes(tx, input.studyId)
      const facts = { at: now, by: actor.displayName, sites, hasBom: input.bom }
      const dictionary = [
        [...dictionaryColumns],
        ...dictionaryRows(published, files, input.language),
      ]
      const meter = new Meter()
      await zip(meter, sink, now, async (add) => {
        await add('README.txt', [readme(published, facts)])
        await add('data-dictionary.csv', [bom, ...dictionary.map(csvLine)])
        for (const file of files) {
          const lines = fileLines(tx, published, file, input.language, bom)
          await add(`${file.name}.csv`, lines)
        }
        if (await hasAmendedData(tx, input.studyId)) {
          await add(retiredFileName, retiredLines(tx, input.studyId, input.language, bom))
        }
      })
      return logExport(tx, published, files.length, meter)
    },
  })

async function* fileLines(
  tx: Transaction,
  study: ExportedStudy,
  file: FormFile,
  language: Language,
  bom: string,
): AsyncGenerator<string> {
  yield bom + csvLine(columnNames(file))
  const rows = rowsOf(study, file, language)
  for await (const page of recordsForExport(tx, study.studyId, file.form.oid)) {
    let text = ''
    for (const record of page) for (const row of rows(record)) text += csvLine(row)
    yield text
  }
}

async function siteCodes(tx: Transaction, studyId: string): Promise<string> {
  const rows = await tx.query<{ code: string }>(
    `select code from casebook.site
     where study_id = $1 and ((select casebook.all_sites()) or site_id = any ((select casebook.current_sites())::uuid[]))
     order by code`,
    [studyId],
  )
  return rows.map(({ code }) => code).join(', ') || 'none'
}

async function logExport(
  tx: Transaction,
  study: ExportedStudy,
  forms: number,
  meter: Meter,
): Promise<{ sha256: string; bytes: number }> {
  const sha256 = meter.sha256()
  await tx.query(
    `insert into casebook.export_log (study_id, export_id, by, kind, sha256, bytes, subjects, forms, version_number)
     values ($1, $2, $3, 'csv', $4, $5, (select count(*) from casebook.subject where study_id = $1), $6, $7)`,
    [study.studyId, uuidv7(), tx.settings.actor, sha256, meter.bytes, forms, study.number],
  )
  return { sha256, bytes: meter.bytes }
}
