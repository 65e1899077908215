import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ReadValue } from '#domain/casebook/read-values.ts'
import { type StudyDefinition, studyDefinitionSchema } from '#domain/definition/definition.ts'
import { itemHistory } from '../form/reads.ts'
import { traceSubject } from '../report/trace.ts'
import { fixtureDefinition } from '../testing/fixture-definition.ts'
import { aScreenedSubject, aWorld, problemOf, save, values, type World } from '../testing/world.ts'
import { subjectEndpoints } from './reads.ts'

const label = (en: string) => ({ en })

/** The fixture with an endpoint whose event needs an adverse event form, and a report on it. */
function definitionWith(change: (draft: StudyDefinition) => void = () => undefined) {
  const draft = structuredClone(fixtureDefinition)
  draft.endpoints = [
    {
      oid: 'LOSS',
      label: label('Loss of weight'),
      kind: 'time-to-event',
      population: 'ITT',
      timeZero: 'F_ICF.RFICDTC',
      event: {
        any: [
          {
            oid: 'FALL',
            label: label('Weight below 50 kg'),
            rule: 'F_VS.exists(r, r.WEIGHT < 50)',
            date: 'F_VS.filter(r, r.WEIGHT < 50).min(r, r.date)',
            eventForm: {
              form: 'F_AE',
              within: 14,
              asks: [{ id: 'EP-1', item: 'F_VS.WEIGHT' }],
            },
          },
        ],
      },
      censor: 'F_SV.max(r, r.SVSTDTC)',
      horizon: 364,
      adjudication: { form: 'F_AE', decision: 'AESER', date: 'AESTDTC', reason: 'AETERM' },
    },
  ]
  draft.reports = [
    ...draft.reports,
    {
      kind: 'listing',
      oid: 'L1',
      title: label('Weights'),
      population: 'ITT',
      shows: [
        { label: label('Weight'), value: 'at(W0, F_VS.WEIGHT)' },
        { label: label('Arm'), value: 'F_RAND.ARMCD' },
      ],
    },
  ]
  change(draft)
  return studyDefinitionSchema.parse(draft)
}

let world: World
beforeAll(async () => {
  world = await aWorld({ definition: definitionWith() })
})
afterAll(async () => {
  await world?.end()
})

/** A subject with a weight at week 0; the record of the weight. */
async function aSubject(weight: string) {
  const { subjectId, subjectKey } = await aScreenedSubject(world)
  await save(world, { subjectId, event: 'SCR', form: 'F_ICF' }, values({ RFICDTC: '2026-01-05' }))
  await save(
    world,
    { subjectId, event: 'W0', form: 'F_SV' },
    values({ SVOCCUR: 'Y', SVSTDTC: '2026-01-12' }),
  )
  const { recordId } = await save(
    world,
    { subjectId, event: 'W0', form: 'F_VS' },
    values({ WEIGHT: weight }),
  )
  return { subjectId, subjectKey, recordId }
}

const queriesOf = (recordId: string) =>
  world.database.ownerPool
    .query<{ state: string; text: string; path: string }>(
      `select state, text, path from casebook.query where record_id = $1 and check_id = 'EP-1' order by opened_at`,
      [recordId],
    )
    .then(({ rows }) => rows)

const explain = async (subjectId: string, person = world.people.investigator) => {
  const answer = await subjectEndpoints.execute(person, { studyId: world.studyId, subjectId })
  const [endpoint] = answer.endpoints
  if (!endpoint) throw new Error('no endpoint')
  return endpoint
}

describe('a met criterion without its event form', () => {
  it('raises a query on the same save, closes it when the form appears, asks again when it goes, and all is audited', async () => {
    const { subjectId, recordId } = await aSubject('48')
    expect(await queriesOf(recordId)).toEqual([
      {
        state: 'open',
        path: 'WEIGHT',
        text: '"Weight below 50 kg" is met, but the form "Adverse event" is not recorded within 14 days.',
      },
    ])
    const ae = { subjectId, event: 'LOG', form: 'F_AE', formRepeat: null }
    const saved = await save(world, ae, values({ AETERM: 'Loss', AESTDTC: '2026-01-14' }))
    expect(saved.alsoChanged).toContainEqual(expect.objectContaining({ recordId, what: 'query' }))
    expect((await queriesOf(recordId)).map(({ state }) => state)).toEqual(['closed'])
    await save(world, { ...ae, formRepeat: saved.formRepeat }, [
      { path: 'AESTDTC', from: '2026-01-14', to: '2026-03-14', reason: 'a slip' },
    ])
    expect((await queriesOf(recordId)).map(({ state }) => state)).toEqual(['open'])
    const { rows } = await world.database.ownerPool.query(
      `select distinct entity from casebook.audit_record
       where study_id = $1 and entity in ('query', 'query_message') order by 1`,
      [world.studyId],
    )
    expect(rows.map(({ entity }) => entity)).toEqual(['query', 'query_message'])
  })

  it('closes when the criterion falls', async () => {
    const { subjectId, recordId } = await aSubject('49')
    await save(world, { subjectId, event: 'W0', form: 'F_VS' }, [
      { path: 'WEIGHT', from: '49', to: '59', reason: 'read wrongly' },
    ])
    expect((await queriesOf(recordId)).map(({ state }) => state)).toEqual(['closed'])
  })

  it('is not asked while it is not met', async () => {
    const { recordId } = await aSubject('80')
    expect(await queriesOf(recordId)).toEqual([])
  })
})

