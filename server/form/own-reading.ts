import type { Transaction } from '#db/client.ts'
import { Problem } from '#domain/problem.ts'
import type { Person } from '../actor.ts'
import type { LoadedRecord } from './load-record.ts'

/** Throws `not-found` unless the record is an entry that this reader made in a form that readers fill. */
export async function requireOwnReading(
  tx: Transaction,
  { record, study }: LoadedRecord,
  reader: Pick<Person, 'userId'>,
): Promise<void> {
  const [own] = await tx.query(
    `select from casebook.form_record where study_id = $1 and record_id = $2 and created_by = $3`,
    [study.studyId, record.recordId, reader.userId],
  )
  if (!own || study.forms.get(record.key.form)?.for === undefined) throw new Problem('not-found')
}
