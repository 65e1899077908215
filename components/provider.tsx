'use client'

import { type MantineColorSchemeManager, MantineProvider } from '@mantine/core'
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createTRPCClient, httpBatchLink } from '@trpc/client'
import { type ReactNode, useEffect, useState } from 'react'
import { problemOf } from '#components/problem-text.ts'
import { SessionGuard, sessionEnded } from '#components/session/session-guard.tsx'
import { cssVariables, theme } from '#components/theme.ts'
import { TRPCProvider } from '#components/trpc.ts'
import {
  readPreference,
  rememberPreference,
  rememberZone,
  schemeCookie,
} from '#components/ui/cookie.ts'
import { GlyphSprite } from '#components/ui/glyph.tsx'
import { KeysProvider } from '#components/ui/keys.tsx'
import { NoticeProvider } from '#components/ui/notice.tsx'
import { PanelProvider } from '#components/ui/panel.tsx'
import type { AppRouter } from '#server/trpc/router.ts'

export type Scheme = 'light' | 'dark' | 'auto'

const cookieManager: MantineColorSchemeManager = {
  get: (fallback) => {
    if (typeof document === 'undefined') return fallback
    const stored = readPreference(schemeCookie)
    return stored === 'light' || stored === 'dark' || stored === 'auto' ? stored : fallback
  },
  set: (scheme) => rememberPreference(schemeCookie, scheme),
  subscribe: () => undefined,
  unsubscribe: () => undefined,
  clear: () => rememberPreference(schemeCookie, 'auto'),
}

function newQueryClient(): QueryClient {
  const onError = (error: unknown) => {
    if (problemOf(error)?.code === 'not-signed-in') sessionEnded()
  }
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      // Without a network an act fails at once and says so; held back, it would happen later unseen.
      mutations: { networkMode: 'always' },
      queries: {
        staleTime: 30_000,
        // A refusal is an answer; only an unreached server is worth another try.
        retry: (count, error) => problemOf(error) === null && count < 2,
      },
    },
  })
}

/** Everything a signed-in page stands on: theme, data, keys, notices, the right panel and the session guard. */
export function AppProvider({
  scheme,
  user,
  children,
}: {
  scheme: Scheme
  user: { userName: string; displayName: string }
  children: ReactNode
}) {
  const [queryClient] = useState(newQueryClient)
  useEffect(rememberZone, [])
  const [client] = useState(() =>
    createTRPCClient<AppRouter>({
      links: [httpBatchLink({ url: '/api/trpc', maxURLLength: 4000 })],
    }),
  )
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme={scheme}
      colorSchemeManager={cookieManager}
    >
      <QueryClientProvider client={queryClient}>
        <TRPCProvider trpcClient={client} queryClient={queryClient}>
          <GlyphSprite />
          <KeysProvider>
            <NoticeProvider>
              <PanelProvider>{children}</PanelProvider>
              <SessionGuard user={user} />
            </NoticeProvider>
          </KeysProvider>
        </TRPCProvider>
      </QueryClientProvider>
    </MantineProvider>
  )
}
