import { encode } from 'next-auth/jwt'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { inTransaction } from '#db/client.ts'
import { aSession } from '#db/seed/build.ts'
import { endSessions } from '../account/sessions.ts'
import { fixtureDefinition } from '../testing/fixture-definition.ts'
import { aScreenedSubject, aWorld, key, type World } from '../testing/world.ts'
import { downloadCrf } from './crf-route.ts'
import { downloadExport } from './export-route.ts'
import { downloadFile, uploadFile } from './file-routes.ts'
import { answerTrpc } from './handler.ts'
import { health } from './health.ts'

const secret = 'the secret of this test'
vi.hoisted(() => {
  process.env.NEXTAUTH_SECRET = 'the secret of this test'
})

let world: World
beforeAll(async () => {
  world = await aWorld()
})
afterAll(() => world.end())

const origin = 'http://casebook.test'

async function cookieOf(userId: string): Promise<string> {
  const { token } = await aSession(world.database.ownerPool, userId)
  const jwt = await encode({ token: { sid: token }, secret, maxAge: 3600 })
  return `other=1; next-auth.session-token=${jwt}`
}

function ask(procedure: string, input: object, headers: Record<string, string> = {}) {
  const query = encodeURIComponent(JSON.stringify(input))
  return answerTrpc(new Request(`${origin}/api/trpc/${procedure}?input=${query}`, { headers }))
}
function act(procedure: string, body: string, headers: Record<string, string> = {}) {
  return answerTrpc(
    new Request(`${origin}/api/trpc/${procedure}`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', ...headers },
    }),
  )
}

type Failure = {
  error: {
    message: string
    data: { problem: { code: string; message: string; details: object }; httpStatus: number }
  }
}

describe('the HTTP door', () => {
  it('knows the person by the cookie, and only while the session lives', async () => {
    const { userId, displayName } = world.people.monitor
    const cookie = await cookieOf(userId)
    const answer = await (await ask('session.current', {}, { cookie })).json()
    expect(answer.result.data.user).toMatchObject({ userId, displayName })
    await inTransaction(world.database.pool, { actor: userId }, (tx) => endSessions(tx, userId))
    const after = await ask('session.current', {}, { cookie })
    expect(after.status).toBe(401)
    expect(((await after.json()) as Failure).error.data.problem.code).toBe('not-signed-in')
  })

  it('does not take a cookie that was not made with its secret, or is no cookie of its own', async () => {
    const { token } = await aSession(world.database.ownerPool, world.people.monitor.userId)
    const forged = await encode({ token: { sid: token }, secret: 'another secret', maxAge: 3600 })
    for (const value of [forged, 'x', token, `${forged}x`, '%E0%A4%A', '']) {
      const cookie = `next-auth.session-token=${value}`
      expect((await ask('session.current', {}, { cookie })).status).toBe(401)
    }
  })

  it('tells problems with their code, details and status', async () => {
    const cookie = await cookieOf(world.people.auditor.userId)
    const body = JSON.stringify({ studyId: world.studyId, oddKey: 1 })
    const answer = await act('subject.screen', body, { cookie })
    const { error } = (await answer.json()) as Failure
    expect(answer.status).toBe(403)
    expect(error.data.problem).toMatchObject({ code: 'not-allowed' })
    expect(error.data.problem.message).toContain('investigator or coordinator')
  })

  it('lets nothing of the database out when something goes wrong inside', async () => {
    const printed: string[] = []
    const print = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      printed.push(String(text))
      return true
    })
    const secretText = 'Patient name 4711'
    await world.database.ownerPool.query(`
      create function casebook.break_it() returns trigger language plpgsql as $$
      begin raise exception 'boom % in relation %', new.name, tg_table_name; end $$;
      create trigger break_it before insert on casebook.site for each row execute function casebook.break_it()`)
    const cookie = await cookieOf(world.people['study-administrator'].userId)
    const body = { studyId: world.studyId, code: 'ZZ', name: secretText, planned: null, key: key() }
    const answer = await act('site.create', JSON.stringify(body), { cookie })
    const text = await answer.text()
    print.mockRestore()
    await world.database.ownerPool.query(
      'drop trigger break_it on casebook.site; drop function casebook.break_it()',
    )
    const { error } = JSON.parse(text) as Failure
    expect(answer.status).toBe(500)
    expect(error.data.problem).toMatchObject({ code: 'unexpected' })
    expect(text).not.toMatch(/boom|4711|relation|insert|stack|\.ts/)
    const id = (error.data.problem.details as { id: string }).id
    const line = printed.find((one) => one.includes(id))
    expect(line).toContain('P0001')
    expect(printed.join('')).not.toMatch(/boom|4711/)
  })

  it('refuses what another web site sends, and bodies beyond a megabyte', async () => {
    const cookie = await cookieOf(world.people.coordinator.userId)
    const foreign = { cookie, 'sec-fetch-site': 'cross-site' }
    expect((await act('account.signOutEverywhere', '{}', foreign)).status).toBe(403)
    const posted = { cookie, origin: 'https://evil.example' }
    expect((await act('account.signOutEverywhere', '{}', posted)).status).toBe(403)
    expect(
      (await act('account.signOutEverywhere', '{}', { cookie, 'content-type': 'text/plain' })).ok,
    ).toBe(false)
    const large = JSON.stringify({ studyId: world.studyId, text: 'x'.repeat(1_048_577) })
    const answer = await act('subject.withdraw', large, { cookie })
    expect(answer.status).toBe(413)
    expect(((await answer.json()) as Failure).error.data.problem.code).toBe('too-large')
    const alive = await ask('session.current', {}, { cookie })
    expect(alive.status).toBe(200)
  })

  it('answers noise with a problem', async () => {
    const cookie = await cookieOf(world.people.coordinator.userId)
    for (const body of ['{', '[]', 'null', '{"json":1}', '"x"']) {
      const answer = await act('form.save', body, { cookie })
      expect(answer.status).toBeGreaterThanOrEqual(400)
      expect(answer.status).toBeLessThan(500)
    }
    expect((await ask('no.such', {}, { cookie })).status).toBe(404)
    expect((await ask('__proto__.x', {}, { cookie })).status).toBe(404)
  })

  it('says whether the database answers', async () => {
    expect((await health()).status).toBe(200)
  })
})

