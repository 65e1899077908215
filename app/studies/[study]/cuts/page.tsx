import type { Metadata } from 'next'
import Link from 'next/link'
import { getTranslations } from 'next-intl/server'
import css from '#components/cut/cut.module.css'
import { CutList } from '#components/cut/cut-list.tsx'
import { PageHeader } from '#components/ui/page.tsx'
import { ProblemState } from '#components/ui/problem-state.tsx'
import { asked, studyOf } from '../../../session.ts'
import { StudyTrail } from '../study-trail.tsx'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('cut'))('title') }
}

export default async function CutsPage({ params }: { params: Promise<{ study: string }> }) {
  const [{ study: oid }, t] = await Promise.all([params, getTranslations('cut')])
  const study = await studyOf(oid)
  const { data, problem } = await asked((api) => api.cut.list({ studyId: study.studyId }))
  return (
    <>
      <StudyTrail study={study} items={[{ text: t('title') }]} />
      {problem ? (
        <ProblemState problem={problem} />
      ) : (
        <>
          <PageHeader
            title={t('title')}
            actions={
              data.abilities.take ? (
                <Link href={`/studies/${oid}/cuts/new`} prefetch={false}>
                  {t('take')}
                </Link>
              ) : null
            }
          >
            <p className={css.text}>{t('intro')}</p>
          </PageHeader>
          <CutList study={oid} cuts={data.cuts} />
        </>
      )}
    </>
  )
}
