import { z } from 'zod'
import type { StoredValue } from '#domain/casebook/record.ts'
import { reading } from '../command.ts'
import { cursor, id, isoDateTime, pageSize, plainText } from '../input.ts'

export type AuditRow = {
  auditId: string
  at: string
  who: string
  role: string
  action: string
  entity: string
  entityId: string
  subjectId: string | null
  subjectKey: string | null
  siteCode: string | null
  /** Readable place, e.g. `W4/F_LB`; null for what is no form. */
  place: string | null
  reason: string | null
  version: number | null
  seq: number
  changes: readonly {
    path: string
    old: StoredValue | null
    new: StoredValue | null
    reason: string | null
  }[]
}

export const auditTrail = reading({
  name: 'audit.trail',
  permission: 'audit.read',
  input: z.strictObject({
    studyId: id,
    subjectId: id.optional(),
    siteId: id.optional(),
    actorId: id.optional(),
    action: plainText(60).optional(),
    from: isoDateTime.optional(),
    to: isoDateTime.optional(),
    cursor,
    limit: pageSize,
  }),
  run: async (): Promise<{ rows: readonly AuditRow[]; next: string | null }> => {
    throw new Error('unwritten')
  },
})
