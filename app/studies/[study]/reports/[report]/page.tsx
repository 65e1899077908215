import type { Metadata } from 'next'
import { getLocale, getTranslations } from 'next-intl/server'
import { ParametersBar } from '#components/report/parameters-bar.tsx'
import { ReportView } from '#components/report/report-view.tsx'
import { WriteLinks } from '#components/report-writing/write-links.tsx'
import { PageHeader } from '#components/ui/page.tsx'
import { ProblemState } from '#components/ui/problem-state.tsx'
import { parametersOfSearch } from '#domain/analysis/report-address.ts'
import { labelText, languageOf } from '#domain/definition/label-text.ts'
import { asked, studyOf } from '../../../../session.ts'
import { StudyTrail } from '../../study-trail.tsx'
import css from '../../work.module.css'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('shell'))('nav.reports') }
}

export default async function ReportPage({
  params,
  searchParams,
}: {
  params: Promise<{ study: string; report: string }>
  searchParams: Promise<Record<string, string | string[] | undefined>>
}) {
  const [{ study: oid, report }, search, locale, t] = await Promise.all([
    params,
    searchParams,
    getLocale(),
    getTranslations('shell'),
  ])
  const study = await studyOf(oid)
  const parameters = parametersOfSearch(search)
  const which = { studyId: study.studyId, report: report.toUpperCase() }
  const [{ data, problem }, { data: options }, { data: entries }] = await Promise.all([
    asked((api) => api.report.run({ ...which, parameters })),
    asked((api) => api.report.options(which)),
    asked((api) => api.report.list({ studyId: study.studyId })),
  ])
  const entry = entries?.find((one) => one.oid === which.report)
  const mayWrite = study.permissions.includes('report.write')
  const label = data?.title ?? entry?.title
  const title = label ? labelText(label, languageOf(locale)) : report
  return (
    <>
      <StudyTrail
        study={study}
        items={[{ text: t('nav.reports'), href: `/studies/${oid}/reports` }, { text: title }]}
      />
      {data ? (
        <PageHeader
          title={title}
          actions={
            mayWrite ? (
              <WriteLinks studyOid={oid} report={report} isAdded={Boolean(entry?.added)} />
            ) : undefined
          }
        />
      ) : null}
      <div className={css.work} style={data ? undefined : { paddingTop: 16 }}>
        {options ? <ParametersBar choices={options} parameters={parameters} /> : null}
        {problem ? (
          <ProblemState problem={problem} />
        ) : (
          <ReportView
            result={data}
            studyOid={oid}
            names={options ? { ...options, parameters: options.values } : undefined}
          />
        )}
      </div>
    </>
  )
}
