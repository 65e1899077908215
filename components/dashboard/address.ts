/** Addresses of the dashboards: which one, and which sites it counts. */
import type { DashboardName } from '#domain/dashboard/dashboard-views.ts'

type Known = readonly { siteId: string }[]

/** In place of sites: all of them, also where the rail has one chosen. */
const everySite = 'all'

/**
 * The sites that an address asks for, as far as the reader knows them; null for all. Without any in the address the site chosen in the
 * rail counts.
 */
export function sitesFromAddress(
  asked: string | readonly string[] | undefined,
  known: Known,
  remembered: string | undefined,
): readonly string[] | null {
  const wanted = asked === undefined ? [] : typeof asked === 'string' ? [asked] : asked
  if (wanted.includes(everySite)) return null
  const ids = new Set(wanted.length > 0 ? wanted : remembered ? [remembered] : [])
  const chosen = known.map(({ siteId }) => siteId).filter((siteId) => ids.has(siteId))
  return chosen.length === 0 || chosen.length === known.length ? null : chosen
}

export function dashboardHref(
  study: string,
  name: DashboardName | null,
  siteIds: readonly string[] | null,
  endpoint?: string,
): string {
  const query = new URLSearchParams()
  for (const siteId of siteIds ?? [everySite]) query.append('site', siteId)
  if (endpoint) query.set('endpoint', endpoint)
  return `/studies/${study}/dashboards${name ? `/${name}` : ''}?${query}`
}
