import type { Metadata } from 'next'
import Link from 'next/link'
import { getLocale, getTranslations } from 'next-intl/server'
import { CasebookHead } from '#components/casebook/casebook-head.tsx'
import { LogList } from '#components/casebook/log-list.tsx'
import { Timeline } from '#components/casebook/timeline.tsx'
import { VisitList } from '#components/casebook/visit-list.tsx'
import { RetiredValues } from '#components/definition/retired-values.tsx'
import { formatDate } from '#components/ui/dates.ts'
import { EmptyState, Section } from '#components/ui/page.tsx'
import { ProblemState } from '#components/ui/problem-state.tsx'
import { asked, studyOf, subjectKeyOf, subjectOf } from '../../../../session.ts'
import { StudyTrail } from '../../study-trail.tsx'

type Props = {
  params: Promise<{ study: string; subject: string }>
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: subjectKeyOf((await params).subject) }
}

export default async function CasebookPage({ params, searchParams }: Props) {
  const [{ study: oid, subject }, address, locale, t] = await Promise.all([
    params,
    searchParams,
    getLocale(),
    getTranslations('casebook'),
  ])
  const study = await studyOf(oid)
  const subjectId = await subjectOf(study.studyId, subject)
  const wanted = typeof address.asof === 'string' ? address.asof : ''
  const asOf = /^\d{4}-\d{2}-\d{2}$/.test(wanted) ? wanted : null
  const { data, problem } = await asked(
    (api) =>
      api.subject.casebook({
        studyId: study.studyId,
        subjectId,
        ...(asOf ? { asOf: `${asOf}T23:59:59Z` } : {}),
      }),
    { missing: asOf ? 'answer' : 'page' },
  )
  const retired =
    data && !asOf
      ? await asked((api) => api.amendment.retired({ studyId: study.studyId, subjectId }))
      : null
  return (
    <>
      <StudyTrail
        study={study}
        items={[
          ...(data
            ? [
                {
                  text: `${data.subject.siteCode} ${data.subject.siteName}`,
                  href: `/studies/${oid}/subjects?site=${data.subject.siteId}`,
                },
              ]
            : []),
          { text: subjectKeyOf(subject) },
        ]}
      />
      {problem?.code === 'not-found' && asOf ? (
        <EmptyState
          page
          icon="history"
          title={t('notThen', { date: formatDate(asOf, locale) })}
          action={<Link href={`/studies/${oid}/subjects/${subject}`}>{t('backToNow')}</Link>}
        />
      ) : problem ? (
        <ProblemState problem={problem} />
      ) : (
        <>
          <CasebookHead key={asOf} view={data} study={oid} studyId={study.studyId} asOf={asOf} />
          <Section id="timeline" title={t('timeline.title')}>
            <Timeline
              entries={data.timeline}
              today={asOf ?? new Date().toISOString().slice(0, 10)}
            />
          </Section>
          <Section id="visits" title={t('visits')}>
            <VisitList visits={data.visits} study={oid} subjectKey={data.subject.subjectKey} />
          </Section>
          <Section id="logs" title={t('logs')}>
            <LogList
              logs={data.logs}
              study={oid}
              subjectKey={data.subject.subjectKey}
              mayAdd={data.abilities.enter && !asOf}
            />
          </Section>
          <RetiredValues values={retired?.data ?? []} places />
        </>
      )}
    </>
  )
}
