import { getTranslations } from 'next-intl/server'
import { RandomisePanel } from '#components/randomise/randomise-panel.tsx'
import { PageHeader } from '#components/ui/page.tsx'
import { ProblemState } from '#components/ui/problem-state.tsx'
import { asked, studyOf, subjectOf } from '../../../../../session.ts'
import { StudyTrail } from '../../../study-trail.tsx'
import css from '../../../work.module.css'

type Props = { params: Promise<{ study: string; subject: string }> }

export default async function RandomisePage({ params }: Props) {
  const { study: studyOid, subject } = await params
  const [study, t] = await Promise.all([studyOf(studyOid), getTranslations('randomise')])
  const subjectId = await subjectOf(study.studyId, subject)
  const { data, problem } = await asked((api) =>
    api.subject.randomisation({ studyId: study.studyId, subjectId }),
  )
  if (problem) return <ProblemState problem={problem} />
  const title = t('title', { subject: data.subject.subjectKey })
  const subjects = `/studies/${studyOid}/subjects`
  return (
    <>
      <StudyTrail
        study={study}
        items={[
          {
            text: `${data.subject.siteCode} ${data.subject.siteName}`,
            href: `${subjects}?site=${data.subject.siteId}`,
          },
          { text: data.subject.subjectKey, href: `${subjects}/${subject}` },
          { text: title },
        ]}
      />
      <PageHeader title={title} />
      <div className={css.work}>
        <RandomisePanel view={data} studyId={study.studyId} studyOid={studyOid} />
      </div>
    </>
  )
}
