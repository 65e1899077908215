/**
 * The whole study as a ZIP of CSV files, written to a stream while it is read, from one snapshot of the database and
 * through row security: sites out of the reader's reach are not in it. Begin and end leave a trace of their own, so that a
 * download that was broken off is known, too.
 */
import type { Writable } from 'node:stream'
import { z } from 'zod'
import type { Transaction } from '#db/client.ts'
import type { Language } from '#domain/definition/definition.ts'
import { languages } from '#domain/definition/definition.ts'
import { csvLine } from '#domain/exchange/csv.ts'
import { Problem } from '#domain/problem.ts'
import type { Person } from '../actor.ts'
import { auditEvent } from '../audit-event.ts'
import { command, reading, wholeStudy } from '../command.ts'
import { id } from '../input.ts'
import { type ExportedStudy, exportedStudy } from './all-versions.ts'
import { dictionaryColumns, dictionaryRows, readme } from './dictionary.ts'
import { columnNames, type FormFile, filesOf, rowsOf } from './form-file.ts'
import { recordsForExport } from './records.ts'
import { hasAmendedData, retiredFileName, retiredLines } from './retired-file.ts'
import { anyState, askedAndLogged, logVerb, type Taken } from './taken.ts'
import { Meter, zip } from './zip.ts'

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

/** The files into a stream, from one snapshot that writes nothing. */
const readInto = (sink: Writable) =>
  reading({
    name: 'export.download',
    permission: 'data.export',
    input,
    snapshot: true,
    run: async ({ tx, input, study, actor, now }): Promise<Taken> => {
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
      return {
        kind: 'csv',
        ...meter.result(),
        subjects: await subjectsOf(tx, input.studyId),
        files: files.length,
        version: published.number,
        at: now,
      }
    },
  })

const log = logVerb('export.log')

/** The export into a stream; the stream is ended, or destroyed with the error, before this settles. */
export const exportTo = (sink: Writable) => ({
  execute: (actor: Person | null, asked: z.input<typeof input>): Promise<Taken> =>
    askedAndLogged(readInto(sink), log, actor, asked),
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

async function subjectsOf(tx: Transaction, studyId: string): Promise<number> {
  const [row] = await tx.query<{ count: number }>(
    'select count(*)::int as count from casebook.subject where study_id = $1',
    [studyId],
  )
  return row?.count ?? 0
}
