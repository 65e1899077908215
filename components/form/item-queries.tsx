'use client'
import { Button, Textarea } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useState, useSyncExternalStore } from 'react'
import { useForm } from 'react-hook-form'
import { problemOf } from '#components/problem-text.ts'
import { QueryThreadView } from '#components/query/query-thread.tsx'
import { useTRPC } from '#components/trpc.ts'
import { useProblemText } from '#components/ui/problem-note.tsx'
import type { EntryStore } from './entry-store.ts'
import classes from './form.module.css'

type Props = {
  studyId: string
  recordId: string
  path: string
  store: EntryStore
  mayRaise: boolean
  onChanged: () => void
}

/** The queries on one item, newest first, and the form to raise another. */
export function ItemQueries({ studyId, recordId, path, store, mayRaise, onChanged }: Props) {
  const t = useTranslations('form')
  const trpc = useTRPC()
  const problemText = useProblemText()
  const all = useSyncExternalStore(
    store.subscribe,
    () => store.snapshot().queries,
    () => store.snapshot().queries,
  )
  const [problem, setProblem] = useState<string | null>(null)
  const raise = useMutation(trpc.query.raise.mutationOptions())
  const { register, handleSubmit, reset, formState } = useForm({ defaultValues: { text: '' } })
  const here = all.filter((query) => query.path === path)

  const submit = handleSubmit(async ({ text }) => {
    setProblem(null)
    try {
      await raise.mutateAsync({
        studyId,
        recordId,
        path,
        text: text.trim(),
        key: crypto.randomUUID(),
      })
      reset()
      onChanged()
    } catch (error) {
      const message = problemOf(error)
      setProblem(message ? problemText(message) : t('notReached'))
    }
  })

  return (
    <div className={classes.queries}>
      {here.length === 0 && !mayRaise && <p>{t('noQueries')}</p>}
      {here.map((query) => (
        <QueryThreadView
          key={query.queryId}
          studyId={studyId}
          queryId={query.queryId}
          onChanged={onChanged}
        />
      ))}
      {mayRaise && (
        <form onSubmit={submit}>
          <Textarea
            label={t('raiseLabel')}
            description={t('raiseHint')}
            autosize
            minRows={3}
            maxLength={2000}
            data-autofocus
            {...register('text', { required: true, minLength: 3 })}
          />
          {problem && (
            <p role="alert" className={classes.refused}>
              {problem}
            </p>
          )}
          <Button type="submit" mt="xs" loading={raise.isPending} disabled={!formState.isValid}>
            {t('raise')}
          </Button>
        </form>
      )}
    </div>
  )
}
