import { afterAll, beforeAll, expect, it } from 'vitest'
import { studyDefinitionSchema } from '#domain/definition/definition.ts'
import { traceSubject } from '../report/trace.ts'
import { fixtureDefinition } from '../testing/fixture-definition.ts'
import { aScreenedSubject, aWorld, save, values, type World } from '../testing/world.ts'
import { subjectEndpoints } from './reads.ts'

const label = (en: string) => ({ en })
const base = {
  kind: 'time-to-event' as const,
  population: 'ITT',
  timeZero: 'F_ICF.RFICDTC',
  event: 'F_ICF.RFICDTC',
  horizon: 364,
}

let world: World
beforeAll(async () => {
  const draft = structuredClone(fixtureDefinition)
  if (draft.allocation) draft.allocation.openLabel = false
  draft.endpoints = [
    { ...base, oid: 'OPEN', label: label('Open'), censor: 'F_ICF.RFICDTC' },
    {
      ...base,
      oid: 'TELLS',
      label: label('Tells the arm'),
      censor: "F_RAND.ARMCD == 'A' ? F_ICF.RFICDTC : F_ICF.RFICDTC + 1d",
    },
  ]
  draft.reports = [
    {
      kind: 'listing',
      oid: 'L1',
      title: label('Arms'),
      population: 'ITT',
      shows: [
        { label: label('Arm'), value: 'F_RAND.ARMCD' },
        { label: label('Consent'), value: 'F_ICF.RFICDTC' },
      ],
    },
  ]
  world = await aWorld({ definition: studyDefinitionSchema.parse(draft) })
})
afterAll(async () => {
  await world?.end()
})

it('in a blinded study an endpoint that reads the arm is not told, another one is', async () => {
  const { subjectId } = await aScreenedSubject(world)
  await save(world, { subjectId, event: 'SCR', form: 'F_ICF' }, values({ RFICDTC: '2026-01-05' }))
  const { endpoints } = await subjectEndpoints.execute(world.people.statistician, {
    studyId: world.studyId,
    subjectId,
  })
  const told = endpoints.filter((one) => !one.isConcealed)
  expect(told.map(({ oid, date }) => [oid, date])).toEqual([['OPEN', '2026-01-05']])
  expect(JSON.stringify(endpoints)).not.toContain('ARMCD')
})

it('a trace conceals what reads the arm and shows the rest', async () => {
  const { subjectId, subjectKey } = await aScreenedSubject(world)
  await save(world, { subjectId, event: 'SCR', form: 'F_ICF' }, values({ RFICDTC: '2026-01-05' }))
  const { parts } = await traceSubject.execute(world.people.statistician, {
    studyId: world.studyId,
    report: 'L1',
    subjectKey,
    place: { line: 0, column: 'subject' },
  })
  const shown = parts.filter(({ role, answer }) => role === 'value' && !answer.isConcealed)
  expect(shown.map(({ answer }) => answer.value)).toEqual(['2026-01-05'])
})
