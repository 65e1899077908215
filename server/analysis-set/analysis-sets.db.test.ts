import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encode } from 'next-auth/jwt'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { aSession } from '#db/seed/build.ts'
import { csvRows } from '#domain/exchange/csv.ts'
import { readDatasetJson } from '#domain/exchange/dataset-json.ts'
import type { Person } from '../actor.ts'
import { exportHistory } from '../export/reads.ts'
import { aCut, aCutScene, type CutScene, cutDefinition } from '../testing/cuts.ts'
import { unzippedFiles } from '../testing/unzipped.ts'
import { aWorld, save, values, type World } from '../testing/world.ts'
import { downloadScript, downloadSets } from '../trpc/analysis-set-route.ts'

vi.hoisted(() => {
  process.env.NEXTAUTH_SECRET = 'the secret of this test'
})

let world: World
let scene: CutScene
let statistician: Person
const hostile = '=cmd|"x"\n被験者,\'q'

beforeAll(async () => {
  world = await aWorld({ definition: cutDefinition })
  scene = await aCutScene(world)
  statistician = scene.statistician
  await save(
    world,
    { subjectId: scene.subjectIds[0] as string, event: 'LOG', form: 'F_AE', formRepeat: null },
    values({ AETERM: hostile, AESTDTC: '2026-02', AESER: 'N' }),
  )
})
afterAll(() => world.end())

type Route = (request: Request, study: string) => Promise<Response>
/** What a person's browser gets. */
async function got(person: Person, route: Route, search = ''): Promise<Response> {
  const { token } = await aSession(world.database.ownerPool, person.userId)
  const secret = 'the secret of this test'
  const jwt = await encode({ token: { sid: token }, secret, maxAge: 3600 })
  const headers = { cookie: `next-auth.session-token=${jwt}` }
  return route(new Request(`http://casebook.test/x${search}`, { headers }), world.studyId)
}
async function files(person: Person, route: Route, search = ''): Promise<Record<string, string>> {
  const answer = await got(person, route, search)
  expect(answer.status).toBe(200)
  expect(answer.headers.get('cache-control')).toBe('no-store')
  return unzippedFiles(Buffer.from(await answer.arrayBuffer()))
}
const script =
  (report: string): Route =>
  (request, study) =>
    downloadScript(request, study, report)

