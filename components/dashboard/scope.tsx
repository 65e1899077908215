import { getTranslations } from 'next-intl/server'
import type { DashboardReach } from '#domain/dashboard/dashboard-views.ts'
import css from './dashboard.module.css'

const named = 3

/** Whose numbers these are: of every site, of the sites the person works at, or of those chosen. */
export async function Scope({
  reach,
  chosen,
}: {
  reach: DashboardReach
  chosen: readonly string[] | null
}) {
  const t = await getTranslations('dashboard')
  const shown = chosen ? reach.sites.filter(({ siteId }) => chosen.includes(siteId)) : reach.sites
  const names = shown.map(({ code, name }) => `${code} ${name}`)
  const list =
    names.length > named
      ? t('andMore', { list: names.slice(0, named).join(', '), count: names.length - named })
      : names.join(', ')
  return (
    <p className={css.scope}>
      {chosen === null && reach.whole
        ? t('scopeAll', { count: reach.sites.length })
        : reach.whole
          ? t('scopeChosen', { list })
          : t('scopeOwn', { list })}
    </p>
  )
}
