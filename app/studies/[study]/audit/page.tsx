import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { AuditTrail } from '#components/audit/audit-trail.tsx'
import { ProblemState } from '#components/ui/problem-state.tsx'
import { asked, studyOf } from '../../../session.ts'
import { StudyTrail } from '../study-trail.tsx'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('audit'))('title') }
}

export default async function AuditPage({ params }: { params: Promise<{ study: string }> }) {
  const [{ study: oid }, t] = await Promise.all([params, getTranslations('audit')])
  const study = await studyOf(oid)
  const { data, problem } = await asked((api) =>
    api.audit.trail({ studyId: study.studyId, limit: 100 }),
  )
  return (
    <>
      <StudyTrail study={study} items={[{ text: t('title') }]} />
      {problem ? (
        <ProblemState problem={problem} />
      ) : (
        <AuditTrail studyId={study.studyId} study={oid} initial={data} />
      )}
    </>
  )
}