const places = (reads: readonly ReadValue[]): string[] =>
  reads.flatMap((read) => [
    ...(read.place ? [`${read.place.form}.${read.place.path} ${read.value.en}`] : []),
    ...places(read.reads),
  ])

describe('why an endpoint is what it is', () => {
  it('tells rule, values and their places, and who adjudicated when', async () => {
    const { subjectId, recordId } = await aSubject('45')
    const rule = await explain(subjectId)
    expect(rule).toMatchObject({ status: 'event', days: 7, date: '2026-01-12', decidedBy: null })
    expect(places(rule.criteria[0]?.rule?.reads ?? [])).toEqual(['F_VS.WEIGHT 45 kg'])
    const [read] = rule.criteria[0]?.rule?.reads ?? []
    expect(read?.place?.recordId).toBe(recordId)
    expect(rule.criteria[0]?.eventForm?.isRecorded).toBe(false)

    await save(
      world,
      { subjectId, event: 'LOG', form: 'F_AE', formRepeat: null },
      values({ AETERM: 'The scales were wrong.', AESTDTC: '2026-01-12', AESER: 'N' }),
    )
    const decided = await explain(subjectId)
    expect(decided).toMatchObject({
      status: 'censored',
      ruleMet: true,
      adjudication: { met: false, reason: { en: 'The scales were wrong.' } },
      decidedBy: { who: 'coordinator (site)', role: 'coordinator' },
    })
    expect(decided.decidedBy?.at).toMatch(/^\d{4}-/)
  })

  it('a statistician goes from the value to its history', async () => {
    const { subjectId } = await aSubject('44')
    const statistician = world.people.statistician
    const [read] = (await explain(subjectId, statistician)).criteria[0]?.rule?.reads ?? []
    const { recordId, path } = read?.place ?? { recordId: null, path: '' }
    const history = await itemHistory.execute(statistician, {
      studyId: world.studyId,
      recordId: recordId ?? '',
      path,
    })
    expect(history.map(({ new: value }) => value)).toEqual(['44'])
  })

  it('is refused beyond the own sites and without the right, and told by no subject of another study', async () => {
    const { subjectId } = await aSubject('70')
    const elsewhere = await world.person('investigator', 'otherSite')
    const stranger = await world.person('investigator', 'otherStudy')
    const input = { studyId: world.studyId, subjectId }
    expect((await problemOf(subjectEndpoints.execute(elsewhere, input))).code).toBe('not-found')
    expect((await problemOf(subjectEndpoints.execute(stranger, input))).code).toBe('not-found')
    const reader = world.people['image-reader']
    expect((await problemOf(subjectEndpoints.execute(reader, input))).code).toBe('not-allowed')
    const wrong = { ...input, studyId: world.otherStudyId }
    expect((await problemOf(subjectEndpoints.execute(stranger, wrong))).code).toBe('not-found')
  })
})

describe('the values behind a number of a report', () => {
  const place = { line: 0, column: 'subject' }

  it('come from the expressions of the definition at that place', async () => {
    const { subjectKey } = await aSubject('61.5')
    const input = { studyId: world.studyId, report: 'L1', subjectKey, place }
    const traced = await traceSubject.execute(world.people.statistician, input)
    expect(traced.endpoint).toBeNull()
    const told = traced.parts.map(({ role, answer }) => [
      role,
      answer.shown.en,
      places(answer.reads),
    ])
    expect(told[0]).toEqual(['value', '61.5', ['F_VS.WEIGHT 61.5 kg']])
  })

  it('are refused for other sites, unknown reports and subjects, and hostile places', async () => {
    const { subjectKey } = await aSubject('61')
    const input = { studyId: world.studyId, report: 'L1', subjectKey, place }
    const elsewhere = await world.person('monitor', 'otherSite')
    const { statistician } = world.people
    expect((await problemOf(traceSubject.execute(elsewhere, input))).code).toBe('not-found')
    for (const bad of [{ report: 'NOPE' }, { subjectKey: "01-001' or '1'='1" }])
      expect((await problemOf(traceSubject.execute(statistician, { ...input, ...bad }))).code).toBe(
        'not-found',
      )
    for (const bad of [
      { place: { line: -1, column: 'x' } },
      { place: { line: 0, column: 'x', text: 'F_RAND.ARMCD' } },
      { place: { line: 0, column: 'x'.repeat(101) } },
    ])
      expect(
        (await problemOf(traceSubject.execute(statistician, { ...input, ...bad } as never))).code,
      ).toBe('invalid-input')
    const values = { DOES_NOT_EXIST: 1 }
    const chosen = traceSubject.execute(statistician, { ...input, parameters: { values } })
    expect((await problemOf(chosen)).code).toBe('not-a-choice')
    const odd = { ...input, place: { line: 0, column: '__proto__' } }
    const parts = (await traceSubject.execute(statistician, odd)).parts
    expect(parts.map(({ role }) => role)).toEqual(['population'])
  })
})
