import { createHash } from 'node:crypto'

/**
 * The idempotency key of one step of a load: the same step always has the same key, so a load that was broken off can be
 * run again from its beginning, and what was done already answers from its receipt.
 */
export function stepKey(...step: readonly (string | number)[]): string {
  const hex = createHash('sha256').update(step.join('\u0000')).digest('hex')
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-')
}
