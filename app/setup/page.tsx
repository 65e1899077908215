import { getLocale, getMessages, getTranslations } from 'next-intl/server'
import type { ProblemCatalogue } from '#components/problem-text.ts'
import { Brand } from '#components/sign-in/brand.tsx'
import { LanguageButtons } from '#components/sign-in/language-buttons.tsx'
import { SetupForm } from '#components/sign-in/setup-form.tsx'
import css from '#components/sign-in/sign-in.module.css'
import { isSetupLinkOpen } from '#server/auth/before-sign-in.ts'

export default async function SetupPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>
}) {
  const address = await searchParams
  const token = typeof address.token === 'string' ? address.token : ''
  const [open, locale, messages, t] = await Promise.all([
    isSetupLinkOpen(token),
    getLocale(),
    getMessages(),
    getTranslations('signIn'),
  ])
  return (
    <main className={css.page}>
      <header className={css.top}>
        <Brand />
        <LanguageButtons current={locale} />
      </header>
      {open ? (
        <SetupForm
          token={token}
          problems={messages.problem as ProblemCatalogue}
          words={{
            title: t('setup.title'),
            text: t('setup.text'),
            displayName: t('setup.displayName'),
            userName: t('userName'),
            userNameHint: t('setup.userNameHint'),
            password: t('password'),
            passwordHint: t('setup.passwordHint'),
            create: t('setup.create'),
            busy: t('busy'),
            unreachable: t('unreachable'),
          }}
        />
      ) : (
        <p className={css.problem} role="alert">
          {t('setup.used')}
        </p>
      )}
    </main>
  )
}
