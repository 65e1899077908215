'use client'

import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useTransition } from 'react'
import { Icon } from '#components/ui/icon.tsx'
import { Menu, MenuItem } from '#components/ui/menu.tsx'
import type { DashboardName, SiteName } from '#domain/dashboard/dashboard-views.ts'
import { dashboardHref } from './address.ts'
import css from './dashboard.module.css'

/** Several sites, all sites, or one: the choice is in the address. */
export function SiteFilter({
  study,
  name,
  endpoint,
  sites,
  chosen,
}: {
  study: string
  name: DashboardName | null
  endpoint?: string | undefined
  sites: readonly SiteName[]
  /** Null: all. */
  chosen: readonly string[] | null
}) {
  const t = useTranslations('dashboard')
  const router = useRouter()
  const [busy, start] = useTransition()
  if (sites.length < 2) return null
  const choose = (siteIds: readonly string[] | null) =>
    start(() => router.replace(dashboardHref(study, name, siteIds, endpoint), { scroll: false }))
  function toggle(siteId: string) {
    const now = chosen ?? []
    const next = now.includes(siteId) ? now.filter((one) => one !== siteId) : [...now, siteId]
    choose(next.length === 0 || next.length === sites.length ? null : next)
  }
  return (
    <Menu
      label={t('sites')}
      className={css.button}
      width={300}
      stays
      face={
        <>
          <Icon name="filter" size={14} />
          {chosen === null
            ? t('allSites', { count: sites.length })
            : t('someSites', { count: chosen.length, all: sites.length })}
          <Icon name={busy ? 'clock' : 'down'} size={12} />
        </>
      }
    >
      <MenuItem kind="checkbox" checked={chosen === null} onSelect={() => choose(null)}>
        {t('allSites', { count: sites.length })}
      </MenuItem>
      {sites.map((site) => (
        <MenuItem
          key={site.siteId}
          kind="checkbox"
          checked={chosen?.includes(site.siteId) ?? false}
          onSelect={() => toggle(site.siteId)}
        >
          {site.code} {site.name}
        </MenuItem>
      ))}
    </Menu>
  )
}
