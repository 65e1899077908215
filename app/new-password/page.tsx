import { getLocale, getMessages, getTranslations } from 'next-intl/server'
import type { ProblemCatalogue } from '#components/problem-text.ts'
import { Brand } from '#components/sign-in/brand.tsx'
import { LanguageButtons } from '#components/sign-in/language-buttons.tsx'
import { NewPasswordForm } from '#components/sign-in/new-password-form.tsx'
import css from '#components/sign-in/sign-in.module.css'
import { currentSession } from '../session.ts'

/** Where a person with a temporary password is led until it is replaced. */
export default async function NewPasswordPage() {
  const [, locale, messages, t, ui] = await Promise.all([
    currentSession(),
    getLocale(),
    getMessages(),
    getTranslations('shell'),
    getTranslations('signIn'),
  ])
  return (
    <main className={css.page}>
      <header className={css.top}>
        <Brand />
        <LanguageButtons current={locale} />
      </header>
      <NewPasswordForm
        problems={messages.problem as ProblemCatalogue}
        words={{
          title: t('changePassword'),
          text: t('firstPassword'),
          current: t('oldPassword'),
          next: t('newPassword'),
          again: t('newPasswordAgain'),
          rule: t('passwordRule'),
          differ: t('passwordsDiffer'),
          change: t('changePassword'),
          busy: ui('busy'),
          unreachable: ui('unreachable'),
        }}
      />
    </main>
  )
}
