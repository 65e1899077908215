import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { PaperView } from '#components/report/paper-view.tsx'
import { EmptyState, PageHeader } from '#components/ui/page.tsx'
import { ProblemState } from '#components/ui/problem-state.tsx'
import { asked, studyOf } from '../../../../session.ts'
import { StudyTrail } from '../../study-trail.tsx'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('paper'))('title') }
}

export default async function PaperPage({ params }: { params: Promise<{ study: string }> }) {
  const [{ study: oid }, t, shell] = await Promise.all([
    params,
    getTranslations('paper'),
    getTranslations('shell'),
  ])
  const study = await studyOf(oid)
  const { data, problem } = await asked((api) => api.report.paper({ studyId: study.studyId }))
  return (
    <>
      <StudyTrail
        study={study}
        items={[
          { text: shell('nav.reports'), href: `/studies/${oid}/reports` },
          { text: t('title') },
        ]}
      />
      {problem ? (
        <ProblemState problem={problem} />
      ) : (
        <>
          <PageHeader title={t('title')} meta={data?.paper} />
          {data ? (
            <PaperView view={data} studyOid={oid} />
          ) : (
            <EmptyState icon="report" title={t('emptyTitle')}>
              {t('emptyText')}
            </EmptyState>
          )}
        </>
      )}
    </>
  )
}
