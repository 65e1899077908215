import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addDays } from '#domain/values/partial-date.ts'
import { subjectCasebook } from '../subject/casebook.ts'
import { correctWithdrawal } from '../subject/correct-withdrawal.ts'
import { withdrawSubject } from '../subject/withdraw-subject.ts'
import { fixtureDefinition } from '../testing/fixture-definition.ts'
import {
  aScreenedSubject,
  aWorld,
  type FormAt,
  key,
  problemOf,
  save,
  values,
  type World,
} from '../testing/world.ts'
import { dayOf } from '../today.ts'
import { completeForm } from './complete-form.ts'
import { formForEntry } from './entry.ts'

let world: World
beforeAll(async () => {
  world = await aWorld({ definition })
})
afterAll(() => world.end())

const label = (en: string) => ({ en })
/** The fixture with a consent form that tells a withdrawal, and a death. */
const definition = {
  ...fixtureDefinition,
  subjectStates: [
    { state: 'dead' as const, rule: 'known(F_DTH.DTHDTC)' },
    { state: 'withdrawn' as const, rule: "F_END.WD == 'Y'", on: 'F_END.WDDTC' },
  ],
  forms: [
    ...fixtureDefinition.forms,
    {
      oid: 'F_END',
      label: label('End'),
      repeats: false,
      date: 'WDDTC',
      groups: [
        {
          oid: 'END',
          repeats: 'none' as const,
          layout: 'list' as const,
          items: [
            { oid: 'WD', label: label('Withdrawn'), type: 'code' as const, codeList: 'CL_NY' },
            { oid: 'WDDTC', label: label('On'), type: 'date' as const },
          ],
        },
      ],
    },
    {
      oid: 'F_DTH',
      label: label('Death'),
      repeats: false,
      date: 'DTHDTC',
      groups: [
        {
          oid: 'DTH',
          repeats: 'none' as const,
          layout: 'list' as const,
          items: [{ oid: 'DTHDTC', label: label('Died on'), type: 'date' as const }],
        },
      ],
    },
  ],
  events: fixtureDefinition.events.map((event) =>
    event.oid === 'LOG'
      ? {
          ...event,
          forms: [
            ...event.forms,
            { form: 'F_END', required: false },
            { form: 'F_DTH', required: false },
          ],
        }
      : event,
  ),
}

const withdraw = (subjectId: string, on: string, once = key()) =>
  withdrawSubject.execute(world.people.investigator, {
    studyId: world.studyId,
    subjectId,
    on,
    reason: 'consent withdrawn by letter',
    key: once,
  })
const correct = (subjectId: string, on: string | null) =>
  correctWithdrawal.execute(world.people.coordinator, {
    studyId: world.studyId,
    subjectId,
    on,
    reason: 'the letter was of another day',
    key: key(),
  })
const casebook = (subjectId: string, asOf?: string) =>
  subjectCasebook.execute(world.people.coordinator, {
    studyId: world.studyId,
    subjectId,
    ...(asOf ? { asOf } : {}),
  })
const visit = (date: string) => values({ SVOCCUR: 'Y', SVSTDTC: date })
const refusal = { code: 'after-withdrawal', details: { day: '2026-03-10' } }

/** Screened on 5 January, one visit on 2 March, withdrawn on 10 March. */
async function aLeaver() {
  const { subjectId } = await aScreenedSubject(world)
  const at = (event: string, form: string): FormAt => ({ subjectId, event, form })
  await save(world, at('W0', 'F_SV'), visit('2026-03-02'))
  await save(world, at('W0', 'F_VS'), values({ WEIGHT: '70' }))
  const left = await withdraw(subjectId, '2026-03-10')
  return { subjectId, at, left }
}

