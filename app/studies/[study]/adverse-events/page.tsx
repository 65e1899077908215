import type { Metadata } from 'next'
import { cookies } from 'next/headers'
import { getTranslations } from 'next-intl/server'
import { AdverseEvents } from '#components/safety/adverse-events.tsx'
import { siteCookie } from '#components/shell/site-cookie.ts'
import { EmptyState, PageHeader } from '#components/ui/page.tsx'
import { ProblemState } from '#components/ui/problem-state.tsx'
import { asked, studyOf } from '../../../session.ts'
import { StudyTrail } from '../study-trail.tsx'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('adverseEvents'))('title') }
}

export default async function AdverseEventsPage({
  params,
  searchParams,
}: {
  params: Promise<{ study: string }>
  searchParams: Promise<Record<string, string | string[] | undefined>>
}) {
  const [{ study: oid }, address, jar, t] = await Promise.all([
    params,
    searchParams,
    cookies(),
    getTranslations('adverseEvents'),
  ])
  const study = await studyOf(oid)
  const siteId =
    study.sites.length > 1
      ? study.sites.find((site) => site.siteId === (address.site ?? jar.get(siteCookie)?.value))
          ?.siteId
      : undefined
  const serious = address.serious === '1'
  const { data, problem } = await asked((api) =>
    api.safety.adverseEvents({
      studyId: study.studyId,
      limit: 100,
      ...(siteId ? { siteId } : {}),
      ...(serious ? { serious } : {}),
    }),
  )
  return (
    <>
      <StudyTrail study={study} items={[{ text: t('title') }]} />
      {problem ? (
        <ProblemState problem={problem} />
      ) : !data.recorded && data.rows.length === 0 ? (
        <EmptyState page icon="heart" title={t('unrecordedTitle')}>
          {t('unrecordedText')}
        </EmptyState>
      ) : (
        <>
          <PageHeader title={t('title')} />
          <AdverseEvents
            key={`${siteId} ${serious}`}
            studyId={study.studyId}
            study={oid}
            sites={study.sites}
            siteId={siteId}
            serious={serious}
            initial={data}
          />
        </>
      )}
    </>
  )
}
