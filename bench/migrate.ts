/**
 * Publishing an amended version and taking 5,000 subjects to it: the time of publishing, of working out the impact, and of the
 * migration in the background, beside a floor that only changes version numbers. See bench/README.md.
 */
import { randomUUID } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { hash } from '@node-rs/argon2'
import type { Pool } from '#db/client.ts'
import { aGrant, aUser } from '#db/seed/build.ts'
import type { Role } from '#domain/access/permissions.ts'
import { compileStudy } from '#domain/casebook/compile-study.ts'
import { evaluateForm } from '#domain/casebook/evaluate.ts'
import type { StudyDefinition } from '#domain/definition/definition.ts'
import { type BenchStudy, benchDefinition, fortyValues, layStudy, visits } from './bench-study.ts'
import { surroundings } from './measure.ts'
import { startSystem } from './running-system.ts'
import { signIn } from './visitor.ts'

const port = Number(process.env.PORT || 4620)
const subjectCount = Number(process.env.SUBJECTS || 5000)
/** Visits with data; each has the visit form and the form of forty items. */
const visitCount = 6
const kinds = 50

const system = await startSystem(port)
try {
  const study = await layStudy(system.ownerPool)
  await layRecords(system.ownerPool, study)
  const records = subjectCount * visitCount * 2
  const administrator = await visitorAs('study-administrator', study)
  const manager = await visitorAs('data-manager', study)
  const idle = await peakMemory()
  const rows: string[][] = []
  const light = amendment('2', () => undefined)
  const heavy = amendment('3', (draft) => {
    const items = draft.forms[1]?.groups[0]?.items ?? []
    for (const item of items) {
      if (item.oid === 'NUM1') Object.assign(item, { oid: 'FIRST', renamedFrom: 'NUM1' })
      if (item.oid === 'NUM2') item.soft = [30, 70]
      if (item.oid === 'DER1') item.derive = 'FIRST + NUM2 * 2'
    }
    for (const check of draft.checks) if (check.item === 'NUM1') check.item = 'FIRST'
  })
  for (const [name, definition] of [
    ['labels only', light],
    ['a rename, a tighter range, another derivation', heavy],
  ] as const) {
    const version = Number(definition.version)
    const published = await timed(() => publish(administrator, study, definition))
    await approve(administrator, study, version)
    const impact = await timed(() => impactOf(manager, study, version))
    const migrated = await timed(() => migrate(manager, study, version))
    rows.push([
      name,
      published.toFixed(1),
      impact.toFixed(1),
      migrated.toFixed(1),
      (subjectCount / migrated).toFixed(0),
      (records / migrated).toFixed(0),
    ])
  }
  const after = await peakMemory()
  const floor = await floorOf(system.ownerPool, study)
  print(rows, floor, idle, after)
} finally {
  await system.stop()
}

type Visitor = Awaited<ReturnType<typeof signIn>>

async function timed(act: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await act()
  return (performance.now() - start) / 1000
}

function amendment(version: string, change: (draft: StudyDefinition) => void): StudyDefinition {
  const draft = structuredClone(benchDefinition)
  draft.version = version
  for (const form of draft.forms) form.label.en = `${form.label.en} (${version})`
  change(draft)
  return draft
}

async function visitorAs(role: Role, study: BenchStudy): Promise<Visitor> {
  const user = await aUser(system.ownerPool, {
    userName: `bench.${role}`,
    passwordHash: await hash(study.password, {
      memoryCost: 19_456,
      timeCost: 2,
      parallelism: 1,
    }),
  })
  await aGrant(system.ownerPool, { studyId: study.studyId, userId: user.userId, role })
  return signIn(system.baseUrl, { userName: user.userName, password: study.password })
}

async function call<Answer>(
  visitor: Visitor,
  kind: 'ask' | 'act',
  procedure: string,
  input: object,
): Promise<Answer> {
  const address = `${system.baseUrl}/api/trpc/${procedure}`
  const headers = { cookie: visitor.cookie, 'content-type': 'application/json' }
  const response =
    kind === 'ask'
      ? await fetch(`${address}?input=${encodeURIComponent(JSON.stringify(input))}`, { headers })
      : await fetch(address, { method: 'POST', headers, body: JSON.stringify(input) })
  const text = await response.text()
  if (!response.ok) throw new Error(`${procedure}: ${response.status} ${text.slice(0, 500)}`)
  return (JSON.parse(text) as { result: { data: Answer } }).result.data
}

