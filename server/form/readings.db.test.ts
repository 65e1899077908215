import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Person } from '../actor.ts'
import { auditTrail } from '../audit/reads.ts'
import { queryInbox } from '../query/reads.ts'
import { subjectCasebook } from '../subject/casebook.ts'
import { subjectRandomisation } from '../subject/randomisation.ts'
import { readingDefinition } from '../testing/reading-definition.ts'
import {
  aScreenedSubject,
  aWorld,
  key,
  problemOf,
  save,
  values,
  type World,
} from '../testing/world.ts'
import { completeForm } from './complete-form.ts'
import { completeReading } from './complete-reading.ts'
import { formForEntry } from './entry.ts'
import { imageReadings, readingForEntry } from './readings.ts'
import { formLog } from './reads.ts'
import { removeForm } from './remove-form.ts'
import { reopenReading } from './reopen-reading.ts'
import { saveReading } from './save-reading.ts'

let world: World
let first: Person
let second: Person
beforeAll(async () => {
  world = await aWorld({ definition: readingDefinition })
  first = world.people['image-reader']
  second = await world.person('image-reader', 'study')
})
afterAll(() => world.end())

let scans = 0
/** A subject with a scan; `image` is what its readers know it by. */
async function aScan() {
  const { subjectId, subjectKey } = await aScreenedSubject(world)
  scans += 1
  const imageKey = `K${scans}`
  const at = { subjectId, event: 'W0', form: 'F_SCAN' }
  const { recordId: image } = await save(world, at, values({ HRKEY: imageKey }))
  return { subjectId, subjectKey, image, imageKey }
}
type Scan = Awaited<ReturnType<typeof aScan>>

const read = (
  who: Person,
  { image }: Pick<Scan, 'image'>,
  changes: Parameters<typeof values>[0],
  form = 'F_READ',
) =>
  saveReading.execute(who, {
    studyId: world.studyId,
    image,
    form,
    changes: values(changes) as never,
    key: key(),
  })
const finish = (who: Person, { recordId, revision }: { recordId: string; revision: number }) =>
  completeReading.execute(who, { studyId: world.studyId, recordId, revision, key: key() })
const entry = (who: Person, { image }: Pick<Scan, 'image'>, form = 'F_READ') =>
  readingForEntry.execute(who, { studyId: world.studyId, image, form })
const stateOf = async (who: Person, { image }: Scan) => {
  const { images } = await imageReadings.execute(who, { studyId: world.studyId })
  const found = images.find((one) => one.image === image)
  return found?.forms.map(({ form, state, open }) => `${form} ${state}${open ? '' : ' later'}`)
}

