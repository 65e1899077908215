import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { AllocationLists } from '#components/allocation/allocation-lists.tsx'
import { BlindingSection } from '#components/blinding/blinding-section.tsx'
import { PageHeader } from '#components/ui/page.tsx'
import { ProblemState } from '#components/ui/problem-state.tsx'
import { asked, studyOf } from '../../../session.ts'
import { StudyTrail } from '../study-trail.tsx'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('allocation'))('title') }
}

export default async function AllocationPage({ params }: { params: Promise<{ study: string }> }) {
  const [{ study: oid }, t] = await Promise.all([params, getTranslations('allocation')])
  const study = await studyOf(oid)
  const { studyId } = study
  const { data, problem } = await asked(async (api) => {
    const [lists, blinding] = await Promise.all([
      api.allocation.lists({ studyId }),
      api.study.blinding({ studyId }),
    ])
    return { lists, blinding }
  })
  return (
    <>
      <StudyTrail study={study} items={[{ text: t('title') }]} />
      {problem ? (
        <ProblemState problem={problem} />
      ) : (
        <>
          <PageHeader title={t('title')}>
            <p>{t('text')}</p>
          </PageHeader>
          <AllocationLists studyId={studyId} initial={data.lists} />
          <BlindingSection studyId={studyId} blinding={data.blinding} />
        </>
      )}
    </>
  )
}
