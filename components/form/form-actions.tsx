'use client'
import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import dynamic from 'next/dynamic'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { problemOf } from '#components/problem-text.ts'
import { useTRPC } from '#components/trpc.ts'
import { useProblemText } from '#components/ui/problem-note.tsx'
import { parseItemPath } from '#domain/casebook/record.ts'
import { labelText } from '#domain/definition/label-text.ts'
import { inputId, useEntry, useEntryContext } from './entry-context.tsx'
import classes from './form.module.css'
import { formPath } from './form-path.ts'

const ReasonDialog = dynamic(() => import('./reason-dialog.tsx').then((m) => m.ReasonDialog), {
  ssr: false,
})
const SignDialog = dynamic(() => import('./sign-dialog.tsx').then((m) => m.SignDialog), {
  ssr: false,
})

/** The foot of the sheet: what is missing, mark complete, sign, open again, remove, and on to the next form of the visit. */
export function FormActions({ onDone }: { onDone: () => void }) {
  const t = useTranslations('form')
  const trpc = useTRPC()
  const router = useRouter()
  const problemText = useProblemText()
  const { store, view, studyId, studyOid, language } = useEntryContext()
  const { abilities } = view
  const state = useEntry((entry) => entry.state)
  const recordId = useEntry((entry) => entry.recordId)
  const [asked, setAsked] = useState(false)
  const [dialog, setDialog] = useState<'reopen' | 'remove' | 'sign' | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const completeForm = useMutation(trpc.form.complete.mutationOptions())
  const completeReading = useMutation(trpc.form.completeReading.mutationOptions())
  const complete = view.reading ? completeReading : completeForm
  const reopenForm = useMutation(trpc.form.reopen.mutationOptions())
  const reopenReading = useMutation(trpc.form.reopenReading.mutationOptions())
  const reopen = view.reading ? reopenReading : reopenForm
  const remove = useMutation(trpc.form.remove.mutationOptions())

  const at = view.siblings.findIndex(
    (sibling) =>
      sibling.form === view.record.key.form && sibling.formRepeat === view.record.key.formRepeat,
  )
  const next =
    view.siblings
      .slice(at + 1)
      .find((sibling) => sibling.state !== 'complete' && sibling.state !== 'signed') ??
    view.siblings[at + 1]
  const casebook = view.reading
    ? `/studies/${studyOid}/readings`
    : `/studies/${studyOid}/subjects/${view.subject.subjectKey}`

  async function attempt(run: () => Promise<unknown>) {
    setProblem(null)
    try {
      await run()
      setDialog(null)
      return true
    } catch (error) {
      const message = problemOf(error)
      setProblem(message ? problemText(message) : t('notReached'))
      return false
    }
  }

  async function markComplete() {
    setAsked(true)
    await store.flush()
    const entry = store.snapshot()
    const hard = entry.evaluation.findings.some((finding) => finding.level === 'hard')
    if (entry.evaluation.open.length > 0 || hard || entry.recordId === null || entry.edits.size > 0)
      return
    const id = entry.recordId
    await attempt(async () => {
      const answer = await complete.mutateAsync({
        studyId,
        recordId: id,
        revision: entry.revision,
        key: crypto.randomUUID(),
      })
      store.adopt({ state: answer.state, revision: answer.revision })
      onDone()
    })
  }

  async function saveAndNext() {
    await store.flush()
    if (store.snapshot().edits.size > 0) return
    router.push(
      next
        ? `${casebook}/${formPath(view.record.key.event, view.record.key.eventRepeat, next.form, next.formRepeat)}`
        : casebook,
    )
  }

  return (
    <footer className={classes.actions}>
      {asked && (state === 'inProgress' || state === 'notStarted') && <Missing />}
      {problem && (
        <p role="alert" className={classes.refused}>
          {problem}
        </p>
      )}
      <div className={classes.buttons}>
        {abilities.complete && (state === 'inProgress' || state === 'notStarted') && (
          <Button onClick={markComplete} loading={complete.isPending} variant="filled">
            {t('markComplete')}
          </Button>
        )}
        {abilities.sign && state === 'complete' && (
          <Button onClick={() => setDialog('sign')} variant="filled">
            {t('sign')}
          </Button>
        )}
        <Button variant="default" onClick={saveAndNext}>
          {next
            ? t('saveAndNext', { form: labelText(next.label, language) })
            : t(view.reading ? 'readings.saveAndBack' : 'saveAndBack')}
        </Button>
        {abilities.reopen && (state === 'complete' || state === 'signed') && (
          <Button variant="subtle" onClick={() => setDialog('reopen')}>
            {t('reopen')}
          </Button>
        )}
        {abilities.remove && recordId !== null && view.form.repeats && (
          <Button variant="subtle" color="red" onClick={() => setDialog('remove')}>
            {t('remove')}
          </Button>
        )}
        {view.form.repeats && !view.reading && (abilities.enter || abilities.reopen) && (
          <Button
            variant="subtle"
            onClick={async () => {
              await store.flush()
              if (store.snapshot().edits.size > 0) return
              router.push(
                `${casebook}/${formPath(view.record.key.event, view.record.key.eventRepeat, view.record.key.form, null)}`,
              )
              router.refresh()
            }}
          >
            {t('another')}
          </Button>
        )}
      </div>
      {dialog === 'sign' && recordId && (
        <SignDialog recordId={recordId} onClose={() => setDialog(null)} onSigned={onDone} />
      )}
      {dialog === 'reopen' && recordId && (
        <ReasonDialog
          title={t('reopenTitle')}
          text={t('reopenText')}
          action={t('reopen')}
          busy={reopen.isPending}
          problem={problem}
          onClose={() => setDialog(null)}
          onReason={(reason) =>
            attempt(async () => {
              const answer = await reopen.mutateAsync({
                studyId,
                recordId,
                reason,
                key: crypto.randomUUID(),
              })
              store.adopt({ state: answer.state, revision: answer.revision })
              onDone()
            })
          }
        />
      )}
      {dialog === 'remove' && recordId && (
        <ReasonDialog
          title={t('removeTitle')}
          text={t('removeText')}
          action={t('remove')}
          busy={remove.isPending}
          problem={problem}
          onClose={() => setDialog(null)}
          onReason={(reason) =>
            attempt(async () => {
              await remove.mutateAsync({ studyId, recordId, reason, key: crypto.randomUUID() })
              router.push(casebook)
            })
          }
        />
      )}
    </footer>
  )
}