describe('a reading of an image', () => {
  it('is entered and completed by each reader apart, then differences are resolved once', async () => {
    const scan = await aScan()
    expect(await stateOf(first, scan)).toEqual(['F_READ notStarted', 'F_ADJ notStarted later'])
    const one = await read(first, scan, { SCORE: '4', READER: 'R1' })
    expect(one).toMatchObject({
      data: { HRKEY: scan.imageKey, SCORE: '4' },
      evaluation: { derived: { DOUBLE: '8' } },
      refused: [],
    })
    await finish(first, one)
    expect(await stateOf(second, scan)).toEqual(['F_READ notStarted', 'F_ADJ notStarted later'])
    const early = read(second, scan, { FINAL: '5' }, 'F_ADJ')
    expect(await problemOf(early)).toMatchObject({ code: 'readings-open', details: { count: 2 } })
    const two = await read(second, scan, { SCORE: '7', READER: 'R2' })
    expect(two.recordId).not.toBe(one.recordId)
    await finish(second, two)
    expect(await stateOf(first, scan)).toEqual(['F_READ complete', 'F_ADJ notStarted'])
    const resolved = await read(first, scan, { FINAL: '5' }, 'F_ADJ')
    expect((await finish(first, resolved)).state).toBe('complete')
    const again = read(second, scan, { FINAL: '6' }, 'F_ADJ')
    expect(await problemOf(again)).toMatchObject({ code: 'duplicate' })
    expect(await stateOf(second, scan)).toEqual(['F_READ complete', 'F_ADJ notStarted later'])
  })

  it('goes on in the same entry, keeps its key, and needs reasons for changes', async () => {
    const scan = await aScan()
    const one = await read(first, scan, { SCORE: '4', HRKEY: 'K999' })
    expect(one.data).toEqual({ HRKEY: scan.imageKey, SCORE: '4' })
    const bare = await read(first, scan, { SCORE: '5' })
    expect(bare.recordId).toBe(one.recordId)
    expect(bare.conflicts).toMatchObject([{ path: 'SCORE', mine: '5', theirs: '4' }])
    const change = (to: string, reason?: string) =>
      saveReading.execute(first, {
        studyId: world.studyId,
        image: scan.image,
        form: 'F_READ',
        changes: [{ path: 'SCORE', from: '4', to, ...(reason ? { reason } : {}) }],
        key: key(),
      })
    expect((await change('5')).refused).toMatchObject([{ problem: { code: 'reason-required' } }])
    expect((await change('21', 'x')).refused).toMatchObject([
      { problem: { code: 'outside-hard-limits' } },
    ])
    const changed = await change('5', 'second look')
    expect(changed.data.SCORE).toBe('5')
    // Found wrong after it was complete: opened again by its reader, and by nobody else.
    const { recordId } = await finish(first, changed)
    const reopen = (who: Person) =>
      reopenReading.execute(who, {
        studyId: world.studyId,
        recordId,
        reason: 'wrong side',
        key: key(),
      })
    expect(await problemOf(reopen(second))).toMatchObject({ code: 'not-found' })
    expect((await entry(first, scan)).abilities).toMatchObject({ enter: false, reopen: true })
    expect((await reopen(first)).state).toBe('inProgress')
  })

  it('tells its reader neither subject, site, visit nor what the other reader found', async () => {
    const scan = await aScan()
    const one = await read(first, scan, { SCORE: '13', READER: 'R1' })
    await finish(first, one)
    const two = await read(second, scan, { SCORE: '17', READER: 'R2' })
    const checks = two.evaluation.findings.map(({ check }) => check)
    expect(checks, 'not what compares him with the other').not.toContain('EC-90')
    expect(checks, 'nor what asks for the scan, which he has not').not.toContain('EC-91')
    expect(checks, 'but what his own values say').toContain('EC-92')
    expect(two.queries).toEqual([])
    const told = JSON.stringify([
      two,
      await entry(second, scan),
      await imageReadings.execute(second, { studyId: world.studyId }),
    ])
    for (const secret of [
      scan.subjectId,
      scan.subjectKey,
      world.siteId,
      one.recordId,
      '"13"',
      'W0',
    ])
      expect(told, secret).not.toContain(secret)
    expect((await entry(second, scan)).record.data).toMatchObject({ SCORE: '17', READER: 'R2' })
    // Nor can what he learned elsewhere be used.
    expect(await problemOf(finish(second, one))).toMatchObject({ code: 'not-found' })
  })

  it('is neither seen nor written by the site, nor is what follows from it', async () => {
    const scan = await aScan()
    const one = await read(first, scan, { SCORE: '19', READER: 'R1' })
    const at = { studyId: world.studyId, subjectId: scan.subjectId, eventRepeat: 1 }
    const summary = await save(
      world,
      { subjectId: scan.subjectId, event: 'W0', form: 'F_SUM' },
      values({ REMARK: 'read' }),
    )
    expect(JSON.stringify(summary)).not.toMatch(/WORST|"19"/)
    for (const person of [world.people.coordinator, world.people.investigator]) {
      const place = { ...at, event: 'LOG', form: 'F_READ', formRepeat: 1 }
      expect(await problemOf(formForEntry.execute(person, place))).toMatchObject({
        code: 'not-found',
      })
      const written = save(
        world,
        { subjectId: scan.subjectId, event: 'LOG', form: 'F_READ', formRepeat: null },
        values({ HRKEY: scan.imageKey, SCORE: '1' }),
        { as: person },
      )
      expect(await problemOf(written)).toMatchObject({ code: 'not-found' })
      const steps = { studyId: world.studyId, recordId: one.recordId, key: key() }
      const done = completeForm.execute(person, { ...steps, revision: one.revision })
      expect(await problemOf(done)).toMatchObject({ code: 'not-found' })
      const gone = removeForm.execute(person, { ...steps, key: key(), reason: 'x' })
      expect(await problemOf(gone)).toMatchObject({ code: 'not-found' })
      expect(await problemOf(entry(person, scan))).toMatchObject({ code: 'not-allowed' })
      expect(await problemOf(read(person, scan, { SCORE: '1' }))).toMatchObject({
        code: 'not-allowed',
      })
      const seen = JSON.stringify([
        await subjectCasebook.execute(person, {
          studyId: world.studyId,
          subjectId: scan.subjectId,
        }),
        await auditTrail.execute(person, { studyId: world.studyId, subjectId: scan.subjectId }),
        await queryInbox.execute(person, { studyId: world.studyId }),
        await formForEntry.execute(person, { ...at, event: 'W0', form: 'F_SUM', formRepeat: 1 }),
        await formLog.execute(person, { studyId: world.studyId, form: 'F_AE' }),
      ])
      for (const secret of ['F_READ', 'WORST', '"19"', one.recordId])
        expect(seen, secret).not.toContain(secret)
    }
  })

  it('is there for those who clean and review, and arms stay open where the study is', async () => {
    const scan = await aScan()
    await read(first, scan, { SCORE: '11' })
    const place = {
      studyId: world.studyId,
      subjectId: scan.subjectId,
      event: 'LOG',
      eventRepeat: 1,
      form: 'F_READ',
      formRepeat: 1,
    }
    for (const role of ['monitor', 'data-manager', 'auditor'] as const) {
      const { record } = await formForEntry.execute(world.people[role], place)
      expect(record.data.SCORE, role).toBe('11')
    }
    const { abilities } = await subjectRandomisation.execute(world.people.investigator, {
      studyId: world.studyId,
      subjectId: scan.subjectId,
    })
    expect(abilities.unblind).toBe(false)
  })

  it('needs an image: hostile addresses change nothing', async () => {
    const scan = await aScan()
    const visit = await save(
      world,
      { subjectId: scan.subjectId, event: 'W0', form: 'F_VS' },
      values({ WEIGHT: '70' }),
    )
    const attempts: readonly [string, string][] = [
      [visit.recordId, 'F_READ'],
      [scan.subjectId, 'F_READ'],
      [scan.image, 'F_VS'],
      [scan.image, 'F_SCAN'],
      [key(), 'F_READ'],
    ]
    for (const [image, form] of attempts) {
      expect(await problemOf(read(first, { image }, { SCORE: '1' }, form))).toMatchObject({
        code: 'not-found',
      })
      expect(await problemOf(entry(first, { image }, form))).toMatchObject({ code: 'not-found' })
    }
    const stranger = await world.person('image-reader', 'otherSite')
    expect(await problemOf(read(stranger, scan, { SCORE: '1' }))).toMatchObject({
      code: 'not-found',
    })
    expect(await stateOf(stranger, scan)).toBeUndefined()
    expect(await stateOf(first, scan)).toEqual(['F_READ notStarted', 'F_ADJ notStarted later'])
  })
})
