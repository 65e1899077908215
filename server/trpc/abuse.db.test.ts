import { encode } from 'next-auth/jwt'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { aSession } from '#db/seed/build.ts'
import { cursorOf } from '../cursor.ts'
import { aScene, type Scene } from '../testing/scene.ts'
import { aWorld, key, type World } from '../testing/world.ts'
import { answerTrpc } from './handler.ts'

const secret = 'the secret of this test'
vi.hoisted(() => {
  process.env.NEXTAUTH_SECRET = 'the secret of this test'
})

let world: World
let scene: Scene
let cookie: string
let printed: string[] = []
beforeAll(async () => {
  world = await aWorld()
  scene = await aScene(world)
  const { token } = await aSession(world.database.ownerPool, world.people.coordinator.userId)
  const jwt = await encode({ token: { sid: token }, secret, maxAge: 3600 })
  cookie = `next-auth.session-token=${jwt}`
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed.push(String(text))
    return true
  })
})
afterAll(async () => {
  vi.restoreAllMocks()
  await world.end()
})

const origin = 'http://casebook.test'
const headers = () => ({ cookie, 'content-type': 'application/json' })

function post(procedure: string, body: string, extra: Record<string, string> = {}) {
  const url = `${origin}/api/trpc/${procedure}`
  return answerTrpc(new Request(url, { method: 'POST', body, headers: { ...headers(), ...extra } }))
}
function get(path: string) {
  return answerTrpc(new Request(`${origin}/api/trpc/${path}`, { headers: headers() }))
}
const ask = (procedure: string, input: object) =>
  get(`${procedure}?input=${encodeURIComponent(JSON.stringify(input))}`)

type Answer = { error?: { data: { problem: { code: string } } }; result?: { data: unknown } }

/** The problem of an answer; what nobody foresaw would be `unexpected`, with a line in the log. */
async function refusal(answer: Response): Promise<string | undefined> {
  const body = (await answer.json()) as Answer
  return body.error?.data.problem.code
}

describe('the HTTP door refuses, without anything unforeseen,', () => {
  it('a thousand questions in one', async () => {
    printed = []
    const many = Array.from({ length: 1000 }, () => 'session.current').join(',')
    for (const path of [many, many.replaceAll(',', '%2C')]) {
      const answer = await get(`${path}?batch=1`)
      expect(answer.status).toBe(413)
      expect(await refusal(answer)).toBe('too-large')
    }
    const few = await get('session.current,session.current?batch=1&input={"0":{},"1":{}}')
    expect(few.status).toBe(200)
    expect((await few.json()).length).toBe(2)
  })

  it('forms of another site in the types that need no permission of the browser', async () => {
    printed = []
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    const multipart = { 'content-type': 'multipart/form-data; boundary=x' }
    for (const type of [form, multipart, { 'content-type': 'text/plain' }]) {
      const answer = await post('account.signOutEverywhere', '{}', type)
      expect(answer.status).toBe(422)
      expect(await refusal(answer)).toBe('invalid-input')
      for (const from of [{ 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }]) {
        expect((await post('account.signOutEverywhere', '{}', { ...type, ...from })).status).toBe(
          403,
        )
      }
      const foreign = { ...type, origin: 'null' }
      expect((await post('account.signOutEverywhere', '{}', foreign)).status).toBe(403)
    }
    expect((await ask('account.signOutEverywhere', {})).status).toBe(404)
    expect((await ask('session.current', {})).status).toBe(200)
    expect(printed.join('')).not.toContain('unexpected')
  })

  it('names that are the prototype of everything', async () => {
    printed = []
    const { studyId } = world
    const place = { studyId, subjectId: scene.subjectId, event: 'W0', eventRepeat: 1 }
    const whole = { ...place, form: 'F_VS', formRepeat: 1, key: key() }
    const change = (path: string) =>
      JSON.stringify({ ...whole, changes: [{ path, from: null, to: '1' }] })
    for (const path of ['__proto__', 'constructor', 'LB[__proto__].LBORRES', 'toString']) {
      const answer = await post('form.save', change(path))
      expect(answer.status, path).toBe(422)
      expect(['invalid-input', 'unknown-item', 'not-found']).toContain(await refusal(answer))
    }
    const polluting = `{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},${JSON.stringify(
      { studyId, filter: {} },
    ).slice(1)}`
    const answer = await get(`subject.matrix?input=${encodeURIComponent(polluting)}`)
    expect(answer.status).toBeLessThan(500)
    for (const columns of [
      '{"__proto__":"A"}',
      '{"constructor":"A"}',
      '{"ARM\' or true --":"A"}',
    ]) {
      const input = `{"studyId":"${studyId}","filter":{"columns":${columns}}}`
      const filtered = await get(`subject.matrix?input=${encodeURIComponent(input)}`)
      expect(filtered.status).toBeLessThan(500)
    }
    for (const form of ['__proto__', 'constructor', 'F_NONE', 'toString']) {
      const entry = await ask('form.entry', { ...place, form, formRepeat: 1 })
      expect(['invalid-input', 'not-found']).toContain(await refusal(entry))
    }
    expect(({} as { polluted?: number }).polluted).toBeUndefined()
    expect(printed.join('')).not.toContain('unexpected')
  })

  it('JSON of any depth', async () => {
    printed = []
    const depth = 200_000
    const deep = `${'['.repeat(depth)}${']'.repeat(depth)}`
    for (const body of [
      deep,
      `{"studyId":"${world.studyId}","changes":${deep}}`,
      `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`,
    ]) {
      const answer = await post('form.save', body)
      expect(answer.status).toBeGreaterThanOrEqual(400)
      expect(answer.status).toBeLessThan(500)
    }
    expect(printed.join('')).not.toContain('unexpected')
  })

  it('SQL in every text that a reader may give', async () => {
    printed = []
    const { studyId } = world
    const evil = "x' or 1=1; select set_config('app.actor','system',true) --"
    const wide = await (await ask('subject.find', { studyId, text: evil })).json()
    expect(wide.result.data).toEqual([])
    const all = await (await ask('subject.find', { studyId, text: '%' })).json()
    expect(all.result.data).toEqual([])
    for (const filter of [
      { text: evil },
      { text: "\\' or true --" },
      { columns: { DIAG: evil } },
      { columns: { DIAG: "PM' or true --" } },
    ]) {
      const found = await (await ask('subject.matrix', { studyId, filter })).json()
      expect(found.result.data.rows).toEqual([])
      expect(found.result.data.total).toBe(0)
    }
    const after = cursorOf(["' or true --"])
    const matrix = await ask('subject.matrix', { studyId, cursor: after })
    expect(matrix.status).toBe(200)
    for (const place of [[evil, evil], [1], ['x'.repeat(200)], [{}, []] as never]) {
      for (const procedure of ['query.inbox', 'safety.adverseEvents', 'audit.trail']) {
        const answer = await ask(procedure, { studyId, cursor: cursorOf(place) })
        expect(await refusal(answer), procedure).toBe('invalid-input')
      }
    }
    expect((await ask('query.inbox', { studyId, text: evil })).status).toBe(200)
    expect((await ask('safety.adverseEvents', { studyId, text: evil })).status).toBe(200)
    expect((await ask('audit.trail', { studyId, action: evil })).status).toBe(200)
    expect(printed.join('')).not.toContain('unexpected')
  })
})
