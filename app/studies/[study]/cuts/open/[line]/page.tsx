import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import css from '#components/cut/cut.module.css'
import { FindingList } from '#components/cut/finding-list.tsx'
import { PageHeader } from '#components/ui/page.tsx'
import { ProblemState } from '#components/ui/problem-state.tsx'
import { openLineIds } from '#domain/analysis/cut-views.ts'
import { asked, studyOf } from '../../../../../session.ts'
import { StudyTrail } from '../../../study-trail.tsx'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('cut'))('check.title') }
}

/** Exactly what a line of the cleaning checklist counts, as it is now. */
export default async function OpenFindingsPage({
  params,
  searchParams,
}: {
  params: Promise<{ study: string; line: string }>
  searchParams: Promise<Record<string, string | string[] | undefined>>
}) {
  const [{ study: oid, line: name }, address, t] = await Promise.all([
    params,
    searchParams,
    getTranslations('cut'),
  ])
  const line = openLineIds.find((one) => one === name) ?? notFound()
  const study = await studyOf(oid)
  const { studyId, sites } = study
  const site = sites.find(({ code }) => code === address.site)?.code
  const { data, problem } = await asked((api) =>
    api.cut.findings({ studyId, line, limit: 100, ...(site === undefined ? {} : { site }) }),
  )
  const title = t(`lines.${line}.title`)
  return (
    <>
      <StudyTrail
        study={study}
        items={[
          { text: t('title'), href: `/studies/${oid}/cuts` },
          { text: t('take'), href: `/studies/${oid}/cuts/new` },
          { text: title },
        ]}
      />
      {problem ? (
        <ProblemState problem={problem} />
      ) : (
        <>
          <PageHeader title={title}>
            <p className={css.text}>{t(`lines.${line}.text`)}</p>
          </PageHeader>
          <FindingList
            key={`${line} ${site}`}
            studyId={studyId}
            study={oid}
            line={line}
            sites={sites}
            site={site}
            initial={data}
          />
        </>
      )}
    </>
  )
}
