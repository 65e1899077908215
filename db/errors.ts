/** SQLSTATEs of Casebook's own refusals, raised by triggers and doors; PostgreSQL's own are four digits and letters. */
export const refusals = {
  listExhausted: 'CB001',
  listNotFrozen: 'CB002',
  alreadyRandomised: 'CB003',
  unknownStratum: 'CB004',
  listFrozen: 'CB005',
  notTheStatistician: 'CB006',
  listMalformed: 'CB007',
  otherStudy: 'CB008',
  /** `detail` is the first item path whose change has no reason, or `state`. */
  reasonMissing: 'CB010',
  actorMissing: 'CB011',
  removalRefused: 'CB012',
  appendOnly: 'CB013',
} as const

export type DatabaseError = {
  /** SQLSTATE, five characters. */
  code: string
  constraint?: string
  detail?: string
  table?: string
}

/** The database's own error inside what drizzle or a caller wrapped around it; null when it came from elsewhere. */
export function databaseError(error: unknown): DatabaseError | null {
  for (let at = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth += 1) {
    const code = (at as { code?: unknown }).code
    if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code)) {
      return at as unknown as DatabaseError
    }
  }
  return null
}

/** Whether the same transaction may succeed when it is run again: serialisation failure or deadlock. */
export function mayRetry(error: unknown): boolean {
  const code = databaseError(error)?.code
  return code === '40001' || code === '40P01'
}
