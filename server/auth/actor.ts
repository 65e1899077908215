/** From cookie to person: decrypts the cookie (remembered, it never changes), then asks the session row every time. */
import { cookies } from 'next/headers'
import { decode } from 'next-auth/jwt'
import { cache } from 'react'
import { personOfSession } from '../account/sessions.ts'
import type { Person } from '../actor.ts'
import { environment } from '../environment.ts'

const cookieNames = ['__Secure-next-auth.session-token', 'next-auth.session-token']
const mostRemembered = 2000
const remembered = new Map<string, { sid: string; until: number }>()

/** The person behind a request's cookies, once per rendered page. */
export const currentActor = cache(async (): Promise<Person | null> => {
  const jar = await cookies()
  for (const name of cookieNames) {
    const value = jar.get(name)?.value
    if (value) return actorOfCookie(value)
  }
  return null
})

/** The person behind the `Cookie` header of a request to a route. */
export async function actorOfRequest(request: Request): Promise<Person | null> {
  const header = request.headers.get('cookie')
  if (!header) return null
  for (const name of cookieNames) {
    const start = header.split(/;\s*/).find((part) => part.startsWith(`${name}=`))
    if (start) return actorOfCookie(start.slice(name.length + 1))
  }
  return null
}

async function actorOfCookie(cookie: string): Promise<Person | null> {
  const sid = await sidOfCookie(cookie)
  return sid === null ? null : personOfSession(sid)
}

async function sidOfCookie(cookie: string): Promise<string | null> {
  const known = remembered.get(cookie)
  if (known && known.until > Date.now()) return known.sid
  const secret = environment().NEXTAUTH_SECRET
  if (!secret || cookie.length > 4000) return null
  const token = await decode({ token: cookie, secret }).catch(() => null)
  if (typeof token?.sid !== 'string' || typeof token.exp !== 'number') return null
  if (remembered.size >= mostRemembered) {
    const oldest = remembered.keys().next()
    if (!oldest.done) remembered.delete(oldest.value)
  }
  remembered.set(cookie, { sid: token.sid, until: token.exp * 1000 })
  return token.sid
}
