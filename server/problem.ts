/**
 * The one translator of failures. A `Problem` passes; what the database refuses for a reason a person can act on becomes
 * one; everything else is `unexpected` with an id under which the log holds class, SQLSTATE and place - never a value.
 */
import { randomUUID } from 'node:crypto'
import { Problem } from '#domain/problem.ts'
import { log } from './log.ts'

type DatabaseError = Error & {
  code: string
  constraint?: string
  table?: string
  detail?: string
}

/** The error of PostgreSQL inside whatever wrapped it; null when it did not come from there. */
export function databaseError(error: unknown): DatabaseError | null {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    const code = (at as { code?: unknown }).code
    if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code)) return at as DatabaseError
  }
  return null
}

const connectionCodes = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE', 'ETIMEDOUT'])

/** Serialisation failure, deadlock, or two requests with one key: the same act may simply be tried again. */
export function isRetryable(error: unknown): boolean {
  const found = databaseError(error)
  if (!found) return false
  if (found.code === '40001' || found.code === '40P01') return true
  return found.code === '23505' && retryableConstraints.has(found.constraint ?? '')
}
/** Losing such a race means another transaction has just done it; looking again finds its answer. */
const retryableConstraints = new Set([
  'save_receipt_pkey',
  'form_record_place_unique',
  'subject_sequence_unique',
  'subject_key_unique',
  'query_check_once',
])

export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  const found = databaseError(error)
  if (found) {
    switch (found.code) {
      case '23505':
        return new Problem('duplicate', { what: readableConstraint(found) })
      case 'CB001':
        return new Problem('list-exhausted')
      case 'CB002':
      case 'CB004':
        return new Problem('randomisation-closed', { what: 'the list of the stratum is not ready' })
      case 'CB003':
        return new Problem('already-randomised')
      case 'CB005':
        return new Problem('list-frozen')
      case 'CB006':
        return new Problem('not-allowed', {
          who: 'A person whose only role is allocation statistician',
        })
      case 'P0002':
        return new Problem('not-found')
      case 'CB010':
        return new Problem('reason-required', { label: found.detail ?? 'This' }, found.detail)
      case '40001':
      case '40P01':
      case '55P03':
      case '57014':
      case '53300':
      case '57P01':
      case '57P03':
        return new Problem('database-busy')
    }
  } else if (error instanceof Error) {
    const code = (error as { code?: unknown }).code
    if (
      (typeof code === 'string' && connectionCodes.has(code)) ||
      error.message === 'timeout exceeded when trying to connect'
    ) {
      return new Problem('database-busy')
    }
  }
  return unexpected(error)
}

function readableConstraint(found: DatabaseError): string {
  const names: Record<string, string> = {
    app_user: 'This user name',
    site: 'A site with this code',
    subject: 'This subject key',
    role_grant: 'This role',
    list: 'A list for this stratum',
  }
  return names[found.table ?? ''] ?? 'This entry'
}

/** Logs where it came from and answers with a number that support can find in the log. */
export function unexpected(error: unknown, verb?: string): Problem {
  const id = randomUUID().slice(0, 8)
  const found = databaseError(error)
  log('error', {
    event: 'unexpected',
    id,
    verb,
    error: error instanceof Error ? error.constructor.name : typeof error,
    sqlstate: found?.code,
    constraint: found?.constraint,
    table: found?.table,
    stack: placesOf(error),
  })
  return new Problem('unexpected', { id })
}

/** Function, file and line of each frame; the message, which may quote values, stays behind. */
function placesOf(error: unknown): string[] {
  if (!(error instanceof Error) || !error.stack) return []
  return error.stack
    .split('\n')
    .filter((line) => /^\s+at .*:\d+:\d+\)?$/.test(line))
    .slice(0, 8)
    .map((line) => line.trim())
}
