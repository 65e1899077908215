'use client'
import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useRef, useState } from 'react'
import { UnblindDialog } from '#components/blinding/unblind-dialog.tsx'
import { UnblindingsNote } from '#components/blinding/unblindings-note.tsx'
import { problemOf } from '#components/problem-text.ts'
import { useTRPC } from '#components/trpc.ts'
import { Dialog } from '#components/ui/dialog.tsx'
import { useProblemText } from '#components/ui/problem-note.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import type { RandomisationView } from '#domain/casebook/views.ts'
import classes from './randomise.module.css'

type Props = { view: RandomisationView; studyId: string; studyOid: string }

/** Preconditions, stratum, one button, and after it the result. Nothing here depends on what the next arm would be. */
export function RandomisePanel({ view, studyId, studyOid }: Props) {
  const t = useTranslations('randomise')
  const trpc = useTRPC()
  const format = useFormat()
  const router = useRouter()
  const problemText = useProblemText()
  const [asking, setAsking] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const [allocation, setAllocation] = useState(view.allocation)
  // One intention, one key: a second click or a lost answer asks for the same act again.
  const key = useRef<string | null>(null)
  const randomise = useMutation(trpc.subject.randomise.mutationOptions())
  const { subject } = view
  const casebook = `/studies/${studyOid}/subjects/${subject.subjectKey}`

  if (allocation) {
    return (
      <AllocationCard
        allocation={allocation}
        view={view}
        casebook={casebook}
        studyId={studyId}
        onTold={setAllocation}
      />
    )
  }

  const unmet = view.preconditions.filter((one) => one.met !== true).length

  async function go() {
    setProblem(null)
    key.current ??= crypto.randomUUID()
    try {
      const result = await randomise.mutateAsync({
        studyId,
        subjectId: subject.subjectId,
        key: key.current,
      })
      setAllocation(result)
      setAsking(false)
      router.refresh()
    } catch (error) {
      const message = problemOf(error)
      if (message) key.current = null
      setProblem(message ? problemText(message) : t('notReached'))
    }
  }

  return (
    <div className={classes.panel}>
      <section className={classes.card} aria-labelledby="before">
        <h2 id="before">{t('before')}</h2>
        <ul className={classes.list}>
          {view.preconditions.map((one) => (
            <li key={one.id} data-met={String(one.met)}>
              <span className={classes.mark} aria-hidden="true">
                {one.met === true ? '✓' : one.met === false ? '✕' : '○'}
              </span>
              <span>
                {format.label(one.label)}
                <span className={classes.word}>
                  {t(one.met === true ? 'met' : one.met === false ? 'notMet' : 'undecided')}
                </span>
                {one.detail && <small>{one.detail}</small>}
              </span>
              {one.met !== true && (
                <Link href={`${casebook}/${one.event}/${one.form}`}>{t('openForm')}</Link>
              )}
            </li>
          ))}
        </ul>
      </section>
      <section className={classes.card} aria-labelledby="stratum">
        <h2 id="stratum">{t('stratum')}</h2>
        {view.stratum ? (
          <p className={classes.stratum}>
            <strong>{format.label(view.stratum.label)}</strong>{' '}
            <span>{t('stratumFrom', { source: format.label(view.stratum.source) })}</span>
          </p>
        ) : (
          <p>{t('stratumUnknown')}</p>
        )}
        <div className={classes.act}>
          <Button
            size="md"
            disabled={!view.abilities.randomise || unmet > 0 || !view.stratum}
            onClick={() => setAsking(true)}
          >
            {t('randomise')}
          </Button>
          {unmet > 0 && <span>{t('waiting', { count: unmet })}</span>}
          {unmet === 0 && !view.abilities.randomise && <span>{t('notAllowed')}</span>}
        </div>
      </section>
      {asking && view.stratum && (
        <Dialog
          title={t('confirmTitle', { subject: subject.subjectKey })}
          onClose={() => setAsking(false)}
        >
          <p>
            {t('confirmText', {
              subject: subject.subjectKey,
              stratum: format.label(view.stratum.label),
            })}
          </p>
          {problem && (
            <p role="alert" className={classes.problem}>
              {problem}
            </p>
          )}
          <div className={classes.act}>
            <Button onClick={go} loading={randomise.isPending} autoFocus>
              {t('confirm')}
            </Button>
            <Button
              variant="default"
              onClick={() => setAsking(false)}
              disabled={randomise.isPending}
            >
              {t('cancel')}
            </Button>
          </div>
        </Dialog>
      )}
    </div>
  )
}

type CardProps = {
  allocation: NonNullable<RandomisationView['allocation']>
  view: RandomisationView
  casebook: string
  studyId: string
  onTold: (allocation: NonNullable<RandomisationView['allocation']>) => void
}

function AllocationCard({ allocation, view, casebook, studyId, onTold }: CardProps) {
  const t = useTranslations('randomise')
  const blinding = useTranslations('blinding')
  const format = useFormat()
  const router = useRouter()
  const trpc = useTRPC()
  const [asking, setAsking] = useState(false)
  const unblind = useMutation(trpc.subject.unblind.mutationOptions())
  const { subjectId, subjectKey } = view.subject
  return (
    <section className={classes.result} aria-labelledby="done" role="status">
      <h2 id="done">{t('done', { subject: view.subject.subjectKey })}</h2>
      <dl>
        <dt>{t('number')}</dt>
        <dd className={classes.number}>{allocation.number}</dd>
        <dt>{t('arm')}</dt>
        <dd className={classes.arm}>{format.label(allocation.armLabel)}</dd>
        <dt>{t('stratum')}</dt>
        <dd>{format.label(allocation.stratumLabel)}</dd>
        <dt>{t('at')}</dt>
        <dd>{format.moment(allocation.at)}</dd>
        <dt>{t('by')}</dt>
        <dd>{allocation.by}</dd>
      </dl>
      <UnblindingsNote unblindings={view.unblindings} />
      {allocation.concealed && view.abilities.unblind ? (
        <Button variant="default" onClick={() => setAsking(true)}>
          {blinding('emergency')}
        </Button>
      ) : null}
      {asking ? (
        <UnblindDialog
          title={blinding('emergencyTitle', { subject: subjectKey })}
          text={blinding('emergencyText', { subject: subjectKey })}
          hint={blinding('reasonHint')}
          action={blinding('emergencyDo')}
          onClose={() => setAsking(false)}
          act={async (proof) => {
            onTold(await unblind.mutateAsync({ studyId, subjectId, ...proof }))
            setAsking(false)
            router.refresh()
          }}
        />
      ) : null}
      <h3>{t('next')}</h3>
      <ul>
        <li>{t('nextDose')}</li>
        <li>{t('nextVisits')}</li>
      </ul>
      <div className={classes.act}>
        <Link className={classes.primary} href={casebook}>
          {t('toCasebook')}
        </Link>
        <Button variant="default" onClick={() => window.print()}>
          {t('print')}
        </Button>
      </div>
    </section>
  )
}
