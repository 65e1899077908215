/** Books and files of reports by their addresses: what comes, who is refused, and what a foreign hand finds. */
import { encode } from 'next-auth/jwt'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { aSession } from '#db/seed/build.ts'
import type { Person } from '../actor.ts'
import { contentOf, entriesOf } from '../book/docx-steady.ts'
import { pdfPages } from '../document/testing/pdf-text.ts'
import { aCut, aCutScene, type CutScene, cutDefinition } from '../testing/cuts.ts'
import { aWorld, save, type World } from '../testing/world.ts'
import { downloadBook, downloadReport } from './book-route.ts'

const secret = 'the secret of this test'
vi.hoisted(() => {
  process.env.NEXTAUTH_SECRET = 'the secret of this test'
})

let world: World
let scene: CutScene
let cut: number
beforeAll(async () => {
  world = await aWorld({ definition: cutDefinition })
  scene = await aCutScene(world)
  cut = (await aCut(world, scene.statistician)).number
})
afterAll(() => world.end())

async function headersOf(person: Person | null): Promise<Record<string, string>> {
  if (!person) return {}
  const { token } = await aSession(world.database.ownerPool, person.userId)
  const jwt = await encode({ token: { sid: token }, secret, maxAge: 3600 })
  return { cookie: `next-auth.session-token=${jwt}` }
}

const at = (query: string, headers: Record<string, string>) =>
  new Request(`http://casebook.test/x${query}`, { headers })
const book = async (
  person: Person | null,
  query = '',
  format: 'pdf' | 'docx' = 'pdf',
  more: Record<string, string> = {},
) => downloadBook(at(query, { ...(await headersOf(person)), ...more }), world.study.oid, format)
const file = async (person: Person | null, report: string, name: string, query = '') =>
  downloadReport(at(query, await headersOf(person)), world.study.oid, report, name)

const bytesOf = async (answer: Response) => Buffer.from(await answer.arrayBuffer())
const textOf = async (answer: Response) =>
  pdfPages(await bytesOf(answer))
    .map((page) => page.text)
    .join('')
const codeOf = async (answer: Response) =>
  ((await answer.json()) as { problem: { code: string } }).problem.code

describe('the report book', () => {
  it('comes as PDF and DOCX with every report, named after study and language', async () => {
    const answer = await book(scene.statistician, '?language=ja')
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('application/pdf')
    expect(answer.headers.get('content-disposition')).toMatch(
      new RegExp(`filename="${world.study.oid}_reports_\\d{4}-\\d\\d-\\d\\d_ja\\.pdf"`),
    )
    expect(answer.headers.get('cache-control')).toBe('no-store')
    const text = await textOf(answer)
    for (const title of ['Flow', 'Values', 'Subjects', 'Valuesbyarm', 'Given'])
      expect(text).toContain(title)
    expect(text).toContain('70.0(10.0)')

    const word = await bytesOf(await book(scene.statistician, '', 'docx'))
    const document = entriesOf(word).find((entry) => entry.name === 'word/document.xml')
    expect(document && contentOf(document).toString('utf8')).toContain('70.0 (10.0)')
  })

  it('holds the sites of its reader alone', async () => {
    const text = await textOf(await book(await world.person('statistician', 'otherSite')))
    expect(text).toContain('02-')
    expect(text).not.toContain('01-0')
  })

  it('of a cut is the same bytes before and after the study goes on', async () => {
    const before = await bytesOf(await book(scene.statistician, `?cut=${cut}`))
    const [subjectId] = scene.subjectIds
    await save(world, { subjectId: subjectId as string, event: 'W4', form: 'F_VS' }, [
      { path: 'WEIGHT', from: '60', to: '99', reason: 'typing error' },
    ])
    const after = await bytesOf(await book(scene.statistician, `?cut=${cut}`))
    expect(after.equals(before)).toBe(true)
    const words = [`?cut=${cut}&language=zh`, `?cut=${cut}&language=zh`].map(async (query) =>
      bytesOf(await book(scene.statistician, query, 'docx')),
    )
    const [first, second] = await Promise.all(words)
    expect(second?.equals(first as Buffer)).toBe(true)
    expect(await textOf(await book(scene.statistician))).toContain('83.0(14.7)')
  })

  it('is refused to strangers, to roles without reports, to other studies and to links on other sites', async () => {
    expect((await book(null)).status).toBe(401)
    expect((await book(world.people['image-reader'])).status).toBe(403)
    expect((await book(await world.person('statistician', 'otherStudy'))).status).toBe(404)
    const foreign = await book(scene.statistician, '', 'pdf', { 'sec-fetch-site': 'cross-site' })
    expect(foreign.status).toBe(404)
    expect((await book(scene.statistician, '?cut=99')).status).toBe(404)
    // A cut is over all sites: who reaches one alone is refused, not given other numbers.
    const ofOneSite = await book(world.people.statistician, `?cut=${cut}`)
    expect(await codeOf(ofOneSite)).toBe('cut-needs-all-sites')
  })

  it.each([
    '?cut=x',
    '?cut=-1',
    '?cut=1e9',
    '?cutOff=banana',
    '?population=../../etc/passwd',
    '?population=NOPE',
    '?subgroup=A.B',
    '?value.X=1',
  ])('does not make a book of %s', async (query) => {
    const answer = await book(scene.statistician, query)
    expect([404, 422]).toContain(answer.status)
    expect(await codeOf(answer)).not.toBe('unexpected')
  })

  it('answers a language it does not speak in English', async () => {
    expect(await textOf(await book(scene.statistician, '?language=fr'))).toContain('Reportbook')
  })
})

describe('files of one report', () => {
  it('are its document, its data and its figure', async () => {
    const data = await file(scene.statistician, 'r3', 'data.csv')
    expect(data.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(await data.text()).toContain('subject,Site,Diagnosis')
    expect(await textOf(await file(scene.statistician, 'R2', 'report.pdf'))).toContain('Weight')
    const png = await bytesOf(await file(scene.statistician, 'r1', 'figure.png'))
    expect(png.readUInt32BE(16)).toBe(2008)
    const svg = await (await file(scene.statistician, 'r1', 'figure.svg', `?cut=${cut}`)).text()
    expect(svg).toContain('<svg')
  })

  it.each([
    ['R9', 'report.pdf'],
    ['R2', 'figure.png'],
    ['R2', 'report.exe'],
    ['R2', '../book.pdf'],
    ['../R2', 'report.pdf'],
    ["R2' or 1=1 --", 'data.csv'],
    ['R1', '__proto__'],
  ])('%s has no %s', async (report, name) => {
    const answer = await file(scene.statistician, report, name)
    expect(answer.status).toBe(404)
  })

  it('are refused to roles without reports', async () => {
    expect((await file(world.people['image-reader'], 'R2', 'data.csv')).status).toBe(403)
    expect((await file(null, 'R2', 'data.csv')).status).toBe(401)
  })
})
