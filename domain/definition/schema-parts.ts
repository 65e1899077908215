/** What every part of a definition's shape is made of: labels, OIDs, expressions. */
import { z } from 'zod'

export const languages = ['en', 'ja', 'zh'] as const
export type Language = (typeof languages)[number]

/** A text in the study's languages; English is always there. */
export const labelSchema = z.strictObject({
  en: z.string().min(1),
  ja: z.string().min(1).optional(),
  zh: z.string().min(1).optional(),
})
export type Label = z.infer<typeof labelSchema>

/** OIDs are also SQL column names and expression names, so the alphabet is narrow. */
export const oidSchema = z.string().regex(/^[A-Z][A-Z0-9_]{0,39}$/)
export const expressionSchema = z.string().min(1).max(4000)
/** Values by `FORM.ITEM`, `EVENT/FORM.ITEM`, `@2/FORM.ITEM`, `FORM#2.ITEM` or `EVENT/FORM.GROUP[KEY].ITEM`. */
export const givenSchema = z.record(
  z.string(),
  z.union([z.string(), z.number(), z.null(), z.array(z.string())]),
)
/** Examples of a check: given these values, it fires or stays silent. */
export const checkTestsSchema = z.array(
  z.strictObject({
    name: z.string().optional(),
    given: givenSchema,
    expect: z.enum(['fires', 'silent']),
  }),
)
/** The OID this had in the version before; stored values are carried over. See `renames.ts`. */
export const renamedFromSchema = oidSchema.optional()
