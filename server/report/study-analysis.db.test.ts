/** What an analysis sees: every change at once, the past as it was, and only what its reader may see. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inTransaction, type Transaction } from '#db/client.ts'
import { referenceRange } from '#db/schema/form.ts'
import { asSystem } from '#db/seed/build.ts'
import { uuidv7 } from '#db/uuid.ts'
import type { ItemDef, StudyDefinition } from '#domain/definition/definition.ts'
import { removeForm } from '../form/remove-form.ts'
import { fixtureDefinition } from '../testing/fixture-definition.ts'
import { aScreenedSubject, aWorld, key, save, values, type World } from '../testing/world.ts'
import { forgetAnswers } from './answers.ts'
import { type AnalysisRequest, studyAnalysis } from './study-analysis.ts'

const limit: ItemDef = {
  oid: 'ULN',
  label: { en: 'Upper limit' },
  type: 'decimal',
  length: 8,
  digits: 1,
  derive: "refHigh('CREAT')",
}
const definition: StudyDefinition = {
  ...fixtureDefinition,
  forms: fixtureDefinition.forms.map((form) => ({
    ...form,
    groups: form.groups.map((group) => ({
      ...group,
      ...(group.rows ? { rows: group.rows.map((row) => ({ ...row, unit: 'umol/L' })) } : {}),
      items: group.oid === 'VS' ? [...group.items, limit] : group.items,
    })),
  })),
  parameters: [
    {
      oid: 'LIMIT',
      label: { en: 'Limit' },
      type: 'number',
      value: 60,
      choices: [60, 70].map((value) => ({ value, label: { en: `${value} kg` } })),
    },
  ],
}
const weight = 'at(W0, F_VS.WEIGHT)'
const questions = [
  weight,
  'F_AE.count(r, true)',
  'at(W4, F_VS.WEIGHT) > LIMIT',
  'today()',
  'at(W0, F_VS.ULN)',
] as const

let world: World
let first: string
let second: string
let elsewhere: string

/** Answers of every subject in reach to the questions, by key. */
async function answers(
  request: Partial<AnalysisRequest> = {},
  sites: readonly string[] | null = null,
  asked: readonly string[] = questions,
): Promise<Record<string, unknown[]>> {
  return inTransaction(
    world.database.pool,
    {
      actor: world.people.statistician.userId,
      studyId: world.studyId,
      siteIds: sites,
      readOnly: true,
    },
    async (tx) => {
      const analysis = await studyAnalysis(tx, {
        studyId: world.studyId,
        version: 1,
        now: tx.now,
        arms: 'shown',
        ...request,
      })
      return analysis.ask((subjects) =>
        Object.fromEntries(subjects.map((one) => [one.subjectKey, asked.map(one.value)])),
      )
    },
  )
}

const owned = <T>(run: (tx: Transaction) => Promise<T>) =>
  asSystem(world.database.ownerPool, { studyId: world.studyId }, run)
/** The same question answered without anything kept from before. */
async function anew(request: Partial<AnalysisRequest> = {}) {
  forgetAnswers()
  return answers(request)
}

beforeAll(async () => {
  world = await aWorld({ definition })
  first = (await aScreenedSubject(world)).subjectId
  second = (await aScreenedSubject(world)).subjectId
  elsewhere = (await aScreenedSubject(world, world.otherSiteId)).subjectId
  for (const subjectId of [first, second]) {
    await save(world, { subjectId, event: 'W0', form: 'F_VS' }, values({ WEIGHT: '50' }))
  }
})
afterAll(() => world.end())

