/**
 * The router for server components: same procedures, same person, no HTTP. Fetch what a page stands on with
 * `orNotFound(fetchQuery(...))`, wrap its client part in `HydrateClient`, and use the same query options in the browser.
 */
import {
  defaultShouldDehydrateQuery,
  dehydrate,
  type FetchQueryOptions,
  HydrationBoundary,
  QueryClient,
  type QueryKey,
} from '@tanstack/react-query'
import { TRPCError } from '@trpc/server'
import { createTRPCOptionsProxy } from '@trpc/tanstack-react-query'
import { notFound, redirect } from 'next/navigation'
import { cache, createElement, type ReactNode } from 'react'
import { Problem } from '#domain/problem.ts'
import { currentActor } from '../auth/actor.ts'
import { appRouter, createCaller } from './router.ts'

export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { staleTime: 5_000, retry: false },
      dehydrate: {
        shouldDehydrateQuery: (query) =>
          defaultShouldDehydrateQuery(query) || query.state.status === 'pending',
      },
    },
  })
}

/** One query client per rendered page. */
export const getQueryClient = cache(makeQueryClient)

export const trpc = createTRPCOptionsProxy({
  router: appRouter,
  queryClient: getQueryClient,
  ctx: async () => ({ actor: await currentActor() }),
})

export type Caller = ReturnType<typeof createCaller>

/** The router called as the person of this request; answers are not put into the page's query client. */
export const caller = cache(
  async (): Promise<Caller> => createCaller({ actor: await currentActor() }),
)

/** Fetches into the page's query client, so that the browser finds the answer there. */
export function fetchQuery<Output, Failure, Data, Key extends QueryKey>(
  options: FetchQueryOptions<Output, Failure, Data, Key>,
): Promise<Data> {
  return getQueryClient().fetchQuery(options)
}

export function HydrateClient({ children }: { children: ReactNode }) {
  return createElement(HydrationBoundary, { state: dehydrate(getQueryClient()) }, children)
}

/** Turns "not found" into the page for it and "not signed in" into the sign-in page; other problems are thrown on. */
export async function orNotFound<Output>(answer: Promise<Output>): Promise<Output> {
  try {
    return await answer
  } catch (error) {
    const cause = error instanceof TRPCError ? error.cause : error
    if (cause instanceof Problem) {
      if (cause.code === 'not-found' || cause.code === 'invalid-input') notFound()
      if (cause.code === 'not-signed-in') redirect('/sign-in')
      if (cause.code === 'password-change-needed') redirect('/new-password')
    }
    throw error
  }
}
