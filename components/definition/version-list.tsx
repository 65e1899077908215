import type { inferRouterOutputs } from '@trpc/server'
import Link from 'next/link'
import { getLocale, getTimeZone, getTranslations } from 'next-intl/server'
import { formatMoment } from '#components/ui/dates.ts'
import type { AppRouter } from '#server/trpc/router.ts'
import { CompareForm } from './compare-form.tsx'
import css from './definition.module.css'

type Versions = inferRouterOutputs<AppRouter>['study']['versions']

/** Published versions, each immutable under its content hash, and the sites that work on it. */
export async function VersionList({
  versions,
  studyPath,
}: {
  versions: Versions
  studyPath: string
}) {
  const [locale, zone, t, amendment] = await Promise.all([
    getLocale(),
    getTimeZone(),
    getTranslations('definition'),
    getTranslations('amendment'),
  ])
  const newest = versions[0]?.number ?? 1
  return (
    <>
      {versions.length > 1 ? (
        <>
          <p className={css.amend}>
            <Link href={`${studyPath}/definition/amendment?version=${newest}`} prefetch={false}>
              {amendment('amendmentLink')}
            </Link>
          </p>
          <CompareForm
            action={`${studyPath}/definition/compare`}
            versions={versions}
            from={newest - 1}
            to={newest}
          />
        </>
      ) : null}
      <div className={css.scroll}>
        <table className={css.table}>
          <thead>
            <tr>
              <th scope="col">{t('versions')}</th>
              <th scope="col">{t('published')}</th>
              <th scope="col">{t('by')}</th>
              <th scope="col">{t('sites')}</th>
              <th scope="col">{t('hash')}</th>
              <th scope="col">{amendment('title')}</th>
            </tr>
          </thead>
          <tbody>
            {versions.map((version) => (
              <tr key={version.number}>
                <th scope="row">
                  <Link href={`?version=${version.number}`} prefetch={false}>
                    {t('version', { label: version.label, number: version.number })}
                  </Link>
                </th>
                <td>{formatMoment(version.publishedAt, locale, zone)}</td>
                <td>{version.publishedBy}</td>
                <td>{version.sites.join(', ') || '–'}</td>
                <td>
                  <code className={css.hash}>{version.hash}</code>
                </td>
                <td>
                  {version.number > 1 ? (
                    <Link
                      href={`${studyPath}/definition/compare?from=${version.number - 1}&to=${version.number}`}
                      prefetch={false}
                    >
                      {amendment('compareLink')}
                    </Link>
                  ) : (
                    '–'
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}
