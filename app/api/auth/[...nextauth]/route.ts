import { NextRequest } from 'next/server'
import NextAuth from 'next-auth'
import { Problem } from '#domain/problem.ts'
import { authOptions } from '#server/auth/options.ts'
import { boundedBody } from '#server/trpc/bounded-body.ts'
import { problemResponse } from '#server/trpc/problem-response.ts'

type Context = { params: Promise<{ nextauth: string[] }> }

/** Names and passwords; whoever is not signed in yet does not get to send more. */
const largestBody = 16_384

async function handler(request: Request, context: Context): Promise<Response> {
  // The service's door for browsers to write into the server's log; nothing here uses it.
  if ((await context.params).nextauth[0] === '_log') {
    return problemResponse(new Problem('not-found'), 'auth')
  }
  if (request.method === 'POST') {
    const body = await boundedBody(request, largestBody)
    if (body === null) return problemResponse(new Problem('too-large', { limit: '16 kB' }), 'auth')
    request = new NextRequest(request.url, {
      method: 'POST',
      headers: request.headers,
      body: body as BodyInit,
    })
  }
  return NextAuth(authOptions())(request, context) as Promise<Response>
}

export { handler as GET, handler as POST }
