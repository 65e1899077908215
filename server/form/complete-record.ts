/** What it takes to mark a form complete, whoever filled it. */
import { z } from 'zod'
import type { Transaction } from '#db/client.ts'
import { evaluateForm } from '#domain/casebook/evaluate.ts'
import type { FormEvaluation } from '#domain/casebook/record.ts'
import { Problem } from '#domain/problem.ts'
import type { Person } from '../actor.ts'
import { casebookOf } from '../casebook/load.ts'
import { inLanguage } from '../display.ts'
import { commandKey, id } from '../input.ts'
import { type FormPlace, labelOf } from './apply-changes.ts'
import type { LoadedRecord } from './load-record.ts'
import { type FormStep, requireRevision, setState, stateAfter } from './take-form-step.ts'

export const completeInput = {
  studyId: id,
  recordId: id,
  revision: z.int().min(0),
  key: commandKey,
}

const mostNamed = 12

/** Throws, with a list, while something required is empty or a rule forbids it. */
export async function completeRecord(
  tx: Transaction,
  revision: number,
  target: LoadedRecord,
  actor: Pick<Person, 'language'>,
  now: string,
): Promise<FormStep> {
  requireRevision(target, revision)
  const state = stateAfter(target, 'complete')
  const { study, subject, records, references, record } = target
  const casebook = casebookOf(subject, records, references, now)
  const { form } = record.key
  const place: FormPlace = { study, form, rowKeys: {}, language: actor.language }
  requireFinished(place, evaluateForm(study.compiled, casebook, record.key))
  return setState(tx, target, state)
}

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
