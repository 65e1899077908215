import type { Metadata } from 'next'
import Link from 'next/link'
import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { AmendmentPage } from '#components/definition/amendment-page.tsx'
import { PageHeader } from '#components/ui/page.tsx'
import { ProblemState } from '#components/ui/problem-state.tsx'
import { asked, studyOf } from '../../../../session.ts'
import { StudyTrail } from '../../study-trail.tsx'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('amendment'))('title') }
}

/** From a published version to subjects on it: approvals of sites, impact, migration. */
export default async function StudyAmendmentPage({
  params,
  searchParams,
}: {
  params: Promise<{ study: string }>
  searchParams: Promise<Record<string, string | string[] | undefined>>
}) {
  const [{ study: oid }, address, t, definition] = await Promise.all([
    params,
    searchParams,
    getTranslations('amendment'),
    getTranslations('definition'),
  ])
  const study = await studyOf(oid)
  const { studyId } = study
  const path = `/studies/${oid}`
  const { data, problem } = await asked(async (api) => {
    const [versions, sites, runs] = await Promise.all([
      api.study.versions({ studyId }),
      api.amendment.sites({ studyId }),
      api.amendment.runs({ studyId }),
    ])
    return { versions, sites, runs }
  })
  const wanted = Number(address.version) || data?.versions[0]?.number
  const version = data?.versions.find(({ number }) => number === wanted)
  if (data && (!version || version.number < 2)) notFound()
  return (
    <>
      <StudyTrail
        study={study}
        items={[
          { text: definition('title'), href: `${path}/definition?view=versions` },
          { text: t('title') },
        ]}
      />
      {problem ? (
        <ProblemState problem={problem} />
      ) : version ? (
        <>
          <PageHeader
            title={t('title')}
            meta={t('toVersion', { label: version.label, number: version.number })}
            actions={
              <Link
                href={`${path}/definition/compare?from=${version.number - 1}&to=${version.number}`}
                prefetch={false}
              >
                {t('compareLink')}
              </Link>
            }
          />
          <AmendmentPage
            studyId={studyId}
            studyPath={path}
            version={version.number}
            initial={{ sites: data.sites, runs: data.runs }}
          />
        </>
      ) : null}
    </>
  )
}