describe('data of a subject who withdrew consent', () => {
  it('are entered and corrected up to the day of the withdrawal, the day itself included', async () => {
    const { at, left } = await aLeaver()
    expect(left).toEqual({ state: 'withdrawn', withdrawnOn: '2026-03-10' })
    const late = await save(world, at('W0', 'F_DOSE'), values({ MG: '5' }))
    expect(late.refused).toEqual([])
    const mended = await save(world, at('W0', 'F_VS'), [
      { path: 'WEIGHT', from: '70', to: '71', reason: 'transcription' },
    ])
    expect(mended).toMatchObject({ refused: [], data: { WEIGHT: '71' } })
    const lastDay = await save(world, at('W4', 'F_SV'), visit('2026-03-10'))
    expect(lastDay.refused).toEqual([])
    const done = await completeForm.execute(world.people.coordinator, {
      studyId: world.studyId,
      recordId: lastDay.recordId,
      revision: lastDay.revision,
      key: key(),
    })
    expect(done.state).toBe('complete')
  })

  it('are refused of a visit after it, in every form of the visit', async () => {
    const { subjectId, at } = await aLeaver()
    const before = await save(world, at('W4', 'F_VS'), values({ WEIGHT: '69' }))
    expect(before.refused, 'without a date it is accepted').toEqual([])
    const late = save(world, at('W4', 'F_SV'), visit('2026-03-11'))
    expect(await problemOf(late)).toMatchObject({
      code: 'after-withdrawal',
      details: { day: '2026-03-10', date: '2026-03-11' },
    })
    // A visit that had been entered before the withdrawal was known.
    const known = await aScreenedSubject(world)
    const w4 = (form: string): FormAt => ({ subjectId: known.subjectId, event: 'W4', form })
    await save(world, w4('F_SV'), visit('2026-03-20'))
    await save(world, w4('F_VS'), values({ WEIGHT: '68', VSDTC: '2026-03-20' }))
    await withdraw(known.subjectId, '2026-03-10')
    expect(await problemOf(save(world, w4('F_DOSE'), values({ MG: '5' })))).toMatchObject(refusal)
    const both = await save(world, w4('F_VS'), [
      { path: 'WEIGHT', from: '68', to: '67', reason: 'misread' },
      { path: 'VSDTC', from: '2026-03-20', to: null, reason: 'taken out: after the withdrawal' },
    ])
    expect(both.refused).toMatchObject([{ path: 'WEIGHT', problem: refusal }])
    expect(both.data, 'values can be taken out').toEqual({ WEIGHT: '68' })
    const moved = await save(world, w4('F_SV'), [
      { path: 'SVSTDTC', from: '2026-03-20', to: '2026-03-09', reason: 'wrong date' },
    ])
    expect(moved.refused, 'a wrong date can be mended').toEqual([])
    expect((await save(world, w4('F_DOSE'), values({ MG: '5' }))).refused).toEqual([])
    expect((await casebook(subjectId)).subject.withdrawnOn).toBe('2026-03-10')
  })

  it('take an adverse event by its start: its outcome may come later, a new one may not begin', async () => {
    const { subjectId } = await aLeaver()
    const log: FormAt = { subjectId, event: 'LOG', form: 'F_AE', formRepeat: null }
    const old = await save(world, log, values({ AETERM: 'Rash', AESTDTC: '2026-03-04' }))
    const ended = await save(world, { ...log, formRepeat: old.formRepeat }, [
      { path: 'AEENDTC', from: null, to: '2026-04-02' },
      { path: 'AESER', from: null, to: 'N' },
    ])
    expect(ended.refused).toEqual([])
    const fresh = save(world, log, values({ AETERM: 'Fever', AESTDTC: '2026-03-11' }))
    expect(await problemOf(fresh)).toMatchObject({ ...refusal, place: 'AETERM' })
    // Known in part it may lie before; without a date it is decided when the date comes.
    const vague = await save(world, log, values({ AETERM: 'Cough', AESTDTC: '2026-03' }))
    expect(vague.refused).toEqual([])
    const undated = await save(world, log, values({ AETERM: 'Headache' }))
    const dated = await save(world, { ...log, formRepeat: undated.formRepeat }, [
      { path: 'AESTDTC', from: null, to: '2026-03-12' },
    ])
    expect(dated.refused).toMatchObject([{ path: 'AESTDTC', problem: refusal }])
  })

  it('say so on top of casebook and form, now and as of a moment', async () => {
    const { subjectId, at } = await aLeaver()
    const view = await casebook(subjectId)
    expect(view).toMatchObject({
      subject: { state: 'withdrawn', withdrawnOn: '2026-03-10' },
      recordedWithdrawal: '2026-03-10',
      abilities: { enter: true, withdraw: false, correctWithdrawal: true, randomise: false },
    })
    const form = await formForEntry.execute(world.people.coordinator, {
      studyId: world.studyId,
      eventRepeat: 1,
      formRepeat: 1,
      ...at('W0', 'F_VS'),
    })
    expect(form.subject.withdrawnOn).toBe('2026-03-10')
    expect(form.abilities).toMatchObject({ enter: true, complete: true })
    const [trail] = await world.database.ownerPool
      .query<{ before: string; after: string }>(
        `select to_char(at - interval '1 millisecond', 'YYYY-MM-DD"T"HH24:MI:SS.MSOF:00') as before,
           to_char(at, 'YYYY-MM-DD"T"HH24:MI:SS.MSOF:00') as after
         from casebook.audit_record where subject_id = $1 and command = 'subject.withdraw'`,
        [subjectId],
      )
      .then(({ rows }) => rows)
    expect((await casebook(subjectId, trail?.before)).subject.withdrawnOn).toBeNull()
    expect((await casebook(subjectId, trail?.after)).subject.withdrawnOn).toBe('2026-03-10')
  })
})

