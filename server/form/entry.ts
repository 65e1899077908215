import type { Transaction } from '#db/client.ts'
import { evaluateForm } from '#domain/casebook/evaluate.ts'
import { isEditable, nextFormState } from '#domain/casebook/form-state.ts'
import type { FormRecordData, RecordKey } from '#domain/casebook/record.ts'
import type { FormView } from '#domain/casebook/views.ts'
import type { FormDef } from '#domain/definition/definition.ts'
import { Problem } from '#domain/problem.ts'
import { sameKey } from '../casebook/consequences.ts'
import {
  casebookOf,
  type RawRecord,
  recordColumnsSql,
  recordsOf,
  referencesFor,
  storedRecord,
  subjectRow,
} from '../casebook/load.ts'
import { openQueries } from '../casebook/open-queries.ts'
import { queriesOfRecord } from '../casebook/record-queries.ts'
import { blankRecord, type CasebookFacts, visitForms, visitView } from '../casebook/visit-view.ts'
import { reading } from '../command.ts'
import { type PublishedStudy, publishedStudy } from '../study/published.ts'
import { subjectHeader } from '../subject/header.ts'
import { formAddressInput } from './address.ts'
import { codeListsOf } from './code-lists.ts'
import { scheduledForm } from './place.ts'
import { contentHash } from './sign-form.ts'

/** A form to look at or to fill in, with everything the screen needs to run the same rules. */
export const formForEntry = reading({
  name: 'form.entry',
  permission: 'casebook.read',
  input: formAddressInput,
  run: async ({ tx, input, actor, now, study, may }): Promise<FormView> => {
    const { studyId, subjectId } = input
    const subject = await subjectRow(tx, studyId, subjectId)
    if (!subject) throw new Problem('not-found')
    const published = await publishedStudy(tx, studyId, subject.versionNumber)
    const place = scheduledForm(published, input)
    const all = await recordsOf(tx, studyId, subjectId)
    const record = await recordAt(tx, published, subjectId, input, place.form)
    const references = await referencesFor(tx, studyId, subject.siteId)
    const others = all.filter(({ key }) => !sameKey(key, record.key))
    const casebook = casebookOf(subject, [...others, record], references, now)
    const needed = new Set(published.compiled.formsReadFor(input.form))
    const facts: CasebookFacts = {
      study: published,
      subject,
      casebook,
      records: all,
      queries: await openQueries(tx, studyId, subjectId),
      language: actor.language,
    }
    const { event, form } = place
    const site = subject.siteId
    const isOpen = study.state === 'open' && !form.system
    // A form that is not stored yet is in progress from its first save on, and the page stays open over it.
    const standing = record.recordId === null ? 'inProgress' : record.state
    const canStep = (step: 'complete' | 'reopen' | 'sign' | 'remove') =>
      !(nextFormState(standing, step) instanceof Problem)
    const isExtra = form.repeats || event.kind === 'unscheduled'
    return {
      reading: null,
      subject: subjectHeader(published, subject, now),
      event: {
        oid: event.oid,
        label: event.label,
        kind: event.kind,
        cell: visitView(facts, event, input.eventRepeat),
      },
      form,
      keptBack: published.keptBack?.items.get(form.oid) ?? [],
      rowKeys: place.rowKeys,
      codeLists: codeListsOf(published, form),
      record,
      studyVersion: { number: published.number, label: published.label, hash: published.hash },
      evaluation: evaluateForm(published.compiled, casebook, record.key),
      context: others.filter(({ key }) => needed.has(key.form)),
      references,
      today: casebook.today,
      queries: record.recordId ? await queriesOfRecord(tx, studyId, record.recordId) : [],
      changed: record.recordId ? await changedPaths(tx, studyId, record.recordId) : {},
      signature: record.recordId ? await signatureOf(tx, published, record) : null,
      siblings: visitForms(facts, event, input.eventRepeat),
      abilities: {
        enter: isOpen && isEditable(record.state) && may('casebook.enter', site),
        complete: isOpen && canStep('complete') && may('form.complete', site),
        reopen: isOpen && canStep('reopen') && may('form.complete', site),
        sign:
          (study.state === 'open' || study.state === 'locked') &&
          !form.system &&
          canStep('sign') &&
          may('form.sign', site),
        remove: isOpen && isExtra && canStep('remove') && may('form.remove', site),
        raiseQuery: study.state === 'open' && record.recordId !== null && may('query.raise', site),
        answerQuery: study.state === 'open' && may('query.answer', site),
        closeQuery: study.state === 'open' && may('query.close', site),
        readAudit: may('audit.read', site),
      },
    }
  },
})

async function recordAt(
  tx: Transaction,
  study: PublishedStudy,
  subjectId: string,
  input: { event: string; eventRepeat: number; formRepeat: number | null },
  form: FormDef,
): Promise<FormRecordData> {
  const rows = await tx.query<RawRecord>(
    `select ${recordColumnsSql} from casebook.form_record r
     where r.study_id = $1 and r.subject_id = $2 and r.event_oid = $3 and r.event_repeat = $4 and r.form_oid = $5
     order by r.form_repeat`,
    [study.studyId, subjectId, input.event, input.eventRepeat, form.oid],
  )
  const formRepeat = input.formRepeat ?? (form.repeats ? null : 1)
  const found = rows.find((row) => row.formRepeat === formRepeat)
  if (found) return storedRecord(found)
  const next = form.repeats ? (rows.at(-1)?.formRepeat ?? 0) + 1 : 1
  if (formRepeat !== null && formRepeat !== next) throw new Problem('not-found')
  const key: RecordKey = {
    event: input.event,
    eventRepeat: input.eventRepeat,
    form: form.oid,
    formRepeat: next,
  }
  return blankRecord(study, key)
}

async function changedPaths(tx: Transaction, studyId: string, recordId: string) {
  const rows = await tx.query<{ path: string; count: number }>(
    `select k.path, count(*)::int as count
     from casebook.audit_record a cross join lateral jsonb_object_keys(a.changes) k(path)
     where a.study_id = $1 and a.chain_id = $2 and a.entity = 'form_record' and k.path ~ '^[A-Z]'
     group by k.path having count(*) > 1`,
    [studyId, recordId],
  )
  return Object.fromEntries(rows.map(({ path, count }) => [path, count]))
}

async function signatureOf(
  tx: Transaction,
  study: PublishedStudy,
  record: FormRecordData,
): Promise<FormView['signature']> {
  const [row] = await tx.query<{
    name: string
    at: string
    meaning: string
    hash: string
    revokedAt: string | null
    why: string | null
    version: number | null
  }>(
    `select signer_name as name, signed_at as at, meaning, content_hash as hash, revoked_at as "revokedAt",
       revoked_why as why, version_number as version
     from casebook.signature where study_id = $1 and record_id = $2
     order by signed_at desc, signature_id desc limit 1`,
    [study.studyId, record.recordId],
  )
  if (!row || record.recordId === null) return null
  // It stays bound to the version it was given under, also when the subject has gone on to another since.
  const under = row.version === null ? study : await publishedStudy(tx, study.studyId, row.version)
  // Somebody from whom a part is concealed has neither the hash nor all that it is of; that nothing revoked it must do.
  const valid =
    row.revokedAt === null &&
    (tx.leftOut !== null ||
      row.hash === contentHash(under, { ...record, recordId: record.recordId }))
  return { name: row.name, at: row.at, meaning: row.meaning, valid, why: row.why }
}
