import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { asSystem } from '#db/seed/build.ts'
import type { FormView } from '#domain/casebook/views.ts'
import { subjectCasebook } from '../subject/casebook.ts'
import {
  aScreenedSubject,
  aWorld,
  type FormAt,
  key,
  password,
  problemOf,
  save,
  values,
  type World,
} from '../testing/world.ts'
import { completeForm } from './complete-form.ts'
import { formForEntry } from './entry.ts'
import { formLog, itemHistory } from './reads.ts'
import { removeForm } from './remove-form.ts'
import { reopenForm } from './reopen-form.ts'
import { signForm } from './sign-form.ts'

let world: World
beforeAll(async () => {
  world = await aWorld()
})
afterAll(() => world.end())

const view = (at: FormAt): Promise<FormView> =>
  formForEntry.execute(world.people.investigator, {
    studyId: world.studyId,
    eventRepeat: 1,
    formRepeat: 1,
    ...at,
  })
const complete = (recordId: string, revision: number) =>
  completeForm.execute(world.people.coordinator, {
    studyId: world.studyId,
    recordId,
    revision,
    key: key(),
  })
const sign = (recordId: string, revision: number, given = password, once = key()) =>
  signForm.execute(world.people.investigator, {
    studyId: world.studyId,
    recordId,
    revision,
    password: given,
    key: once,
  })
const reopen = (recordId: string, reason = 'source says otherwise') =>
  reopenForm.execute(world.people.investigator, {
    studyId: world.studyId,
    recordId,
    reason,
    key: key(),
  })
const remove = (recordId: string) =>
  removeForm.execute(world.people.coordinator, {
    studyId: world.studyId,
    recordId,
    reason: 'entered for the wrong subject',
    key: key(),
  })

async function completeDiagnosis() {
  const { subjectId } = await aScreenedSubject(world)
  const at: FormAt = { subjectId, event: 'SCR', form: 'F_DX' }
  const saved = await save(world, at, values({ DIAG: 'PM', ELIG: 'Y' }))
  const done = await complete(saved.recordId, saved.revision)
  return { at, ...done }
}

describe('form.complete', () => {
  it('is refused with a list while something required is open', async () => {
    const { subjectId } = await aScreenedSubject(world)
    const saved = await save(
      world,
      { subjectId, event: 'SCR', form: 'F_DX' },
      values({ DIAG: 'PM' }),
    )
    expect(await problemOf(complete(saved.recordId, saved.revision))).toMatchObject({
      code: 'form-incomplete',
      details: { what: 'Eligible', count: 1 },
      place: 'ELIG',
    })
  })

  it('is refused while a hard check speaks, in the words of the check', async () => {
    const { subjectId } = await aScreenedSubject(world)
    const at: FormAt = { subjectId, event: 'LOG', form: 'F_AE', formRepeat: null }
    const wrong = { AETERM: 'Cough', AESTDTC: '2026-01-10', AEENDTC: '2026-01-02', AESER: 'N' }
    const saved = await save(world, at, values(wrong))
    expect(saved.refused).toEqual([])
    expect(await problemOf(complete(saved.recordId, saved.revision))).toMatchObject({
      code: 'form-incomplete',
      details: { what: 'The end lies before the start.' },
    })
  })

  it('is refused for who looked at an older state', async () => {
    const { recordId, revision } = await completeDiagnosis()
    expect(await problemOf(complete(recordId, revision - 1))).toMatchObject({
      code: 'record-changed-meanwhile',
    })
  })
})

