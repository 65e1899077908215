import Link from 'next/link'
import { redirect } from 'next/navigation'
import { getLocale, getTranslations } from 'next-intl/server'
import { Brand } from '#components/sign-in/brand.tsx'
import css from '#components/sign-in/sign-in.module.css'
import { SignOutButton } from '#components/sign-in/sign-out-button.tsx'
import { EmptyState } from '#components/ui/page.tsx'
import { labelText, languageOf } from '#domain/definition/label-text.ts'
import { currentSession } from './session.ts'

/** Straight to the only study, or a choice of studies. */
export default async function StartPage() {
  const [session, locale, t] = await Promise.all([
    currentSession(),
    getLocale(),
    getTranslations('shell'),
  ])
  if (session.user.mustChangePassword) redirect('/new-password')
  const [only] = session.studies
  const founds = session.user.isSystemAdministrator
  if (session.studies.length === 1 && only && !founds)
    redirect(`/studies/${only.oid.toLowerCase()}`)
  return (
    <main className={css.page}>
      <header className={css.top}>
        <Brand />
        <SignOutButton words={t('signOut')} name={session.user.displayName} />
      </header>
      {founds ? (
        <p>
          <Link href="/studies/new-study">{t('newStudy')}</Link>
        </p>
      ) : null}
      {session.studies.length === 0 ? (
        <EmptyState page icon="definition" title={t('studiesPage.none')}>
          {t('studiesPage.noneText', { userName: session.user.userName })}
        </EmptyState>
      ) : (
        <section>
          <h1 className={css.title}>{t('studiesPage.title')}</h1>
          <div className={css.cards}>
            {session.studies.map((study) => (
              <Link
                key={study.studyId}
                className={css.card}
                style={{ textDecoration: 'none' }}
                href={`/studies/${study.oid.toLowerCase()}`}
              >
                <span className={css.cardRole}>{labelText(study.name, languageOf(locale))}</span>
                <span className={css.cardName}>
                  {study.roles.map((role) => t(`role.${role}`)).join(', ')}
                </span>
                <span className={css.cardText}>{labelText(study.title, languageOf(locale))}</span>
              </Link>
            ))}
          </div>
        </section>
      )}
    </main>
  )
}
