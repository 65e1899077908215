import { mkdtemp, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startEmbedded } from '#db/embedded/server.ts'
import { migrate } from '#db/migrate.ts'
import { databasePool } from '#db/client.ts'
import { parseStudy } from '#domain/definition/parse-study.ts'
import { libraryFiles } from './study/library.ts'
import { aStudy, aSite, aUser, aGrant, aSession } from '#db/seed/build.ts'
import { personOfSession } from './account/sessions.ts'
import { useDatabase } from './database.ts'
import { saveItems } from './form/save-items.ts'
import { screenSubject } from './subject/screen-subject.ts'
import { randomUUID as key } from 'node:crypto'
import { Session } from 'node:inspector/promises'
import { writeFileSync } from 'node:fs'

const directory = await mkdtemp('/tmp/prof/pg-')
const server = await startEmbedded({ directory, durable: process.env.DURABLE !== '0' } as never)
const { appUrl } = await migrate(server.ownerUrl, { appRolePassword: 'x-prof' })
const owner = databasePool(server.ownerUrl, { max: 3 })
const pool = databasePool(appUrl, { max: 10 })
useDatabase(pool)
const folder = join(process.cwd(), 'studies', 'tac-csa-rct')
const names = (await readdir(folder)).filter((n) => n.endsWith('.yaml'))
const files = await Promise.all(names.map(async (n) => ({ path: n, text: await readFile(join(folder, n), 'utf8') })))
const { definition } = parseStudy(files, await libraryFiles())
const study = await aStudy(owner, { oid: 'TACB', definition })
const site = await aSite(owner, study.studyId, { code: '01' })
const user = await aUser(owner)
await aGrant(owner, { studyId: study.studyId, userId: user.userId, role: 'coordinator', siteId: site.siteId })
const { token } = await aSession(owner, user.userId)
const person = await personOfSession(token)
const C = Number(process.env.C ?? 8)
const subjects: { subjectId: string }[] = []
for (let n = 0; n < C; n++) subjects.push(await screenSubject.execute(person, { studyId: study.studyId, siteId: site.siteId, screenedOn: '2015-01-05', key: key() }))
const base: Record<string, string> = { VSPERF: 'Y', WEIGHT: '70', HEIGHT: '170', TEMP: '36.5', SYSBP: '120', DIABP: '80', PULSE: '70', RESP: '14', OXYSAT: '91', OXYSRC: 'PULSE_OXIMETER', O2SUPP: 'N' }
async function run(N: number) {
  await Promise.all(subjects.map(async ({ subjectId }) => {
    let old: Record<string, string> = {}
    const at = { studyId: study.studyId, subjectId, event: 'SCR', eventRepeat: 1, form: 'F_VS', formRepeat: 1 }
    for (let n = 0; n < N; n++) {
      const changes = Object.entries(base).map(([path, v]) => ({ path, from: old[path] ?? null, to: /^\d/.test(v) ? String(Number(v) + (n % 7)) : v, reason: 'bench' }))
      await personOfSession(token)
      let r = await saveItems.execute(person, { ...at, changes, key: key() })
      if (r.conflicts.length) r = await saveItems.execute(person, { ...at, changes: changes.map((c) => ({ ...c, from: (r.data as Record<string, string>)[c.path] ?? null })), key: key() })
      old = r.data as Record<string, string>
    }
  }))
}
await run(40)
import pgm from 'pg'
const times = new Map<string, { n: number; ms: number }>()
if (process.env.TIMES) {
  const orig = pgm.Client.prototype.query
  pgm.Client.prototype.query = function (this: never, ...args: never[]) {
    const text = String(typeof args[0] === 'string' ? args[0] : '').replace(/\s+/g, ' ').slice(0, 60)
    const t = performance.now()
    const result = (orig as never as (...a: never[]) => Promise<unknown>).apply(this, args)
    if (result && typeof (result as Promise<unknown>).then === 'function') (result as Promise<unknown>).then(() => { const e = times.get(text) ?? { n: 0, ms: 0 }; e.n++; e.ms += performance.now() - t; times.set(text, e) })
    return result
  } as never
}
const session = new Session(); session.connect()
if (process.env.PROF) { await session.post('Profiler.enable'); await session.post('Profiler.start') }
const t0 = performance.now(); const c0 = process.cpuUsage()
const N = Number(process.env.N ?? 150)
await run(N)
const ms = performance.now() - t0; const cpu = process.cpuUsage(c0)
console.log(Math.round((C * N) / (ms / 1000)), 'saves/s; node cpu ms/save', ((cpu.user + cpu.system) / 1000 / (C * N)).toFixed(2), 'wall ms per save', (ms / N / 1).toFixed(2))
if (process.env.PROF) { const { profile } = await session.post('Profiler.stop'); writeFileSync('/tmp/prof/p.cpuprofile', JSON.stringify(profile)) }
for (const [k, v] of times) console.log((v.ms / v.n).toFixed(2), v.n, k)
await pool.end(); await owner.end(); await server.stop()
