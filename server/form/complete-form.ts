import { z } from 'zod'
import { evaluateForm } from '#domain/casebook/evaluate.ts'
import type { FormEvaluation } from '#domain/casebook/record.ts'
import { Problem } from '#domain/problem.ts'
import { casebookOf } from '../casebook/load.ts'
import { command } from '../command.ts'
import { inLanguage } from '../display.ts'
import { commandKey, id } from '../input.ts'
import { type FormPlace, labelOf } from './apply-changes.ts'
import { loadRecord } from './load-record.ts'
import { type FormStep, requireRevision, setState, stateAfter } from './take-form-step.ts'

const mostNamed = 12

/** Marks a form complete; refused, with a list, while something required is empty or a rule forbids it. */
export const completeForm = command({
  name: 'form.complete',
  permission: 'form.complete',
  input: z.strictObject({
    studyId: id,
    recordId: id,
    revision: z.int().min(0),
    key: commandKey,
  }),
  target: loadRecord,
  run: async ({ tx, input, target, actor, now }): Promise<FormStep> => {
    requireRevision(target, input.revision)
    const state = stateAfter(target, 'complete')
    const { study, subject, records, references, record } = target
    const casebook = casebookOf(subject, records, references, now)
    const place: FormPlace = {
      study,
      form: record.key.form,
      rowKeys: {},
      language: actor.language,
    }
    requireFinished(place, evaluateForm(study.compiled, casebook, record.key))
    return setState(tx, target, state)
  },
})

function requireFinished(place: FormPlace, evaluation: FormEvaluation) {
  const refusals = evaluation.findings.filter(
    ({ level, check }) => level === 'hard' && check !== 'REQUIRED',
  )
  const named = new Set([
    ...evaluation.open.map((path) => labelOf(place, path)),
    ...refusals.map(({ message }) => inLanguage(message, place.language)),
  ])
  if (named.size === 0) return
  const list = [...named].slice(0, mostNamed)
  if (named.size > mostNamed) list.push(`+ ${named.size - mostNamed}`)
  const where = evaluation.open[0] ?? refusals[0]?.path
  throw new Problem('form-incomplete', { what: list.join('; '), count: named.size }, where)
}
