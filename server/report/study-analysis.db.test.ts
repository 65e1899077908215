/** What an analysis sees: every change at once, the past as it was, and only what its reader may see. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inTransaction, type Transaction } from '#db/client.ts'
import { referenceRange } from '#db/schema/form.ts'
import { asSystem } from '#db/seed/build.ts'
import { uuidv7 } from '#db/uuid.ts'
import type { ItemDef, ReportDef, StudyDefinition } from '#domain/definition/definition.ts'
import { removeForm } from '../form/remove-form.ts'
import { publishNext } from '../testing/amendment.ts'
import { fixtureDefinition } from '../testing/fixture-definition.ts'
import {
  aScreenedSubject,
  aWorld,
  key,
  problemOf,
  save,
  values,
  type World,
} from '../testing/world.ts'
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

const inReading = <T>(
  run: (tx: Transaction) => Promise<T>,
  siteIds: readonly string[] | null = null,
): Promise<T> => {
  const { studyId, people, database } = world
  const actor = people.statistician.userId
  return inTransaction(database.pool, { actor, studyId, siteIds, readOnly: true }, run)
}
const analysisOf = (tx: Transaction, request: Partial<AnalysisRequest>) =>
  studyAnalysis(tx, { studyId: world.studyId, version: 1, now: tx.now, arms: 'shown', ...request })

/** Answers of every subject in reach to the questions, by key. */
const answers = (
  request: Partial<AnalysisRequest> = {},
  sites: readonly string[] | null = null,
  asked: readonly string[] = questions,
): Promise<Record<string, unknown[]>> =>
  inReading(async (tx) => {
    const analysis = await analysisOf(tx, request)
    return analysis.ask((subjects) =>
      Object.fromEntries(subjects.map((one) => [one.subjectKey, asked.map(one.value)])),
    )
  }, sites)

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

describe('a report that cannot be computed says why', () => {
  const about = { title: { en: 'T' }, population: 'ITT' }
  const listing = (value: string, population = 'ITT'): ReportDef => ({
    ...about,
    kind: 'listing',
    oid: 'L',
    population,
    shows: [{ label: { en: 'Shown' }, value }],
  })
  const run = (report: ReportDef, request: Partial<AnalysisRequest> = {}) =>
    inReading((tx) => analysisOf(tx, request).then((analysis) => analysis.run(report)))

  it('because it names an item or a population that was never published', async () => {
    for (const [report, what] of [
      [listing('F_DX.LATER'), 'LATER'],
      [listing(weight, 'NOBODY'), 'NOBODY'],
    ] as const) {
      const { problem, body } = await run(report)
      expect(problem?.en).toMatch(/^This report does not fit version 1 of the study/)
      expect(problem?.en).toContain(what)
      expect(problem?.ja).toContain('版 1 ')
      expect(body).toEqual({ kind: 'listing', columns: [], rows: [] })
    }
  })

  it('because its population is empty', async () => {
    expect((await run(listing(weight))).problem?.en).toBe('No subject is in this population yet.')
  })

  it('and a parameter that names something unknown is refused', async () => {
    const refused = await problemOf(run(listing(weight), { parameters: { population: 'PP' } }))
    expect(refused).toMatchObject({ code: 'no-such-population', details: { name: 'PP' } })
  })

  it('because the study came to a newer version meanwhile', async () => {
    const { studyId, database } = world
    const version = await publishNext(database.ownerPool, studyId, { ...definition, version: '2' })
    await asSystem(database.ownerPool, { studyId, reason: 'amendment' }, (tx) =>
      tx.query(
        'update casebook.form_record set version_number = $2 where study_id = $1 and subject_id = $3',
        [studyId, version, first],
      ),
    )
    const refused = await problemOf(answers())
    expect(refused).toMatchObject({
      code: 'definition-changed-meanwhile',
      details: { version: '1' },
    })
    const onNew = await answers({ version })
    expect(onNew['01-001']).toBeDefined()
    expect(onNew['01-002']?.[0]).toBe(50)
  })
})

describe('under a clinical cut-off', () => {
  it('later visits and entries do not count, and a subject who came later is not there', async () => {
    const { subjectId } = await aScreenedSubject(world)
    const visit = (event: string, date: string) =>
      save(world, { subjectId, event, form: 'F_SV' }, values({ SVOCCUR: 'Y', SVSTDTC: date }))
    await visit('W0', '2026-02-01')
    await visit('W4', '2026-03-01')
    for (const event of ['W0', 'W4'])
      await save(world, { subjectId, event, form: 'F_VS' }, values({ WEIGHT: '80' }))
    const asked = ['at(W0, F_VS.WEIGHT)', 'at(W4, F_VS.WEIGHT)', 'today()']
    const on = async (cutOff?: string) => {
      const request = cutOff ? { version: 2, parameters: { cutOff } } : { version: 2 }
      const found = await answers(request, null, asked)
      return found[
        Object.keys(found)
          .filter((key) => key.startsWith('01-'))
          .at(-1) ?? ''
      ]
    }
    expect(await on('2026-02-15')).toEqual([80, null, '2026-02-15'])
    expect(await on('2026-03-01')).toEqual([80, 80, '2026-03-01'])
    expect((await on())?.slice(0, 2)).toEqual([80, 80])
    const early = await answers({ version: 2, parameters: { cutOff: '2025-12-31' } }, null, asked)
    // Everybody was screened in January 2026.
    expect(early).toEqual({})
  })
})

describe('as of a moment', () => {
  it('answers stay what they were, whatever is changed afterwards', async () => {
    const [row] = await owned((tx) => tx.query<{ at: string }>('select clock_timestamp() as at'))
    const asOf = row?.at as string
    const then = await answers({ version: 2, asOf })
    await owned((tx) => tx.query('select pg_sleep(0.005)'))
    await save(world, { subjectId: second, event: 'W0', form: 'F_VS' }, [
      { path: 'WEIGHT', from: '50', to: '55.5', reason: 'typing error' },
    ])
    expect((await answers({ version: 2 }))['01-002']?.[0]).toBe(55.5)
    expect((await answers({ version: 2, asOf }))['01-002']?.[0]).toBe(50)
    forgetAnswers()
    expect(await answers({ version: 2, asOf })).toEqual(then)
    const analysis = await inReading((tx) => analysisOf(tx, { version: 2, asOf }))
    expect(analysis.dataAsOf).toBe(asOf)
  })
})

describe('what a reader may see', () => {
  it('is never more than row security gives him, whoever asked before', async () => {
    const seen = async (sites: readonly string[] | null) =>
      Object.keys(await answers({ version: 2 }, sites))
    expect(await seen(null)).toContain('02-001')
    expect(await seen([world.siteId])).not.toContain('02-001')
    expect(await seen([world.otherSiteId])).toEqual(['02-001'])
    expect(await seen([])).toEqual([])
    expect(elsewhere).toBeDefined()
  })
})
