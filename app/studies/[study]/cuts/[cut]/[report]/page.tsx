import type { Metadata } from 'next'
import Link from 'next/link'
import { notFound } from 'next/navigation'
import { getLocale, getTranslations } from 'next-intl/server'
import css from '#components/cut/cut.module.css'
import { CutMarkLine } from '#components/cut/cut-mark-line.tsx'
import { ReportView } from '#components/report/report-view.tsx'
import { PageHeader } from '#components/ui/page.tsx'
import { ProblemState } from '#components/ui/problem-state.tsx'
import { labelText, languageOf } from '#domain/definition/label-text.ts'
import { asked, studyOf } from '../../../../../session.ts'
import { StudyTrail } from '../../../study-trail.tsx'
import { cutNumber } from '../number.ts'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('cut'))('title') }
}

export default async function CutReportPage({
  params,
}: {
  params: Promise<{ study: string; cut: string; report: string }>
}) {
  const [{ study: oid, cut, report }, locale, t] = await Promise.all([
    params,
    getLocale(),
    getTranslations('cut'),
  ])
  const number = cutNumber(cut) ?? notFound()
  const study = await studyOf(oid)
  const { data, problem } = await asked((api) =>
    api.cut.report({ studyId: study.studyId, number, report: report.toUpperCase() }),
  )
  const title = data ? labelText(data.title, languageOf(locale)) : report
  const address = `/studies/${oid}/cuts`
  return (
    <>
      <StudyTrail
        study={study}
        items={[
          { text: t('title'), href: address },
          { text: data?.cut?.name ?? cut, href: `${address}/${number}` },
          { text: title },
        ]}
      />
      {problem ? (
        <ProblemState problem={problem} />
      ) : (
        <>
          <PageHeader title={title} />
          {data.cut ? (
            <CutMarkLine cut={data.cut}>
              <Link href={`${address}/${number}`} prefetch={false}>
                {t('toCut')}
              </Link>
            </CutMarkLine>
          ) : null}
          <div className={css.report}>
            <ReportView result={data} studyOid={oid} names={data.names} />
          </div>
        </>
      )}
    </>
  )
}
