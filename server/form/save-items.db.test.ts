import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { asSystem } from '#db/seed/build.ts'
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
import { completeForm } from './complete-form.ts'
import { formForEntry } from './entry.ts'

let world: World
beforeAll(async () => {
  world = await aWorld()
})
afterAll(() => world.end())

const fresh = async (form = 'F_VS', event = 'W0'): Promise<FormAt> => {
  const { subjectId } = await aScreenedSubject(world)
  return { subjectId, event, form }
}
const codes = (saved: { refused: readonly { path: string; problem: { code: string } }[] }) =>
  Object.fromEntries(saved.refused.map(({ path, problem }) => [path, problem.code]))
const owned = <Row>(text: string, parameters: unknown[]) =>
  asSystem(world.database.ownerPool, { studyId: world.studyId }, (tx) =>
    tx.query<Row>(text, parameters),
  )

describe('form.save: values', () => {
  it('keeps what was typed, as typed, and derives the rest', async () => {
    const saved = await save(world, await fresh(), values({ WEIGHT: '70.50', HEIGHT: '175' }))
    expect(saved.refused).toEqual([])
    expect(saved.data).toEqual({ WEIGHT: '70.50', HEIGHT: '175' })
    expect(saved.evaluation.derived).toMatchObject({ BMI: '23.0' })
    expect(saved).toMatchObject({ revision: 1, state: 'inProgress', formRepeat: 1 })
  })

  it('lets the good changes through and says of each refused one why', async () => {
    const at = await fresh()
    const saved = await save(world, at, [
      ...values({
        HEIGHT: '175',
        WEIGHT: '500',
        VSDTC: '2099-01-01',
        O2: 'MAYBE',
        SYS: 'high',
        BMI: '20',
        GHOST: '1',
        'VS[x1].DIA': '80',
        FLOW: '2',
        DIA: { missing: 'NASK' },
      }),
    ])
    expect(saved.data).toEqual({ HEIGHT: '175' })
    expect(codes(saved)).toEqual({
      WEIGHT: 'outside-hard-limits',
      VSDTC: 'future-date',
      O2: 'code-not-in-list',
      SYS: 'wrong-type',
      BMI: 'item-not-open',
      GHOST: 'unknown-item',
      'VS[x1].DIA': 'unknown-item',
      FLOW: 'item-not-open',
      DIA: 'wrong-type',
    })
    const weight = saved.refused.find(({ path }) => path === 'WEIGHT')
    expect(weight?.problem).toMatchObject({ place: 'WEIGHT' })
    expect(weight?.problem.message).toContain('15 – 300')
  })

  it('opens an item together with the answer that opens it', async () => {
    const saved = await save(world, await fresh(), values({ O2: 'Y', FLOW: '2' }))
    expect(saved.refused).toEqual([])
    expect(saved.data).toEqual({ O2: 'Y', FLOW: '2' })
  })

  it('takes only the rows of a grid that the visit has, and never the name of a row', async () => {
    const saved = await save(
      world,
      await fresh('F_LB', 'W4'),
      values({
        'LB[CREAT].LBORRES': '80',
        'LB[ALT].LBORRES': '30',
        'LB[m3k9za].LBORRES': '1',
        'LB[CREAT].LBTESTCD': 'ALT',
      }),
    )
    expect(saved.data).toEqual({ 'LB[CREAT].LBORRES': '80' })
    expect(codes(saved)).toEqual({
      'LB[ALT].LBORRES': 'unknown-item',
      'LB[m3k9za].LBORRES': 'unknown-item',
      'LB[CREAT].LBTESTCD': 'item-not-open',
    })
  })

  it('refuses what a hard check forbids, at the place of the rule, and keeps the rest', async () => {
    const at = await fresh()
    const saved = await save(world, at, values({ SYS: '120', DIA: '130', HEIGHT: '180' }))
    expect(codes(saved)).toEqual({ DIA: 'check-refused' })
    expect(saved.data).toEqual({ SYS: '120', HEIGHT: '180' })
    const next = await save(world, at, values({ DIA: '80' }))
    const lower = { path: 'SYS', from: '120', to: '70', reason: 'misread' }
    const then = await save(world, at, [lower, ...values({ WEIGHT: '70' })])
    expect(next.refused).toEqual([])
    expect(codes(then)).toEqual({ SYS: 'check-refused' })
    expect(then.refused[0]?.problem.place).toBe('DIA')
    expect(then.data).toMatchObject({ SYS: '120', DIA: '80', WEIGHT: '70' })
  })

  it('records a missing value with its reason', async () => {
    const saved = await save(world, await fresh(), values({ WEIGHT: { missing: 'ND' } }))
    expect(saved.data).toEqual({ WEIGHT: { missing: 'ND' } })
    expect(saved.evaluation.open).not.toContain('WEIGHT')
  })

  it('gives log instances their own numbers, never one twice', async () => {
    const { subjectId } = await aScreenedSubject(world)
    const at: FormAt = { subjectId, event: 'LOG', form: 'F_AE', formRepeat: null }
    const one = await save(world, at, values({ AETERM: 'Cough' }))
    const two = await save(world, at, values({ AETERM: 'Fever' }))
    expect([one.formRepeat, two.formRepeat]).toEqual([1, 2])
    const gone = save(world, { ...at, formRepeat: 7 }, values({ AETERM: 'x' }))
    expect(await problemOf(gone)).toMatchObject({ code: 'not-found' })
  })
})

