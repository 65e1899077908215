/**
 * Writes what was foreseen for a batch of subjects, in one message to the database: the records by one statement, what follows
 * from them by some more. The triggers write an audit record for each of them, with the reason of the run.
 */
import type { Transaction } from '#db/client.ts'
import { json } from '#db/statement.ts'
import type { SignatureFall } from '#domain/casebook/migrate-subject.ts'
import type { Move } from '#domain/casebook/migrate-values.ts'
import type { Label } from '#domain/definition/definition.ts'
import { Batch } from '../casebook/batch.ts'
import { fallSignatures, type Settlement, writeQueryChanges } from '../casebook/consequences.ts'
import { inLanguage } from '../display.ts'
import { factsAfter } from './facts-after.ts'
import type { Foreseen, ForeseenRecord } from './foresee.ts'
import type { StudyPlan } from './plan.ts'

export type ForeseenSubject = { plan: StudyPlan; foreseen: Foreseen }

/** Needs the subjects locked. Gives the number of records that were written. */
export async function writeSubjects(
  tx: Transaction,
  subjects: readonly ForeseenSubject[],
  reason: string,
): Promise<number> {
  const [first] = subjects
  if (!first) return 0
  const { studyId } = first.plan.target
  const batch = new Batch()
  const rows = subjects.flatMap(({ plan, foreseen }) =>
    foreseen.records.map((record) => recordRow(plan, record, reason)),
  )
  batch.add`update casebook.form_record r set version_number = n.version, event_oid = n.event, form_oid = n.form,
      state = n.state, open_count = n.open, data = coalesce(n.data, r.data), derived = coalesce(n.derived, r.derived),
      reason = n.reason
    from jsonb_to_recordset(${json(rows)}) n(id uuid, version int, event text, form text, state text, open int,
      data jsonb, derived jsonb, reason jsonb)
    where r.study_id = ${studyId}::uuid and r.record_id = n.id`
  const facts = subjects.map(({ plan, foreseen }) => factsAfter(plan, foreseen, tx.now))
  batch.add`update casebook.subject b set version_number = n.version, state = n.state, anchor_date = n.anchor,
      withdrawn_on = n.withdrawn, columns = n.columns, visits = n.visits
    from jsonb_to_recordset(${json(facts)}) n(id uuid, version int, state text, anchor date, withdrawn date, columns jsonb,
      visits jsonb)
    where b.study_id = ${studyId}::uuid and b.subject_id = n.id`
  for (const { plan, foreseen } of subjects) queueConsequences(batch, plan, foreseen)
  await batch.run(tx)
  return rows.length
}

function recordRow(plan: StudyPlan, after: ForeseenRecord, reason: string) {
  const { record, key, data, derived, moves } = after
  return {
    id: record.recordId,
    version: plan.to,
    event: key.event,
    form: key.form,
    state: after.state,
    open: after.openCount,
    data: data === record.data ? null : data,
    derived:
      after.derivedChanges.length === 0 && sameKeys(derived, record.derived) ? null : derived,
    reason: Object.fromEntries(moves.map(({ from }) => [from, reason])),
  }
}

const sameKeys = (a: object, b: object) =>
  Object.keys(a).length === Object.keys(b).length && Object.keys(a).every((key) => key in b)

function queueConsequences(batch: Batch, plan: StudyPlan, foreseen: Foreseen): void {
  const { whole, records, known } = foreseen
  const { studyId } = plan.target
  const { subjectId, siteId } = whole.subject
  const language = plan.target.definition.languages[0] ?? 'en'
  const settlement: Settlement = {
    studyId,
    subjectId,
    siteId,
    language,
    queries: known,
    signed: new Set(whole.signatures.map(({ recordId }) => recordId)),
    batch,
  }
  for (const after of records) {
    const { recordId } = after.record
    for (const move of after.moves) queueMove(batch, studyId, recordId, move)
    if (after.signature) {
      fallSignatures(settlement, recordId, inLanguage(fallText(plan, after.signature), language))
    }
    const written = { ...after.record, data: after.data, state: after.state }
    writeQueryChanges(settlement, written, after.queries)
  }
  const fallen = new Set(
    records.flatMap(({ record, signature }) => (signature ? [record.recordId] : [])),
  )
  for (const { signatureId, recordId, versionNumber } of whole.signatures) {
    if (versionNumber !== null || fallen.has(recordId)) continue
    batch.add`update casebook.signature set version_number = ${plan.from}
      where study_id = ${studyId}::uuid and signature_id = ${signatureId}::uuid`
  }
}

/** Questions and verified marks go along with a value; a value that was recoded must be verified again. */
function queueMove(batch: Batch, studyId: string, recordId: string, move: Move): void {
  const { from, to, why } = move
  if (to !== from && why !== 'calculated') {
    batch.add`update casebook.query set path = ${to}
      where study_id = ${studyId}::uuid and record_id = ${recordId}::uuid and path = ${from}`
  }
  if (why === 'renamed') {
    batch.add`insert into casebook.verification (study_id, record_id, path, site_id, verified_at, verified_by, value_hash)
      select v.study_id, v.record_id, ${to}, v.site_id, v.verified_at, v.verified_by, v.value_hash
      from casebook.verification v
      where v.study_id = ${studyId}::uuid and v.record_id = ${recordId}::uuid and v.path = ${from} and v.dropped_at is null
      on conflict (study_id, record_id, path) do update set verified_at = excluded.verified_at,
        verified_by = excluded.verified_by, value_hash = excluded.value_hash, dropped_at = null`
  }
  batch.add`update casebook.verification set dropped_at = now()
    where study_id = ${studyId}::uuid and record_id = ${recordId}::uuid and path = ${from} and dropped_at is null`
}

/** Why a signature fell, for the signer. */
export function fallText(plan: Pick<StudyPlan, 'to'>, { why, change }: SignatureFall): Label {
  const cause: Record<SignatureFall['why'], Label> = {
    moved: {
      en: 'a signed value was carried over to a renamed item or a replaced code.',
      ja: '署名済みの値が改名された項目または置き換えられたコードに引き継がれました。',
      zh: '已签名的值被转移到更名的项目或替换的代码。',
    },
    renamed: {
      en: 'the form or its visit was renamed.',
      ja: 'フォームまたは来院の名称が変わりました。',
      zh: '表单或其访视已更名。',
    },
    altered: change?.text ?? { en: 'a signed item changed.' },
    refused: {
      en: 'a signed value no longer fits its item.',
      ja: '署名済みの値が項目の定義に合わなくなりました。',
      zh: '已签名的值不再符合其项目定义。',
    },
    derived: {
      en: 'a calculated value changed.',
      ja: '計算値が変わりました。',
      zh: '计算值发生变化。',
    },
    open: {
      en: 'a newly required item is empty.',
      ja: '新たに必須となった項目が未記入です。',
      zh: '新的必填项目为空。',
    },
  }
  const text = cause[why]
  return {
    en: `Study version ${plan.to}: ${text.en}`,
    ja: `試験定義 第${plan.to}版：${text.ja ?? text.en}`,
    zh: `研究定义第${plan.to}版：${text.zh ?? text.en}`,
  }
}
