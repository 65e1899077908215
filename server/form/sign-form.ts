import { createHash } from 'node:crypto'
import { z } from 'zod'
import { uuidv7 } from '#db/uuid.ts'
import type { Label } from '#domain/definition/definition.ts'
import { canonicalJson } from '#domain/definition/hash.ts'
import { Problem } from '#domain/problem.ts'
import { reauthenticate } from '../account/sign-in.ts'
import { requireShown } from '../blinding/sight.ts'
import { command } from '../command.ts'
import { inLanguage } from '../display.ts'
import { commandKey, id, plainText } from '../input.ts'
import type { PublishedStudy } from '../study/published.ts'
import { type LoadedRecord, loadRecord } from './load-record.ts'
import { type FormStep, requireRevision, setState, stateAfter } from './take-form-step.ts'

const usualMeaning: Label = {
  en: 'I have reviewed this form; it is complete and correct.',
  ja: '本フォームを確認し、内容が完全かつ正確であることを認めます。',
  zh: '本人已审阅此表，确认内容完整且正确。',
}

/**
 * Signs a complete form in the signer's own name, once: the password is asked again, and the signature is bound to the
 * values, the study version and the record by a hash, so that it can be moved nowhere.
 */
export const signForm = command({
  name: 'form.sign',
  permission: 'form.sign',
  input: z.strictObject({
    studyId: id,
    recordId: id,
    revision: z.int().min(0),
    password: plainText(200),
    key: commandKey,
  }),
  states: ['open', 'locked'],
  prove: (actor, input) => reauthenticate(actor.userId, input.password),
  target: loadRecord,
  run: async ({ tx, input, target, actor, study: of }): Promise<FormStep> => {
    await requireShown({ tx, actor, study: of }, target.record.key)
    requireRevision(target, input.revision)
    const state = stateAfter(target, 'sign')
    if (target.signed.has(input.recordId)) throw new Problem('record-changed-meanwhile')
    const { record, study, subject } = target
    const meaning = study.forms.get(record.key.form)?.signature?.meaning ?? usualMeaning
    await tx.query(
      `insert into casebook.signature
         (study_id, signature_id, record_id, site_id, subject_id, meaning, content_hash, signed_by, signer_name,
          version_number)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [
        study.studyId,
        uuidv7(),
        record.recordId,
        target.siteId,
        subject.subjectId,
        inLanguage(meaning, actor.language),
        contentHash(study, record),
        actor.userId,
        actor.displayName,
        study.number,
      ],
    )
    return setState(tx, target, state)
  },
})

/** SHA-256 (hex) of what a signature stands for: which record, under which version, with which values. */
export function contentHash(
  study: Pick<PublishedStudy, 'hash'>,
  record: Pick<LoadedRecord['record'], 'recordId' | 'key' | 'data' | 'derived'>,
): string {
  const { recordId, key, data, derived } = record
  const content = canonicalJson({ version: study.hash, recordId, key, data, derived })
  return createHash('sha256').update(content).digest('hex')
}