/** JSON is YAML, so a definition can be published as the files it would be written in. */
async function publish(visitor: Visitor, study: BenchStudy, definition: StudyDefinition) {
  const { codeLists, forms, events, checks, variables, derivationTests, paper, ...others } =
    definition
  const { populations, endpoints, groupings = [], reports, ...rest } = others
  const files = {
    'study.yaml': rest,
    'codelists.yaml': codeLists,
    'forms.yaml': forms,
    'schedule.yaml': events,
    'checks.yaml': checks,
    'variables.yaml': variables,
    'analysis.yaml': { populations, endpoints, groupings, reports },
    ...(derivationTests && { 'derivations.yaml': derivationTests }),
    ...(paper && { 'paper.yaml': paper }),
  }
  const { number, findings } = await call<{ number: number | null; findings: object[] }>(
    visitor,
    'act',
    'study.publish',
    {
      studyId: study.studyId,
      files: Object.entries(files).map(([path, part]) => ({ path, text: JSON.stringify(part) })),
      key: randomUUID(),
    },
  )
  if (number === null) throw new Error(`Not published: ${JSON.stringify(findings).slice(0, 800)}`)
}

async function approve(visitor: Visitor, { studyId, siteId }: BenchStudy, version: number) {
  const day = '2024-01-01'
  await call(visitor, 'act', 'site.approveVersion', {
    studyId,
    siteId,
    version,
    approvedOn: day,
    goLiveOn: day,
    reason: 'approved',
    key: randomUUID(),
  })
}

async function impactOf(visitor: Visitor, { studyId }: BenchStudy, version: number) {
  let cursor: string | undefined
  let seen = 0
  do {
    const page = await call<{ rows: object[]; next: string | null }>(
      visitor,
      'ask',
      'amendment.impact',
      { studyId, version, limit: 100, ...(cursor === undefined ? {} : { cursor }) },
    )
    seen += page.rows.length
    cursor = page.next ?? undefined
  } while (cursor !== undefined)
  if (seen !== subjectCount) throw new Error(`The impact named ${seen} subjects`)
}

async function migrate(visitor: Visitor, { studyId }: BenchStudy, version: number) {
  await call(visitor, 'act', 'amendment.migrate', {
    studyId,
    version,
    siteIds: null,
    reason: 'measured',
    key: randomUUID(),
  })
  for (;;) {
    const [run] = await call<{ state: string; done: number; failed: object[] }[]>(
      visitor,
      'ask',
      'amendment.runs',
      { studyId },
    )
    if (run?.state === 'done') {
      if (run.done !== subjectCount || run.failed.length > 0) throw new Error('Not all migrated')
      return
    }
    await new Promise((wait) => setTimeout(wait, 250))
  }
}

/** Subjects with twelve records each, as saves would have left them; put in by bulk SQL with the triggers off. */
async function layRecords(ownerPool: Pool, { studyId, siteId }: BenchStudy): Promise<void> {
  const compiled = compileStudy(benchDefinition)
  const variants = Array.from({ length: kinds }, (_, turn) => {
    const data = fortyValues(turn)
    const key = { event: 'V1', eventRepeat: 1, form: 'F_FORTY', formRepeat: 1 }
    const record = { recordId: null, key, versionNumber: 1, revision: 1, derived: {}, data }
    const { derived, open } = evaluateForm(
      compiled,
      {
        subject: { subjectId: '', subjectKey: '', siteCode: '', siteId: '' },
        records: [{ ...record, state: 'complete' }],
        references: [],
        today: '2026-01-01',
      },
      key,
    )
    return { turn, data, derived, open: open.length }
  })
  const client = await ownerPool.connect()
  try {
    await client.query(`begin; set local session_replication_role = replica`)
    await client.query(
      `insert into casebook.subject (study_id, subject_id, site_id, subject_key, sequence, state, anchor_date, columns,
         visits, screened_at, version_number)
       select $1::uuid, gen_random_uuid(), $2::uuid, '01-' || lpad(n::text, 5, '0'), n, 'enrolled', '2024-01-01', '{}',
         (select jsonb_object_agg('V' || v, jsonb_build_object('date', '2024-01-01'::date + (v - 1) * 28, 'occurred', null))
          from generate_series(1, ${visitCount}) v), now(), 1
       from generate_series(1, $3::int) n`,
      [studyId, siteId, subjectCount],
    )
    await client.query(
      `insert into casebook.form_record (study_id, record_id, subject_id, site_id, event_oid, form_oid, version_number, state, data)
       select b.study_id, gen_random_uuid(), b.subject_id, b.site_id, 'V' || v, 'F_SV', 1, 'complete',
         jsonb_build_object('SVDTC', '2024-01-01'::date + (v - 1) * 28)
       from casebook.subject b, generate_series(1, ${visitCount}) v where b.study_id = $1`,
      [studyId],
    )
    await client.query(
      `insert into casebook.form_record (study_id, record_id, subject_id, site_id, event_oid, form_oid, version_number, state,
         data, derived, open_count)
       select b.study_id, gen_random_uuid(), b.subject_id, b.site_id, 'V' || v, 'F_FORTY', 1, 'complete', k.data, k.derived, k.open
       from casebook.subject b cross join generate_series(1, ${visitCount}) v
       join jsonb_to_recordset($2::jsonb) k(turn int, data jsonb, derived jsonb, open int)
         on k.turn = (b.sequence + v) % ${kinds}
       where b.study_id = $1`,
      [studyId, JSON.stringify(variants)],
    )
    await client.query('commit')
    await client.query('analyze casebook.subject; analyze casebook.form_record')
  } finally {
    client.release()
  }
  if (visits.length < visitCount) throw new Error('The study has fewer visits than are filled')
}

