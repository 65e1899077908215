import { getTranslations } from 'next-intl/server'
import { RandomisePanel } from '#components/randomise/randomise-panel.tsx'
import { PageHeader } from '#components/ui/page.tsx'
import { ProblemState } from '#components/ui/problem-state.tsx'
import { asked, studyOf, subjectOf } from '../../../../../session.ts'

type Props = { params: Promise<{ study: string; subject: string }> }

export default async function RandomisePage({ params }: Props) {
  const { study: studyOid, subject } = await params
  const [study, t] = await Promise.all([studyOf(studyOid), getTranslations('randomise')])
  const subjectId = await subjectOf(study.studyId, subject)
  const { data, problem } = await asked((api) =>
    api.subject.randomisation({ studyId: study.studyId, subjectId }),
  )
  if (problem) return <ProblemState problem={problem} />
  return (
    <>
      <PageHeader title={t('title', { subject: data.subject.subjectKey })} />
      <RandomisePanel view={data} studyId={study.studyId} studyOid={studyOid} />
    </>
  )
}
