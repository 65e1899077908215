import type { Metadata } from 'next'
import Link from 'next/link'
import { getLocale, getTranslations } from 'next-intl/server'
import { ReportWriter } from '#components/report-writing/report-writer.tsx'
import { startTexts } from '#components/report-writing/start-texts.ts'
import { PageHeader } from '#components/ui/page.tsx'
import { ProblemState } from '#components/ui/problem-state.tsx'
import { labelText, languageOf } from '#domain/definition/label-text.ts'
import { asked, studyOf } from '../../../../session.ts'
import { StudyTrail } from '../../study-trail.tsx'
import css from '../reports.module.css'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('reportWriting'))('title') }
}

/**
 * `?report=X` changes an added report, `?copy=X` begins a new one from another, `?kind=table` from an empty one of a kind; without
 * any, the choice.
 */
export default async function WriteReportPage({
  params,
  searchParams,
}: {
  params: Promise<{ study: string }>
  searchParams: Promise<Record<string, string | string[] | undefined>>
}) {
  const [{ study: oid }, address, locale, t, shell] = await Promise.all([
    params,
    searchParams,
    getLocale(),
    getTranslations('reportWriting'),
    getTranslations('shell'),
  ])
  const study = await studyOf(oid)
  const { studyId } = study
  const text = (name: string) => {
    const value = address[name]
    return typeof value === 'string' ? value : null
  }
  const [changed, copied, kind] = [text('report'), text('copy'), text('kind')]
  const from = changed ?? copied
  const { data, problem } = await asked(async (api) => {
    const [words, reports, source] = await Promise.all([
      api.report.words({ studyId }),
      api.report.list({ studyId }),
      from === null ? null : api.report.source({ studyId, report: from.toUpperCase() }),
    ])
    return { words, reports, source }
  })
  const reportsPath = `/studies/${oid}/reports`
  const start =
    kind === null ? undefined : startTexts(data?.words).find((one) => one.kind === kind)?.text
  const initial = changed ? data?.source?.text : copied ? copyOf(data?.source?.text ?? '') : start
  const revision = changed ? (data?.source?.revision ?? 0) : 0
  const title =
    changed && data?.source ? labelText(data.source.title, languageOf(locale)) : t('title')
  return (
    <>
      <StudyTrail
        study={study}
        items={[{ text: shell('nav.reports'), href: reportsPath }, { text: title }]}
      />
      {problem ? (
        <ProblemState problem={problem} />
      ) : (
        <>
          <PageHeader title={title} meta={changed ? t('changing') : undefined} />
          {initial === undefined ? (
            <div className={css.begin}>
              <section aria-labelledby="kinds">
                <h2 id="kinds">{t('beginEmpty')}</h2>
                <ul>
                  {startTexts(data.words).map((one) => (
                    <li key={one.kind}>
                      <Link href={`${reportsPath}/write?kind=${one.kind}`} prefetch={false}>
                        {shell.has(`reports.kind.${one.kind}`)
                          ? shell(`reports.kind.${one.kind}`)
                          : one.kind}
                      </Link>
                    </li>
                  ))}
                </ul>
              </section>
              <section aria-labelledby="others">
                <h2 id="others">{t('beginFrom')}</h2>
                <ul>
                  {data.reports.map((one) => (
                    <li key={one.oid}>
                      <Link
                        href={`${reportsPath}/write?copy=${one.oid.toLowerCase()}`}
                        prefetch={false}
                      >
                        {labelText(one.title, languageOf(locale))}
                      </Link>
                    </li>
                  ))}
                </ul>
              </section>
            </div>
          ) : (
            <ReportWriter
              key={`${from}-${kind}-${revision}`}
              studyId={studyId}
              studyOid={oid}
              words={data.words}
              initial={initial}
              revision={revision}
              revisions={changed ? (data.source?.revisions ?? []) : []}
              draftKey={`casebook-report-draft-${oid}-${changed ?? copied ?? kind}`}
            />
          )}
        </>
      )}
    </>
  )
}

/** A copy has a name of its own; everything else is as in the original. */
function copyOf(text: string): string {
  return text.replace(/^((?:- )?\s*oid:\s*)(\S+)/m, '$1$2_COPY')
}
