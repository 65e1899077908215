'use client'
import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import type { inferRouterOutputs } from '@trpc/server'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useId, useState } from 'react'
import { ChangeList } from '#components/definition/change-list.tsx'
import { useTRPC } from '#components/trpc.ts'
import { ProblemNote } from '#components/ui/problem-note.tsx'
import type { AppRouter } from '#server/trpc/router.ts'
import classes from './setup.module.css'

type Chosen = { path: string; text: string }

/** Uploads the text files of a definition; shows every finding and what would change, and publishes when there is no error. */
export function PublishPanel({ studyId }: { studyId: string }) {
  const t = useTranslations('setup')
  const trpc = useTRPC()
  const router = useRouter()
  const input = useId()
  const [files, setFiles] = useState<readonly Chosen[]>([])
  const amendment = useTranslations('amendment')
  const publish = useMutation(trpc.study.publish.mutationOptions())
  const check = useMutation(trpc.study.check.mutationOptions())

  async function choose(list: FileList | null) {
    const chosen = [...(list ?? [])].filter((file) => /\.ya?ml$/.test(file.name))
    publish.reset()
    check.reset()
    setFiles(
      await Promise.all(
        chosen.map(async (file) => ({ path: pathOf(file), text: await file.text() })),
      ),
    )
  }

  const result = publish.data
  return (
    <section className={classes.panel}>
      <p>{t('publishText')}</p>
      <label htmlFor={input} className={classes.label}>
        {t('files')}
      </label>
      <input
        id={input}
        type="file"
        multiple
        accept=".yaml,.yml"
        onChange={(event) => void choose(event.target.files)}
      />
      {files.length > 0 && (
        <p>
          {t('chosen', { count: files.length, names: files.map((file) => file.path).join(', ') })}
        </p>
      )}
      <div className={classes.buttons}>
        <Button
          variant="default"
          disabled={files.length === 0}
          loading={check.isPending}
          onClick={() => {
            publish.reset()
            check.mutate({ studyId, files: files.map((file) => ({ ...file })) })
          }}
        >
          {amendment('check')}
        </Button>
        <Button
          disabled={files.length === 0}
          loading={publish.isPending}
          onClick={() => {
            check.reset()
            publish.mutate(
              { studyId, files: files.map((file) => ({ ...file })), key: crypto.randomUUID() },
              { onSuccess: (answer) => answer.number !== null && router.refresh() },
            )
          }}
        >
          {t('publish')}
        </Button>
      </div>
      <ProblemNote error={check.error} />
      <ProblemNote error={publish.error} />
      {result && (
        <div role="status">
          <p className={classes.outcome}>
            {result.number === null
              ? t('refused', { count: errorsOf(result.findings) })
              : t('published', { number: result.number })}
          </p>
          <FindingList findings={result.findings} />
        </div>
      )}
      {check.data && (
        <div role="status">
          <p className={classes.outcome}>
            {check.data.hash === null
              ? amendment('unsound', { count: errorsOf(check.data.findings) })
              : amendment('sound')}
          </p>
          <FindingList findings={check.data.findings} />
          {check.data.changes && check.data.against ? (
            <>
              <h2 className={classes.changes}>
                {amendment('publishChanges', { number: check.data.against.number })}
              </h2>
              <ChangeList changes={check.data.changes} />
            </>
          ) : null}
        </div>
      )}
    </section>
  )
}

type Findings = inferRouterOutputs<AppRouter>['study']['check']['findings']

const errorsOf = (findings: Findings) =>
  findings.filter(({ severity }) => severity === 'error').length

/** Every finding with its place in the files; notes, which ask for nothing, are folded away. */
function FindingList({ findings }: { findings: Findings }) {
  const t = useTranslations('amendment')
  const notes = findings.filter(({ severity }) => severity === 'note')
  return (
    <>
      <FindingRows findings={findings.filter(({ severity }) => severity !== 'note')} />
      {notes.length === 0 ? null : (
        <details>
          <summary>{t('notes', { count: notes.length })}</summary>
          <FindingRows findings={notes} />
        </details>
      )}
    </>
  )
}

function FindingRows({ findings }: { findings: Findings }) {
  const t = useTranslations('setup')
  return (
    <ol className={classes.findings}>
      {findings.map((finding) => (
        <li
          key={`${finding.file}:${finding.line}:${finding.column}:${finding.message}`}
          data-severity={finding.severity}
        >
          <code>
            {finding.file ?? '–'}
            {finding.line === null ? '' : `:${finding.line}:${finding.column ?? 1}`}
          </code>{' '}
          <strong>{t(`severity.${finding.severity}`)}</strong> {finding.message}
        </li>
      ))}
    </ol>
  )
}

/** Inside a chosen folder the path counts from that folder; single files have their name only. */
function pathOf(file: File): string {
  const path = file.webkitRelativePath
  return path === '' ? file.name : path.slice(path.indexOf('/') + 1)
}