describe('every change is seen at once', () => {
  const cases: [string, () => Promise<unknown>, (found: Record<string, unknown[]>) => void][] = [
    [
      'a changed value',
      () =>
        save(world, { subjectId: first, event: 'W0', form: 'F_VS' }, [
          { path: 'WEIGHT', from: '50', to: '61.5', reason: 'typing error' },
        ]),
      (found) => expect(found['01-001']?.[0]).toBe(61.5),
    ],
    [
      'a first value of a new form',
      () => save(world, { subjectId: first, event: 'W4', form: 'F_VS' }, values({ WEIGHT: '64' })),
      (found) => expect(found['01-001']?.[2]).toBe(true),
    ],
    [
      'an entry of a log',
      () =>
        save(
          world,
          { subjectId: second, event: 'LOG', form: 'F_AE', formRepeat: null },
          values({ AETERM: 'Cough', AESTDTC: '2026-03-01', AESER: 'N' }),
        ),
      (found) => expect(found['01-002']?.[1]).toBe(1),
    ],
    [
      'a value taken back',
      () =>
        save(world, { subjectId: first, event: 'W0', form: 'F_VS' }, [
          { path: 'WEIGHT', from: '61.5', to: null, reason: 'of another subject' },
        ]),
      (found) => expect(found['01-001']?.[0]).toBeNull(),
    ],
    [
      'a new subject',
      () => aScreenedSubject(world),
      (found) => expect(Object.keys(found)).toContain('01-003'),
    ],
  ]
  it.each(cases)('%s', async (_, change, look) => {
    const before = await answers()
    await change()
    const after = await answers()
    look(after)
    expect(after).not.toEqual(before)
    expect(after).toEqual(await anew())
  })

  it('a removed form', async () => {
    const { studyId } = world
    const saved = await save(
      world,
      { subjectId: second, event: 'LOG', form: 'F_AE', formRepeat: null },
      values({ AETERM: 'Fever', AESTDTC: '2026-03-02', AESER: 'N' }),
    )
    expect((await answers())['01-002']?.[1]).toBe(2)
    await removeForm.execute(world.people.coordinator, {
      studyId,
      recordId: saved.recordId,
      reason: 'entered twice',
      key: key(),
    })
    expect((await answers())['01-002']?.[1]).toBe(1)
  })

  it('a reference range, at the sites where it holds', async () => {
    const { studyId, siteId, database } = world
    const given = { studyId, test: 'CREAT', unit: 'umol/L', low: 40 }
    const ranges = (await answers())['01-001']?.[4]
    expect(ranges).toBeNull()
    const [own, whole] = [uuidv7(), uuidv7()]
    const add = (rangeId: string, site: string | null, high: number) =>
      owned((tx) => tx.db.insert(referenceRange).values({ ...given, rangeId, siteId: site, high }))
    await add(own, siteId, 105)
    expect((await answers())['01-001']?.[4]).toBe(105)
    await owned((tx) =>
      tx.query('update casebook.reference_range set high = 99 where range_id = $1', [own]),
    )
    expect((await answers())['01-001']?.[4]).toBe(99)
    await add(whole, null, 90)
    expect(await answers()).toEqual(await anew())
    expect(database).toBeDefined()
  })

  it('a new day, for those whom it concerns', async () => {
    const today = await answers({ today: '2026-11-21' })
    const tomorrow = await answers({ today: '2026-11-22' })
    expect(today['01-001']?.[3]).toBe('2026-11-21')
    expect(tomorrow['01-001']?.[3]).toBe('2026-11-22')
    // A date that lay ahead counts from its day on.
    await save(
      world,
      { subjectId: first, event: 'SCR', form: 'F_ICF' },
      values({ RFICDTC: '2026-01-04' }),
    )
    const consent = ['F_ICF.RFICDTC']
    const early = await answers({ today: '2026-01-03' }, null, consent)
    const late = await answers({ today: '2026-01-04' }, null, consent)
    expect([early['01-001'], late['01-001']]).toEqual([[null], ['2026-01-04']])
  })

  it('another parameter, beside the one of the definition', async () => {
    const as = async (values?: Record<string, number>) =>
      (await answers(values ? { parameters: { values } } : {}))['01-001']?.[2]
    expect([await as(), await as({ LIMIT: 70 }), await as()]).toEqual([true, false, true])
  })
})

describe('what a reader may see', () => {
  it('is never more than row security gives him, whoever asked before', async () => {
    expect(Object.keys(await answers())).toContain('02-001')
    expect(Object.keys(await answers({}, [world.siteId]))).not.toContain('02-001')
    expect(Object.keys(await answers({}, [world.otherSiteId]))).toEqual(['02-001'])
    expect(await answers({}, [])).toEqual({})
    expect(elsewhere).toBeDefined()
  })
})
