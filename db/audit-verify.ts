/**
 * Proves the audit trail of a live database from outside the application: every hash is computed again with PostgreSQL's own
 * functions (never those of the schema, which whoever tampers could replace), chains are followed link by link and held
 * against their heads and the seals over them, the values stored now against the replay of their history, and the
 * allocation lists against the hashes of the day they were frozen. Read-only, one snapshot, constant memory here.
 */

import {
  allocationLists,
  allocationRows,
  anchorLinks,
  anchorSeals,
  brokenLinks,
  movedHeads,
  replayOfRecords,
  replayOfTable,
  triggerState,
} from './audit-verify-sql.ts'
import { auditedTables } from './audited-tables.ts'
import { databasePool, inTransaction, type Transaction } from './client.ts'
import { ownerRole } from './migrate.ts'

export type AuditFindingKind = 'link' | 'head' | 'anchor' | 'value' | 'allocation' | 'trigger'

/** One thing that is not as the history says, naming the first row where it shows. */
export type AuditFinding = {
  kind: AuditFindingKind
  studyId: string
  entity: string
  entityId: string
  chainId: string | null
  seq: number | null
  message: string
}

export type AuditVerification = {
  ok: boolean
  studies: number
  chains: number
  records: number
  anchors: number
  /** The first findings, at most `limit` of each check. */
  findings: readonly AuditFinding[]
}

type VerifyOptions = {
  /** Digests of seals that were kept outside; each must still be in the database. */
  keptAnchors?: readonly string[]
  /** Findings reported of each check and study; default 20. */
  limit?: number
}

/** Verifies the database of `ownerUrl` (a superuser or a member of the owner role). */
export async function verifyAudit(
  ownerUrl: string,
  options: VerifyOptions = {},
): Promise<AuditVerification> {
  const pool = databasePool(ownerUrl, { max: 1, applicationName: 'casebook audit verify' })
  try {
    return await inTransaction(
      pool,
      {
        actor: 'system',
        readOnly: true,
        isolation: 'repeatable read',
        statementTimeout: 0,
      },
      async (tx) => {
        await tx.query(`set local role ${ownerRole}`)
        await tx.query(`set local timezone = 'UTC'`)
        return verifyWithin(tx, options)
      },
    )
  } finally {
    await pool.end()
  }
}

async function verifyWithin(tx: Transaction, options: VerifyOptions): Promise<AuditVerification> {
  const limit = options.limit ?? 20
  const studies = await tx.query<{ study_id: string }>(
    `select study_id from casebook.study union select study_id from casebook.audit_head
     union select distinct study_id from casebook.audit_record order by 1`,
  )
  const findings: AuditFinding[] = [...(await checkTriggers(tx))]
  const check = async (kind: AuditFindingKind, sql: string, values: readonly unknown[]) => {
    const rows = await tx.query<Omit<AuditFinding, 'kind'>>(sql, values)
    for (const row of rows) findings.push({ ...row, kind })
  }
  for (const { study_id: studyId } of studies) {
    await check('link', brokenLinks, [studyId, limit])
    await check('head', movedHeads, [studyId, limit])
    await check('anchor', anchorSeals, [studyId, limit])
    await check('anchor', anchorLinks, [studyId, limit])
    await check('value', replayOfRecords, [studyId, limit])
    for (const audited of auditedTables) {
      const sql = replayOfTable(audited, await columnsOf(tx, audited.table))
      await check('value', sql, [studyId, limit, audited.digested])
    }
    await check('allocation', allocationLists, [studyId, limit])
    await check('allocation', allocationRows, [studyId, limit])
  }
  findings.push(...(await checkKeptAnchors(tx, options.keptAnchors ?? [])))
  const [totals] = await tx.query<{ chains: number; records: number; anchors: number }>(
    `select (select count(*) from casebook.audit_head) as chains,
       (select count(*) from casebook.audit_record) as records,
       (select count(*) from casebook.audit_anchor) as anchors`,
  )
  return {
    ok: findings.length === 0,
    studies: studies.length,
    chains: totals?.chains ?? 0,
    records: totals?.records ?? 0,
    anchors: totals?.anchors ?? 0,
    findings,
  }
}

async function columnsOf(tx: Transaction, table: string): Promise<string[]> {
  const rows = await tx.query<{ name: string }>(
    `select attname as name from pg_catalog.pg_attribute
     where attrelid = ('casebook.' || $1)::regclass and attnum > 0 and not attisdropped order by attnum`,
    [table],
  )
  return rows.map((row) => row.name)
}

/** A trigger that was taken away or switched off is a finding even when nothing was changed meanwhile. */
async function checkTriggers(tx: Transaction): Promise<AuditFinding[]> {
  const needed = [
    ...auditedTables.map(({ table }) => `${table}.audit`),
    'form_record.audit_insert',
    'form_record.audit_update',
    'audit_record.append_only',
    'audit_record.after_closed_moment',
    'data_cut.immutable',
    'audit_record.keep',
  ]
  const rows = await tx.query<{ name: string; state: string }>(triggerState, [needed])
  return rows.map(({ name, state }) => ({
    kind: 'trigger',
    studyId: '',
    entity: name.split('.')[0] as string,
    entityId: name,
    chainId: null,
    seq: null,
    message: `The trigger ${name} is ${state}: writes can pass without an audit record.`,
  }))
}

async function checkKeptAnchors(tx: Transaction, kept: readonly string[]): Promise<AuditFinding[]> {
  const rows = await tx.query<{ digest: string }>(
    `select k.digest from unnest($1::text[]) k(digest)
     where not exists (select from casebook.audit_anchor a where a.digest = k.digest)`,
    [kept],
  )
  return rows.map(({ digest }) => ({
    kind: 'anchor',
    studyId: '',
    entity: 'audit_anchor',
    entityId: digest,
    chainId: null,
    seq: null,
    message: `The seal ${digest}, which was kept outside, is not in this database.`,
  }))
}
