/**
 * Requirement 12: whoever reaches the tables past the application, as a superuser too, is found out and the first wrong row is
 * named. Every case tampers with a copy of one study with forms, queries, a signature, allocations and seals.
 */
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { permutedBlocks } from '#domain/allocation/permuted-blocks.ts'
import { freezeList, generateList, issueAllocation } from './allocation.ts'
import { type AuditFinding, verifyAudit } from './audit-verify.ts'
import { aFormRecord, aGrant, aSite, aStudy, aSubject, asSystem, aUser } from './seed/build.ts'
import { type TestDatabase, testDatabase } from './testing/test-database.ts'
import { uuidv7 } from './uuid.ts'

const sha256Hex = (text: string) => createHash('sha256').update(text).digest('hex')
const off = 'set session_replication_role = replica;'

let original: TestDatabase
let studyId: string
let subjectId: string
let record: string
let young: string
let user: string
let listId: string
let keptSeal: string

beforeAll(async () => {
  original = await testDatabase()
  const { ownerPool } = original
  const study = await aStudy(ownerPool, { definition: { forms: ['F_VS'] } })
  studyId = study.studyId
  const site = await aSite(ownerPool, studyId)
  user = (await aUser(ownerPool, { passwordHash: 'a hash' })).userId
  await aGrant(ownerPool, { studyId, userId: user, role: 'investigator' })
  const subject = await aSubject(ownerPool, site)
  subjectId = subject.subjectId
  record = (
    await aFormRecord(ownerPool, subject, {
      data: { WEIGHT: '61.5', NOTE: 'Yamada Taro called' },
      derived: { BMI: '22.1' },
    })
  ).recordId
  listId = uuidv7()
  const arms = ['CSA', 'TAC'].map((arm) => ({ arm, share: 1 }))
  const seed = sha256Hex('seed')
  const scheme = { seed, stratum: 'DM', arms, blockSizes: [4], size: 8 }
  await asSystem(ownerPool, { studyId, actor: user, role: 'investigator' }, async (tx) => {
    const change = (data: string, reason: string) =>
      tx.query(
        `update casebook.form_record set data = data || $1::jsonb, reason = $2 where record_id = $3`,
        [data, reason, record],
      )
    await change('{"WEIGHT":"60.5"}', '{"WEIGHT":"typing error"}')
    await change('{"PULSE":"72"}', '{}')
    await tx.query(
      `insert into casebook.query (study_id, query_id, subject_id, site_id, record_id, path, text)
       values ($1, $2, $3, $4, $5, 'WEIGHT', 'Please check the weight.')`,
      [studyId, uuidv7(), subjectId, site.siteId, record],
    )
    await tx.query(
      `insert into casebook.signature (study_id, signature_id, record_id, site_id, subject_id, meaning, content_hash,
         signed_by, signer_name)
       values ($1, $2, $3, $4, $5, 'approved', $6, $7, 'Dr Sato')`,
      [studyId, uuidv7(), record, site.siteId, subjectId, sha256Hex('content'), user],
    )
    const slots = permutedBlocks(scheme, sha256Hex).map((slot) => ({
      ...slot,
      number: `R${slot.position}`,
    }))
    await generateList(tx, { listId, stratum: 'DM', seed, blockSizes: [4], slots })
    await freezeList(tx, listId)
    await issueAllocation(tx, subjectId, 'DM', { consent: '2014-11-01' })
  })
  const seals = await ownerPool.query<{ study_id: string; digest: string }>(
    'select study_id, digest from casebook.anchor()',
  )
  keptSeal = seals.rows.find((seal) => seal.study_id === studyId)?.digest as string
  const later = await aSubject(ownerPool, site)
  young = (await aFormRecord(ownerPool, later, { data: { WEIGHT: '70' } })).recordId
  await asSystem(ownerPool, { studyId }, (tx) => issueAllocation(tx, later.subjectId, 'DM', {}))
  await original.close()
})
afterAll(() => original.drop())

/** What the verifier says after `tamper` ran as superuser on a copy, each finding as one line. */
async function verdictAfter(tamper: string, keptAnchors: string[] = []): Promise<string[]> {
  const copy = await testDatabase({ copyOf: original.name })
  try {
    if (tamper !== '') {
      const changed = await copy.ownerPool.query(tamper)
      const counts = [changed].flat().map((result) => result.rowCount ?? 0)
      expect(Math.max(...counts)).toBeGreaterThan(tamper.includes('trigger') ? -1 : 0)
    }
    const { ok, findings } = await verifyAudit(copy.ownerUrl, { keptAnchors })
    expect(ok).toBe(findings.length === 0)
    return findings.map(line)
  } finally {
    await copy.drop()
  }
}

