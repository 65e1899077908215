import type { Origin } from '../account/sign-in.ts'
import { environment } from '../environment.ts'

/** Address (only from a header that the operator says a proxy sets) and browser of a request. */
export function originOf(header: (name: string) => string | null | undefined): Origin {
  const named = environment().CASEBOOK_ADDRESS_HEADER
  const address = named ? header(named.toLowerCase())?.split(',').at(-1)?.trim() : undefined
  return { address: address?.slice(0, 60) || null, agent: header('user-agent') ?? null }
}

/** False for a request that another web site made the browser send. */
export function isSameSite(request: Request): boolean {
  const site = request.headers.get('sec-fetch-site')
  if (site !== null) return site === 'same-origin' || site === 'none'
  const origin = request.headers.get('origin')
  if (origin === null) return true
  return URL.canParse(origin) && new URL(origin).host === request.headers.get('host')
}
