'use client'

import { keepPreviousData, type QueryKey, useInfiniteQuery } from '@tanstack/react-query'

/**
 * A list that comes in pages by key. Written on the plain client, because the ready-made paging of the procedures adds keys
 * of its own to an input, and the server takes only what it knows.
 */
export function usePages<Page extends { next: string | null }>({
  queryKey,
  fetch,
  initial,
  enabled = true,
}: {
  queryKey: QueryKey
  fetch: (cursor: string | undefined, signal: AbortSignal) => Promise<Page>
  /** The page that came with the HTML; absent once the person asked for another list. */
  initial: Page | undefined
  enabled?: boolean
}) {
  return useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) => fetch(pageParam ?? undefined, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page: Page) => page.next,
    placeholderData: keepPreviousData,
    initialData: initial ? { pages: [initial], pageParams: [null] } : undefined,
    enabled,
  })
}
