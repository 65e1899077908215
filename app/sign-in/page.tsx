import type { Metadata } from 'next'
import { getLocale, getMessages, getTranslations } from 'next-intl/server'
import { type ProblemCatalogue, problemText } from '#components/problem-text.ts'
import { Brand } from '#components/sign-in/brand.tsx'
import { signInProblem } from '#components/sign-in/credentials.ts'
import { LanguageButtons } from '#components/sign-in/language-buttons.tsx'
import { ownPath } from '#components/sign-in/own-path.ts'
import css from '#components/sign-in/sign-in.module.css'
import { SignInForm } from '#components/sign-in/sign-in-form.tsx'
import { demoSignIns, singleSignOnName } from '#server/auth/before-sign-in.ts'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('signIn'))('title') }
}

export default async function SignInPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>
}) {
  const [address, locale, messages, t, roles, accounts] = await Promise.all([
    searchParams,
    getLocale(),
    getMessages(),
    getTranslations('signIn'),
    getTranslations('shell'),
    demoSignIns(),
  ])
  const sso = singleSignOnName()
  const problems = messages.problem as ProblemCatalogue
  const refused = typeof address.error === 'string' ? signInProblem(address.error) : null
  return (
    <main className={css.page}>
      <header className={css.top}>
        <Brand />
        <LanguageButtons current={locale} />
      </header>
      <SignInForm
        words={{
          title: t('title'),
          userName: t('userName'),
          password: t('password'),
          signIn: t('signIn'),
          busy: t('busy'),
          unreachable: t('unreachable'),
          sso: sso ? t('sso', { name: sso }) : '',
          demoTitle: t('demoTitle'),
          demoText: t('demoText'),
        }}
        cards={accounts.map((account) => ({
          userName: account.userName,
          password: account.password,
          displayName: account.displayName,
          role: roles(`role.${account.key}`),
          sentence: t(`demo.${account.key}`),
        }))}
        problems={problems}
        refused={refused ? problemText(refused, problems) : null}
        next={ownPath(address.next)}
        sso={sso !== null}
      />
    </main>
  )
}
