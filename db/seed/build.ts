/**
 * Builders for tests, journeys and demo data. They write through the owner's connection as the actor `system`, so that what
 * they build has its audit trail like anything else. Every builder has defaults for all that the caller does not name.
 */
import { createHash, randomUUID } from 'node:crypto'
import { inTransaction, type Pool, type Transaction, type TransactionSettings } from '#db/client.ts'
import { formRecord } from '#db/schema/form.ts'
import { appUser, session } from '#db/schema/identity.ts'
import { roleGrant, site, study, studyVersion } from '#db/schema/study.ts'
import { subject } from '#db/schema/subject.ts'
import { uuidv7 } from '#db/uuid.ts'
import type { Role } from '#domain/access/permissions.ts'
import type { FormState, FormValues } from '#domain/casebook/record.ts'
import type { SubjectState } from '#domain/casebook/views.ts'

let made = 0
const next = () => {
  made += 1
  return made
}

/** One transaction of the owner as `system`, in a study when one is named. */
export function asSystem<T>(
  ownerPool: Pool,
  settings: Partial<TransactionSettings>,
  run: (tx: Transaction) => Promise<T>,
): Promise<T> {
  return inTransaction(
    ownerPool,
    { actor: 'system', siteIds: null, command: 'seed', statementTimeout: 120_000, ...settings },
    run,
  )
}

export type BuiltStudy = typeof study.$inferSelect & {
  version: { number: number; label: string; hash: string }
}

/** An open study with one published version. */
export async function aStudy(
  ownerPool: Pool,
  given: Partial<typeof study.$inferInsert> & {
    definition?: unknown
    hash?: string
    label?: string
  } = {},
): Promise<BuiltStudy> {
  const { definition = {}, hash, label = '1', ...columns } = given
  const studyId = columns.studyId ?? uuidv7()
  return asSystem(ownerPool, { studyId }, async (tx) => {
    const oid = columns.oid ?? `STUDY${next()}`
    const [row] = await tx.db
      .insert(study)
      .values({
        state: 'open',
        name: { en: oid },
        title: { en: `Study ${oid}` },
        ...columns,
        oid,
        studyId,
      })
      .returning()
    const version = {
      number: 1,
      label,
      hash: hash ?? createHash('sha256').update(JSON.stringify(definition)).digest('hex'),
    }
    await tx.db.insert(studyVersion).values({ studyId, ...version, definition })
    return { ...(row as typeof study.$inferSelect), version }
  })
}

export async function aSite(
  ownerPool: Pool,
  studyId: string,
  given: Partial<typeof site.$inferInsert> = {},
): Promise<typeof site.$inferSelect> {
  return asSystem(ownerPool, { studyId }, async (tx) => {
    const code = given.code ?? String(next()).padStart(2, '0')
    const [row] = await tx.db
      .insert(site)
      .values({ name: `Site ${code}`, ...given, code, studyId, siteId: given.siteId ?? uuidv7() })
      .returning()
    return row as typeof site.$inferSelect
  })
}

export async function aUser(
  ownerPool: Pool,
  given: Partial<typeof appUser.$inferInsert> = {},
): Promise<typeof appUser.$inferSelect> {
  return asSystem(ownerPool, {}, async (tx) => {
    const userName = given.userName ?? `person${next()}-${randomUUID().slice(0, 8)}`
    const [row] = await tx.db
      .insert(appUser)
      .values({ displayName: userName, ...given, userName, userId: given.userId ?? uuidv7() })
      .returning()
    return row as typeof appUser.$inferSelect
  })
}

/** A grant of a role at one site, or (no `siteId`) at all sites of the study. */
export async function aGrant(
  ownerPool: Pool,
  given: { studyId: string; userId: string; role: Role; siteId?: string | null },
): Promise<typeof roleGrant.$inferSelect> {
  return asSystem(ownerPool, { studyId: given.studyId }, async (tx) => {
    const [row] = await tx.db
      .insert(roleGrant)
      .values({ ...given, grantId: uuidv7() })
      .returning()
    return row as typeof roleGrant.$inferSelect
  })
}

/** A live session; the cookie's token is returned beside its row, whose id is the token's SHA-256. */
export async function aSession(
  ownerPool: Pool,
  userId: string,
  given: Partial<typeof session.$inferInsert> = {},
): Promise<{ token: string; row: typeof session.$inferSelect }> {
  const token = randomUUID() + randomUUID()
  return asSystem(ownerPool, {}, async (tx) => {
    const [row] = await tx.db
      .insert(session)
      .values({
        expiresAt: new Date(Date.now() + 12 * 3600_000).toISOString(),
        ...given,
        userId,
        sessionId: createHash('sha256').update(token).digest('hex'),
      })
      .returning()
    return { token, row: row as typeof session.$inferSelect }
  })
}

const withdrawnOn = (day: string) => ({ recordedWithdrawal: day, withdrawnOn: day })

export async function aSubject(
  ownerPool: Pool,
  at: { studyId: string; siteId: string; code?: string },
  given: Partial<typeof subject.$inferInsert> & { state?: SubjectState } = {},
): Promise<typeof subject.$inferSelect> {
  return asSystem(ownerPool, { studyId: at.studyId }, async (tx) => {
    const sequence = given.sequence ?? next()
    const [row] = await tx.db
      .insert(subject)
      .values({
        subjectKey: `${at.code ?? at.siteId.slice(-4)}-${String(sequence).padStart(3, '0')}`,
        screenedAt: tx.now,
        versionNumber: 1,
        ...(given.state === 'withdrawn' ? withdrawnOn(tx.now.slice(0, 10)) : {}),
        ...given,
        sequence,
        studyId: at.studyId,
        siteId: at.siteId,
        subjectId: given.subjectId ?? uuidv7(),
      })
      .returning()
    return row as typeof subject.$inferSelect
  })
}

export async function aFormRecord(
  ownerPool: Pool,
  of: { studyId: string; siteId: string; subjectId: string },
  given: Partial<typeof formRecord.$inferInsert> & { data?: FormValues; state?: FormState } = {},
): Promise<typeof formRecord.$inferSelect> {
  return asSystem(ownerPool, { studyId: of.studyId }, async (tx) => {
    const [row] = await tx.db
      .insert(formRecord)
      .values({
        eventOid: 'W0',
        formOid: 'F_VS',
        versionNumber: 1,
        ...given,
        studyId: of.studyId,
        siteId: of.siteId,
        subjectId: of.subjectId,
        recordId: given.recordId ?? uuidv7(),
      })
      .returning()
    return row as typeof formRecord.$inferSelect
  })
}
