/** Why there is no value: not done, not applicable, unknown, not asked. Apart from the schemas, so that screens need no zod. */
export const missingReasons = ['ND', 'NA', 'UNK', 'NASK'] as const
export type MissingReason = (typeof missingReasons)[number]