describe('form.sign', () => {
  it('asks for the password again and signs nothing without it', async () => {
    const { at, recordId, revision } = await completeDiagnosis()
    expect(await problemOf(sign(recordId, revision, 'not the password'))).toMatchObject({
      code: 'wrong-password',
    })
    expect((await view(at)).signature).toBeNull()
  })

  it('shows name, time and meaning, holds to the content, and is given once', async () => {
    const { at, recordId, revision } = await completeDiagnosis()
    const [first, second] = await Promise.allSettled([
      sign(recordId, revision),
      sign(recordId, revision),
    ])
    const failed = [first, second].find((result) => result.status === 'rejected')
    expect(failed).toMatchObject({ reason: { code: 'record-changed-meanwhile' } })
    const seen = await view(at)
    expect(seen.record.state).toBe('signed')
    expect(seen.signature).toMatchObject({
      name: world.people.investigator.displayName,
      meaning: 'The diagnosis is mine.',
      valid: true,
    })
    expect(seen.abilities).toMatchObject({ enter: false, sign: false, reopen: true })
  })

  it('is the same signature for the same key', async () => {
    const { recordId, revision } = await completeDiagnosis()
    const once = key()
    const signed = await sign(recordId, revision, password, once)
    expect(await sign(recordId, revision, password, once)).toEqual(signed)
  })

  it('is refused for a form that is not complete', async () => {
    const { subjectId } = await aScreenedSubject(world)
    const at: FormAt = { subjectId, event: 'SCR', form: 'F_DX' }
    const saved = await save(world, at, values({ DIAG: 'PM' }))
    expect(await problemOf(sign(saved.recordId, saved.revision))).toMatchObject({
      code: 'form-not-complete',
    })
  })

  it('falls when the form is opened again, and that stays to be seen', async () => {
    const { at, recordId, revision } = await completeDiagnosis()
    await sign(recordId, revision)
    await reopen(recordId)
    const seen = await view(at)
    expect(seen.record.state).toBe('inProgress')
    expect(seen.signature).toMatchObject({ valid: false })
  })

  it('falls when a value that another form derives changes under it', async () => {
    const { subjectId } = await aScreenedSubject(world)
    const vitals: FormAt = { subjectId, event: 'W0', form: 'F_VS' }
    const dose: FormAt = { subjectId, event: 'W0', form: 'F_DOSE' }
    await save(world, vitals, values({ WEIGHT: '70' }))
    const saved = await save(world, dose, values({ MG: '70' }))
    const done = await complete(saved.recordId, saved.revision)
    await sign(done.recordId, done.revision)
    const changed = await save(world, vitals, [
      { path: 'WEIGHT', from: '70', to: '35', reason: 'misread' },
    ])
    expect(changed.alsoChanged.map(({ what }) => what)).toContain('signature')
    expect(await view(dose)).toMatchObject({
      record: { state: 'complete' },
      signature: { valid: false },
    })
  })

  it('shows as not valid when stored data were changed behind its back', async () => {
    const { at, recordId, revision } = await completeDiagnosis()
    await sign(recordId, revision)
    await asSystem(world.database.ownerPool, { studyId: world.studyId }, (tx) =>
      tx.query(
        `update casebook.form_record set data = data || '{"DIAG":"DM"}', reason = '{"DIAG":"tampering"}'
         where record_id = $1`,
        [recordId],
      ),
    )
    expect((await view(at)).signature).toMatchObject({ valid: false })
  })
})

describe('form.remove', () => {
  it('takes a log instance out with its questions; its number is not given again', async () => {
    const { subjectId } = await aScreenedSubject(world)
    const at: FormAt = { subjectId, event: 'LOG', form: 'F_AE', formRepeat: null }
    const one = await save(world, at, values({ AETERM: 'Cough' }))
    expect(await remove(one.recordId)).toMatchObject({ state: 'removed' })
    const two = await save(world, at, values({ AETERM: 'Fever' }))
    expect(two.formRepeat).toBe(2)
    const log = await formLog.execute(world.people.investigator, {
      studyId: world.studyId,
      form: 'F_AE',
      text: 'Cough',
    })
    expect(log.rows.filter((row) => row.subjectId === subjectId)).toEqual([])
  })

  it('leaves forms of the schedule in their place', async () => {
    const { recordId } = await completeDiagnosis()
    expect(await problemOf(remove(recordId))).toMatchObject({ code: 'invalid-input' })
  })
})

describe('what was', () => {
  it('keeps every value of an item with who, when and why', async () => {
    const { subjectId } = await aScreenedSubject(world)
    const at: FormAt = { subjectId, event: 'W0', form: 'F_VS' }
    const { recordId } = await save(world, at, values({ WEIGHT: '70', HEIGHT: '175' }))
    await save(world, at, [{ path: 'WEIGHT', from: '70', to: '71', reason: 'transcription' }])
    const history = await itemHistory.execute(world.people.auditor, {
      studyId: world.studyId,
      recordId,
      path: 'WEIGHT',
    })
    const who = world.people.coordinator.displayName
    expect(history).toMatchObject([
      { who, role: 'coordinator', old: '70', new: '71', reason: 'transcription' },
      { who, role: 'coordinator', old: null, new: '70', reason: null },
    ])
    const derived = await itemHistory.execute(world.people.auditor, {
      studyId: world.studyId,
      recordId,
      path: 'BMI',
    })
    expect(derived.map((entry) => entry.new)).toEqual(['23.2', '22.9'])
    expect((await view(at)).changed).toEqual({ WEIGHT: 2 })
  })

  it('shows the casebook as it was at a moment, and lets nobody write there', async () => {
    const { subjectId } = await aScreenedSubject(world)
    const at: FormAt = { subjectId, event: 'SCR', form: 'F_DX' }
    const saved = await save(world, at, values({ DIAG: 'PM' }))
    await new Promise((resolve) => setTimeout(resolve, 20))
    await save(world, at, [{ path: 'DIAG', from: 'PM', to: 'DM', reason: 'biopsy' }])
    const casebook = (asOf?: string) =>
      subjectCasebook.execute(world.people.coordinator, {
        studyId: world.studyId,
        subjectId,
        ...(asOf ? { asOf } : {}),
      })
    const now = await casebook()
    const then = await casebook(saved.savedAt)
    const diagnosis = (found: typeof now) =>
      found.subject.columns.find(({ oid }) => oid === 'DIAG')?.code
    expect([diagnosis(now), diagnosis(then)]).toEqual(['DM', 'PM'])
    expect(now.abilities.enter).toBe(true)
    expect(then.abilities).toMatchObject({ enter: false, randomise: false, raiseQuery: false })
    expect(await problemOf(casebook('2001-01-01T00:00:00Z'))).toMatchObject({ code: 'not-found' })
  })
})
