import { z } from 'zod'
import { evaluateAffected } from '#domain/casebook/evaluate.ts'
import { Problem } from '#domain/problem.ts'
import { requireShown } from '../blinding/sight.ts'
import { Batch } from '../casebook/batch.ts'
import { cancelQueries, fallSignatures, sameKey, settleOthers } from '../casebook/consequences.ts'
import { casebookOf } from '../casebook/load.ts'
import { subjectFacts, writeFacts } from '../casebook/subject-facts.ts'
import { existing, settlementOf } from '../casebook/write-record.ts'
import { command } from '../command.ts'
import { commandKey, id, reasonText } from '../input.ts'
import { loadRecord } from './load-record.ts'
import { type FormStep, setState, stateAfter } from './take-form-step.ts'

/**
 * Takes an instance of a log form, or of a form of an unscheduled visit, out of the casebook. It stays readable in the
 * audit trail and its number is not given again. A form of the schedule has its one place and is emptied instead.
 */
export const removeForm = command({
  name: 'form.remove',
  permission: 'form.remove',
  input: z.strictObject({ studyId: id, recordId: id, reason: reasonText, key: commandKey }),
  reason: (input) => input.reason,
  target: loadRecord,
  run: async ({ tx, input, target, now, actor, study: of }): Promise<FormStep> => {
    await requireShown({ tx, actor, study: of }, target.record.key)
    const { study, subject, record, references } = target
    const { key } = record
    const isExtra =
      study.forms.get(key.form)?.repeats || study.events.get(key.event)?.kind === 'unscheduled'
    if (!isExtra) {
      const what = 'a form of the schedule is emptied with a reason, not removed'
      throw new Problem('invalid-input', { where: 'Form', what })
    }
    const state = stateAfter(target, 'remove')
    const left = target.records.filter((other) => !sameKey(other.key, key))
    const casebook = casebookOf(subject, left, references, now)
    const { evaluations } = evaluateAffected(study.compiled, casebook, [{ key, paths: [] }])
    const batch = new Batch()
    const settlement = settlementOf(target, batch)
    fallSignatures(settlement, record.recordId, input.reason)
    cancelQueries(settlement, record.recordId)
    const others = evaluations.filter((other) => !sameKey(other.key, key))
    settleOthers(settlement, existing(target, others))
    if (study.subjectForms.has(key.form)) {
      writeFacts(batch, study.studyId, subject, subjectFacts(study, casebook, subject), null)
    }
    await batch.run(tx)
    return setState(tx, target, state)
  },
})
