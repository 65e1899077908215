import type { Metadata } from 'next'
import { getLocale, getTranslations } from 'next-intl/server'
import { cache } from 'react'
import { FormEntry } from '#components/form/form-entry.tsx'
import { ProblemState } from '#components/ui/problem-state.tsx'
import { labelText, languageOf } from '#domain/definition/label-text.ts'
import { asked, currentSession, studyOf } from '../../../../../session.ts'
import { StudyTrail } from '../../../study-trail.tsx'
import css from '../../../work.module.css'

type Props = { params: Promise<{ study: string; image: string; form: string }> }

/** The reading of an address; its title and its page ask once. */
const readingOf = cache(async (studyOid: string, image: string, form: string) => {
  const study = await studyOf(studyOid)
  const answer = await asked((api) =>
    api.form.readingEntry({ studyId: study.studyId, image, form }),
  )
  return { study, ...answer }
})

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { study, image, form } = await params
  const [{ data }, t] = await Promise.all([
    readingOf(study, image, form),
    getTranslations('form.readings'),
  ])
  return { title: data ? t('image', { key: data.subject.subjectKey }) : t('title') }
}

export default async function ReadingPage({ params }: Props) {
  const { study: studyOid, image, form } = await params
  const [session, locale, t, { study, data, problem }] = await Promise.all([
    currentSession(),
    getLocale(),
    getTranslations('form.readings'),
    readingOf(studyOid, image, form),
  ])
  if (problem) return <ProblemState problem={problem} />
  const language = languageOf(locale)
  return (
    <>
      <StudyTrail
        study={study}
        items={[
          { text: t('title'), href: `/studies/${studyOid}/readings` },
          { text: t('image', { key: data.subject.subjectKey }) },
          { text: labelText(data.form.label, language) },
        ]}
      />
      <div className={css.work}>
        <FormEntry
          key={data.record.recordId ?? `${image}.${form}`}
          view={data}
          studyId={study.studyId}
          studyOid={studyOid}
          userId={session.user.userId}
          language={language}
        />
      </div>
    </>
  )
}
