import { type NextRequest, NextResponse } from 'next/server'
import { pageHeaders } from '#server/auth/security-headers.ts'

/** Gives every page a fresh nonce and the policy that names it; Next reads it from the request's policy. */
export function proxy(request: NextRequest): NextResponse {
  const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('base64')
  const headers = pageHeaders(nonce, {
    isSecure: process.env.NEXTAUTH_URL?.startsWith('https://') ?? false,
    isDevelopment: process.env.NODE_ENV === 'development',
  })
  const asked = new Headers(request.headers)
  asked.set('x-nonce', nonce)
  asked.set('content-security-policy', headers['content-security-policy'] ?? '')
  const response = NextResponse.next({ request: { headers: asked } })
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value)
  return response
}

/** Pages only: files of the build and answers of routes hold no scripts, and saves must not pay for it. */
export const config = {
  matcher: ['/((?!api/|healthz|_next/static/|_next/image|favicon.ico).*)'],
}
