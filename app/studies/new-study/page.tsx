import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { NewStudyForm } from '#components/setup/new-study-form.tsx'
import classes from '#components/setup/setup.module.css'
import { currentSession } from '../../session.ts'

export default async function NewStudyPage() {
  const [session, t] = await Promise.all([currentSession(), getTranslations('setup')])
  if (!session.user.isSystemAdministrator) notFound()
  return (
    <main className={classes.page}>
      <h1>{t('newStudy')}</h1>
      <NewStudyForm userId={session.user.userId} />
    </main>
  )
}
