import { notFound } from 'next/navigation'
import { getLocale } from 'next-intl/server'
import { FormEntry } from '#components/form/form-entry.tsx'
import { readSegment } from '#components/form/form-path.ts'
import { ProblemState } from '#components/ui/problem-state.tsx'
import { labelText, languageOf } from '#domain/definition/label-text.ts'
import { asked, currentSession, studyOf, subjectOf } from '../../../../../../session.ts'
import { StudyTrail } from '../../../../study-trail.tsx'
import css from '../../../../work.module.css'

type Props = { params: Promise<{ study: string; subject: string; event: string; form: string }> }

export default async function FormPage({ params }: Props) {
  const { study: studyOid, subject, event: eventSegment, form: formSegment } = await params
  const event = readSegment(eventSegment)
  const form = readSegment(formSegment)
  if (!event || event.repeat === null || !form) notFound()
  const eventRepeat = event.repeat
  const [session, study, locale] = await Promise.all([
    currentSession(),
    studyOf(studyOid),
    getLocale(),
  ])
  const subjectId = await subjectOf(study.studyId, subject)
  const { data, problem } = await asked((api) =>
    api.form.entry({
      studyId: study.studyId,
      subjectId,
      event: event.oid,
      eventRepeat,
      form: form.oid,
      formRepeat: form.repeat,
    }),
  )
  if (problem) return <ProblemState problem={problem} />
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
    </>
  )
}
