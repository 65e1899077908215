import '#components/mantine-styles.ts'
import { cookies } from 'next/headers'
import { NextIntlClientProvider } from 'next-intl'
import type { ReactNode } from 'react'
import { AppProvider, type Scheme } from '#components/provider.tsx'
import { schemeCookie } from '#components/ui/cookie.ts'
import { currentSession } from '../session.ts'

/** What every signed-in page stands on. Nothing is decided here: each page asks the server for what it shows. */
export default async function StudiesLayout({ children }: { children: ReactNode }) {
  const [session, jar] = await Promise.all([currentSession(), cookies()])
  const stored = jar.get(schemeCookie)?.value
  const scheme: Scheme = stored === 'light' || stored === 'dark' ? stored : 'auto'
  return (
    <NextIntlClientProvider>
      <AppProvider
        scheme={scheme}
        user={{
          userName: session.user.userName,
          displayName: session.user.displayName,
        }}
      >
        {children}
      </AppProvider>
    </NextIntlClientProvider>
  )
}
