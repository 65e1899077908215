/** Turns verbs into procedures: context, error shape, `mount`. Values are plain JSON, so there is no transformer. */
import { initTRPC, TRPCError } from '@trpc/server'
import type { z } from 'zod'
import type { Permission } from '#domain/access/permissions.ts'
import { Problem, type ProblemCode, type ProblemMessage, problemMessage } from '#domain/problem.ts'
import type { Person } from '../actor.ts'
import type { Verb } from '../command.ts'
import { unexpected } from '../problem.ts'

export type Context = { actor: Person | null }
type Meta = { permission: Permission | 'personal'; verb: string }

/** What a client finds in `error.data`: always a problem with a text that may be shown. */
export type ErrorData = { problem: ProblemMessage; httpStatus: number; path?: string }

const trpc = initTRPC
  .context<Context>()
  .meta<Meta>()
  .create({
    errorFormatter({ shape, error }): {
      message: string
      code: typeof shape.code
      data: ErrorData
    } {
      const problem = problemOf(error)
      return {
        message: problem.message,
        code: shape.code,
        data: {
          problem: problemMessage(problem),
          httpStatus: statusOf(problem.code),
          ...(shape.data.path === undefined ? {} : { path: shape.data.path }),
        },
      }
    },
  })

export const router = trpc.router
export const createCallerFactory = trpc.createCallerFactory

function problemOf(error: TRPCError): Problem {
  if (error.cause instanceof Problem) return error.cause
  if (error.code === 'NOT_FOUND' || error.code === 'METHOD_NOT_SUPPORTED') {
    return new Problem('not-found')
  }
  if (
    error.code === 'PARSE_ERROR' ||
    error.code === 'BAD_REQUEST' ||
    error.code === 'UNSUPPORTED_MEDIA_TYPE'
  ) {
    return new Problem('invalid-input', { where: 'request', what: 'cannot be read' })
  }
  if (error.code === 'PAYLOAD_TOO_LARGE') return new Problem('too-large', { limit: '1 MB' })
  return unexpected(error.cause ?? error)
}

const statuses: Partial<Record<ProblemCode, number>> = {
  'not-signed-in': 401,
  'not-allowed': 403,
  'password-change-needed': 403,
  'not-found': 404,
  'too-large': 413,
  'too-many-tries': 429,
  'database-busy': 503,
  unexpected: 500,
}
export const statusOf = (code: ProblemCode) => statuses[code] ?? 422

const codes = {
  401: 'UNAUTHORIZED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  413: 'PAYLOAD_TOO_LARGE',
  422: 'UNPROCESSABLE_CONTENT',
  429: 'TOO_MANY_REQUESTS',
  500: 'INTERNAL_SERVER_ERROR',
  503: 'SERVICE_UNAVAILABLE',
} as const

async function answered<Output>(act: () => Promise<Output>): Promise<Output> {
  try {
    return await act()
  } catch (error) {
    const problem = error instanceof Problem ? error : unexpected(error)
    const code = codes[statusOf(problem.code) as keyof typeof codes]
    throw new TRPCError({ code, message: problem.message, cause: problem })
  }
}

/** The corridor parses; here the schema only lends its types, so that nothing is parsed twice. */
const typedInput =
  <Schema extends z.ZodType>() =>
  (value: unknown) =>
    value as z.input<Schema>

/** A reading as a query procedure. */
export function ask<Schema extends z.ZodType, Output>(verb: Verb<'read', Schema, Output>) {
  return trpc.procedure
    .meta({ permission: verb.permission, verb: verb.name })
    .input(typedInput<Schema>())
    .query(({ ctx, input }) => answered(() => verb.execute(ctx.actor, input as z.input<Schema>)))
}

/** A command as a mutation procedure. */
export function act<Schema extends z.ZodType, Output>(verb: Verb<'write', Schema, Output>) {
  return trpc.procedure
    .meta({ permission: verb.permission, verb: verb.name })
    .input(typedInput<Schema>())
    .mutation(({ ctx, input }) => answered(() => verb.execute(ctx.actor, input as z.input<Schema>)))
}
