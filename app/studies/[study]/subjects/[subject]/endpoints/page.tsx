import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { EndpointPage } from '#components/endpoint/endpoint-page.tsx'
import { ProblemState } from '#components/ui/problem-state.tsx'
import { asked, studyOf, subjectKeyOf, subjectOf } from '../../../../../session.ts'
import { StudyTrail } from '../../../study-trail.tsx'

type Props = { params: Promise<{ study: string; subject: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const t = await getTranslations('endpoint')
  return { title: t('of', { subject: subjectKeyOf((await params).subject) }) }
}

/** Why each endpoint of a subject is what it is. */
export default async function SubjectEndpointsPage({ params }: Props) {
  const [{ study: oid, subject }, t] = await Promise.all([params, getTranslations('endpoint')])
  const study = await studyOf(oid)
  const subjectId = await subjectOf(study.studyId, subject)
  const { data, problem } = await asked((api) =>
    api.endpoint.subject({ studyId: study.studyId, subjectId }),
  )
  const subjects = `/studies/${oid}/subjects`
  return (
    <>
      <StudyTrail
        study={study}
        items={[
          ...(data
            ? [
                {
                  text: `${data.subject.siteCode} ${data.subject.siteName}`,
                  href: `${subjects}?site=${data.subject.siteId}`,
                },
              ]
            : []),
          { text: subjectKeyOf(subject), href: `${subjects}/${subject}` },
          { text: t('title') },
        ]}
      />
      {problem ? <ProblemState problem={problem} /> : <EndpointPage view={data} studyOid={oid} />}
    </>
  )
}
