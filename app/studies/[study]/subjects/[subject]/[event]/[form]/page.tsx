import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { getLocale } from 'next-intl/server'
import { cache } from 'react'
import { RetiredValues } from '#components/definition/retired-values.tsx'
import { FormEntry } from '#components/form/form-entry.tsx'
import { readSegment } from '#components/form/form-path.ts'
import { ProblemState } from '#components/ui/problem-state.tsx'
import { labelText, languageOf } from '#domain/definition/label-text.ts'
import {
  asked,
  currentSession,
  studyOf,
  subjectKeyOf,
  subjectOf,
} from '../../../../../../session.ts'
import { StudyTrail } from '../../../../study-trail.tsx'
import css from '../../../../work.module.css'

type Props = { params: Promise<{ study: string; subject: string; event: string; form: string }> }

/** The form of an address; its title and its page ask once. */
const formOf = cache(
  async (studyOid: string, subject: string, eventSegment: string, formSegment: string) => {
    const event = readSegment(eventSegment)
    const form = readSegment(formSegment)
    if (!event || event.repeat === null || !form) notFound()
    const eventRepeat = event.repeat
    const study = await studyOf(studyOid)
    const subjectId = await subjectOf(study.studyId, subject)
    const answer = await asked((api) =>
      api.form.entry({
        studyId: study.studyId,
        subjectId,
        event: event.oid,
        eventRepeat,
        form: form.oid,
        formRepeat: form.repeat,
      }),
    )
    return { study, subjectId, ...answer }
  },
)

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { study, subject, event, form } = await params
  const { data } = await formOf(study, subject, event, form)
  if (!data) return { title: subjectKeyOf(subject) }
  const language = languageOf(await getLocale())
  const { label } = data.form
  return {
    title: `${data.subject.subjectKey} · ${labelText(data.event.label, language)} · ${labelText(label, language)}`,
  }
}

export default async function FormPage({ params }: Props) {
  const { study: studyOid, subject, event: eventSegment, form: formSegment } = await params
  const [session, locale, { study, subjectId, data, problem }] = await Promise.all([
    currentSession(),
    getLocale(),
    formOf(studyOid, subject, eventSegment, formSegment),
  ])
  if (problem) return <ProblemState problem={problem} />
  const { recordId, versionNumber } = data.record
  const retired =
    recordId === null || versionNumber < 2
      ? null
      : await asked((api) => api.amendment.retired({ studyId: study.studyId, subjectId, recordId }))
  const language = languageOf(locale)
  const subjects = `/studies/${studyOid}/subjects`
  return (
    <>
      <StudyTrail
        study={study}
        items={[
          {
            text: `${data.subject.siteCode} ${data.subject.siteName}`,
            href: `${subjects}?site=${data.subject.siteId}`,
          },
          { text: data.subject.subjectKey, href: `${subjects}/${subject}` },
          {
            text: labelText(data.event.label, language),
            href: `${subjects}/${subject}#visit-${eventSegment}`,
          },
          { text: labelText(data.form.label, language) },
        ]}
      />
      <div className={css.work}>
        <FormEntry
          key={data.record.recordId ?? `${formSegment}.${data.record.key.formRepeat}`}
          view={data}
          studyId={study.studyId}
          studyOid={studyOid}
          userId={session.user.userId}
          language={language}
        />
      </div>
      <RetiredValues values={retired?.data ?? []} />
    </>
  )
}
