/** Whole studies as they were: the same answer whenever it is asked, and the same as of one subject at a time. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Transaction } from '#db/client.ts'
import { referenceRange } from '#db/schema/form.ts'
import { asSystem } from '#db/seed/build.ts'
import { uuidv7 } from '#db/uuid.ts'
import type { StudyDefinition } from '#domain/definition/definition.ts'
import { startRun } from '../amendment/start-run.ts'
import { workRun } from '../amendment/work-run.ts'
import { removeForm } from '../form/remove-form.ts'
import { approveVersion } from '../site/approve-version.ts'
import { publishNext } from '../testing/amendment.ts'
import { fixtureDefinition } from '../testing/fixture-definition.ts'
import { aScreenedSubject, aWorld, key, save, values, type World } from '../testing/world.ts'
import { casebookAsOf } from './as-of.ts'
import { subjectRow } from './load.ts'
import { casebooksFor, rosterOf } from './roster.ts'

let world: World
const owned = <T>(run: (tx: Transaction) => Promise<T>) =>
  asSystem(world.database.ownerPool, { studyId: world.studyId }, run)

/** A moment that nothing else falls into: instants are kept in milliseconds. */
async function aMoment(): Promise<string> {
  await owned((tx) => tx.query('select pg_sleep(0.005)'))
  const [row] = await owned((tx) =>
    tx.query<{ at: string }>("select date_trunc('milliseconds', now()) as at"),
  )
  await owned((tx) => tx.query('select pg_sleep(0.005)'))
  return row?.at as string
}

const whole = (asOf: string | null) =>
  owned(async (tx) => {
    const roster = await rosterOf(tx, world.studyId, asOf)
    return casebooksFor(tx, roster, roster.subjects, '2026-11-21')
  })

/** The fixture with another name for a form, an item and a visit. */
const renamed = JSON.parse(
  JSON.stringify({ ...fixtureDefinition, checks: [] })
    .replaceAll('F_VS', 'F_VITAL')
    .replaceAll('"W4"', '"V4"'),
) as StudyDefinition
for (const form of renamed.forms) if (form.oid === 'F_VITAL') form.renamedFrom = 'F_VS'
for (const event of renamed.events) if (event.oid === 'V4') event.renamedFrom = 'W4'

type Step = { name: string; act: () => Promise<unknown> }
const moments: { name: string; at: string; seen: Awaited<ReturnType<typeof whole>> }[] = []
let first: string
let second: string
const vital = { event: 'W4', form: 'F_VS' }
let removedLater: { recordId: string }
let rangeId: string

const steps: Step[] = [
  {
    name: 'a subject with a form',
    act: async () => {
      first = (await aScreenedSubject(world)).subjectId
      await save(world, { subjectId: first, ...vital }, values({ WEIGHT: '70', SYS: '120' }))
    },
  },
  {
    name: 'a changed value and one taken back',
    act: () =>
      save(world, { subjectId: first, ...vital }, [
        { path: 'WEIGHT', from: '70', to: '71.0', reason: 'typing error' },
        { path: 'SYS', from: '120', to: { missing: 'ND' }, reason: 'not measured' },
      ]),
  },
  {
    name: 'a second subject with an entry',
    act: async () => {
      second = (await aScreenedSubject(world)).subjectId
      removedLater = await save(
        world,
        { subjectId: second, event: 'LOG', form: 'F_AE', formRepeat: null },
        values({ AETERM: 'Cough', AESTDTC: '2026-03', AESER: 'N' }),
      )
    },
  },
  {
    name: 'the entry removed',
    act: () =>
      removeForm.execute(world.people.coordinator, {
        studyId: world.studyId,
        recordId: removedLater.recordId,
        reason: 'entered twice',
        key: key(),
      }),
  },
  {
    name: 'a reference range',
    act: async () => {
      rangeId = uuidv7()
      const { studyId, siteId } = world
      const range = { studyId, siteId, rangeId, test: 'CREAT', unit: 'umol/L', sex: 'F' as const }
      await owned((tx) => tx.db.insert(referenceRange).values({ ...range, low: 40.5, high: 105 }))
    },
  },
  {
    name: 'the range changed',
    act: () =>
      owned((tx) =>
        tx.query(
          `update casebook.reference_range set high = 99, sex = null, valid_from = '2026-01-01' where range_id = $1`,
          [rangeId],
        ),
      ),
  },
  {
    name: 'the site under another code',
    act: () =>
      owned((tx) =>
        tx.query(`update casebook.site set code = '77' where site_id = $1`, [world.siteId]),
      ),
  },
  {
    name: 'the subjects on another version, with forms and visits renamed',
    act: async () => {
      const { studyId, siteId } = world
      const version = await publishNext(world.database.ownerPool, studyId, renamed)
      await approveVersion.execute(world.people['study-administrator'], {
        studyId,
        siteId,
        version,
        approvedOn: '2026-01-10',
        goLiveOn: '2026-01-10',
        reason: 'approved',
        key: key(),
      })
      const { runId } = await startRun.execute(world.people['data-manager'], {
        studyId,
        version,
        siteIds: [siteId],
        reason: 'amendment 1',
        key: key(),
      })
      while (await workRun({ studyId, runId }, 1000));
    },
  },
]

beforeAll(async () => {
  world = await aWorld()
  for (const { name, act } of steps) {
    await act()
    moments.push({ name, at: await aMoment(), seen: await whole(null) })
  }
})
afterAll(() => world.end())

describe('casebooks of a study at a moment', () => {
  it.each(steps.map(({ name }, at) => [name, at] as const))('after: %s', async (_, at) => {
    const moment = moments[at]
    expect(moment && (await whole(moment.at))).toEqual(moment?.seen)
    // Each step is a difference, or this proves nothing.
    expect(moment?.seen).not.toEqual(moments[at - 1]?.seen)
  })

  it('before the first subject there is none', async () => {
    expect(await whole('2000-01-01T00:00:00Z')).toEqual([])
  })

  it('are those that the audit trail tells of each subject from its beginning', async () => {
    for (const { at, seen } of moments) {
      for (const casebook of seen) {
        const alone = await owned(async (tx) => {
          const subject = await subjectRow(tx, world.studyId, casebook.subject.subjectId)
          return subject && casebookAsOf(tx, world.studyId, subject, at)
        })
        const told = alone?.records.map(
          ({ recordId, key, data, state, versionNumber, revision }) => ({
            recordId,
            key,
            data,
            state,
            versionNumber,
            revision,
          }),
        )
        expect(casebook.records).toHaveLength(told?.length ?? -1)
        for (const record of told ?? [])
          expect(
            casebook.records.find(({ recordId }) => recordId === record.recordId),
          ).toMatchObject(record)
      }
    }
  })

  it('keep to the sites of the reader', async () => {
    const { studyId, otherSiteId } = world
    const seen = await asSystem(world.database.pool, { studyId, siteIds: [otherSiteId] }, (tx) =>
      rosterOf(tx, studyId, moments.at(-1)?.at ?? null),
    )
    expect(seen.subjects).toEqual([])
  })
})