function line({ kind, entity, entityId, seq, message }: AuditFinding): string {
  return `${kind} ${entity} ${entityId}${seq === null ? '' : ` #${seq}`}: ${message}`
}

describe('an untouched database', () => {
  it('has no finding, and what was looked at is counted', async () => {
    expect(await verdictAfter('', [])).toEqual([])
    const copy = await testDatabase({ copyOf: original.name })
    const result = await verifyAudit(copy.ownerUrl, { keptAnchors: [keptSeal] })
    expect(result).toMatchObject({ ok: true, studies: 2, anchors: 2 })
    expect(result.records).toBeGreaterThan(15)
    await copy.drop()
  })
})

describe('tampering is found and named', () => {
  const cases: [string, () => string, () => RegExp[]][] = [
    [
      'a value of a form',
      () =>
        `${off} update casebook.form_record set data = data || '{"WEIGHT":"59"}' where record_id = '${record}'`,
      () => [
        new RegExp(`value form_record ${record} #2: WEIGHT is "59"; by its history it is "60.5"`),
      ],
    ],
    [
      'a value of a form, with the trigger switched off and on again',
      () => `alter table casebook.form_record disable trigger all;
        update casebook.form_record set data = data || '{"PULSE":"99"}' where record_id = '${record}';
        alter table casebook.form_record enable trigger all`,
      () => [new RegExp(`value form_record ${record} #3: PULSE is "99"`)],
    ],
    [
      'a derived value',
      () =>
        `${off} update casebook.form_record set derived = '{"BMI":"20"}' where record_id = '${record}'`,
      () => [new RegExp(`value form_record ${record} #1: derived.BMI is "20"`)],
    ],
    [
      'a value added',
      () =>
        `${off} update casebook.form_record set data = data || '{"TEMP":"37"}' where record_id = '${record}'`,
      () => [new RegExp(`value form_record ${record}: TEMP is "37"; by its history it is absent`)],
    ],
    [
      'a form moved to another visit',
      () => `${off} update casebook.form_record set event_oid = 'W4' where record_id = '${record}'`,
      () => [new RegExp(`value form_record ${record} #1: place is`)],
    ],
    [
      'a form removed',
      () => `${off} delete from casebook.form_record where record_id = '${young}'`,
      () => [new RegExp(`value form_record ${young} #1: The row is gone`)],
    ],
    [
      'a form slipped in',
      () => `${off} insert into casebook.form_record (study_id, record_id, subject_id, site_id, event_oid, form_oid, version_number)
        select study_id, gen_random_uuid(), subject_id, site_id, 'W8', form_oid, 1 from casebook.form_record limit 1`,
      () => [/value form_record .*: The row has no history/],
    ],
    [
      'the values of an audit record',
      () => `${off} update casebook.audit_record set changes = jsonb_set(changes, '{WEIGHT,1}', '"59"')
        where chain_id = '${record}' and seq = 2`,
      () => [
        new RegExp(`link form_record ${record} #2: Its values or its reason were changed`),
        new RegExp(`value form_record ${record} #2: WEIGHT is "60.5"; by its history it is "59"`),
      ],
    ],
    [
      'the reason of an audit record',
      () =>
        `${off} update casebook.audit_record set reason = 'other' where chain_id = '${record}' and seq = 2`,
      () => [new RegExp(`link form_record ${record} #2: Its values or its reason`)],
    ],
    [
      'the name in an audit record',
      () =>
        `${off} update casebook.audit_record set actor_name = 'Nobody' where chain_id = '${record}' and seq = 2`,
      () => [new RegExp(`link form_record ${record} #2: It was changed`)],
    ],
    [
      'the time in an audit record, with its hash made new',
      () => `${off} update casebook.audit_record set at = at - interval '1 day' where chain_id = '${record}' and seq = 2;
        update casebook.audit_record a set hash = casebook.audit_hash(a) where chain_id = '${record}' and seq = 2`,
      () => [new RegExp(`link form_record ${record} #3: It does not follow the record before it`)],
    ],
    [
      'a value and its whole chain forged anew, head and all',
      () => `${off} do $$ declare r casebook.audit_record; before text := ''; begin
        update casebook.form_record set data = data || '{"WEIGHT":"59"}' where record_id = '${record}';
        for r in select * from casebook.audit_record where chain_id = '${record}' order by seq loop
          if r.seq = 2 then r.changes := jsonb_set(r.changes, '{WEIGHT,1}', '"59"'); end if;
          r.previous_hash := before;
          r.digest := casebook.audit_digest(r.salt, r.changes, r.reason);
          r.hash := casebook.audit_hash(r);
          update casebook.audit_record a set changes = r.changes, digest = r.digest, previous_hash = r.previous_hash,
            hash = r.hash where a.chain_id = r.chain_id and a.seq = r.seq;
          before := r.hash;
        end loop;
        update casebook.audit_head set hash = before where chain_id = '${record}';
        end $$; select 1`,
      () => [
        /anchor signature .* #5: Seal 1 covers audit record 5 of this chain, which is another now/,
      ],
    ],
    [
      'an audit record deleted in the middle',
      () => `${off} delete from casebook.audit_record where chain_id = '${record}' and seq = 2`,
      () => [
        new RegExp(`link form_record ${record} #3: Audit record 2 of this chain is missing`),
        new RegExp(`value form_record ${record} #1: WEIGHT`),
      ],
    ],
    [
      'an audit record deleted at the end',
      () => `${off} delete from casebook.audit_record where chain_id = '${record}' and seq = 5`,
      () => [
        /head query .* #5: Audit records 5 to 5 at the end of this chain are missing/,
        new RegExp(
          `anchor audit_record ${record} #5: Seal 1 covers audit record 5 of this chain, which is missing`,
        ),
        /value signature .*: The row has no history/,
      ],
    ],
    [
      'the end of a chain cut off together with its row and its head',
      () => `${off} delete from casebook.audit_record where chain_id = '${record}' and seq = 5;
        delete from casebook.signature;
        update casebook.audit_head h set seq = r.seq, hash = r.hash from casebook.audit_record r
        where h.chain_id = '${record}' and r.chain_id = h.chain_id and r.seq = 4`,
      () => [new RegExp(`anchor audit_record ${record} #5: Seal 1 covers audit record 5`)],
    ],
    [
      'a whole chain removed',
      () => `${off} delete from casebook.audit_record where chain_id = '${young}'`,
      () => [
        new RegExp(`head audit_record ${young} #1: The whole chain of 1 audit records is missing`),
        new RegExp(`value form_record ${young}: The row has no history`),
      ],
    ],
    [
      'a sealed chain removed with its head and all its rows',
      () => `${off} delete from casebook.audit_record where chain_id = '${record}';
        delete from casebook.audit_head where chain_id = '${record}'; delete from casebook.signature;
        delete from casebook.query; delete from casebook.form_record where record_id = '${record}'`,
      () => [new RegExp(`anchor audit_record ${record} #5`)],
    ],
    [
      'a seal changed',
      () =>
        `${off} update casebook.audit_anchor_head set hash = repeat('0', 64) where chain_id = '${record}'`,
      () => [/anchor audit_anchor .* #1: Seal 1 was changed/, /anchor .* #5: Seal 1 covers/],
    ],
    [
      'a query reworded',
      () => `${off} update casebook.query set text = 'Fine.'`,
      () => [/value query .* #4: text is "Fine."; by its history it is "Please check the weight."/],
    ],
    [
      'a signature put under another name',
      () => `${off} update casebook.signature set signer_name = 'Dr Mori'`,
      () => [/value signature .* #5: signer_name is "Dr Mori"/],
    ],
    [
      'a definition edited after it was published',
      () => `${off} update casebook.study_version set definition = '{"forms":[]}'`,
      () => [/value study_version 1 #2: definition is "sha256:/],
    ],
    [
      'a password put in place of another',
      () => `${off} update casebook.app_user set password_hash = 'mine'`,
      () => [new RegExp(`value app_user ${user} #1: password_hash`)],
    ],
    [
      'a role taken',
      () => `${off} update casebook.role_grant set role = 'data-manager'`,
      () => [/value role_grant .*: role is "data-manager"/],
    ],
    [
      'an unissued row of an allocation list',
      () =>
        `${off} update allocation.slot set arm = case arm when 'TAC' then 'CSA' else 'TAC' end where position = 7`,
      () => [new RegExp(`allocation allocation.list ${listId}: Its rows or its seed are not`)],
    ],
    [
      'an unissued row and the hash of the list',
      () => `${off} update allocation.slot set arm = case arm when 'TAC' then 'CSA' else 'TAC' end where position = 7;
        update allocation.list set sha256 = allocation.list_sha256(study_id, list_id)`,
      () => [new RegExp(`allocation allocation.list ${listId}: Its hash is not the one on record`)],
    ],
    [
      'an issued arm, in the list and in the allocation',
      () => `${off} update allocation.slot set arm = 'X' where position = 1;
        update casebook.allocation_issued set arm = 'X' where position = 1`,
      () => [
        new RegExp(`value allocation_issued ${subjectId} #\\d: arm is "X"`),
        new RegExp(`allocation allocation.list ${listId}: Its rows`),
      ],
    ],
    [
      'two subjects swapped in the list',
      () => `${off} update allocation.slot s set issued_to = null where position < 3;
        update allocation.slot s set issued_to = a.subject_id from casebook.allocation_issued a where a.position = 3 - s.position`,
      () => [
        new RegExp(`allocation allocation.slot ${listId}/1: The row was issued to another subject`),
        new RegExp(`allocation allocation.slot ${listId}/2`),
      ],
    ],
    [
      'the counter of a list set back',
      () => `${off} update allocation.list set next_position = 2`,
      () => [
        new RegExp(
          `allocation allocation.list ${listId}: Its counter stands at 2, 2 rows are issued`,
        ),
      ],
    ],
    [
      'the time of an allocation',
      () =>
        `${off} update casebook.allocation_issued set issued_at = issued_at - interval '1 day' where position = 1`,
      () => [new RegExp(`value allocation_issued ${subjectId} #\\d: issued_at`)],
    ],
    [
      'a trigger taken away',
      () =>
        `drop trigger audit on casebook.query; alter table casebook.signature disable trigger audit`,
      () => [
        /trigger query query.audit: .* is missing/,
        /trigger signature signature.audit: .* is switched off/,
      ],
    ],
    [
      'a value taken out without a redaction on record',
      () => `${off} update casebook.audit_record set salt = '', changes = changes || '{"WEIGHT":["[redacted]","[redacted]"]}'
        where chain_id = '${record}' and seq = 2`,
      () => [
        new RegExp(`link form_record ${record} #2: Its values were taken out without a redaction`),
        new RegExp(`value form_record ${record} #2: WEIGHT`),
      ],
    ],
  ]
  it.each(cases)('%s', async (_, tamper, expected) => {
    const found = await verdictAfter(tamper())
    for (const [index, pattern] of expected().entries()) expect(found[index]).toMatch(pattern)
    expect(found).toHaveLength(expected().length)
  })

  it('all seals and heads cut back: only a seal kept outside tells', async () => {
    const everything = `${off}
      delete from casebook.audit_anchor_head where study_id = '${studyId}';
      delete from casebook.audit_anchor where study_id = '${studyId}';
      update casebook.audit_head set anchored_seq = 0 where study_id = '${studyId}'`
    expect(await verdictAfter(everything)).toEqual([])
    expect(await verdictAfter(everything, [keptSeal])).toEqual([
      `anchor audit_anchor ${keptSeal}: The seal ${keptSeal}, which was kept outside, is not in this database.`,
    ])
  })
})

describe('a lawful redaction', () => {
  it('takes a value out everywhere, with who, when and why, and leaves the chain verifiable', async () => {
    const copy = await testDatabase({ copyOf: original.name })
    const why = 'Name of the subject typed into a note'
    await asSystem(copy.ownerPool, { studyId, actor: user }, async (tx) => {
      await tx.query(`select casebook.redact($1, $2, 'NOTE', $3)`, [studyId, record, why])
      const [query] = await tx.query<{ query_id: string }>('select query_id from casebook.query')
      await tx.query(`select casebook.redact_column($1, 'query', 'query_id', $2, 'text', $3)`, [
        studyId,
        query?.query_id,
        why,
      ])
    })
    expect((await verifyAudit(copy.ownerUrl, { keptAnchors: [keptSeal] })).findings).toEqual([])
    const everything = await copy.ownerPool.query(
      `select (select json_agg(r) from casebook.audit_record r)::text
         || (select json_agg(f) from casebook.form_record f)::text
         || (select json_agg(q) from casebook.query q)::text as text`,
    )
    expect(everything.rows[0].text).not.toContain('Yamada')
    expect(everything.rows[0].text).not.toContain('Please check')
    const rows = await copy.ownerPool.query(
      `select x.key, x.seq, x.justification, x.by, r.changes -> 'WEIGHT' as kept from casebook.audit_redaction x
       join casebook.audit_record r using (study_id, chain_id, seq) order by x.key, x.seq`,
    )
    expect(rows.rows.map(({ key, seq }) => `${key} ${seq}`)).toEqual([
      'NOTE 1',
      'NOTE 6',
      'text 4',
      expect.stringMatching(/^text \d+$/),
    ])
    expect(rows.rows[0]).toMatchObject({ justification: why, by: user, kept: [null, '61.5', null] })
    await copy.drop()
  })

  it('is refused without a justification', async () => {
    const copy = await testDatabase({ copyOf: original.name })
    await expect(
      asSystem(copy.ownerPool, { studyId }, (tx) =>
        tx.query(`select casebook.redact($1, $2, 'NOTE', 'PII')`, [studyId, record]),
      ),
    ).rejects.toMatchObject({ code: '23514' })
    await copy.drop()
  })
})
