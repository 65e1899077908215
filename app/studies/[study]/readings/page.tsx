import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { ReadingList } from '#components/form/reading-list.tsx'
import { ProblemState } from '#components/ui/problem-state.tsx'
import { asked, studyOf } from '../../../session.ts'
import { StudyTrail } from '../study-trail.tsx'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('form.readings'))('title') }
}

export default async function ReadingsPage({ params }: { params: Promise<{ study: string }> }) {
  const [{ study: oid }, t] = await Promise.all([params, getTranslations('form.readings')])
  const study = await studyOf(oid)
  const { data, problem } = await asked((api) => api.form.readings({ studyId: study.studyId }))
  return (
    <>
      <StudyTrail study={study} items={[{ text: t('title') }]} />
      {problem ? (
        <ProblemState problem={problem} />
      ) : (
        <ReadingList study={oid} images={data.images} />
      )}
    </>
  )
}