describe('files', () => {
  const upload = async (name: string, content: Buffer, cookie: string, subjectId: string) => {
    const form = new FormData()
    form.set('file', new File([new Uint8Array(content)], name))
    form.set('subjectId', subjectId)
    return uploadFile(
      new Request(`${origin}/api/studies/x/files`, {
        method: 'POST',
        body: form,
        headers: { cookie },
      }),
      world.study.oid.toLowerCase(),
    )
  }
  const png = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.from('rest')])

  it('come back byte by byte, as a download, to who reads the site', async () => {
    const { subjectId } = await aScreenedSubject(world)
    const cookie = await cookieOf(world.people.coordinator.userId)
    const stored = await (await upload('../scan "1".png', png, cookie, subjectId)).json()
    expect(stored.name).not.toMatch(/["/\\]/)
    const get = (own: string) =>
      downloadFile(new Request(origin, { headers: { cookie: own } }), world.studyId, stored.fileId)
    const read = await get(await cookieOf(world.people.monitor.userId))
    expect(Buffer.from(await read.arrayBuffer()).equals(png)).toBe(true)
    expect(read.headers.get('content-disposition')).toMatch(/^attachment/)
    expect(read.headers.get('content-type')).toBe('image/png')
    const neighbour = await world.person('monitor', 'otherSite')
    expect((await get(await cookieOf(neighbour.userId))).status).toBe(404)
    expect((await get('')).status).toBe(401)
  })

  it('are told by their bytes, not by their name', async () => {
    const { subjectId } = await aScreenedSubject(world)
    const cookie = await cookieOf(world.people.coordinator.userId)
    for (const [name, content] of [
      ['page.png', Buffer.from('<script>alert(1)</script>')],
      ['page.html', png],
      ['empty.pdf', Buffer.alloc(0)],
    ] as const) {
      const answer = await upload(name, content, cookie, subjectId)
      expect((await answer.json()).problem.code).toBe('file-type')
    }
    const elsewhere = await aScreenedSubject(world, world.otherSiteId)
    expect((await upload('a.png', png, cookie, elsewhere.subjectId)).status).toBe(404)
    const auditor = await cookieOf(world.people.auditor.userId)
    expect((await upload('a.png', png, auditor, subjectId)).status).toBe(403)
  })
})

describe('the export route', () => {
  it('is closed without the permission, and to links on other sites', async () => {
    const get = (cookie: string, headers = {}) =>
      downloadExport(new Request(origin, { headers: { cookie, ...headers } }), world.studyId)
    expect((await get('')).status).toBe(401)
    expect((await get(await cookieOf(world.people.coordinator.userId))).status).toBe(403)
    const cookie = await cookieOf(world.people.monitor.userId)
    expect((await get(cookie, { 'sec-fetch-site': 'cross-site' })).status).toBe(404)
    const answer = await get(cookie)
    expect(answer.headers.get('content-type')).toBe('application/zip')
    const bytes = Buffer.from(await answer.arrayBuffer())
    expect(bytes.subarray(0, 2).toString()).toBe('PK')
  })
})

describe('the printed case report form', () => {
  const get = (query: string, headers: Record<string, string> = {}) =>
    downloadCrf(
      new Request(`${origin}/api/studies/x/crf.pdf${query}`, { headers }),
      world.study.oid.toLowerCase(),
    )

  it('is a PDF of the version asked for, for whoever reads the study', async () => {
    const cookie = await cookieOf(world.people.coordinator.userId)
    const [form] = fixtureDefinition.forms
    const answer = await get(`?annotated=1&language=ja&form=${form?.oid}&version=1`, { cookie })
    expect(answer.headers.get('content-type')).toBe('application/pdf')
    expect(answer.headers.get('content-disposition')).toContain(`${form?.oid}_annotated_v1_ja.pdf`)
    const bytes = Buffer.from(await answer.arrayBuffer())
    expect(bytes.subarray(0, 5).toString()).toBe('%PDF-')
  })

  it('is closed to strangers, to other studies and to links on other sites', async () => {
    expect((await get('')).status).toBe(401)
    const cookie = await cookieOf(world.people.coordinator.userId)
    expect((await get('', { cookie, 'sec-fetch-site': 'cross-site' })).status).toBe(404)
    const foreign = new Request(`${origin}/crf.pdf`, { headers: { cookie } })
    expect((await downloadCrf(foreign, 'nostudy')).status).toBe(404)
  })

  it('answers a form, version or language that is none', async () => {
    const cookie = await cookieOf(world.people.coordinator.userId)
    for (const query of ['?form=F_NONE', '?version=99', '?version=-1', '?form=../../x'])
      expect((await get(query, { cookie })).status).toBe(404)
    expect((await get('?language=fr', { cookie })).status).toBe(200)
  })
})
