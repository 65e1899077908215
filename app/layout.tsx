import '@fontsource-variable/noto-sans/wght.css'
import './globals.css'
import type { Metadata, Viewport } from 'next'
import { cookies, headers } from 'next/headers'
import { getLocale } from 'next-intl/server'
import type { ReactNode } from 'react'
import { Awake } from '#components/early-clicks.tsx'
import { earlyClicks } from '#components/early-clicks-script.ts'
import { Fonts } from '#components/fonts.tsx'
import { schemeCookie } from '#components/ui/cookie.ts'
import { installationZone } from '#server/trpc/installation.ts'

export const metadata: Metadata = {
  title: { default: 'Casebook', template: '%s · Casebook' },
  robots: { index: false, follow: false },
}

export const viewport: Viewport = { width: 'device-width', initialScale: 1 }

/** Follows the system's colours before the first paint where the person chose neither light nor dark. */
const followSystem =
  "document.documentElement.dataset.mantineColorScheme=matchMedia('(prefers-color-scheme: dark)').matches?'dark':'light'"

/** The bare page: language, colours and type. What signed-in pages need on top is in `studies/layout.tsx`. */
export default async function RootLayout({ children }: { children: ReactNode }) {
  const [language, jar, head] = await Promise.all([getLocale(), cookies(), headers()])
  const scheme = jar.get(schemeCookie)?.value
  const fixed = scheme === 'light' || scheme === 'dark' ? scheme : null
  const nonce = head.get('x-nonce') ?? undefined
  return (
    <html
      lang={language}
      data-mantine-color-scheme={fixed ?? 'light'}
      data-installation-zone={installationZone()}
      suppressHydrationWarning
    >
      <head>
        {fixed ? null : (
          <script
            nonce={nonce}
            suppressHydrationWarning
            // biome-ignore lint/security/noDangerouslySetInnerHtml: a constant of this file
            dangerouslySetInnerHTML={{ __html: followSystem }}
          />
        )}
        <script
          nonce={nonce}
          suppressHydrationWarning
          // biome-ignore lint/security/noDangerouslySetInnerHtml: a constant of a file of ours
          dangerouslySetInnerHTML={{ __html: earlyClicks }}
        />
      </head>
      <body>
        <Fonts language={language} />
        {children}
        <Awake />
      </body>
    </html>
  )
}
