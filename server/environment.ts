/** `process.env`, read once and checked; nothing else in the server reads it. */
import { z } from 'zod'

const flag = (fallback: boolean) =>
  z
    .enum(['0', '1', 'true', 'false'])
    .optional()
    .transform((text) => (text === undefined ? fallback : text === '1' || text === 'true'))

const environmentSchema = z.object({
  /** PostgreSQL as the runtime role: no superuser, owns nothing. */
  DATABASE_URL: z.string().optional(),
  DATABASE_POOL: z.coerce.number().int().min(1).max(200).default(16),
  /** Direct, not pooled, connection for the job worker (LISTEN); the runtime URL when absent. */
  DATABASE_DIRECT_URL: z.string().optional(),
  NEXTAUTH_SECRET: z.string().optional(),
  NEXTAUTH_URL: z.string().optional(),
  /** 0 refuses every demo account. */
  CASEBOOK_DEMO: flag(true),
  /** IANA zone that decides what "today" is for visits and future dates. */
  CASEBOOK_TIME_ZONE: z.string().optional(),
  /** The header that carries the browser's address, set by a proxy one trusts; none: the address is not known. */
  CASEBOOK_ADDRESS_HEADER: z.string().optional(),
  OIDC_ISSUER: z.url().optional(),
  OIDC_CLIENT_ID: z.string().optional(),
  OIDC_CLIENT_SECRET: z.string().optional(),
  OIDC_NAME: z.string().default('Single sign-on'),
})

export type Environment = z.output<typeof environmentSchema> & { timeZone: string }

let parsed: Environment | undefined

/** The process's settings; throws at the first use when one of them is malformed. */
export function environment(): Environment {
  if (!parsed) {
    const values = environmentSchema.parse(process.env)
    parsed = {
      ...values,
      timeZone: values.CASEBOOK_TIME_ZONE ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
    }
  }
  return parsed
}
