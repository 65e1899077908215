import type { FormValues } from '#domain/casebook/record.ts'
import type { Batch } from '../casebook/batch.ts'
import type { Settlement } from '../casebook/consequences.ts'
import type { StoredRecord } from '../casebook/load.ts'
import { queueJob } from '../job/outbox.ts'
import { adverseEventForm, adverseEventItems } from './names.ts'

/** Tells the study at once when an adverse event is first called serious, or called so again. */
export function noticeSeriousEvent(
  batch: Batch,
  settlement: Settlement,
  record: StoredRecord,
  before: FormValues,
): void {
  if (record.key.form !== adverseEventForm) return
  const { serious } = adverseEventItems
  if (record.data[serious] !== 'Y' || before[serious] === 'Y') return
  const { studyId, siteId, subjectId } = settlement
  const payload = { studyId, siteId, subjectId, recordId: record.recordId }
  queueJob(batch, { task: 'serious-adverse-event', payload }, `serious:${record.recordId}`)
}
