'use client'

import dynamic from 'next/dynamic'
import Link from 'next/link'
import { usePathname, useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { rememberPreference } from '#components/ui/cookie.ts'
import { Icon } from '#components/ui/icon.tsx'
import { useKeys } from '#components/ui/keys.tsx'
import { Menu, MenuGroup, MenuItem } from '#components/ui/menu.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import type { SessionView } from '#domain/casebook/views.ts'
import { AccountMenu } from './account-menu.tsx'
import { navigationFor, type Parts } from './navigation.ts'
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
  parts,
  site,
}: {
  session: SessionView
  study: StudyEntry
  /** What the study has, which decides about entries. */
  parts: Parts
  /** Site chosen before, null for all. */
  site: string | null
}) {
  const t = useTranslations('shell')
  const format = useFormat()
  const pathname = usePathname()
  const router = useRouter()
  const [open, setOpen] = useState<'palette' | 'keys' | null>(null)
  const base = `/studies/${study.oid.toLowerCase()}`
  const items = navigationFor(study.permissions, parts)
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
      <Menu
        label={t('switchStudy')}
        className={css.study}
        width={280}
        face={
          <>
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
          </>
        }
      >
        {session.studies.length > 1 ? (
          <MenuGroup title={t('studies')}>
            {session.studies.map((one) => (
              <MenuItem
                key={one.studyId}
                href={`/studies/${one.oid.toLowerCase()}`}
                checked={one.studyId === study.studyId}
              >
                {format.label(one.name)}
              </MenuItem>
            ))}
          </MenuGroup>
        ) : null}
        <MenuGroup title={t('sites')}>
          {study.sites.length !== 1 ? (
            <MenuItem checked={chosen === null} onSelect={() => chooseSite(null)}>
              {t('allSites', { count: study.sites.length })}
            </MenuItem>
          ) : null}
          {study.sites.map((one) => (
            <MenuItem
              key={one.siteId}
              checked={chosen?.siteId === one.siteId || study.sites.length === 1}
              onSelect={() => chooseSite(one.siteId)}
            >
              {one.code} {one.name}
            </MenuItem>
          ))}
        </MenuGroup>
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
          studies={session.studies
            .filter((one) => one.studyId !== study.studyId)
            .map((one) => ({
              name: format.label(one.name),
              href: `/studies/${one.oid.toLowerCase()}`,
            }))}
          onClose={() => setOpen(null)}
        />
      ) : null}
      {open === 'keys' ? <KeyHelp onClose={() => setOpen(null)} /> : null}
    </nav>
  )
}