describe('form.save: who changed what', () => {
  it('asks a reason for every value that was saved before', async () => {
    const at = await fresh()
    await save(world, at, values({ WEIGHT: '70' }))
    const silent = await save(world, at, [{ path: 'WEIGHT', from: '70', to: '71' }])
    expect(codes(silent)).toEqual({ WEIGHT: 'reason-required' })
    const emptied = await save(world, at, [{ path: 'WEIGHT', from: '70', to: null }])
    expect(codes(emptied)).toEqual({ WEIGHT: 'reason-required' })
    const told = await save(world, at, [
      { path: 'WEIGHT', from: '70', to: '71', reason: 'transcription' },
    ])
    expect(told.data).toEqual({ WEIGHT: '71' })
    const rows = await owned<{ changes: Record<string, unknown> }>(
      `select changes from casebook.audit_record where chain_id = $1 and changes ? 'WEIGHT' order by seq`,
      [told.recordId],
    )
    expect(rows.map(({ changes }) => changes.WEIGHT)).toEqual([
      [null, '70', null],
      ['70', '71', 'transcription'],
    ])
  })

  it('returns a value changed meanwhile as a conflict and saves the other changes', async () => {
    const at = await fresh()
    await save(world, at, values({ WEIGHT: '70' }))
    const saved = await save(world, at, [
      { path: 'WEIGHT', from: null, to: '80' },
      ...values({ HEIGHT: '170' }),
    ])
    expect(saved.conflicts).toMatchObject([
      { path: 'WEIGHT', mine: '80', theirs: '70', by: world.people.coordinator.displayName },
    ])
    expect(saved.data).toEqual({ WEIGHT: '70', HEIGHT: '170' })
  })

  it('takes two saves of one form at once without losing one', async () => {
    const at = await fresh()
    await save(world, at, values({ O2: 'N' }))
    const paths = ['WEIGHT', 'HEIGHT', 'SYS', 'DIA'] as const
    const given = { WEIGHT: '70', HEIGHT: '170', SYS: '120', DIA: '80' }
    const saves = await Promise.all(
      paths.map((path) => save(world, at, values({ [path]: given[path] }))),
    )
    expect(saves.flatMap(({ refused, conflicts }) => [...refused, ...conflicts])).toEqual([])
    expect(Math.max(...saves.map(({ revision }) => revision))).toBe(5)
    const last = await save(world, at, values({ WEIGHT: '70' }))
    expect(last.data).toEqual({ O2: 'N', ...given })
  })

  it('lets only one of two first saves begin a form, and tells the other of the conflict', async () => {
    const at = await fresh()
    const [a, b] = await Promise.all([
      save(world, at, values({ WEIGHT: '70' })),
      save(world, at, values({ WEIGHT: '71' })),
    ])
    expect(a.recordId).toBe(b.recordId)
    expect([...a.conflicts, ...b.conflicts]).toHaveLength(1)
  })

  it('acts once for one key, also when both calls arrive together', async () => {
    const at = await fresh()
    const once = key()
    const change = values({ WEIGHT: '70' })
    const [a, b] = await Promise.all([
      save(world, at, change, { key: once }),
      save(world, at, change, { key: once }),
    ])
    expect(b).toEqual(a)
    expect(await save(world, at, change, { key: once })).toEqual(a)
    const other = save(world, at, values({ WEIGHT: '71' }), { key: once })
    expect(await problemOf(other)).toMatchObject({ code: 'invalid-input', place: 'key' })
    const rows = await owned('select 1 from casebook.audit_record where chain_id = $1', [
      a.recordId,
    ])
    expect(rows).toHaveLength(1)
  })
})

