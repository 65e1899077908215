/** Who acts: a signed-in person with all grants as they stand now, or the system itself (jobs, seeds). */
import type { Grant } from '#domain/access/permissions.ts'

export type Person = {
  kind: 'person'
  userId: string
  userName: string
  displayName: string
  language: string
  isSystemAdministrator: boolean
  isDemo: boolean
  mustChangePassword: boolean
  sessionId: string
  grants: readonly Grant[]
}

/** Acts by rule, after commit or on a timer; `userId` is the fixed id that audit rows carry for it. */
export type SystemActor = { kind: 'system'; userId: string; displayName: string }

export type Actor = Person | SystemActor

/** The all-zero id: the system as actor, and the "study" of accounts and sessions in the audit trail. */
export const zeroId = '00000000-0000-0000-0000-000000000000'

export const systemActor: SystemActor = { kind: 'system', userId: zeroId, displayName: 'Casebook' }
