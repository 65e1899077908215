import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aGrant, asSystem, aUser } from '#db/seed/build.ts'
import { type OpenLineId, openLineIds } from '#domain/analysis/cut-views.ts'
import type { Person } from '../actor.ts'
import { answerQuery } from '../query/answer-query.ts'
import { raiseQuery } from '../query/raise-query.ts'
import { aCut, aCutScene, type CutScene, cutDefinition } from '../testing/cuts.ts'
import {
  aScreenedSubject,
  aWorld,
  key,
  problemOf,
  save,
  signedInAs,
  values,
  type World,
} from '../testing/world.ts'
import { createCaller } from '../trpc/router.ts'
import { cutFindings } from './finding-reads.ts'
import { cutChecklist, cutFacts, cutList, cutReport, cutVerdict } from './reads.ts'
import { takeCut } from './take-cut.ts'

let world: World
let scene: CutScene
let manager: Person
let auditor: Person
let board: Person
beforeAll(async () => {
  world = await aWorld({ definition: cutDefinition })
  scene = await aCutScene(world)
  manager = await world.person('data-manager', 'study')
  auditor = await world.person('auditor', 'study')
  board = await world.person('dsmb-member', 'study')
})
afterAll(() => world.end())

const owned = <T>(run: (tx: Parameters<Parameters<typeof asSystem>[2]>[0]) => Promise<T>) =>
  asSystem(world.database.ownerPool, { studyId: world.studyId }, run)
const codeOf = async (act: Promise<unknown>) => (await problemOf(act)).code

