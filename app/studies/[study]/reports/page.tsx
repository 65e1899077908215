import type { Metadata } from 'next'
import Link from 'next/link'
import { getLocale, getTranslations } from 'next-intl/server'
import { BookMenu } from '#components/report/book-menu.tsx'
import { EmptyState, PageHeader } from '#components/ui/page.tsx'
import { ProblemState } from '#components/ui/problem-state.tsx'
import { labelText, languageOf } from '#domain/definition/label-text.ts'
import { asked, studyOf } from '../../../session.ts'
import { StudyTrail } from '../study-trail.tsx'
import css from './reports.module.css'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('shell'))('nav.reports') }
}

export default async function ReportsPage({ params }: { params: Promise<{ study: string }> }) {
  const [{ study: oid }, locale, t, writing, papers] = await Promise.all([
    params,
    getLocale(),
    getTranslations('shell'),
    getTranslations('reportWriting'),
    getTranslations('paper'),
  ])
  const study = await studyOf(oid)
  const { data, problem } = await asked((api) => api.report.list({ studyId: study.studyId }))
  const { data: known } = await asked((api) => api.report.paperKnown({ studyId: study.studyId }))
  return (
    <>
      <StudyTrail study={study} items={[{ text: t('nav.reports') }]} />
      {problem ? (
        <ProblemState problem={problem} />
      ) : (
        <>
          <PageHeader
            title={t('nav.reports')}
            actions={
              <>
                {data.length > 0 ? <BookMenu studyOid={oid} /> : null}
                <nav className={css.ways} aria-label={t('nav.reports')}>
                  {known?.paper ? (
                    <Link href={`/studies/${oid}/reports/paper`} prefetch={false}>
                      {papers('title')}
                    </Link>
                  ) : null}
                  {study.permissions.includes('report.write') ? (
                    <Link href={`/studies/${oid}/reports/write`} prefetch={false}>
                      {writing('write')}
                    </Link>
                  ) : null}
                </nav>
              </>
            }
          />
          {data.length === 0 ? (
            <EmptyState icon="report" title={t('reports.emptyTitle')}>
              {t('reports.emptyText')}
            </EmptyState>
          ) : (
            <ul className={css.list}>
              {data.map((report) => (
                <li key={report.oid}>
                  <Link
                    className={css.report}
                    href={`/studies/${oid}/reports/${report.oid.toLowerCase()}`}
                    prefetch={false}
                  >
                    <strong>{labelText(report.title, languageOf(locale))}</strong>
                    <span className={css.kind}>
                      {t(`reports.kind.${report.kind}`)}
                      {report.added ? ` · ${writing('added', { who: report.added.who })}` : ''}
                    </span>
                  </Link>
                </li>
              ))}
            </ul>
          )}
        </>
      )}
    </>
  )
}