describe('form.save: what follows', () => {
  it('derives in other forms of the visit and opens, settles and repeats the questions of rules', async () => {
    const { subjectId } = await aScreenedSubject(world)
    const vitals: FormAt = { subjectId, event: 'W0', form: 'F_VS' }
    const dose: FormAt = { subjectId, event: 'W0', form: 'F_DOSE' }
    await save(world, vitals, values({ WEIGHT: '70' }))
    const dosed = await save(world, dose, values({ MG: '140' }))
    expect(dosed.evaluation.derived).toMatchObject({ MGKG: '2.00' })
    expect(dosed.queries).toEqual([])
    const lighter = { path: 'WEIGHT', from: '70', to: '50', reason: 'scale was wrong' }
    const saved = await save(world, vitals, [lighter])
    expect(saved.alsoChanged.map(({ what }) => what).sort()).toEqual(['derived', 'query'])
    const entry = () =>
      formForEntry.execute(world.people.coordinator, {
        studyId: world.studyId,
        ...dose,
        eventRepeat: 1,
        formRepeat: 1,
      })
    const asked = await entry()
    expect(asked.record.derived).toMatchObject({ MGKG: '2.80' })
    expect(asked.queries).toMatchObject([{ check: 'EC-03', state: 'open', path: 'MGKG' }])
    await save(world, vitals, [{ path: 'WEIGHT', from: '50', to: '80', reason: 'third reading' }])
    expect((await entry()).queries).toMatchObject([{ check: 'EC-03', state: 'closed' }])
    await save(world, vitals, [{ path: 'WEIGHT', from: '80', to: '50', reason: 'as before' }])
    expect((await entry()).queries).toMatchObject([{ check: 'EC-03', state: 'open' }])
  })

  it('asks about a value outside the plausible range and keeps it', async () => {
    const saved = await save(world, await fresh(), values({ WEIGHT: '200' }))
    expect(saved.data).toEqual({ WEIGHT: '200' })
    expect(saved.queries).toMatchObject([{ path: 'WEIGHT', check: 'SOFT', state: 'open' }])
  })

  it('copies what the matrix shows to the subject', async () => {
    const { subjectId } = await aScreenedSubject(world)
    await save(world, { subjectId, event: 'SCR', form: 'F_DX' }, values({ DIAG: 'DM' }))
    await save(
      world,
      { subjectId, event: 'W4', form: 'F_SV' },
      values({ SVOCCUR: 'Y', SVSTDTC: '2026-02-01' }),
    )
    const [row] = await owned<{ columns: unknown; visits: unknown }>(
      'select columns, visits from casebook.subject where subject_id = $1',
      [subjectId],
    )
    expect(row).toEqual({
      columns: { DIAG: 'DM', ARM: null },
      visits: { W4: { date: '2026-02-01', occurred: true } },
    })
  })

  it('tells the study of a serious adverse event, in the same transaction', async () => {
    const { subjectId } = await aScreenedSubject(world)
    const at: FormAt = { subjectId, event: 'LOG', form: 'F_AE', formRepeat: null }
    const saved = await save(world, at, values({ AETERM: 'Sepsis', AESER: 'Y' }))
    const jobs = await world.database.ownerPool.query(
      'select task_identifier from graphile_worker.jobs where key = $1',
      [`serious:${saved.recordId}`],
    )
    expect(jobs.rows).toEqual([{ task_identifier: 'serious-adverse-event' }])
  })
})

describe('form.save: refused', () => {
  it('refuses a complete form, a form of the system and a place the schedule does not have', async () => {
    const at = await fresh('F_ICF', 'SCR')
    const saved = await save(world, at, values({ RFICDTC: '2026-01-04' }))
    await completeForm.execute(world.people.coordinator, {
      studyId: world.studyId,
      recordId: saved.recordId,
      revision: saved.revision,
      key: key(),
    })
    const change = { path: 'RFICDTC', from: '2026-01-04', to: '2026-01-03', reason: 'typo' }
    expect(await problemOf(save(world, at, [change]))).toMatchObject({ code: 'form-not-editable' })
    const system = save(world, { ...at, event: 'W0', form: 'F_RAND' }, values({ ARMCD: 'A' }))
    expect(await problemOf(system)).toMatchObject({ code: 'form-not-editable' })
    const nowhere = save(
      world,
      { ...at, event: 'W4', form: 'F_ICF' },
      values({ RFICDTC: '2026-01-04' }),
    )
    expect(await problemOf(nowhere)).toMatchObject({ code: 'not-found' })
  })

  it('answers hostile input with a problem and nothing of the database', async () => {
    const at = await fresh()
    const hostile = [
      "x'); drop table casebook.subject; --",
      '\u0000',
      '\ud800',
      '{"$gt":""}',
      'a'.repeat(30_000),
    ]
    for (const text of hostile) {
      const wrong = save(world, at, values({ WEIGHT: text }))
      const problem = await problemOf(wrong)
      expect(['wrong-type', 'invalid-input']).toContain(problem.code)
      expect(problem.message).not.toMatch(/select|insert|relation|syntax/i)
    }
    const quoted = await save(
      world,
      { ...at, event: 'SCR', form: 'F_SUBJ' },
      values({ NOTE: "O'Brien \\'; drop table casebook.subject; -- \\" }),
    )
    expect(quoted.data.NOTE).toBe("O'Brien \\'; drop table casebook.subject; -- \\")
  })

  it('does not know the subjects of another site, not even by their id', async () => {
    const { subjectId } = await aScreenedSubject(world, world.otherSiteId)
    const there = save(world, { subjectId, event: 'W0', form: 'F_VS' }, values({ WEIGHT: '70' }))
    expect(await problemOf(there)).toMatchObject({ code: 'not-found' })
  })
})
