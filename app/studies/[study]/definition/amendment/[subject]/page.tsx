import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import css from '#components/definition/definition.module.css'
import { SubjectImpact } from '#components/definition/subject-impact.tsx'
import { PageHeader } from '#components/ui/page.tsx'
import { ProblemState } from '#components/ui/problem-state.tsx'
import { asked, studyOf, subjectKeyOf, subjectOf } from '../../../../../session.ts'
import { StudyTrail } from '../../../study-trail.tsx'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('amendment'))('title') }
}

/** What a version would do to one subject. */
export default async function SubjectImpactPage({
  params,
  searchParams,
}: {
  params: Promise<{ study: string; subject: string }>
  searchParams: Promise<Record<string, string | string[] | undefined>>
}) {
  const [{ study: oid, subject }, address, t, definition] = await Promise.all([
    params,
    searchParams,
    getTranslations('amendment'),
    getTranslations('definition'),
  ])
  const study = await studyOf(oid)
  const { studyId } = study
  const subjectId = await subjectOf(studyId, subject)
  const version = Math.max(2, Math.trunc(Number(address.version)) || 2)
  const { data, problem } = await asked((api) =>
    api.amendment.subject({ studyId, subjectId, version }),
  )
  return (
    <>
      <StudyTrail
        study={study}
        items={[
          { text: definition('title'), href: `/studies/${oid}/definition?view=versions` },
          {
            text: t('title'),
            href: `/studies/${oid}/definition/amendment?version=${version}`,
          },
          { text: subjectKeyOf(subject) },
        ]}
      />
      {problem ? (
        <ProblemState problem={problem} />
      ) : (
        <>
          <PageHeader
            title={t('subject.title', { subject: data.subjectKey })}
            meta={t('subject.fromTo', { from: data.from.number, to: data.to.number })}
          />
          <div className={css.body}>
            <SubjectImpact detail={data} />
          </div>
        </>
      )}
    </>
  )
}
