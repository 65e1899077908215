import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inTransaction, type TransactionSettings } from '#db/client.ts'
import { aFormRecord, aGrant, aSite, aStudy, aSubject, aUser } from '#db/seed/build.ts'
import { type TestDatabase, testDatabase } from '#db/testing/test-database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.drop())

/** Tables without row security, each with its reason. */
const open: Record<string, string> = {
  app_user: 'read to find out who is asking, before a study can be named; holds nothing of a study',
  session: 'read by its hash before the actor is known; holds nothing of a study',
  setup_link: 'read by its hash before any account exists',
  migration: 'names and hashes of migration files; the runtime role has no privilege on it',
}

async function ownerRows<Row>(text: string): Promise<Row[]> {
  return (await database.ownerPool.query(text)).rows as Row[]
}

describe('every table of the schema', () => {
  it('has forced row security, or is on the list with a reason', async () => {
    const tables = await ownerRows<{ name: string; forced: boolean; policies: number }>(`
      select c.relname as name, c.relrowsecurity and c.relforcerowsecurity as forced,
        (select count(*)::int from pg_policy p where p.polrelid = c.oid) as policies
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname in ('casebook', 'allocation') and c.relkind in ('r', 'p') order by 1`)
    expect(tables.length).toBeGreaterThan(20)
    const exposed = tables.filter((table) => !table.forced || table.policies === 0)
    expect(exposed.map((table) => table.name)).toEqual(Object.keys(open).sort())
  })

  it('has an index for every foreign key', async () => {
    const bare = await ownerRows<{ table: string; constraint: string }>(`
      select k.conrelid::regclass::text as table, k.conname as constraint
      from pg_constraint k
      where k.contype = 'f' and k.connamespace in ('casebook'::regnamespace, 'allocation'::regnamespace)
        and not exists (
          select from pg_index i where i.indrelid = k.conrelid and i.indpred is null
            and (select array_agg(a order by a) from unnest((i.indkey::int2[])[0:least(cardinality(k.conkey), 2) - 1]) a)
              <@ k.conkey
            and i.indnkeyatts >= least(cardinality(k.conkey), 2))`)
    expect(bare).toEqual([])
  })

  it('has study_id as the first column of every primary key, where it has a study', async () => {
    const wrong = await ownerRows(`
      select i.indrelid::regclass::text as table from pg_index i
      join pg_attribute s on s.attrelid = i.indrelid and s.attname = 'study_id'
      where i.indisprimary and i.indrelid::regclass::text ~ '^(casebook|allocation)\\.' and i.indkey[0] <> s.attnum`)
    expect(wrong).toEqual([])
  })

  it('belongs to the owner role, and the runtime role holds neither DELETE nor TRUNCATE on any', async () => {
    const rows = await ownerRows<{ owned: boolean; removable: boolean; name: string }>(`
      select c.relname as name, pg_get_userbyid(c.relowner) = 'casebook_owner' as owned,
        has_table_privilege('casebook_app', c.oid, 'DELETE')
          or has_table_privilege('casebook_app', c.oid, 'TRUNCATE') as removable
      from pg_class c where c.relnamespace in ('casebook'::regnamespace, 'allocation'::regnamespace)
        and c.relkind = 'r'`)
    expect(rows.filter((row) => !row.owned || row.removable)).toEqual([])
    const [role] = await ownerRows<Record<string, boolean>>(`
      select rolsuper, rolbypassrls, rolcreatedb, rolcreaterole,
        pg_has_role('casebook_app', 'casebook_owner', 'member') as owner,
        has_database_privilege('casebook_app', current_database(), 'CREATE') as creates
      from pg_roles where rolname = 'casebook_app'`)
    expect(Object.values(role as object)).toEqual([false, false, false, false, false, false])
  })

  it('cannot be changed by the runtime role where rows never change', async () => {
    const rows = await ownerRows<{ name: string }>(`
      select c.relname as name from pg_class c where c.relnamespace = 'casebook'::regnamespace
        and c.relkind = 'r' and not has_table_privilege('casebook_app', c.oid, 'UPDATE')
        and not has_any_column_privilege('casebook_app', c.oid, 'UPDATE') order by 1`)
    expect(rows.map((row) => row.name)).toEqual([
      'added_report',
      'allocation_issued',
      'audit_anchor',
      'audit_anchor_head',
      'audit_head',
      'audit_record',
      'audit_redaction',
      'closed_moment',
      'data_cut',
      'export_log',
      'migration',
      'notice',
      'query_message',
      'save_receipt',
      'site_approval',
      'stored_file',
      'study_version',
      'subject_changes',
      'unblinding',
    ])
  })

  it('of the allocation schema gives the runtime role no privilege at all', async () => {
    const rows = await ownerRows(`
      select c.relname from pg_class c where c.relnamespace = 'allocation'::regnamespace and c.relkind = 'r'
        and has_table_privilege('casebook_app', c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')`)
    expect(rows).toEqual([])
    for (const table of ['list', 'slot']) {
      await expect(database.pool.query(`select * from allocation.${table}`)).rejects.toMatchObject({
        code: '42501',
      })
    }
  })

  it('of a function that runs as the owner pins its search path', async () => {
    const rows = await ownerRows(`
      select p.proname from pg_proc p where p.pronamespace in ('casebook'::regnamespace, 'allocation'::regnamespace)
        and p.prosecdef and not coalesce(p.proconfig::text like '%search_path=pg_catalog, pg_temp%', false)`)
    expect(rows).toEqual([])
  })

  it('leaves the runtime role only the named doors', async () => {
    const rows = await ownerRows<{ name: string }>(`
      select p.pronamespace::regnamespace || '.' || p.proname as name from pg_proc p
      where p.pronamespace in ('casebook'::regnamespace, 'allocation'::regnamespace)
        and p.prosecdef and has_function_privilege('casebook_app', p.oid, 'EXECUTE') order by 1`)
    expect(rows.map((row) => row.name)).toEqual([
      'allocation.freeze',
      'allocation.generate',
      'allocation.is_open',
      'allocation.issue',
      'allocation.lists',
      'allocation.reveal',
      'casebook.anchor',
      'casebook.audit_event',
      'casebook.close_moment',
      'casebook.own_sites',
      'casebook.own_studies',
      'casebook.studies_to_keep_answers_of',
      'casebook.waiting_runs',
    ])
  })
})

