'use client'

import { Button, Textarea } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { type ReactNode, type RefObject, useState } from 'react'
import { useTRPC } from '#components/trpc.ts'
import { SkeletonLines } from '#components/ui/page.tsx'
import { ProblemNote } from '#components/ui/problem-note.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import { QueryStateTag } from './query-state-tag.tsx'
import css from './query-thread.module.css'

type Step = 'answer' | 'close' | 'reopen'

/** A query with its messages, the value then and now, and the steps this person may take. */
export function QueryThreadView({
  studyId,
  queryId,
  onChanged,
  header,
  inputRef,
}: {
  studyId: string
  queryId: string
  onChanged?: () => void
  /** Where the query belongs, when the page around does not say it. */
  header?: ReactNode
  inputRef?: RefObject<HTMLTextAreaElement | null>
}) {
  const t = useTranslations('query')
  const roles = useTranslations('shell')
  const format = useFormat()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const thread = useQuery(trpc.query.thread.queryOptions({ studyId, queryId }))
  const [text, setText] = useState('')
  const onSuccess = async () => {
    setText('')
    await queryClient.invalidateQueries({ queryKey: trpc.query.pathKey() })
    onChanged?.()
  }
  const steps = {
    answer: useMutation(trpc.query.answer.mutationOptions({ onSuccess })),
    close: useMutation(trpc.query.close.mutationOptions({ onSuccess })),
    reopen: useMutation(trpc.query.reopen.mutationOptions({ onSuccess })),
  }
  if (thread.isPending) return <SkeletonLines lines={6} />
  if (thread.error) return <ProblemNote error={thread.error} />
  const query = thread.data
  const offered = (['answer', 'close', 'reopen'] as const).filter((step) => query.abilities[step])
  const busy = offered.some((step) => steps[step].isPending)
  const failed = offered.map((step) => steps[step].error).find((error) => error)

  function take(step: Step) {
    // A closing or reopening word is kept with the query; closing needs none of its own.
    const words = text.trim() || (step === 'close' ? t('closedWithoutWords') : '')
    if (words) steps[step].mutate({ studyId, queryId, text: words, key: crypto.randomUUID() })
  }

  return (
    <article className={css.thread} aria-label={query.text}>
      {header}
      <div className={css.head}>
        <QueryStateTag state={query.state} />
        <span className={css.quiet}>{t('age', { count: query.ageDays })}</span>
        {query.check ? (
          <span className={css.quiet}>
            {t('byRule', {
              rule: t.has(`builtIn.${query.check}`) ? t(`builtIn.${query.check}`) : query.check,
            })}
          </span>
        ) : null}
      </div>
      <dl className={css.values}>
        <dt>{t('valueThen')}</dt>
        <dd>{query.valueThen ?? t('noValue')}</dd>
        <dt>{t('valueNow')}</dt>
        <dd data-changed={query.valueNow !== query.valueThen || undefined}>
          {query.valueNow ?? t('noValue')}
        </dd>
      </dl>
      <ol className={css.messages}>
        {query.messages.map((message) => (
          <li key={message.at + message.step} className={css.message} data-step={message.step}>
            <div className={css.quiet}>
              <strong>{message.who}</strong>
              {roles.has(`role.${message.role}`) ? ` · ${roles(`role.${message.role}`)}` : ''} ·{' '}
              {t(`step.${message.step}`)} · {format.moment(message.at)}
            </div>
            <p className={css.text}>{message.text}</p>
          </li>
        ))}
      </ol>
      {offered.length > 0 ? (
        <form
          className={css.form}
          onSubmit={(event) => {
            event.preventDefault()
            if (offered[0]) take(offered[0])
          }}
        >
          <Textarea
            ref={inputRef}
            label={t(`write.${offered[0] as Step}`)}
            autosize
            minRows={2}
            maxLength={4000}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <ProblemNote error={failed} />
          <div className={css.actions}>
            {offered.map((step, index) => (
              <Button
                key={step}
                variant={index === 0 ? 'filled' : 'default'}
                loading={steps[step].isPending}
                disabled={busy || (step !== 'close' && text.trim() === '')}
                onClick={() => take(step)}
              >
                {t(`do.${step}`)}
              </Button>
            ))}
          </div>
        </form>
      ) : null}
    </article>
  )
}
