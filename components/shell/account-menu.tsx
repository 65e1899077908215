'use client'

import { useMantineColorScheme } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import dynamic from 'next/dynamic'
import { useRouter } from 'next/navigation'
import { useLocale, useTranslations } from 'next-intl'
import { useState } from 'react'
import { signOut } from '#components/sign-in/credentials.ts'
import { useTRPC } from '#components/trpc.ts'
import { rememberPreference } from '#components/ui/cookie.ts'
import { Icon } from '#components/ui/icon.tsx'
import { Menu, MenuGroup, MenuItem } from '#components/ui/menu.tsx'
import type { SessionView } from '#domain/casebook/views.ts'
import type { Language } from '#domain/definition/definition.ts'
import css from './account-menu.module.css'

const PasswordDialog = dynamic(
  () => import('./password-dialog.tsx').then((module) => module.PasswordDialog),
  { ssr: false },
)

/** Each language by its own name, whatever the page speaks. */
const languageNames: Readonly<Record<Language, string>> = {
  en: 'English',
  ja: '日本語',
  zh: '中文',
}

/** Who is signed in, as what; language, colours, keys, password and the ways out. */
export function AccountMenu({
  session,
  study,
  onKeys,
}: {
  session: SessionView
  study: SessionView['studies'][number]
  onKeys: () => void
}) {
  const t = useTranslations('shell')
  const locale = useLocale()
  const router = useRouter()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const [changing, setChanging] = useState(false)
  const language = useMutation(trpc.account.setLanguage.mutationOptions())
  const everywhere = useMutation(trpc.account.signOutEverywhere.mutationOptions())

  async function leave() {
    await signOut()
    queryClient.clear()
    window.location.assign('/sign-in')
  }

  async function chooseLanguage(next: Language) {
    rememberPreference('casebook-language', next)
    await language.mutateAsync({ language: next }).catch(() => null)
    router.refresh()
  }

  return (
    <>
      <Menu
        label={t('account')}
        className={css.account}
        side="right"
        face={
          <>
            <span className={css.face} aria-hidden="true">
              {session.user.displayName.slice(0, 1)}
            </span>
            <span className={css.who}>
              <span>{session.user.displayName}</span>
              <span className={css.role}>
                {study.roles.map((role) => t(`role.${role}`)).join(', ')}
              </span>
            </span>
          </>
        }
      >
        <MenuGroup title={t('language')}>
          {(Object.keys(languageNames) as Language[]).map((one) => (
            <MenuItem
              key={one}
              lang={one}
              checked={locale === one}
              onSelect={() => void chooseLanguage(one)}
            >
              {languageNames[one]}
            </MenuItem>
          ))}
        </MenuGroup>
        <MenuGroup title={t('colours')}>
          {(['light', 'dark', 'auto'] as const).map((scheme) => (
            <MenuItem
              key={scheme}
              checked={colorScheme === scheme}
              onSelect={() => setColorScheme(scheme)}
            >
              {t(`scheme.${scheme}`)}
            </MenuItem>
          ))}
        </MenuGroup>
        <MenuGroup>
          <MenuItem icon={<Icon name="help" />} onSelect={onKeys}>
            {t('keys.title')}
          </MenuItem>
          {session.demo ? null : (
            <MenuItem icon={<Icon name="key" />} onSelect={() => setChanging(true)}>
              {t('changePassword')}
            </MenuItem>
          )}
        </MenuGroup>
        <MenuGroup>
          <MenuItem icon={<Icon name="out" />} onSelect={() => void leave()}>
            {t('signOut')}
          </MenuItem>
          <MenuItem
            onSelect={async () => {
              await everywhere.mutateAsync({}).catch(() => null)
              await leave()
            }}
          >
            {t('signOutEverywhere')}
          </MenuItem>
        </MenuGroup>
      </Menu>
      {changing ? <PasswordDialog onClose={() => setChanging(false)} /> : null}
    </>
  )
}
