import type { Metadata } from 'next'
import Link from 'next/link'
import { getTranslations } from 'next-intl/server'
import { Changes } from '#components/home/changes.tsx'
import css from '#components/home/home.module.css'
import { Recruitment } from '#components/home/recruitment.tsx'
import { Today } from '#components/home/today.tsx'
import { EmptyState, PageHeader } from '#components/ui/page.tsx'
import { ProblemState } from '#components/ui/problem-state.tsx'
import { asked, studyOf } from '../../session.ts'
import { StudyTrail } from './study-trail.tsx'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('home'))('title') }
}

export default async function StudyHomePage({ params }: { params: Promise<{ study: string }> }) {
  const { study: oid } = await params
  const [study, t, shell] = await Promise.all([
    studyOf(oid),
    getTranslations('home'),
    getTranslations('shell'),
  ])
  const { data, problem } = await asked((api) => api.study.home({ studyId: study.studyId }))
  return (
    <>
      <StudyTrail study={study} items={[{ text: t('title') }]} />
      {problem ? (
        <ProblemState problem={problem} />
      ) : (
        <>
          <PageHeader title={t('title')} />
          {study.permissions.includes('subject.read') ? (
            <div className={css.grid}>
              <Today view={data} study={oid} permissions={study.permissions} />
              <div className={css.column}>
                <Recruitment
                  view={data}
                  study={oid}
                  linked={study.permissions.includes('subject.read')}
                />
                <Changes changes={data.changes} study={oid} />
              </div>
            </div>
          ) : study.permissions.includes('reading.enter') ? (
            <Readings study={oid} studyId={study.studyId} />
          ) : (
            <EmptyState
              icon="check"
              title={t('nothingTitle')}
              action={
                study.permissions.includes('allocation.manage') ? (
                  <Link href={`/studies/${oid}/allocation`}>{shell('nav.allocation')}</Link>
                ) : (
                  <Link href={`/studies/${oid}/definition`}>{shell('nav.definition')}</Link>
                )
              }
            >
              {t('nothingText')}
            </EmptyState>
          )}
        </>
      )}
    </>
  )
}

/** What waits for a reader of images. */
async function Readings({ study, studyId }: { study: string; studyId: string }) {
  const [t, shell, { data, problem }] = await Promise.all([
    getTranslations('home'),
    getTranslations('shell'),
    asked((api) => api.form.readings({ studyId })),
  ])
  if (problem) return <ProblemState problem={problem} />
  const unread = data.images.filter(({ forms }) =>
    forms.some(
      ({ resolves, open, state }) =>
        !resolves && open && (state === 'notStarted' || state === 'inProgress'),
    ),
  )
  return (
    <EmptyState
      icon="eye"
      title={t('unread', { count: unread.length })}
      action={<Link href={`/studies/${study}/readings`}>{shell('nav.readings')}</Link>}
    >
      {t('unreadText', { count: data.images.length })}
    </EmptyState>
  )
}
