'use client'
import { Button } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useEffect, useRef, useState } from 'react'
import { useTRPC } from '#components/trpc.ts'
import { ReasonForm } from '#components/ui/reason-form.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import type { MigrationRun } from '#domain/casebook/amendment-views.ts'
import { isOver, isRunning, nextMigrationState } from '#domain/casebook/migration-state.ts'
import css from './amendment.module.css'

const everyMillisecond = 1000
type Step = 'pause' | 'resume' | 'cancel'

/** Migrations with their progress, live while one runs; it can be paused, resumed, or its rest cancelled. */
export function MigrationRuns({
  studyId,
  initial,
  mayStep,
  onEnd,
}: {
  studyId: string
  initial: readonly MigrationRun[]
  mayStep: boolean
  onEnd: () => void
}) {
  const t = useTranslations('amendment')
  const trpc = useTRPC()
  const [step, setStep] = useState<{ run: MigrationRun; step: Step } | null>(null)
  const runs = useQuery({
    ...trpc.amendment.runs.queryOptions({ studyId }),
    initialData: initial as MigrationRun[],
    refetchInterval: ({ state }) =>
      state.data?.some((run) => isRunning(run.state)) ? everyMillisecond : false,
  })
  const take = useMutation(
    trpc.amendment.step.mutationOptions({
      onSuccess: () => {
        setStep(null)
        void runs.refetch()
      },
    }),
  )
  const running = runs.data.some((run) => isRunning(run.state))
  const before = useRef(running)
  useEffect(() => {
    if (before.current && !running) onEnd()
    before.current = running
  }, [running, onEnd])
  if (runs.data.length === 0) return <p className={css.quiet}>{t('runs.none')}</p>
  return (
    <>
      <ul className={css.runs}>
        {runs.data.map((run) => (
          <li key={run.runId} className={css.run} data-state={run.state}>
            <RunProgress run={run} />
            {mayStep && !isOver(run.state) ? (
              <div className={css.steps}>
                {(['pause', 'resume', 'cancel'] as const)
                  .filter((one) => typeof nextMigrationState(run.state, one) === 'string')
                  .map((one) => (
                    <Button
                      key={one}
                      size="xs"
                      variant="default"
                      onClick={() => {
                        take.reset()
                        setStep({ run, step: one })
                      }}
                    >
                      {t(`runs.${one}`)}
                    </Button>
                  ))}
              </div>
            ) : null}
          </li>
        ))}
      </ul>
      {step ? (
        <ReasonForm
          title={`${t('runs.to', { version: step.run.version })}: ${t(`runs.${step.step}`)}`}
          text={t('runs.stepText')}
          action={t(`runs.${step.step}`)}
          busy={take.isPending}
          error={take.error}
          onClose={() => setStep(null)}
          onSubmit={(reason, key) =>
            take.mutate({ studyId, runId: step.run.runId, step: step.step, reason, key })
          }
        />
      ) : null}
    </>
  )
}

function RunProgress({ run }: { run: MigrationRun }) {
  const t = useTranslations('amendment')
  const format = useFormat()
  const rate = useRate(run)
  const share = run.total === 0 ? 100 : Math.min(100, (100 * run.done) / run.total)
  return (
    <div className={css.progress}>
      <div className={css.runHead}>
        <strong>{t('runs.to', { version: run.version })}</strong>
        <span className={css.state} data-state={run.state}>
          {t(`runs.state.${run.state}`)}
        </span>
        <span className={css.quiet}>{t('runs.sites', { sites: run.sites.join(', ') })}</span>
        <span className={css.quiet}>
          {t('runs.by', { who: run.startedBy, when: format.moment(run.startedAt) })}
        </span>
      </div>
      <p>{run.reason}</p>
      <div
        className={css.bar}
        role="progressbar"
        aria-label={t('runs.to', { version: run.version })}
        aria-valuemin={0}
        aria-valuemax={run.total}
        aria-valuenow={run.done}
      >
        <div className={css.filled} style={{ width: `${share}%` }} />
      </div>
      <p className={css.quiet} aria-live="polite">
        {t('runs.progress', {
          done: format.count(run.done),
          total: format.count(run.total),
          records: format.count(run.records),
        })}
        {rate === null ? '' : ` · ${t('runs.rate', { rate: format.count(rate) })}`}
      </p>
      {run.failed.length > 0 ? (
        <p className={css.failed}>
          {t('runs.failed', {
            count: run.failed.length,
            keys: run.failed.map(({ subjectKey }) => subjectKey ?? '–').join(', '),
          })}
        </p>
      ) : null}
    </div>
  )
}

/** Records a second between the last two looks that saw a difference; null while nothing moves. */
function useRate(run: MigrationRun): number | null {
  const last = useRef({ records: run.records, at: 0 })
  const [rate, setRate] = useState<number | null>(null)
  const { records, state } = run
  useEffect(() => {
    const now = performance.now()
    const { records: before, at } = last.current
    if (!isRunning(state)) setRate(null)
    else if (at > 0 && records > before)
      setRate(Math.round((records - before) / ((now - at) / 1000)))
    if (records !== before || at === 0) last.current = { records, at: now }
  }, [records, state])
  return rate
}
