/** The HTTP door of the router: who asks, from where, and how large a question may be. */
import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
import { Problem, problemMessage } from '#domain/problem.ts'
import { actorOfRequest } from '../auth/actor.ts'
import { isSameSite } from '../auth/origin.ts'
import { boundedBody } from './bounded-body.ts'
import { appRouter } from './router.ts'

const largestBody = 1_048_576
/** A screen asks for a handful of things at once; each is a transaction of its own. */
const mostAtOnce = 20

export async function answerTrpc(request: Request): Promise<Response> {
  if (new URL(request.url).pathname.split(/,|%2c/i).length > mostAtOnce) {
    return refusal(413, new Problem('too-large', { limit: `${mostAtOnce} at once` }))
  }
  if (request.method === 'POST') {
    if (!isSameSite(request)) return refusal(403, new Problem('not-found'))
    const body = await boundedBody(request, largestBody)
    if (body === null) return refusal(413, new Problem('too-large', { limit: '1 MB' }))
    request = new Request(request.url, {
      method: 'POST',
      headers: request.headers,
      body: body as BodyInit,
    })
  }
  return fetchRequestHandler({
    endpoint: '/api/trpc',
    req: request,
    router: appRouter,
    createContext: async () => ({ actor: await actorOfRequest(request) }),
    allowBatching: true,
    responseMeta: () => ({ headers: new Headers({ 'cache-control': 'no-store' }) }),
  })
}

function refusal(status: number, problem: Problem): Response {
  const error = {
    message: problem.message,
    code: -32600,
    data: { problem: problemMessage(problem), httpStatus: status },
  }
  return Response.json({ error }, { status, headers: { 'cache-control': 'no-store' } })
}