describe('a cut', () => {
  it('is taken by a data manager, listed with its facts, and read by who may read reports', async () => {
    const { studyId } = world
    const asked = {
      name: ' Interim ',
      purpose: 'final',
      parameters: { cutOff: '2026-03-01' },
    } as const
    const { number, sha256, subjects } = await aCut(world, manager, asked)
    expect(subjects).toBe(3)
    const { cuts, abilities } = await cutList.execute(auditor, { studyId })
    expect(abilities.take).toBe(false)
    expect(cuts[0]).toMatchObject({ number, name: 'Interim', purpose: 'final', sha256, subjects })
    const { cut } = await cutFacts.execute(auditor, { studyId, number })
    expect(cut).toMatchObject({
      parameters: { cutOff: '2026-03-01' },
      version: { number: 1, hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
      takenRole: 'data-manager',
      reason: 'planned at half of the events',
    })
    expect(cut.reports.map(({ oid }) => oid)).toEqual(['R1', 'R2', 'R3', 'R4', 'R5'])
    expect(cut.asOf <= cut.takenAt).toBe(true)
    const result = await cutReport.execute(auditor, { studyId, number, report: 'R1' })
    expect(result).toMatchObject({
      dataAsOf: cut.asOf,
      parameters: { cutOff: '2026-03-01' },
      cut: { number, name: 'Interim', asOf: cut.asOf, hash: sha256 },
    })
    expect((await cutFacts.execute(manager, { studyId, number })).abilities.report).toBe(false)
    expect(await codeOf(cutReport.execute(manager, { studyId, number, report: 'R1' }))).toBe(
      'not-allowed',
    )
    expect((await cutVerdict.execute(manager, { studyId, number })).identical).toBe(true)
  })

  it('of a population and a subgroup says so by name on its page, in its list and in its reports', async () => {
    const { studyId } = world
    const { choices } = await cutChecklist.execute(manager, { studyId })
    expect(choices.shown.populations.map(({ oid }) => oid)).toContain('ELIGIBLE')
    expect(choices.shown.groupings).toEqual([
      {
        oid: 'G_ELIG',
        label: { en: 'Eligibility' },
        groups: [
          { code: 'Y', label: { en: 'Eligible' } },
          { code: 'N', label: { en: 'Not eligible' } },
        ],
      },
    ])
    const parameters = {
      population: 'ELIGIBLE',
      subgroup: { grouping: 'G_ELIG', code: 'N' },
    }
    const { number } = await aCut(world, manager, { name: 'Some', parameters })
    const names = {
      populations: [{ oid: 'ELIGIBLE', label: { en: 'Eligible' } }],
      groupings: [
        {
          oid: 'G_ELIG',
          label: { en: 'Eligibility' },
          groups: [{ code: 'N', label: { en: 'Not eligible' } }],
        },
      ],
      parameters: [],
    }
    const { cut } = await cutFacts.execute(auditor, { studyId, number })
    expect(cut).toMatchObject({ parameters, names })
    const { cuts } = await cutList.execute(auditor, { studyId })
    expect(cuts.find((one) => one.number === number)).toMatchObject({ parameters, names })
    const result = await cutReport.execute(auditor, { studyId, number, report: 'R2' })
    expect(result).toMatchObject({ parameters, names, population: { oid: 'ELIGIBLE', n: 0 } })
    expect((await cutVerdict.execute(auditor, { studyId, number })).identical).toBe(true)
  })

  it('of an earlier moment holds what was there then', async () => {
    const { studyId } = world
    const [subjectId = ''] = scene.subjectIds
    const [before] = await owned((tx) => tx.query<{ now: string }>('select now() as now'))
    await save(world, { subjectId, event: 'W4', form: 'F_VS' }, [
      { path: 'WEIGHT', from: '60', to: '90', reason: 'read again' },
    ])
    const then = await aCut(world, manager, { asOf: before?.now ?? '' })
    const now = await aCut(world, manager)
    const text = async (number: number) =>
      JSON.stringify(await cutReport.execute(auditor, { studyId, number, report: 'R2' }))
    expect(await text(then.number)).toContain('70.0 (10.0)')
    expect(await text(now.number)).toContain('80.0 (10.0)')
  })

  it('asked for twice with one key is one cut', async () => {
    const same = { key: key(), name: 'Once' }
    const first = await aCut(world, manager, same)
    expect(await aCut(world, manager, same)).toEqual(first)
    const { cuts } = await cutList.execute(manager, { studyId: world.studyId })
    expect(cuts.filter(({ name }) => name === 'Once')).toHaveLength(1)
  })

  it('taken by two people at once gets two numbers', async () => {
    const before = (await cutList.execute(manager, { studyId: world.studyId })).cuts.length
    const taken = await Promise.all(
      ['a', 'b', 'c', 'd'].map((name, at) =>
        aCut(world, at % 2 === 0 ? manager : scene.statistician, { name }),
      ),
    )
    const numbers = taken.map(({ number }) => number).sort((a, b) => a - b)
    expect(numbers).toEqual([1, 2, 3, 4].map((step) => before + step))
    for (const { number } of taken) {
      const verdict = await cutVerdict.execute(auditor, { studyId: world.studyId, number })
      expect(verdict.identical).toBe(true)
    }
  })
})

describe('no cut', () => {
  it('is taken of a moment that lies ahead', async () => {
    const asOf = new Date(Date.now() + 3_600_000).toISOString()
    expect(await codeOf(aCut(world, manager, { asOf }))).toBe('cut-in-future')
  })

  it('is taken of a moment before the first subject', async () => {
    expect(await codeOf(aCut(world, manager, { asOf: '2001-01-01T00:00:00Z' }))).toBe(
      'cut-without-subjects',
    )
  })

  it('is taken of a study that was never published, or by who reaches one site only', async () => {
    const { database, studyId } = world
    const empty = randomUUID()
    await asSystem(database.ownerPool, { studyId: empty }, (tx) =>
      tx.query(
        `insert into casebook.study (study_id, oid, name, title) values ($1, 'EMPTY', '{"en": "E"}', '{"en": "E"}')`,
        [empty],
      ),
    )
    const user = await aUser(database.ownerPool)
    await aGrant(database.ownerPool, { studyId: empty, userId: user.userId, role: 'data-manager' })
    const ofEmpty = await signedInAs(database, user.userId)
    expect(await codeOf(aCut(world, ofEmpty, { studyId: empty }))).toBe('cut-unpublished')
    expect(await codeOf(cutChecklist.execute(ofEmpty, { studyId: empty }))).toBe('cut-unpublished')
    expect(await cutList.execute(ofEmpty, { studyId: empty })).toEqual({
      cuts: [],
      abilities: { take: false },
    })
    const ofSite = world.people['data-manager']
    expect(await codeOf(aCut(world, ofSite))).toBe('cut-needs-all-sites')
    expect(await codeOf(cutList.execute(ofSite, { studyId }))).toBe('cut-needs-all-sites')
    expect(await codeOf(cutVerdict.execute(ofSite, { studyId, number: 1 }))).toBe(
      'cut-needs-all-sites',
    )
  })

  it('is taken without right, name, reason or with parameters that the study does not have', async () => {
    expect(await codeOf(aCut(world, auditor))).toBe('not-allowed')
    expect(await codeOf(aCut(world, board))).toBe('not-allowed')
    for (const given of [
      { name: '  ' },
      { name: 'x'.repeat(81) },
      { reason: '' },
      { purpose: 'all' as 'other' },
      { arms: 'named' as 'shown' },
      { asOf: 'yesterday' },
      { parameters: { cutOff: '2026-02-30' } },
      { name: 'null\u0000byte' },
      { maskSeed: '0'.repeat(64) } as object,
    ]) {
      expect(await codeOf(aCut(world, manager, given)), JSON.stringify(given)).toBe('invalid-input')
    }
    const { cuts } = await cutList.execute(manager, { studyId: world.studyId })
    expect(await codeOf(aCut(world, manager, { parameters: { population: 'NOBODY' } }))).toBe(
      'no-such-population',
    )
    expect(
      await codeOf(
        takeCut.execute(manager, {
          studyId: world.otherStudyId,
          name: 'x',
          purpose: 'other',
          reason: 'x',
          arms: 'shown',
          key: key(),
        }),
      ),
    ).toBe('not-found')
    expect(await cutList.execute(manager, { studyId: world.studyId })).toMatchObject({ cuts })
  })

  it('of another study, no number that was not given, and no report that it has not, is found', async () => {
    const { studyId } = world
    const stranger = await world.person('statistician', 'otherStudy')
    expect(await codeOf(cutFacts.execute(stranger, { studyId, number: 1 }))).toBe('not-found')
    for (const number of [999, 0, -1, 1.5]) {
      const code = await codeOf(cutFacts.execute(auditor, { studyId, number }))
      expect(['not-found', 'invalid-input']).toContain(code)
    }
    expect(await codeOf(cutReport.execute(auditor, { studyId, number: 1, report: 'R9' }))).toBe(
      'not-found',
    )
  })

  it('is ever changed or removed, by whoever owns the table', async () => {
    const { database, studyId } = world
    await expect(
      owned((tx) =>
        tx.query(`update casebook.data_cut set name = 'other' where study_id = $1`, [studyId]),
      ),
    ).rejects.toMatchObject({ code: 'CB013' })
    await expect(
      owned((tx) => tx.query('delete from casebook.data_cut where study_id = $1', [studyId])),
    ).rejects.toMatchObject({ code: 'CB012' })
    await expect(
      database.pool.query(`update casebook.data_cut set name = 'other'`),
    ).rejects.toMatchObject({ code: '42501' })
    await expect(
      database.pool.query(`insert into casebook.closed_moment values ($1, now())`, [randomUUID()]),
    ).rejects.toMatchObject({ code: '42501' })
  })
})

describe('the safety board', () => {
  it('meets only the cuts that were made for it', async () => {
    const { studyId } = world
    const own = await aCut(world, scene.statistician, { purpose: 'dsmb', arms: 'masked' })
    const { cuts, abilities } = await cutList.execute(board, { studyId })
    expect(cuts.map(({ number }) => number)).toEqual([own.number])
    expect(abilities.take).toBe(false)
    expect(await codeOf(cutFacts.execute(board, { studyId, number: 1 }))).toBe('not-found')
    expect(await codeOf(cutReport.execute(board, { studyId, number: 1, report: 'R1' }))).toBe(
      'not-found',
    )
    const result = await cutReport.execute(board, { studyId, number: own.number, report: 'R1' })
    expect(result.arms).toBe('masked')
  })

  it('nobody is told the secret of the letters', async () => {
    const { studyId } = world
    const rows = await owned((tx) =>
      tx.query<{ seed: string }>(
        'select mask_seed as seed from casebook.data_cut where study_id = $1',
        [studyId],
      ),
    )
    expect(new Set(rows.map(({ seed }) => seed)).size).toBe(rows.length)
    const { cuts } = await cutList.execute(scene.statistician, { studyId })
    const api = createCaller({ actor: scene.statistician })
    const told = JSON.stringify([
      cuts,
      await Promise.all(cuts.map(({ number }) => api.cut.facts({ studyId, number }))),
      await Promise.all(cuts.map(({ number }) => api.cut.verify({ studyId, number }))),
      await api.cut.report({ studyId, number: cuts[0]?.number ?? 0, report: 'R1' }),
      await createCaller({ actor: auditor }).audit.trail({ studyId }),
    ])
    for (const { seed } of rows) expect(told).not.toContain(seed)
  })
})

describe('the checklist', () => {
  it('counts what is open, by site, with links to lists that the reader may open', async () => {
    const { studyId } = world
    const list = await cutChecklist.execute(manager, { studyId })
    const line = (id: string) => list.lines.find((one) => one.id === id)
    expect(line('formsInProgress')?.bySite).toEqual([
      { site: '01', count: 9 },
      { site: '02', count: 4 },
    ])
    expect(line('formsMissing')).toMatchObject({ count: 12 })
    expect(line('eventsWithoutEnd')).toMatchObject({ count: 1, bySite: [{ site: '01', count: 1 }] })
    expect(line('formsUnsigned')).toMatchObject({ count: 3 })
    expect(line('populationsUndecided')?.parts).toEqual([
      { part: 'ELIGIBLE', label: { en: 'Eligible' }, count: 3 },
    ])
    for (const id of ['queriesOpen', 'queriesAnswered', 'ruleQueries', 'visitsOverdue']) {
      expect(line(id)?.count, id).toBe(0)
    }
    expect(list.links.queriesOpen).toBe('/queries?state=open')
    expect(Object.keys(list.links).sort()).toEqual([...openLineIds].sort())
    const ofStatistician = await cutChecklist.execute(scene.statistician, { studyId })
    expect(ofStatistician.links.queriesOpen).toBe('/cuts/open/queriesOpen')
    expect(ofStatistician.lines).toEqual(list.lines)
    expect(await codeOf(cutChecklist.execute(auditor, { studyId }))).toBe('not-allowed')
  })

  it('counts questions by age and kind, overdue visits, fallen signatures and older versions', async () => {
    const { studyId, people } = world
    const { subjectId } = await aScreenedSubject(world)
    const at = { subjectId, event: 'SCR', form: 'F_VS' }
    const { recordId } = await save(world, at, values({ WEIGHT: '130', HEIGHT: '170' }))
    const ask = (path: string) =>
      raiseQuery.execute(people.monitor, {
        studyId,
        recordId,
        path,
        text: 'Please look.',
        key: key(),
      })
    const { queryId } = await ask('HEIGHT')
    await ask('SYS')
    await answerQuery.execute(people.coordinator, { studyId, queryId, text: 'Right.', key: key() })
    await owned(async (tx) => {
      await tx.query(
        `update casebook.query set opened_at = now() - interval '40 days' where study_id = $1 and path = 'SYS'`,
        [studyId],
      )
      await tx.query(
        `update casebook.subject set anchor_date = '2026-01-05', state = 'randomised'
         where study_id = $1 and subject_id = $2`,
        [studyId, subjectId],
      )
      await tx.query(
        `insert into casebook.signature (study_id, signature_id, record_id, site_id, subject_id, meaning, content_hash,
           signed_by, signer_name, revoked_at, revoked_why)
         values ($1, $2, $3, $4, $5, 'mine', $6, $7, 'Somebody', now(), 'changed')`,
        [studyId, randomUUID(), recordId, world.siteId, subjectId, '0'.repeat(64), manager.userId],
      )
    })
    const list = await cutChecklist.execute(manager, { studyId })
    const counts = Object.fromEntries(list.lines.map(({ id, count }) => [id, count]))
    expect(counts).toMatchObject({
      queriesOpen: 2,
      queriesAnswered: 1,
      ruleQueries: 1,
      visitsOverdue: 1,
      signaturesFallen: 1,
      olderVersions: 0,
    })
    expect(list.lines.find(({ id }) => id === 'queriesOpen')?.parts).toEqual([
      { part: 'upTo7', label: null, count: 1 },
      { part: 'over30', label: null, count: 1 },
    ])
  })

  it('has behind each line exactly the findings that it counts, of all sites and of each', async () => {
    const { studyId } = world
    const found = async (line: OpenLineId, site?: string) => {
      const places: string[] = []
      let cursor: string | undefined
      do {
        const asked = { studyId, line, limit: 2, ...(site ? { site } : {}) }
        const page = await cutFindings.execute(manager, { ...asked, cursor })
        expect(page.rows.length).toBeLessThanOrEqual(2)
        for (const row of page.rows) expect(row.siteCode).toBe(site ?? row.siteCode)
        places.push(...page.rows.map(({ place }) => place))
        cursor = page.next ?? undefined
      } while (cursor !== undefined)
      expect(new Set(places).size).toBe(places.length)
      return places
    }
    const { lines } = await cutChecklist.execute(manager, { studyId })
    expect(lines.filter(({ count }) => count > 0).length).toBeGreaterThan(7)
    for (const { id, count, bySite } of lines) {
      expect(await found(id), id).toHaveLength(count)
      for (const { site, count } of bySite) expect(await found(id, site), id).toHaveLength(count)
      expect(await found(id, 'NOWHERE'), id).toEqual([])
    }
  })

  it('names visit, form and what a finding is about', async () => {
    const { studyId } = world
    const rowsOf = async (line: OpenLineId) =>
      (await cutFindings.execute(manager, { studyId, line })).rows
    expect((await rowsOf('eventsWithoutEnd')).map(({ detail, form }) => [detail, form])).toEqual([
      [
        { en: 'Tremor' },
        { oid: 'F_AE', repeat: 1, label: expect.objectContaining({ en: expect.any(String) }) },
      ],
    ])
    expect((await rowsOf('populationsUndecided')).map(({ detail }) => detail?.en)).toContain(
      'Eligible',
    )
    const [late] = await rowsOf('visitsOverdue')
    expect(late).toMatchObject({
      event: { oid: expect.any(String), label: { en: expect.any(String) } },
      form: null,
      detail: { en: expect.stringMatching(/^2026-\d\d-\d\d$/) },
    })
    const questions = await rowsOf('queriesOpen')
    expect(questions.map(({ detail }) => detail?.en)).toContain('Please look.')
    // A statistician reads no queries: where they are, not what they ask.
    const where = await cutFindings.execute(scene.statistician, { studyId, line: 'queriesOpen' })
    expect(where.rows).toEqual(questions.map((row) => ({ ...row, detail: null })))
  })

  it('gives no list to who takes no cuts, reaches one site only, or asks for what is none', async () => {
    const { studyId } = world
    const asked = { studyId, line: 'formsInProgress' } as const
    for (const person of [auditor, board, world.people.coordinator]) {
      expect(await codeOf(cutFindings.execute(person, asked))).toBe('not-allowed')
    }
    const narrow = await world.person('data-manager', 'site')
    expect(await codeOf(cutFindings.execute(narrow, asked))).toBe('cut-needs-all-sites')
    for (const cursor of ['x', 'WzFd', Buffer.from('["a","b"]').toString('base64url')]) {
      expect(await codeOf(cutFindings.execute(manager, { ...asked, cursor }))).toBe('invalid-input')
    }
    const wrong = { studyId, line: "forms'; drop" } as never
    expect(await codeOf(cutFindings.execute(manager, wrong))).toBe('invalid-input')
  })

  it('is kept with the cut as it was', async () => {
    const { studyId } = world
    const { lines } = await cutChecklist.execute(manager, { studyId })
    const { number } = await aCut(world, manager)
    await aScreenedSubject(world)
    const { cut } = await cutFacts.execute(auditor, { studyId, number })
    expect(cut.openLines.lines).toEqual(lines)
    const open = lines.reduce((sum, { count }) => sum + count, 0)
    const { cuts } = await cutList.execute(auditor, { studyId })
    expect(cuts.find((one) => one.number === number)?.open).toBe(open)
  })
})
