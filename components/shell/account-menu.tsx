'use client'

import { Menu, useMantineColorScheme } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import dynamic from 'next/dynamic'
import { useRouter } from 'next/navigation'
import { useLocale, useTranslations } from 'next-intl'
import { useState } from 'react'
import { signOut } from '#components/sign-in/credentials.ts'
import { useTRPC } from '#components/trpc.ts'
import { rememberPreference } from '#components/ui/cookie.ts'
import { Icon } from '#components/ui/icon.tsx'
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
      <Menu position="right-end" width={250} withinPortal={false}>
        <Menu.Target>
          <button type="button" className={css.account} aria-label={t('account')}>
            <span className={css.face} aria-hidden="true">
              {session.user.displayName.slice(0, 1)}
            </span>
            <span className={css.who}>
              <span>{session.user.displayName}</span>
              <span className={css.role}>
                {study.roles.map((role) => t(`role.${role}`)).join(', ')}
              </span>
            </span>
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{t('language')}</Menu.Label>
          {(Object.keys(languageNames) as Language[]).map((one) => (
            <Menu.Item
              key={one}
              lang={one}
              onClick={() => chooseLanguage(one)}
              rightSection={locale === one ? <Icon name="check" /> : null}
            >
              {languageNames[one]}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Label>{t('colours')}</Menu.Label>
          {(['light', 'dark', 'auto'] as const).map((scheme) => (
            <Menu.Item
              key={scheme}
              onClick={() => setColorScheme(scheme)}
              rightSection={colorScheme === scheme ? <Icon name="check" /> : null}
            >
              {t(`scheme.${scheme}`)}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item leftSection={<Icon name="help" />} onClick={onKeys}>
            {t('keys.title')}
          </Menu.Item>
          {session.demo ? null : (
            <Menu.Item leftSection={<Icon name="key" />} onClick={() => setChanging(true)}>
              {t('changePassword')}
            </Menu.Item>
          )}
          <Menu.Divider />
          <Menu.Item leftSection={<Icon name="out" />} onClick={leave}>
            {t('signOut')}
          </Menu.Item>
          <Menu.Item
            onClick={async () => {
              await everywhere.mutateAsync({}).catch(() => null)
              await leave()
            }}
          >
            {t('signOutEverywhere')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {changing ? <PasswordDialog onClose={() => setChanging(false)} /> : null}
    </>
  )
}
