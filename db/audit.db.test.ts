/** Requirements 1 to 8: what the triggers write, and what they refuse. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { auditedTables } from './audited-tables.ts'
import { inTransaction, type Transaction, type TransactionSettings } from './client.ts'
import { aFormRecord, aSite, aStudy, aSubject, asSystem, aUser } from './seed/build.ts'
import { type TestDatabase, testDatabase } from './testing/test-database.ts'
import { uuidv7 } from './uuid.ts'

let database: TestDatabase
let actor: string
let place: { studyId: string; siteId: string; subjectId: string }
beforeAll(async () => {
  database = await testDatabase()
  actor = (await aUser(database.ownerPool, { displayName: 'Sato Yuki' })).userId
  const { studyId } = await aStudy(database.ownerPool)
  const { siteId } = await aSite(database.ownerPool, studyId)
  place = await aSubject(database.ownerPool, { studyId, siteId })
})
afterAll(() => database.drop())

const working = <T>(
  run: (tx: Transaction) => Promise<T>,
  settings: Partial<TransactionSettings> = {},
) =>
  inTransaction(
    database.pool,
    {
      actor,
      role: 'coordinator',
      studyId: place.studyId,
      siteIds: [place.siteId],
      command: 'form.save',
      version: 1,
      ...settings,
    },
    run,
  )

type AuditRow = {
  seq: number
  at: string
  actor_id: string | null
  actor_name: string
  role: string | null
  action: string
  entity: string
  command: string | null
  reason: string | null
  site_id: string | null
  subject_id: string | null
  version_number: number | null
  changes: Record<string, unknown>
  previous_hash: string
  hash: string
}
const chainOf = async (chainId: string) =>
  (
    await database.ownerPool.query<AuditRow>(
      'select * from casebook.audit_record where chain_id = $1 order by seq',
      [chainId],
    )
  ).rows

describe('a form record', () => {
  let recordId: string
  let created: string
  beforeEach(async () => {
    recordId = uuidv7()
    created = await working(async (tx) => {
      await tx.query(
        `insert into casebook.form_record (study_id, record_id, subject_id, site_id, event_oid, form_oid, form_repeat,
           version_number, data, derived)
         values ($1, $2, $3, $4, 'W0', 'F_VS', (select count(*) + 1 from casebook.form_record), 1, $5, $6)`,
        [
          place.studyId,
          recordId,
          place.subjectId,
          place.siteId,
          { WEIGHT: '61.50', HEIGHT: { missing: 'ND' } },
          { BMI: '22.1' },
        ],
      )
      return tx.now
    })
  })

  const update = (set: string, values: readonly unknown[] = []) =>
    working((tx) =>
      tx.query(
        `update casebook.form_record set ${set} where record_id = '${recordId}' returning *`,
        values,
      ),
    )

  it('has its first values in the trail: who, role, when, what, version', async () => {
    const [first] = await chainOf(recordId)
    expect(first).toMatchObject({
      seq: 1,
      at: created,
      actor_id: actor,
      actor_name: 'Sato Yuki',
      role: 'coordinator',
      action: 'insert',
      entity: 'form_record',
      command: 'form.save',
      site_id: place.siteId,
      subject_id: place.subjectId,
      version_number: 1,
      previous_hash: '',
      changes: {
        WEIGHT: [null, '61.50', null],
        HEIGHT: [null, { missing: 'ND' }, null],
        derived: { BMI: [null, '22.1'] },
        state: [null, 'inProgress'],
        version_number: [null, 1],
      },
    })
  })

  it('has item differences with reasons, derived values and state in one row a save', async () => {
    const [row] = await update(
      `data = '{"WEIGHT":"60.50","PULSE":"72"}', derived = '{"BMI":"21.7"}', state = 'complete',
       reason = '{"WEIGHT":"transcription error","HEIGHT":"not asked in this protocol"}'`,
    )
    expect(row).toMatchObject({
      revision: 2,
      reason: {},
      updated_by: actor,
      updated_role: 'coordinator',
    })
    const [first, second, ...rest] = await chainOf(recordId)
    expect(rest).toEqual([])
    expect(second?.changes).toEqual({
      WEIGHT: ['61.50', '60.50', 'transcription error'],
      HEIGHT: [{ missing: 'ND' }, null, 'not asked in this protocol'],
      PULSE: [null, '72', null],
      derived: { BMI: ['22.1', '21.7'] },
      state: ['inProgress', 'complete'],
    })
    expect(second?.previous_hash).toBe(first?.hash)
  })

  it('refuses a change of a saved value without a reason, and a blank one', async () => {
    for (const reason of ['{}', '{"WEIGHT":"  "}', '{"PULSE":"other item"}']) {
      await expect(
        update(`data = data || '{"WEIGHT":"1"}', reason = $1`, [reason]),
      ).rejects.toMatchObject({ code: 'CB010', detail: 'WEIGHT' })
    }
    expect(await chainOf(recordId)).toHaveLength(1)
  })

  it('does not take an old reason for a new change', async () => {
    await update(`data = data || '{"WEIGHT":"1"}', reason = '{"WEIGHT":"typing error"}'`)
    await expect(update(`data = data || '{"WEIGHT":"2"}'`)).rejects.toMatchObject({ code: 'CB010' })
  })

  it('needs no reason for a first entry, and writes nothing when nothing changed', async () => {
    const [before] = await update(`data = data || '{"PULSE":"72"}'`)
    const [after] = await update(`data = data, open_count = 3`)
    expect(await chainOf(recordId)).toHaveLength(2)
    expect(after).toMatchObject({ updated_at: before?.updated_at, revision: 2, open_count: 3 })
  })

  it('keeps its revision when only derived values change', async () => {
    const [row] = await update(`derived = '{"BMI":"23"}'`)
    expect(row).toMatchObject({ revision: 1 })
    expect((await chainOf(recordId)).at(-1)?.changes).toEqual({ derived: { BMI: ['22.1', '23'] } })
  })

  it('is removed only with a reason, which is in the trail', async () => {
    const remove = (reason: string) =>
      working(
        (tx) =>
          tx.query(`update casebook.form_record set state = 'removed' where record_id = $1`, [
            recordId,
          ]),
        {
          reason,
        },
      )
    await expect(remove('')).rejects.toMatchObject({ code: 'CB010', detail: 'state' })
    await remove('entered for another subject')
    expect((await chainOf(recordId)).at(-1)).toMatchObject({
      reason: 'entered for another subject',
      changes: { state: ['inProgress', 'removed'] },
    })
  })

  it('keeps its place, and cannot be backdated or signed with another name', async () => {
    await expect(update(`site_id = gen_random_uuid()`)).rejects.toMatchObject({ code: '42501' })
    await expect(
      database.ownerPool.query(
        `select set_config('app.actor', 'system', false);
         update casebook.form_record set event_oid = 'W4' where record_id = '${recordId}'`,
      ),
    ).rejects.toMatchObject({ code: '23001' })
    const [row] = await update(
      `data = data || '{"PULSE":"70"}', updated_at = '2001-01-01', updated_by = gen_random_uuid()`,
    )
    expect(row).toMatchObject({ updated_by: actor, created_by: actor, created_at: created })
    expect(Date.parse(row?.updated_at as string)).toBeGreaterThan(Date.parse(created) - 1)
  })
})

describe('a write without an actor', () => {
  it.each(['app_user', 'study', 'form_record'])('to %s raises', async (table) => {
    const client = await database.ownerPool.connect()
    try {
      await client.query('begin')
      await client.query(`select set_config('app.actor', '', true)`)
      const statement: Record<string, string> = {
        app_user: `insert into casebook.app_user (user_id, user_name, display_name) values (gen_random_uuid(), 'x', 'X')`,
        study: `update casebook.study set state = 'locked'`,
        form_record: `update casebook.form_record set open_count = 1`,
      }
      await expect(client.query(statement[table] as string)).rejects.toMatchObject({
        code: 'CB011',
      })
    } finally {
      await client.query('rollback')
      client.release()
    }
  })

  it('or with an actor who has no account raises', async () => {
    await expect(
      inTransaction(database.ownerPool, { actor: uuidv7() }, (tx) =>
        tx.query(
          `insert into casebook.app_user (user_id, user_name, display_name) values (gen_random_uuid(), 'x', 'X')`,
        ),
      ),
    ).rejects.toMatchObject({ code: 'CB011' })
  })
})

describe('other tables', () => {
  it('are each audited with the arguments that the verifier assumes', async () => {
    const { rows } = await database.ownerPool.query<{ table: string; arguments: string[] }>(
      `select tgrelid::regclass::text as table,
         string_to_array(encode(tgargs, 'escape'), '\\000') as arguments
       from pg_trigger where tgname = 'audit' order by 1`,
    )
    const found = rows.map(({ table, arguments: [chain, id, excluded, digested] }) => ({
      table: table.replace('casebook.', ''),
      args: [chain, id, excluded, digested],
    }))
    const assumed = auditedTables
      .map((each) => ({
        table: each.table,
        args: [each.chain, each.id, each.excluded, each.digested].map((list) => list.join(',')),
      }))
      .sort((a, b) => (a.table < b.table ? -1 : 1))
    expect(found).toEqual(assumed)
  })

  it('are all audited but those that hold no data of their own', async () => {
    const { rows } = await database.ownerPool.query<{ name: string }>(
      `select relname as name from pg_class where relnamespace = 'casebook'::regnamespace and relkind = 'r' order by 1`,
    )
    const known = new Set(auditedTables.map((each) => each.table))
    expect(rows.map((row) => row.name).filter((name) => !known.has(name))).toEqual([
      'audit_anchor',
      'audit_anchor_head',
      'audit_head',
      'audit_record',
      'closed_moment',
      'form_record',
      'kept_answers',
      'migration',
      'save_receipt',
      'subject_changes',
    ])
  })

  it('have column differences, secrets only as digests', async () => {
    const user = await aUser(database.ownerPool, { passwordHash: '$argon2id$first' })
    await asSystem(database.ownerPool, {}, (tx) =>
      tx.query(
        `update casebook.app_user set password_hash = '$argon2id$second', failed_tries = 2 where user_id = $1`,
        [user.userId],
      ),
    )
    const rows = await chainOf(user.userId)
    expect(rows.map((row) => row.action)).toEqual(['insert', 'update'])
    expect(rows[1]?.changes).toEqual({
      failed_tries: [0, 2],
      password_hash: [expect.stringMatching(/^sha256:/), expect.stringMatching(/^sha256:/)],
    })
    expect(JSON.stringify(rows)).not.toContain('argon2id')
  })

  it('write no audit for copies', async () => {
    const before = (await chainOf(place.subjectId)).length
    await working((tx) => tx.query(`update casebook.subject set columns = '{"DIAG":"DM"}'`))
    expect(await chainOf(place.subjectId)).toHaveLength(before)
  })
})

describe('the trail itself', () => {
  it('takes events of the transaction', async () => {
    await working((tx) =>
      tx.query(
        `select casebook.audit_event('report.viewed', 'report', 'R_PRIMARY', '{"rows": 50}')`,
      ),
    )
    expect((await chainOf(actor)).at(-1)).toMatchObject({
      action: 'report.viewed',
      entity: 'report',
      changes: { rows: 50 },
    })
    await expect(
      working((tx) => tx.query(`select casebook.audit_event('update', 'form_record', 'x')`)),
    ).rejects.toMatchObject({ code: '22023' })
  })

  it('cannot be changed, removed or forged by the application', async () => {
    for (const statement of [
      `update casebook.audit_record set reason = 'x'`,
      `delete from casebook.audit_record`,
      `truncate casebook.audit_record`,
      `insert into casebook.audit_record select * from casebook.audit_record limit 1`,
      `select casebook.audit_append(null, null, 'x', 'x', 'x', null, null, null, '{}')`,
      `update casebook.audit_head set seq = 1`,
      `alter table casebook.form_record disable trigger all`,
      `set session_replication_role = replica`,
      `select casebook.redact(null, null, null, null)`,
    ]) {
      await expect(working((tx) => tx.query(statement))).rejects.toMatchObject({ code: '42501' })
    }
  })

  it('cannot be changed or removed by the owner of its table', async () => {
    const asOwner = (statement: string) =>
      asSystem(database.ownerPool, {}, async (tx) => {
        await tx.query('set local role casebook_owner')
        await tx.query(statement)
      })
    for (const [statement, code] of [
      [`update casebook.audit_record set actor_name = 'x'`, 'CB013'],
      [`update casebook.audit_record set changes = '{}', salt = ''`, 'CB013'],
      [`delete from casebook.audit_record`, 'CB012'],
      [`truncate casebook.audit_record cascade`, 'CB012'],
      [`delete from casebook.audit_head`, 'CB012'],
      [`delete from casebook.audit_anchor`, 'CB012'],
    ] as const) {
      await expect(asOwner(statement)).rejects.toMatchObject({ code })
    }
  })

  it('has one chain in order when twenty write to one record at once', async () => {
    const record = await aFormRecord(database.ownerPool, place, { formOid: 'F_LB' })
    await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        working((tx) =>
          tx.query(
            `update casebook.form_record set data = data || jsonb_build_object($1::text, 'x') where record_id = $2`,
            [`ITEM${n}`, record.recordId],
          ),
        ),
      ),
    )
    const rows = await chainOf(record.recordId)
    expect(rows.map((row) => row.seq)).toEqual(Array.from({ length: 21 }, (_, n) => n + 1))
    expect(rows.slice(1).every((row, n) => row.previous_hash === rows[n]?.hash)).toBe(true)
  })
})