describe('row security', () => {
  const scoped = ['subject', 'form_record', 'audit_record']
  let first: { studyId: string; sites: string[]; user: string }
  let second: { studyId: string; sites: string[]; user: string }

  async function world() {
    const study = await aStudy(database.ownerPool)
    const sites = []
    for (let index = 0; index < 2; index += 1) {
      const site = await aSite(database.ownerPool, study.studyId)
      const subject = await aSubject(database.ownerPool, site)
      await aFormRecord(database.ownerPool, subject, { data: { WEIGHT: '61.5' } })
      sites.push(site.siteId)
    }
    const user = await aUser(database.ownerPool)
    await aGrant(database.ownerPool, {
      studyId: study.studyId,
      userId: user.userId,
      role: 'coordinator',
      siteId: sites[0],
    })
    return { studyId: study.studyId, sites, user: user.userId }
  }
  beforeAll(async () => {
    first = await world()
    second = await world()
  })

  const count = (settings: Partial<TransactionSettings>, table: string) =>
    inTransaction(database.pool, { actor: first.user, ...settings }, async (tx) => {
      const rows = await tx.query<{ n: number }>(`select count(*)::int as n from casebook.${table}`)
      return rows[0]?.n
    })

  it.each(scoped)('gives no row of %s without settings', async (table) => {
    expect(await database.pool.query(`select 1 from casebook.${table}`)).toMatchObject({
      rowCount: 0,
    })
    expect(await count({}, table)).toBe(0)
    expect(await count({ siteIds: null }, table)).toBe(0)
    expect(await count({ studyId: first.studyId, siteIds: [] }, table)).toBe(0)
    expect(await count({ studyId: first.studyId, siteIds: second.sites }, table)).toBe(
      table === 'audit_record' ? 2 : 0,
    )
  })

  it('shows one site, all sites, and never another study', async () => {
    expect(
      await count({ studyId: first.studyId, siteIds: [first.sites[0] as string] }, 'subject'),
    ).toBe(1)
    expect(await count({ studyId: first.studyId, siteIds: first.sites }, 'subject')).toBe(2)
    expect(await count({ studyId: first.studyId, siteIds: null }, 'form_record')).toBe(2)
    expect(await count({ studyId: second.studyId, siteIds: first.sites }, 'form_record')).toBe(0)
  })

  it('shows a person his own grants, studies and sites before a study is chosen', async () => {
    expect(await count({}, 'role_grant')).toBe(1)
    expect(await count({}, 'study')).toBe(1)
    expect(await count({}, 'site')).toBe(1)
    expect(await count({ actor: 'anonymous' }, 'study')).toBe(0)
  })

  it('refuses a row for another site or another study', async () => {
    const add = (settings: Partial<TransactionSettings>, studyId: string, siteId: string) =>
      inTransaction(database.pool, { actor: first.user, ...settings }, (tx) =>
        tx.query(
          `insert into casebook.subject (study_id, subject_id, site_id, subject_key, sequence, version_number)
           values ($1, gen_random_uuid(), $2, 'X-1', 900, 1)`,
          [studyId, siteId],
        ),
      )
    const [own, other] = first.sites as [string, string]
    const refused = { code: '42501' }
    await expect(
      add({ studyId: first.studyId, siteIds: [own] }, first.studyId, other),
    ).rejects.toMatchObject(refused)
    await expect(
      add({ studyId: first.studyId, siteIds: null }, second.studyId, second.sites[0] as string),
    ).rejects.toMatchObject(refused)
    await add({ studyId: first.studyId, siteIds: [own] }, first.studyId, own)
  })

  it('changes nothing at another site', async () => {
    const changed = await inTransaction(
      database.pool,
      { actor: first.user, studyId: first.studyId, siteIds: [first.sites[0] as string] },
      (tx) =>
        tx.query(`update casebook.form_record set data = '{"WEIGHT":"1"}',
        reason = '{"WEIGHT":"wrong line"}' returning site_id`),
    )
    expect(changed).toEqual([{ site_id: first.sites[0] }])
  })

  it('refuses removal to everyone, the owner and the superuser too', async () => {
    for (const statement of [
      'delete from casebook.form_record',
      'truncate casebook.form_record cascade',
    ]) {
      await expect(database.pool.query(statement)).rejects.toMatchObject({ code: '42501' })
      await expect(database.ownerPool.query(statement)).rejects.toMatchObject({ code: 'CB012' })
    }
  })
})
