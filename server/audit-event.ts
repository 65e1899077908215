/** Happenings that change no table still leave an audit row: sign-ins, exports, looks at concealed lists. */
import type { Transaction } from '#db/client.ts'

export type EventName =
  | 'session.signed-in'
  | 'session.refused'
  | 'session.locked-out'
  | 'session.signed-out'
  | 'account.set-up'
  | 'export.begun'
  | 'file.read'

export async function auditEvent(
  tx: Transaction,
  name: EventName,
  entity: string,
  entityId: string,
  details: Readonly<Record<string, unknown>> = {},
  chain: string | null = null,
): Promise<void> {
  await tx.query('select casebook.audit_event($1, $2, $3, $4, $5)', [
    name,
    entity,
    entityId,
    JSON.stringify(details),
    chain,
  ])
}
