import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { PeoplePage } from '#components/people/people-page.tsx'
import { ProblemState } from '#components/ui/problem-state.tsx'
import { asked, studyOf } from '../../../session.ts'
import { StudyTrail } from '../study-trail.tsx'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('people'))('title') }
}

export default async function StudyPeoplePage({ params }: { params: Promise<{ study: string }> }) {
  const [{ study: oid }, t] = await Promise.all([params, getTranslations('people')])
  const study = await studyOf(oid)
  const { studyId } = study
  const { data, problem } = await asked(async (api) => {
    const [people, sites] = await Promise.all([
      api.person.list({ studyId }),
      api.site.list({ studyId }),
    ])
    return { people: people.rows, sites }
  })
  return (
    <>
      <StudyTrail study={study} items={[{ text: t('title') }]} />
      {problem ? (
        <ProblemState problem={problem} />
      ) : (
        <PeoplePage studyId={studyId} people={data.people} sites={data.sites} />
      )}
    </>
  )
}
