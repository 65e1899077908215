/** The heart of both ways to randomise: at the screen, and recorded after a telephone allocation. */
import type { Transaction } from '#db/client.ts'
import { uuidv7 } from '#db/uuid.ts'
import type { Permission } from '#domain/access/permissions.ts'
import { evaluateAffected, evaluateForm } from '#domain/casebook/evaluate.ts'
import type { FormValues } from '#domain/casebook/record.ts'
import { nextSubjectState } from '#domain/casebook/subject-state.ts'
import type { RandomisationView } from '#domain/casebook/views.ts'
import type { AllocationDef } from '#domain/definition/definition.ts'
import { Problem } from '#domain/problem.ts'
import type { Person } from '../actor.ts'
import { concealedFrom, concealsArms } from '../blinding/sight.ts'
import { sameKey } from '../casebook/consequences.ts'
import { casebookOf, type StoredRecord } from '../casebook/load.ts'
import { type LoadedCasebook, loadForSave } from '../casebook/load-for-save.ts'
import { writeRecord } from '../casebook/write-record.ts'
import type { StudyRow } from '../command.ts'
import { inLanguage } from '../display.ts'
import { publishedStudy } from '../study/published.ts'
import { allocationView, issuedTo, preconditionsOf, stratumOf } from './allocation-view.ts'

export type AllocationTarget = LoadedCasebook & { allocation: AllocationDef }

export type AllocationAct = {
  tx: Transaction
  input: { studyId: string; subjectId: string }
  target: AllocationTarget
  study: StudyRow
  actor: Person
  now: string
  may: (permission: Permission, siteId?: string) => boolean
  /** When the allocation was made, date and time with offset, as RANDDTC keeps it. */
  performedAt: string
  /** Why it is recorded after the fact; null for one made at the screen. */
  recordedBecause: string | null
}

/**
 * Looks at every precondition again under the lock of the subject, issues the next row of the stratum's list, and writes the
 * allocation to its form - all of it or nothing. The snapshot keeps what was read.
 */
export async function allocateSubject(
  act: AllocationAct,
): Promise<NonNullable<RandomisationView['allocation']>> {
  const { tx, input, target, actor, now, may } = act
  const { study, subject, allocation } = target
  if (await issuedTo(tx, input.studyId, input.subjectId)) throw new Problem('already-randomised')
  if (!subject.siteOpen) {
    throw new Problem('randomisation-closed', { what: `site ${subject.siteCode} is closed` })
  }
  const casebook = casebookOf(subject, target.records, target.references, now)
  const preconditions = preconditionsOf(study, allocation, casebook)
  const unmet = preconditions.find(({ met }) => met !== true)
  if (unmet) {
    throw new Problem(unmet.problem, { what: inLanguage(unmet.label, actor.language) }, unmet.form)
  }
  const next = nextSubjectState(subject.state, 'randomise')
  if (next instanceof Problem) throw next
  const stratum = stratumOf(study, allocation, casebook)
  if (!stratum) throw new Problem('stratum-unknown', { what: 'it is not entered yet' })
  const snapshot = {
    ...snapshotOf(target, stratum.code),
    performedAt: act.performedAt,
    recordedBecause: act.recordedBecause,
  }
  await tx.query('select number from allocation.issue($1, $2, $3, $4)', [
    input.studyId,
    input.subjectId,
    stratum.code,
    JSON.stringify(snapshot),
  ])
  const issued = await issuedTo(tx, input.studyId, input.subjectId)
  if (!issued) throw new Error('An allocation was issued and cannot be read')
  await writeAllocation(tx, target, now, {
    RANDSTR: issued.stratum,
    RANDNO: issued.number,
    RANDDTC: act.performedAt,
    ARMCD: issued.arm,
    RANDBY: actor.displayName,
  })
  const isConcealed = concealsArms(await concealedFrom({ tx, actor, study: act.study }))
  return allocationView(allocation, issued, !isConcealed && may('arm.read', subject.siteId))
}

/** Loads the subject with everything that preconditions and stratum read, locked. */
export async function loadWithAllocation(
  tx: Transaction,
  input: { studyId: string; subjectId: string },
  study: StudyRow,
): Promise<AllocationTarget | null> {
  if (study.latestVersion === 0) return null
  const { definition } = await publishedStudy(tx, study.studyId, study.latestVersion)
  const form = definition.allocation?.form
  const event = definition.events.find((one) => one.forms.some((entry) => entry.form === form))
  if (form === undefined || !event) return null
  const place = { event: event.oid, eventRepeat: 1, form, formRepeat: 1 }
  const loaded = await loadForSave(tx, study, input.subjectId, place, { allForms: true })
  const allocation = loaded?.study.definition.allocation
  return loaded && allocation ? { ...loaded, allocation } : null
}

/** What eligibility, consent and stratum read at this moment, with the revision of every form they read. */
function snapshotOf({ allocation, records, study }: AllocationTarget, stratum: string) {
  const forms = new Set(allocation.preconditions.map(({ form }) => form))
  for (const { form } of study.compiled.subject(allocation.stratum)?.references ?? [])
    forms.add(form)
  return {
    stratum,
    version: { number: study.number, hash: study.hash },
    preconditions: allocation.preconditions.map(({ id }) => id),
    records: records
      .filter(({ key }) => forms.has(key.form))
      .map(({ recordId, key, revision, state, data, derived }) => ({
        recordId,
        key,
        revision,
        state,
        data,
        derived,
      })),
  }
}

async function writeAllocation(
  tx: Transaction,
  loaded: AllocationTarget,
  now: string,
  values: Readonly<Record<string, string>>,
) {
  const { study, subject, allocation } = loaded
  const event = study.definition.events.find((one) =>
    one.forms.some((entry) => entry.form === allocation.form),
  )
  const items = study.items.get(allocation.form)
  if (!event || !items) throw new Problem('randomisation-closed', { what: 'the form is missing' })
  const data: FormValues = Object.fromEntries(
    Object.entries(values).filter(([item]) => items.has(item)),
  )
  const record: StoredRecord = {
    recordId: uuidv7(),
    key: { event: event.oid, eventRepeat: 1, form: allocation.form, formRepeat: 1 },
    versionNumber: study.number,
    revision: 0,
    state: 'complete',
    data,
    derived: {},
    openCount: 0,
  }
  const casebook = casebookOf(subject, [...loaded.records, record], loaded.references, now)
  const changed = [{ key: record.key, paths: [] }]
  const { evaluations } = evaluateAffected(study.compiled, casebook, changed)
  const own = evaluations.find(({ key }) => sameKey(key, record.key))
  await writeRecord(
    tx,
    loaded,
    {
      before: null,
      record,
      evaluation: own?.evaluation ?? evaluateForm(study.compiled, casebook, record.key),
      others: evaluations.filter(({ key }) => !sameKey(key, record.key)),
      paths: Object.keys(data),
      reasons: {},
    },
    now,
  )
}
