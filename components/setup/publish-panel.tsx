'use client'
import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useId, useState } from 'react'
import { useTRPC } from '#components/trpc.ts'
import { ProblemNote } from '#components/ui/problem-note.tsx'
import classes from './setup.module.css'

type Chosen = { path: string; text: string }

/** Uploads the text files of a definition, shows every finding with its place, and publishes when there is no error. */
export function PublishPanel({ studyId }: { studyId: string }) {
  const t = useTranslations('setup')
  const trpc = useTRPC()
  const router = useRouter()
  const input = useId()
  const [files, setFiles] = useState<readonly Chosen[]>([])
  const publish = useMutation(trpc.study.publish.mutationOptions())

  async function choose(list: FileList | null) {
    const chosen = [...(list ?? [])].filter((file) => /\.ya?ml$/.test(file.name))
    publish.reset()
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
      <Button
        disabled={files.length === 0}
        loading={publish.isPending}
        onClick={() =>
          publish.mutate(
            { studyId, files: files.map((file) => ({ ...file })), key: crypto.randomUUID() },
            { onSuccess: (answer) => answer.number !== null && router.refresh() },
          )
        }
      >
        {t('publish')}
      </Button>
      <ProblemNote error={publish.error} />
      {result && (
        <div role="status">
          <p className={classes.outcome}>
            {result.number === null
              ? t('refused', {
                  count: result.findings.filter((one) => one.severity === 'error').length,
                })
              : t('published', { number: result.number })}
          </p>
          <ol className={classes.findings}>
            {result.findings.map((finding) => (
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
        </div>
      )}
    </section>
  )
}

/** Inside a chosen folder the path counts from that folder; single files have their name only. */
function pathOf(file: File): string {
  const path = file.webkitRelativePath
  return path === '' ? file.name : path.slice(path.indexOf('/') + 1)
}