/** Records a second when the same rows get another number by bare SQL in batches as large, triggers and hash chain included. */
async function floorOf(ownerPool: Pool, { studyId, userId }: BenchStudy): Promise<number> {
  const client = await ownerPool.connect()
  try {
    const { rows } = await client.query<{ id: string }>(
      'select subject_id as id from casebook.subject where study_id = $1 order by subject_id limit 1000',
      [studyId],
    )
    const ids = rows.map(({ id }) => id)
    const start = performance.now()
    let records = 0
    for (let at = 0; at < ids.length; at += 20) {
      await client.query(`begin; select set_config('app.actor', '${userId}', true), set_config('app.study', '${studyId}', true),
        set_config('app.reason', 'measured', true), set_config('app.command', 'bench', true)`)
      const done = await client.query(
        `update casebook.form_record set version_number = version_number + 1
         where study_id = $1 and subject_id = any ($2::uuid[])`,
        [studyId, ids.slice(at, at + 20)],
      )
      await client.query('commit')
      records += done.rowCount ?? 0
    }
    return records / ((performance.now() - start) / 1000)
  } finally {
    client.release()
  }
}

/** The most memory, in MB, that any process of this system has held; null where the operating system does not tell. */
async function peakMemory(): Promise<number | null> {
  const found: number[] = []
  for (const pid of await readdir('/proc').catch(() => [])) {
    if (!/^\d+$/.test(pid)) continue
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')
    if (!environment.split('\0').includes(`PORT=${port}`)) continue
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
    const peak = /VmHWM:\s+(\d+) kB/.exec(status)?.[1]
    if (peak !== undefined && pid !== String(process.pid)) found.push(Number(peak) / 1024)
  }
  return found.length === 0 ? null : Math.max(...found)
}

function print(
  rows: readonly (readonly string[])[],
  floor: number,
  idle: number | null,
  after: number | null,
): void {
  const head = ['amendment', 'publish s', 'impact s', 'migrate s', 'subjects/s', 'records/s']
  const all = [...rows.map((row) => [...row, share(row[5] ?? '', floor)])]
  const widths = [...head, 'share of floor'].map((name, at) =>
    Math.max(name.length, ...all.map((row) => (row[at] ?? '').length)),
  )
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, at) =>
        at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart((widths[at] ?? 0) + 2),
      )
      .join('')
  const memory = (value: number | null) => (value === null ? 'not known' : `${value.toFixed(0)} MB`)
  process.stdout.write(
    [
      '',
      `${subjectCount} subjects, ${subjectCount * visitCount * 2} records, half of them with forty items`,
      line([...head, 'share of floor']),
      ...all.map(line),
      `floor: bare SQL that changes version numbers only: ${floor.toFixed(0)} records/s`,
      `web server with its worker, most memory held: ${memory(idle)} before, ${memory(after)} after`,
      surroundings(),
      '',
    ].join('\n'),
  )
}

function share(rate: string, floor: number): string {
  return `${Math.round((100 * Number(rate)) / floor)} %`
}