describe('the day of a withdrawal', () => {
  it('lies neither ahead nor before the subject came', async () => {
    const { subjectId } = await aScreenedSubject(world)
    const tomorrow = addDays(dayOf(new Date().toISOString()), 1) as string
    expect(await problemOf(withdraw(subjectId, tomorrow))).toMatchObject({
      code: 'withdrawal-in-future',
      details: { day: tomorrow },
    })
    expect(await problemOf(withdraw(subjectId, '2026-01-04'))).toMatchObject({
      code: 'withdrawal-before-enrolment',
      details: { day: '2026-01-04', first: '2026-01-05' },
    })
    // The first visit was earlier than the entry into the screening log.
    await save(world, { subjectId, event: 'W0', form: 'F_SV' }, visit('2026-01-03'))
    expect((await withdraw(subjectId, '2026-01-04')).withdrawnOn).toBe('2026-01-04')
    expect(await problemOf(withdraw(subjectId, '2026-01-05'))).toMatchObject({
      code: 'subject-not-active',
    })
  })

  it('can be mended, and the withdrawal taken back, with a reason that stays', async () => {
    const { subjectId, at } = await aLeaver()
    const late = save(world, at('W4', 'F_SV'), visit('2026-03-11'))
    expect(await problemOf(late)).toMatchObject(refusal)
    expect(await problemOf(correct(subjectId, '2026-01-04'))).toMatchObject({
      code: 'withdrawal-before-enrolment',
    })
    expect((await correct(subjectId, '2026-03-12')).withdrawnOn).toBe('2026-03-12')
    expect((await save(world, at('W4', 'F_SV'), visit('2026-03-11'))).refused).toEqual([])
    expect(await correct(subjectId, null)).toEqual({ state: 'screening', withdrawnOn: null })
    expect(await problemOf(correct(subjectId, '2026-03-12'))).toMatchObject({
      code: 'subject-not-active',
    })
    const { rows } = await world.database.ownerPool.query(
      `select changes -> 'withdrawn_on' as day, reason from casebook.audit_record
       where subject_id = $1 and changes ? 'withdrawn_on' order by seq`,
      [subjectId],
    )
    const mended = 'the letter was of another day'
    expect(rows).toEqual([
      { day: [null, '2026-03-10'], reason: 'consent withdrawn by letter' },
      { day: ['2026-03-10', '2026-03-12'], reason: mended },
      { day: ['2026-03-12', null], reason: mended },
    ])
  })

  it('is the earlier of what the step and a form say, and the form stays open to be mended', async () => {
    const { subjectId, at } = await aLeaver()
    const end = at('LOG', 'F_END')
    await save(world, end, values({ WD: 'Y', WDDTC: '2026-03-08' }))
    expect((await casebook(subjectId)).subject.withdrawnOn).toBe('2026-03-08')
    await save(world, end, [
      { path: 'WDDTC', from: '2026-03-08', to: '2026-03-20', reason: 'misread' },
    ])
    expect((await casebook(subjectId)).subject.withdrawnOn).toBe('2026-03-10')
  })

  it('comes from a form alone where nobody took the step; that is mended in the form only', async () => {
    const { subjectId } = await aScreenedSubject(world)
    const end: FormAt = { subjectId, event: 'LOG', form: 'F_END' }
    await save(world, end, values({ WD: 'Y' }))
    const today = dayOf(new Date().toISOString())
    expect((await casebook(subjectId)).subject).toMatchObject({
      state: 'withdrawn',
      withdrawnOn: today,
    })
    await save(world, end, values({ WDDTC: '2026-01-20' }))
    expect(await casebook(subjectId)).toMatchObject({
      subject: { withdrawnOn: '2026-01-20' },
      recordedWithdrawal: null,
      abilities: { correctWithdrawal: false },
    })
    expect(await problemOf(correct(subjectId, null))).toMatchObject({ code: 'no-withdrawal-step' })
    await save(world, end, [{ path: 'WD', from: 'Y', to: 'N', reason: 'no withdrawal' }])
    expect((await casebook(subjectId)).subject).toMatchObject({
      state: 'screening',
      withdrawnOn: null,
    })
  })

  it('still counts after a death, which can be recorded', async () => {
    const { subjectId, at } = await aLeaver()
    const died = await save(world, at('LOG', 'F_DTH'), values({ DTHDTC: '2026-05-01' }))
    expect(died.refused).toEqual([])
    expect((await casebook(subjectId)).subject).toMatchObject({
      state: 'dead',
      withdrawnOn: '2026-03-10',
    })
    const late = save(world, at('W4', 'F_SV'), visit('2026-03-11'))
    expect(await problemOf(late)).toMatchObject(refusal)
  })

  it('is out of reach of other roles and sites, and hostile days change nothing', async () => {
    const { subjectId } = await aScreenedSubject(world)
    const at = { studyId: world.studyId, subjectId, reason: 'x' }
    for (const role of ['monitor', 'data-manager', 'statistician'] as const) {
      const act = withdrawSubject.execute(world.people[role], {
        ...at,
        on: '2026-03-10',
        key: key(),
      })
      expect(await problemOf(act), role).toMatchObject({ code: 'not-allowed' })
    }
    const stranger = await world.person('coordinator', 'otherSite')
    for (const verb of [withdrawSubject, correctWithdrawal]) {
      const act = verb.execute(stranger, { ...at, on: '2026-03-10', key: key() })
      expect(await problemOf(act)).toMatchObject({ code: 'not-found' })
    }
    for (const on of ['2026-02-30', '0000-00-00', "2026-03-10'; --", '10/03/2026', '']) {
      expect(await problemOf(withdraw(subjectId, on)), on).toMatchObject({ code: 'invalid-input' })
    }
    expect((await casebook(subjectId)).subject).toMatchObject({
      state: 'screening',
      withdrawnOn: null,
    })
  })
})
