/** Input shapes that several verbs share. Limits are far above real use and far below what could hurt. */
import { z } from 'zod'
import { missingReasons } from '#domain/definition/missing-reasons.ts'

export const id = z.uuid()
/** A client-made id of one intention: the same key twice is one act. */
export const commandKey = z.uuid()
export const oid = z.string().regex(/^[A-Z][A-Z0-9_]{0,39}$/)
export const repeat = z.int().min(1).max(9999)
export const itemPathInput = z
  .string()
  .max(130)
  .regex(/^(?:[A-Z][A-Z0-9_]{0,39}\[[A-Za-z0-9][A-Za-z0-9_]{0,39}\]\.)?[A-Z][A-Z0-9_]{0,39}$/)
const loneSurrogate = /\p{Surrogate}/u
/** What PostgreSQL cannot store (NUL) and lone surrogates are refused before they reach it. */
export const plainText = (max: number) =>
  z
    .string()
    .max(max)
    .refine(
      (text) => !text.includes('\u0000') && !loneSurrogate.test(text),
      'holds characters that cannot be stored',
    )
export const storedValue = z.union([
  plainText(20_000),
  z.array(plainText(200)).max(200).readonly(),
  z.strictObject({ missing: z.enum(missingReasons) }),
])
export const reasonText = plainText(1000).refine((text) => text.trim().length > 0, 'is empty')
export const messageText = plainText(4000).refine((text) => text.trim().length > 0, 'is empty')
export const isoDate = z.iso.date()
export const isoDateTime = z.iso.datetime({ offset: true })
/** An opaque place in a list, handed out by the read itself. */
export const cursor = z.string().max(400).optional()
export const pageSize = z.int().min(1).max(100).default(50)