/** Everything between this form and completion, each a link to its place. */
function Missing() {
  const t = useTranslations('form')
  const { view, language } = useEntryContext()
  const open = useEntry((entry) => entry.evaluation.open)
  const findings = useEntry((entry) => entry.evaluation.findings)
  const hard = findings.filter(
    (finding) => finding.level === 'hard' && finding.check !== 'REQUIRED',
  )
  if (open.length === 0 && hard.length === 0) return null
  const nameOf = (path: string) => {
    const parts = parseItemPath(path)
    const group = view.form.groups.find((one) =>
      parts?.group ? one.oid === parts.group : one.items.some((item) => item.oid === parts?.item),
    )
    const item = group?.items.find((one) => one.oid === parts?.item)
    const row = group?.rows?.find((one) => one.key === parts?.row)
    const name = item ? labelText(item.label, language) : path
    return row ? `${labelText(row.label, language)}: ${name}` : name
  }
  return (
    <div className={classes.missingList} role="alert">
      <strong>{t('missingCount', { count: open.length + hard.length })}</strong>
      <ul>
        {open.map((path) => (
          <li key={path}>
            <a href={`#${inputId(path)}`} onClick={(event) => goTo(event, path)}>
              {nameOf(path)}
            </a>
          </li>
        ))}
        {hard.map((finding) => (
          <li key={finding.check + finding.path}>
            <a href={`#${inputId(finding.path)}`} onClick={(event) => goTo(event, finding.path)}>
              {nameOf(finding.path)}
            </a>
            : {labelText(finding.message, language)}
          </li>
        ))}
      </ul>
    </div>
  )
}

function goTo(event: { preventDefault: () => void }, path: string) {
  event.preventDefault()
  const target = document.getElementById(inputId(path))
  const focusable = target?.matches('input, select, textarea, button')
    ? target
    : target?.querySelector<HTMLElement>('input, select, button')
  target?.scrollIntoView({ block: 'center' })
  focusable?.focus()
}
