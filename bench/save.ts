/**
 * Saving through the whole corridor, beside two floors of the same run: the same transaction sent by a bare client, and a bare
 * Node server that saves as much without sign-in, permission, rules or a hash chain. See bench/README.md.
 */
import { fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { type BenchStudy, fortyValues, layStudy, laySubjects, visits } from './bench-study.ts'
import { keptClient, type Measured, surroundings, underLoad } from './measure.ts'
import { startSystem } from './running-system.ts'
import { signIn } from './visitor.ts'

const port = Number(process.env.PORT || 4620)
const seconds = Number(process.env.SECONDS || 6)
const crowds = [1, 8, 32]
const subjectCount = 3000

type Place = { subjectId: string; event: string }
type Saved = { recordId: string; refused: unknown[]; conflicts: unknown[] }

const system = await startSystem(port)
try {
  const study = await layStudy(system.ownerPool)
  const subjects = await laySubjects(system.ownerPool, study, 1, subjectCount)
  // Every whole-form save gets a place where nothing was saved yet.
  let taken = 0
  const nextPlace = (): Place => {
    const subjectId = subjects[taken % subjects.length] as string
    const event = visits[Math.floor(taken / subjects.length)]
    taken += 1
    if (event === undefined) throw new Error('All places are taken: raise the number of subjects.')
    return { subjectId, event }
  }
  const rows: [string, Measured[]][] = []
  const measured = async (name: string, run: (connections: number) => Promise<Measured>) => {
    const list: Measured[] = []
    for (const connections of crowds) list.push(await run(connections))
    rows.push([name, list])
  }
  const visitor = await signIn(system.baseUrl, study)
  const save = `${system.baseUrl}/api/trpc/form.save`
  const whole = (place: Place, turn: number) =>
    saveBody(
      study,
      place,
      Object.entries(fortyValues(turn)).map(([path, to]) => ({ path, from: null, to })),
    )

  await measured('Casebook, whole form of 40 items', async (connections) => {
    const client = keptClient(connections, { cookie: visitor.cookie })
    const result = await underLoad(connections, seconds, async () => {
      requireSaved(await client.post(save, whole(nextPlace(), taken)))
    })
    client.close()
    return result
  })
  await measured('Casebook, one changed item', async (connections) => {
    const client = keptClient(connections, { cookie: visitor.cookie })
    const own = await Promise.all(
      Array.from({ length: connections }, async () => {
        const place = nextPlace()
        const turn = taken
        requireSaved(await client.post(save, whole(place, turn)))
        return { place, value: fortyValues(turn).NUM12 as string }
      }),
    )
    const result = await underLoad(connections, seconds, async (lane) => {
      const mine = own[lane] as (typeof own)[number]
      const to = mine.value === '33.3' ? '44.4' : '33.3'
      const change = { path: 'NUM12', from: mine.value, to, reason: 'Read again' }
      requireSaved(await client.post(save, saveBody(study, mine.place, [change])))
      mine.value = to
    })
    client.close()
    return result
  })
  await measured('floor 1: the same transaction, bare SQL', async (connections) => {
    const pool = new pg.Pool({ connectionString: system.ownerUrl, max: connections })
    const result = await underLoad(connections, seconds, async () => {
      await sameTransaction(pool, study, nextPlace(), fortyValues(taken))
    })
    await pool.end()
    return result
  })
  const barePort = port + 1
  const bare = fork(
    new URL('./bare-server.ts', import.meta.url),
    [system.ownerUrl, String(barePort)],
    {
      execArgv: ['--import', 'tsx'],
    },
  )
  await new Promise((ready) => bare.once('message', ready))
  await measured('floor 2: bare Node server, pool of 10', async (connections) => {
    const client = keptClient(connections)
    let turn = 0
    const result = await underLoad(connections, seconds, async () => {
      turn += 1
      const body = JSON.stringify({ id: randomUUID(), values: fortyValues(turn) })
      await client.post(`http://127.0.0.1:${barePort}/`, body)
    })
    client.close()
    return result
  })
  bare.disconnect()
  print(rows)
} finally {
  await system.stop()
}

function saveBody(study: BenchStudy, place: Place, changes: readonly object[]): string {
  return JSON.stringify({
    studyId: study.studyId,
    ...place,
    eventRepeat: 1,
    form: 'F_FORTY',
    formRepeat: 1,
    changes,
    key: randomUUID(),
  })
}

function requireSaved(text: string): void {
  const { data } = (JSON.parse(text) as { result: { data: Saved } }).result
  if (data.refused.length > 0 || data.conflicts.length > 0) throw new Error(`Not saved: ${text}`)
}

/** What a save of a whole form sends to the database, in as many messages. */
async function sameTransaction(
  pool: pg.Pool,
  { studyId, siteId, userId }: BenchStudy,
  { subjectId, event }: Place,
  values: Record<string, string>,
): Promise<void> {
  const client = await pool.connect()
  const quoted = (text: string) => pg.escapeLiteral(text)
  const [study, subject, key] = [quoted(studyId), quoted(subjectId), quoted(randomUUID())]
  const data = quoted(JSON.stringify(values))
  try {
    await client.query(`begin; set local role casebook_app;
      select set_config('app.actor', ${quoted(userId)}, true), set_config('app.role', 'coordinator', true),
        set_config('app.study', ${study}, true), set_config('app.sites', ${quoted(siteId)}, true),
        set_config('app.command', 'form.save', true);
      select * from casebook.study_for_act(${study}, ${quoted(userId)}, ${key})`)
    await client.query(`select * from casebook.subject_for_save(${study}, ${subject});
      select * from casebook.records_for_save(${study}, ${subject}, array['F_FORTY', 'F_SV']);
      select * from casebook.rule_queries(${study}, ${subject});
      select * from casebook.signed_records(${study}, ${subject});
      select * from casebook.reference_ranges(${study})`)
    const record = quoted(randomUUID())
    await client.query(`insert into casebook.form_record
        (study_id, record_id, subject_id, site_id, event_oid, form_oid, version_number, state, data)
      values (${study}, ${record}, ${subject}, ${quoted(siteId)}, ${quoted(event)}, 'F_FORTY', 1, 'inProgress', ${data})
      returning revision;
      select * from casebook.record_queries(${study}, ${record})`)
    await client.query(
      `select casebook.keep_receipt(${study}, ${key}, 'form.save', ${data}); commit`,
    )
  } catch (error) {
    await client.query('rollback')
    throw error
  } finally {
    client.release()
  }
}

function print(rows: readonly (readonly [string, readonly Measured[]])[]): void {
  const floor = rows.at(-1)?.[1] ?? []
  const width = Math.max(...rows.map(([name]) => name.length))
  const head = crowds.map((n) => `${n} connection${n === 1 ? '' : 's'}`.padStart(30)).join('')
  process.stdout.write(`\nsaves/s (p50 / p95 ms), share of floor 2\n${''.padEnd(width)}${head}\n`)
  for (const [name, list] of rows) {
    const cells = list.map(({ perSecond, p50, p95 }, at) => {
      const share = Math.round((100 * perSecond) / (floor[at]?.perSecond ?? Number.NaN))
      return `${perSecond.toFixed(0)} (${p50.toFixed(1)} / ${p95.toFixed(1)}) ${share} %`.padStart(
        30,
      )
    })
    process.stdout.write(`${name.padEnd(width)}${cells.join('')}\n`)
  }
  process.stdout.write(`${surroundings()}\n`)
}
