'use client'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useProblemText } from '#components/ui/problem-note.tsx'
import type { ProblemMessage } from '#domain/problem.ts'
import { type ItemSpot, inputId, useEntry, useEntryContext } from './entry-context.tsx'
import classes from './form.module.css'

type Uploaded = { fileId: string; name: string }

/** Uploads at once and keeps the file's id as the value; the file itself is stored with its checksum by the server. */
export function FileInput({
  spot,
  label,
  readOnly,
}: {
  spot: ItemSpot
  label: string
  readOnly: boolean
}) {
  const t = useTranslations('form')
  const problemText = useProblemText()
  const { store, studyOid, view } = useEntryContext()
  const value = useEntry((entry) => entry.values[spot.path])
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)

  async function upload(file: File) {
    setBusy(true)
    setProblem(null)
    const body = new FormData()
    body.set('file', file)
    body.set('subjectId', view.subject.subjectId)
    try {
      const response = await fetch(`/api/studies/${studyOid}/files`, { method: 'POST', body })
      const answer = (await response.json()) as Uploaded | { problem: ProblemMessage }
      if ('problem' in answer) setProblem(problemText(answer.problem))
      else store.change(spot.path, answer.fileId)
    } catch {
      setProblem(t('uploadFailed'))
    } finally {
      setBusy(false)
    }
  }

  return (
    <span className={classes.file}>
      {typeof value === 'string' && (
        <a href={`/api/studies/${studyOid}/files/${value}`} download>
          {t('openFile')}
        </a>
      )}
      {!readOnly && (
        <input
          id={inputId(spot.path)}
          type="file"
          aria-label={label}
          disabled={busy}
          onChange={(event) => {
            const file = event.target.files?.[0]
            if (file) void upload(file)
          }}
        />
      )}
      {busy && <output>{t('uploading')}</output>}
      {problem && <span role="alert">{problem}</span>}
    </span>
  )
}
