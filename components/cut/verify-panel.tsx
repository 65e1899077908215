'use client'

import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useTRPCClient } from '#components/trpc.ts'
import { Icon } from '#components/ui/icon.tsx'
import { ProblemNote } from '#components/ui/problem-note.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import type { CutVerdict } from '#domain/analysis/cut-views.ts'
import css from './cut.module.css'

/** Runs a cut again and says whether it still gives what it gave, or which report does not and why. */
export function VerifyPanel({ studyId, number }: { studyId: string; number: number }) {
  const t = useTranslations('cut')
  const client = useTRPCClient()
  const again = useMutation({
    mutationFn: (): Promise<CutVerdict> => client.cut.verify.query({ studyId, number }),
  })
  return (
    <>
      <p className={css.text}>{t('verify.text')}</p>
      <div className={css.verdict}>
        <Button variant="default" loading={again.isPending} onClick={() => again.mutate()}>
          {t('verify.button')}
        </Button>
        <div role="status">
          {again.isPending ? <span className={css.quiet}>{t('verify.working')}</span> : null}
          {again.data ? <Verdict verdict={again.data} /> : null}
        </div>
        <ProblemNote error={again.error} />
      </div>
    </>
  )
}

function Verdict({ verdict }: { verdict: CutVerdict }) {
  const t = useTranslations('cut')
  const format = useFormat()
  const { was, is } = verdict
  const engines = { was: was.engine, is: is.engine }
  const different = verdict.reports.filter(({ cause }) => cause !== null)
  if (verdict.identical) {
    return (
      <p>
        <Icon name="check" />
        <span>
          {t('verify.identical', { count: verdict.reports.length })}
          {was.engine === is.engine ? '' : ` ${t('verify.engine', engines)}`}
        </span>
      </p>
    )
  }
  return (
    <>
      <p>
        <Icon name="warning" />
        <strong>{t('verify.different', { count: different.length })}</strong>
      </p>
      <ul className={css.differences}>
        {different.map(({ oid, title, cause }) => (
          <li key={oid}>
            {format.label(title)} ({oid}):{' '}
            {cause === null ? null : t(`verify.cause.${cause}`, engines)}
          </li>
        ))}
      </ul>
    </>
  )
}
