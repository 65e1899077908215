import type { Metadata } from 'next'
import Link from 'next/link'
import { getLocale, getTranslations } from 'next-intl/server'
import { CheckList } from '#components/definition/check-list.tsx'
import css from '#components/definition/definition.module.css'
import { FormList } from '#components/definition/form-list.tsx'
import { ScheduleTable } from '#components/definition/schedule-table.tsx'
import { UsageList } from '#components/definition/usage-list.tsx'
import { VersionList } from '#components/definition/version-list.tsx'
import { PublishPanel } from '#components/setup/publish-panel.tsx'
import { PageHeader } from '#components/ui/page.tsx'
import { ProblemState } from '#components/ui/problem-state.tsx'
import { labelText, languageOf } from '#domain/definition/label-text.ts'
import { asked, studyOf } from '../../../session.ts'
import { StudyTrail } from '../study-trail.tsx'

const views = ['schedule', 'forms', 'checks', 'usage', 'versions', 'publish'] as const

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('definition'))('title') }
}

export default async function DefinitionPage({
  params,
  searchParams,
}: {
  params: Promise<{ study: string }>
  searchParams: Promise<Record<string, string | string[] | undefined>>
}) {
  const [{ study: oid }, address, locale, t] = await Promise.all([
    params,
    searchParams,
    getLocale(),
    getTranslations('definition'),
  ])
  const study = await studyOf(oid)
  const { studyId } = study
  const mayPublish = study.permissions.includes('study.publish')
  const setup = await getTranslations('setup')
  if (study.state === 'draft') {
    return (
      <>
        <StudyTrail study={study} items={[{ text: t('title') }]} />
        <PageHeader title={t('title')}>
          <p>{setup('notPublished')}</p>
        </PageHeader>
        {mayPublish ? (
          <div className={css.body}>
            <PublishPanel studyId={studyId} />
          </div>
        ) : null}
      </>
    )
  }
  const view = views.find((known) => known === address.view) ?? 'schedule'
  const version = Number(address.version) || undefined
  const { data, problem } = await asked(async (api) => ({
    shown: await api.study.definition({ studyId, ...(version ? { version } : {}) }),
    versions: view === 'versions' ? await api.study.versions({ studyId }) : null,
  }))
  const printedForms = (number: number) =>
    `/api/studies/${oid}/crf.pdf?language=${languageOf(locale)}&version=${number}`
  return (
    <>
      <StudyTrail study={study} items={[{ text: t('title') }]} />
      {problem ? (
        <ProblemState problem={problem} />
      ) : (
        <>
          <PageHeader
            title={t('title')}
            meta={`${t('version', { label: data.shown.label, number: data.shown.number })} · ${t('protocol', { version: data.shown.definition.protocol.version })}`}
          >
            <p>{labelText(data.shown.definition.title, languageOf(locale))}</p>
            <p className={css.quiet}>
              {t('hash')} <code className={css.hash}>{data.shown.hash}</code>
            </p>
            <p className={css.prints}>
              {(['0', '1'] as const).map((annotated) => (
                <a
                  key={annotated}
                  href={`${printedForms(data.shown.number)}&annotated=${annotated}`}
                  download
                >
                  {t(annotated === '1' ? 'printAnnotated' : 'printBlank')}
                </a>
              ))}
            </p>
            <nav className={css.tabs} aria-label={t('title')}>
              {views
                .filter((one) => one !== 'publish' || mayPublish)
                .map((one) => (
                  <Link
                    key={one}
                    className={css.tab}
                    href={`?view=${one}${version ? `&version=${version}` : ''}`}
                    aria-current={one === view ? 'page' : undefined}
                    prefetch={false}
                  >
                    {one === 'publish' ? setup('publishTab') : t(one)}
                  </Link>
                ))}
            </nav>
          </PageHeader>
          <div className={css.body}>
            {view === 'schedule' ? <ScheduleTable definition={data.shown.definition} /> : null}
            {view === 'forms' ? (
              <FormList
                definition={data.shown.definition}
                printed={printedForms(data.shown.number)}
              />
            ) : null}
            {view === 'checks' ? <CheckList definition={data.shown.definition} /> : null}
            {view === 'usage' ? <UsageList definition={data.shown.definition} /> : null}
            {view === 'publish' && mayPublish ? <PublishPanel studyId={studyId} /> : null}
            {data.versions ? (
              <VersionList versions={data.versions} studyPath={`/studies/${oid}`} />
            ) : null}
          </div>
        </>
      )}
    </>
  )
}
