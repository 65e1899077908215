import { getLocale, getTranslations } from 'next-intl/server'
import { ReportView } from '#components/report/report-view.tsx'
import { WriteLinks } from '#components/report-writing/write-links.tsx'
import { PageHeader } from '#components/ui/page.tsx'
import { ProblemState } from '#components/ui/problem-state.tsx'
import { labelText, languageOf } from '#domain/definition/label-text.ts'
import { asked, studyOf } from '../../../../session.ts'
import { StudyTrail } from '../../study-trail.tsx'

export default async function ReportPage({
  params,
}: {
  params: Promise<{ study: string; report: string }>
}) {
  const [{ study: oid, report }, locale, t] = await Promise.all([
    params,
    getLocale(),
    getTranslations('shell'),
  ])
  const study = await studyOf(oid)
  const { data, problem } = await asked((api) =>
    api.report.run({ studyId: study.studyId, report: report.toUpperCase() }),
  )
  const { data: entries } = await asked((api) => api.report.list({ studyId: study.studyId }))
  const entry = entries?.find((one) => one.oid === report.toUpperCase())
  const mayWrite = study.permissions.includes('report.write')
  const title = data ? labelText(data.title, languageOf(locale)) : report
  return (
    <>
      <StudyTrail
        study={study}
        items={[{ text: t('nav.reports'), href: `/studies/${oid}/reports` }, { text: title }]}
      />
      {problem ? (
        <ProblemState problem={problem} />
      ) : (
        <>
          <PageHeader
            title={title}
            actions={
              mayWrite ? (
                <WriteLinks studyOid={oid} report={report} isAdded={Boolean(entry?.added)} />
              ) : undefined
            }
          />
          <div style={{ padding: '0 24px 32px' }}>
            <ReportView result={data} studyOid={oid} />
          </div>
        </>
      )}
    </>
  )
}
