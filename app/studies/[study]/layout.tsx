import { cookies } from 'next/headers'
import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { Rail } from '#components/shell/rail.tsx'
import { Shell } from '#components/shell/shell.tsx'
import { siteCookie } from '#components/shell/site-cookie.ts'
import { asked, currentSession, studyOf } from '../../session.ts'

/** Navigation only; no permission is checked in a layout. */
export default async function StudyLayout({
  children,
  params,
}: {
  children: ReactNode
  params: Promise<{ study: string }>
}) {
  const [{ study: oid }, session, jar, t] = await Promise.all([
    params,
    currentSession(),
    cookies(),
    getTranslations('shell'),
  ])
  const study = await studyOf(oid)
  const site = jar.get(siteCookie)?.value || null
  const { data: parts } = await asked((api) => api.study.parts({ studyId: study.studyId }), {
    missing: 'answer',
  })
  return (
    <Shell
      rail={
        <Rail
          session={session}
          study={study}
          // A study whose parts cannot be told keeps every entry.
          parts={parts ?? { recordsEvents: true, readsImages: true }}
          site={site}
        />
      }
      skip={t('skip')}
    >
      {children}
    </Shell>
  )
}
