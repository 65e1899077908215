'use client'

import { Menu } from '@mantine/core'
import dynamic from 'next/dynamic'
import Link from 'next/link'
import { usePathname, useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { rememberPreference } from '#components/ui/cookie.ts'
import { Icon } from '#components/ui/icon.tsx'
import { useKeys } from '#components/ui/keys.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import type { SessionView } from '#domain/casebook/views.ts'
import { AccountMenu } from './account-menu.tsx'
import { navigationFor } from './navigation.ts'
import css from './rail.module.css'
import { siteCookie } from './site-cookie.ts'

const CommandPalette = dynamic(
  () => import('./command-palette.tsx').then((module) => module.CommandPalette),
  { ssr: false },
)
const KeyHelp = dynamic(() => import('./key-help.tsx').then((module) => module.KeyHelp), {
  ssr: false,
})

type StudyEntry = SessionView['studies'][number]

/** Study and site switcher, then only what this person's role does here. */
export function Rail({
  session,
  study,
  site,
}: {
  session: SessionView
  study: StudyEntry
  /** Site chosen before, null for all. */
  site: string | null
}) {
  const t = useTranslations('shell')
  const format = useFormat()
  const pathname = usePathname()
  const router = useRouter()
  const [open, setOpen] = useState<'palette' | 'keys' | null>(null)
  const base = `/studies/${study.oid.toLowerCase()}`
  const items = navigationFor(study.permissions)
  const chosen = study.sites.find((one) => one.siteId === site) ?? null

  useKeys('shell', t('keys.everywhere'), [
    { keys: 'mod+k', label: t('keys.palette'), run: () => setOpen('palette') },
    { keys: '?', label: t('keys.help'), run: () => setOpen('keys') },
    ...items
      .filter((item) => item.key)
      .map((item) => ({
        keys: `alt+${item.key}`,
        label: t(`nav.${item.id}`),
        run: () => router.push(`${base}${item.path}`),
      })),
  ])

  function chooseSite(siteId: string | null) {
    rememberPreference(siteCookie, siteId ?? '')
    router.refresh()
  }

  return (
    <nav className={css.rail} aria-label={t('navigation')}>
      <Menu position="bottom-start" width={280} withinPortal={false}>
        <Menu.Target>
          <button type="button" className={css.study} aria-label={t('switchStudy')}>
            <span className={css.mark} aria-hidden="true">
              {study.oid.slice(0, 2)}
            </span>
            <span className={css.studyText}>
              <strong>{format.label(study.name)}</strong>
              <span className={css.small}>
                {chosen
                  ? `${chosen.code} ${chosen.name}`
                  : study.sites.length === 1
                    ? `${study.sites[0]?.code} ${study.sites[0]?.name}`
                    : t('allSites', { count: study.sites.length })}
              </span>
            </span>
            <Icon name="down" size={14} />
          </button>
        </Menu.Target>
        <Menu.Dropdown mah="70vh" style={{ overflow: 'auto' }}>
          {session.studies.length > 1 ? (
            <>
              <Menu.Label>{t('studies')}</Menu.Label>
              {session.studies.map((one) => (
                <Menu.Item
                  key={one.studyId}
                  component={Link}
                  href={`/studies/${one.oid.toLowerCase()}`}
                  rightSection={one.studyId === study.studyId ? <Icon name="check" /> : null}
                >
                  {format.label(one.name)}
                </Menu.Item>
              ))}
              <Menu.Divider />
            </>
          ) : null}
          <Menu.Label>{t('sites')}</Menu.Label>
          {study.sites.length > 1 ? (
            <Menu.Item
              onClick={() => chooseSite(null)}
              rightSection={chosen ? null : <Icon name="check" />}
            >
              {t('allSites', { count: study.sites.length })}
            </Menu.Item>
          ) : null}
          {study.sites.map((one) => (
            <Menu.Item
              key={one.siteId}
              onClick={() => chooseSite(one.siteId)}
              rightSection={
                chosen?.siteId === one.siteId || study.sites.length === 1 ? (
                  <Icon name="check" />
                ) : null
              }
            >
              {one.code} {one.name}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>

      <button type="button" className={css.search} onClick={() => setOpen('palette')}>
        <Icon name="search" />
        <span className={css.text}>{t('jump')}</span>
        <kbd className={css.kbd}>Ctrl K</kbd>
      </button>

      <ul className={css.list}>
        {items.map((item) => {
          const href = `${base}${item.path}`
          const current = item.path === '' ? pathname === base : pathname.startsWith(href)
          return (
            <li key={item.id}>
              <Link
                href={href}
                className={css.link}
                aria-current={current ? 'page' : undefined}
                title={t(`nav.${item.id}`)}
              >
                <Icon name={item.icon} />
                <span className={css.text}>{t(`nav.${item.id}`)}</span>
              </Link>
            </li>
          )
        })}
      </ul>

      <div className={css.foot}>
        <AccountMenu session={session} study={study} onKeys={() => setOpen('keys')} />
      </div>

      {open === 'palette' ? (
        <CommandPalette
          studyId={study.studyId}
          base={base}
          items={items}
          onClose={() => setOpen(null)}
        />
      ) : null}
      {open === 'keys' ? <KeyHelp onClose={() => setOpen(null)} /> : null}
    </nav>
  )
}
