import { Problem, problemMessage } from '#domain/problem.ts'
import { unexpected } from '../problem.ts'
import { statusOf } from './trpc.ts'

/** A refusal of a route that is not tRPC: `{ problem }` with its status. */
export function problemResponse(error: unknown, verb: string): Response {
  const problem = error instanceof Problem ? error : unexpected(error, verb)
  return Response.json(
    { problem: problemMessage(problem) },
    { status: statusOf(problem.code), headers: { 'cache-control': 'no-store' } },
  )
}