describe('analysis sets', () => {
  it('hold every subject in reach, with arms, and nothing that a spreadsheet would run', async () => {
    const found = await files(statistician, downloadSets)
    expect(Object.keys(found)).toEqual(
      expect.arrayContaining(['README.txt', 'variables.csv', 'adsl.csv', 'adae.csv', 'advs.csv']),
    )
    const [head, ...rows] = csvRows(found['adsl.csv'] as string)
    expect(rows).toHaveLength(3)
    expect(head).toEqual(expect.arrayContaining(['USUBJID', 'SITEID', 'ITTFL', 'ARM', 'TRT01P']))
    const [terms, ...events] = csvRows(found['adae.csv'] as string)
    const at = terms?.indexOf('AETERM') as number
    expect(events.map((row) => row[at])).toEqual(['Tremor', hostile])
    expect(found['adae.csv']).not.toMatch(/(^|,)"?=/m)
    const [names, ...weights] = csvRows(found['advs.csv'] as string)
    const value = names?.indexOf('AVAL') as number
    const code = names?.indexOf('PARAMCD') as number
    const own = weights.filter((row) => row[code] === 'WEIGHT').map((row) => row[value])
    expect(own).toEqual(['60', '70', '80'])
  })

  it.each(['json', 'ndjson'])('as Dataset-JSON (%s) hold the same', async (format) => {
    const found = await files(statistician, downloadSets, `?format=${format}`)
    const adsl = readDatasetJson(found[`adsl.${format}`] as string)
    expect(adsl).toMatchObject({ name: 'ADSL', records: 3, studyOID: cutDefinition.oid })
    const adae = readDatasetJson(found[`adae.${format}`] as string)
    const at = adae.columns.findIndex(({ name }) => name === 'AETERM')
    expect(adae.rows.map((row) => row[at])).toEqual(['Tremor', hostile])
  })

  it('of one site hold that site only', async () => {
    const found = await files(world.people.monitor, downloadSets)
    const [head, ...rows] = csvRows(found['adsl.csv'] as string)
    const at = head?.indexOf('SITEID') as number
    expect(rows.map((row) => row[at])).toEqual(['01', '01'])
    expect(JSON.stringify(found)).not.toContain('02-001')
  })

  it('of a cut are as the data were', async () => {
    const { number } = await aCut(world, statistician, { name: 'Before the change' })
    const subjectId = scene.subjectIds[0] as string
    const { recordId } = await save(
      world,
      { subjectId, event: 'LOG', form: 'F_AE', formRepeat: null },
      values({ AETERM: 'After the cut', AESTDTC: '2026-03-01', AESER: 'N' }),
    )
    expect(recordId).toBeTruthy()
    const now = await files(statistician, downloadSets)
    expect(now['adae.csv']).toContain('After the cut')
    const cut = await files(statistician, downloadSets, `?cut=${number}`)
    expect(cut['adae.csv']).not.toContain('After the cut')
    expect(cut['README.txt']).toContain(`cut ${number} Before the change`)
  })

  it('leave a trace, of the beginning and of what was taken', async () => {
    await files(statistician, downloadSets, '?format=ndjson')
    // The row is written when the last byte is out, so it may come a moment after the file; one is of the test above.
    const row = await vi.waitFor(async () => {
      const history = await exportHistory.execute(statistician, { studyId: world.studyId })
      const own = history.filter(({ kind }) => kind === 'analysis-sets-ndjson')
      expect(own).toHaveLength(2)
      return own[0]
    })
    expect(row).toMatchObject({ subjects: 3, studyVersion: 1 })
    expect(row?.sha256).toMatch(/^[0-9a-f]{64}$/)
    expect(row?.bytes).toBeGreaterThan(1000)
  })

  it.each(['coordinator', 'investigator', 'auditor', 'image-reader', 'dsmb-member'] as const)(
    'are refused to the role %s',
    async (role) => {
      const person = await world.person(role, 'study')
      const before = await exportHistory.execute(statistician, { studyId: world.studyId })
      const answer = await got(person, downloadSets)
      expect(answer.status).toBe(403)
      const after = await exportHistory.execute(statistician, { studyId: world.studyId })
      expect(after).toHaveLength(before.length)
    },
  )

  it('are not found for a stranger, another site’s link, a cut that is not there or a strange number', async () => {
    const stranger = await world.person('statistician', 'otherStudy')
    expect((await got(stranger, downloadSets)).status).toBe(404)
    const foreign = new Request('http://casebook.test/x', {
      headers: { 'sec-fetch-site': 'cross-site' },
    })
    expect((await downloadSets(foreign, world.studyId)).status).toBe(404)
    for (const cut of ['0', '-1', 'x', '1e9']) {
      expect((await got(statistician, downloadSets, `?cut=${cut}`)).status, cut).toBe(404)
    }
  })
})

describe('the R script of a report', () => {
  it('comes with its data for who may export, and is logged', async () => {
    const before = await exportHistory.execute(statistician, { studyId: world.studyId })
    const found = await files(statistician, script('r2'))
    expect(Object.keys(found)).toEqual([
      'README.txt',
      'r2.R',
      'r2_printed.csv',
      'r2.csv',
      'r2_variables.csv',
    ])
    const rows = csvRows(found['r2.csv'] as string)
    expect(rows).toHaveLength(4)
    expect(rows[0]).toEqual(expect.arrayContaining(['USUBJID', 'POPFL', 'G01', 'V001']))
    const after = await exportHistory.execute(statistician, { studyId: world.studyId })
    expect(after).toHaveLength(before.length + 1)
    expect(after[0]).toMatchObject({ kind: 'report-script', subjects: 3 })
  })

  it('asked for by several at once, beside sets, comes for each and each is logged', async () => {
    const before = await exportHistory.execute(statistician, { studyId: world.studyId })
    const routes = [script('R1'), downloadSets, script('R2'), script('R3'), downloadSets]
    const answers = await Promise.all(routes.map((route) => files(statistician, route)))
    expect(answers.map((found) => 'README.txt' in found)).toEqual(routes.map(() => true))
    await vi.waitFor(async () => {
      const after = await exportHistory.execute(statistician, { studyId: world.studyId })
      expect(after).toHaveLength(before.length + routes.length)
    })
  })

  it('is of the parameters that were asked for', async () => {
    const search = '?population=ELIGIBLE&language=ja&unknown=1'
    const found = await files(statistician, script('R2'), search)
    expect(found['r2.R']).toContain('# Parameters {"population":"ELIGIBLE"}')
    const rows = csvRows(found['r2.csv'] as string)
    const at = rows[0]?.indexOf('POPFL') as number
    expect(rows.slice(1).map((row) => row[at])).toEqual(['N', 'N', 'N'])
    const wrong = await got(statistician, script('R2'), '?population=NOWHERE')
    expect(wrong.status).toBeGreaterThanOrEqual(400)
  })

  it('comes without data on subjects for who may only read reports, and is no export', async () => {
    const auditor = await world.person('auditor', 'study')
    const before = await exportHistory.execute(statistician, { studyId: world.studyId })
    const found = await files(auditor, script('R2'))
    expect(Object.keys(found)).toEqual(['README.txt', 'r2.R', 'r2_printed.csv'])
    expect(JSON.stringify(found)).not.toContain('01-001')
    const after = await exportHistory.execute(statistician, { studyId: world.studyId })
    expect(after).toHaveLength(before.length)
  })

  it('is refused to who reads no reports, and not found for a report that is not there', async () => {
    expect((await got(world.people.monitor, script('R2'))).status).toBe(403)
    expect((await got(world.people.coordinator, script('R2'))).status).toBe(403)
    for (const name of ['R99', '..', 'r2;drop', ''])
      expect((await got(statistician, script(name))).status, name).toBe(404)
    expect((await got(statistician, script('R2'), '?cut=99')).status).toBe(404)
  })

  it('of a cut has the data of the cut', async () => {
    const { number } = await aCut(world, statistician, { name: 'For scripts' })
    const found = await files(statistician, script('R3'), `?cut=${number}`)
    expect(csvRows(found['r3.csv'] as string)).toHaveLength(4)
  })

  const hasR = spawnSync('Rscript', ['-e', 'library(survival)']).status === 0
  if (hasR) {
    it('computes the same in R', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'casebook-r-'))
      try {
        for (const report of ['R1', 'R2', 'R3', 'R4', 'R5']) {
          const found = await files(statistician, script(report))
          for (const [name, text] of Object.entries(found)) writeFileSync(join(folder, name), text)
          const { status, stdout } = spawnSync('Rscript', [`${report.toLowerCase()}.R`], {
            cwd: folder,
            encoding: 'utf8',
          })
          expect(stdout.trimEnd().split('\n').at(-1), stdout).toMatch(
            /^[1-9]\d* equal, 0 different$/,
          )
          expect(status).toBe(0)
        }
      } finally {
        rmSync(folder, { recursive: true, force: true })
      }
    })
  }
})
