import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Suspense } from 'react'
import { dashboardHref } from '#components/dashboard/address.ts'
import { AsOf } from '#components/dashboard/as-of.tsx'
import { CardSkeleton, DashboardCard, FailedCard } from '#components/dashboard/card.tsx'
import css from '#components/dashboard/dashboard.module.css'
import { Scope } from '#components/dashboard/scope.tsx'
import { SiteFilter } from '#components/dashboard/site-filter.tsx'
import { EmptyState, PageHeader } from '#components/ui/page.tsx'
import { ProblemState } from '#components/ui/problem-state.tsx'
import type { DashboardName } from '#domain/dashboard/dashboard-views.ts'
import { asked, type StudyEntry, studyOf } from '../../../session.ts'
import { StudyTrail } from '../study-trail.tsx'
import { type Address, answerOf, chosenSites, dashboardsFor, questionOf } from './dashboard-data.ts'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('dashboard'))('title') }
}

export default async function DashboardsPage({
  params,
  searchParams,
}: {
  params: Promise<{ study: string }>
  searchParams: Promise<Address>
}) {
  const [{ study: oid }, address, t] = await Promise.all([
    params,
    searchParams,
    getTranslations('dashboard'),
  ])
  const study = await studyOf(oid)
  const { data: reach, problem } = await asked((api) =>
    api.dashboard.reach({ studyId: study.studyId }),
  )
  const siteIds = reach ? await chosenSites(reach, address) : null
  const names = reach ? dashboardsFor(study, reach.parts) : []
  return (
    <>
      <StudyTrail study={study} items={[{ text: t('title') }]} />
      {problem ? (
        <ProblemState problem={problem} />
      ) : names.length === 0 ? (
        <EmptyState page icon="report" title={t('nothingTitle')}>
          {t('nothingText')}
        </EmptyState>
      ) : (
        <>
          <PageHeader title={t('title')} />
          <div className={css.bar}>
            <Scope reach={reach} chosen={siteIds} />
            <div className={css.tools}>
              <SiteFilter study={oid} name={null} sites={reach.sites} chosen={siteIds} />
              <AsOf at={reach.asOf} />
            </div>
          </div>
          <div className={css.grid}>
            {names.map((name) => (
              <Suspense key={`${name} ${siteIds?.join()}`} fallback={<CardSkeleton name={name} />}>
                <Card name={name} study={study} siteIds={siteIds} />
              </Suspense>
            ))}
          </div>
        </>
      )}
    </>
  )
}

async function Card({
  name,
  study,
  siteIds,
}: {
  name: DashboardName
  study: StudyEntry
  siteIds: readonly string[] | null
}) {
  const answer = await answerOf(name, questionOf(study, siteIds), 'card')
  return answer.view ? (
    <DashboardCard
      name={name}
      href={dashboardHref(study.oid.toLowerCase(), name, siteIds)}
      view={answer.view}
      pictures={answer.pictures}
    />
  ) : (
    <FailedCard name={name} problem={answer.problem} />
  )
}
