import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { CutPage } from '#components/cut/cut-page.tsx'
import { ProblemState } from '#components/ui/problem-state.tsx'
import { asked, studyOf } from '../../../../session.ts'
import { StudyTrail } from '../../study-trail.tsx'
import { cutNumber } from './number.ts'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('cut'))('title') }
}

export default async function StudyCutPage({
  params,
}: {
  params: Promise<{ study: string; cut: string }>
}) {
  const [{ study: oid, cut }, t] = await Promise.all([params, getTranslations('cut')])
  const number = cutNumber(cut) ?? notFound()
  const study = await studyOf(oid)
  const { studyId } = study
  const { data, problem } = await asked((api) => api.cut.facts({ studyId, number }))
  return (
    <>
      <StudyTrail
        study={study}
        items={[
          { text: t('title'), href: `/studies/${oid}/cuts` },
          { text: data?.cut.name ?? cut },
        ]}
      />
      {problem ? (
        <ProblemState problem={problem} />
      ) : (
        <CutPage studyId={studyId} study={oid} cut={data.cut} abilities={data.abilities} />
      )}
    </>
  )
}
