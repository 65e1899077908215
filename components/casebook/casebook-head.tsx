'use client'

import { Button } from '@mantine/core'
import dynamic from 'next/dynamic'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { UnblindingsNote } from '#components/blinding/unblindings-note.tsx'
import { subjectHref } from '#components/subject/address.ts'
import { WithdrawalNote } from '#components/subject/withdrawal-note.tsx'
import { DateInput, isIsoDate, todayHere } from '#components/ui/date-input.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { PageHeader } from '#components/ui/page.tsx'
import { SubjectStatus } from '#components/ui/status.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import type { CasebookView } from '#domain/casebook/views.ts'
import css from './casebook.module.css'

const WithdrawDialog = dynamic(
  () => import('./withdraw-dialog.tsx').then((module) => module.WithdrawDialog),
  { ssr: false },
)

/** Who the subject is, on which day of the study, and what can be done with the casebook. */
export function CasebookHead({
  view,
  study,
  studyId,
  asOf,
}: {
  view: CasebookView
  study: string
  studyId: string
  /** Day that the page shows, ISO; null for now. */
  asOf: string | null
}) {
  const t = useTranslations('casebook')
  const endpoints = useTranslations('endpoint')
  const blinding = useTranslations('blinding')
  const format = useFormat()
  const router = useRouter()
  const { subject, abilities } = view
  const href = subjectHref(study, subject.subjectKey)
  const [day, setDay] = useState(asOf ?? '')
  const [withdrawing, setWithdrawing] = useState(false)

  function look(value: string) {
    setDay(value)
    if (value === '') router.push(href)
    else if (isIsoDate(value)) router.push(`${href}?asof=${value}`)
  }

  const isInStudy = ['screening', 'enrolled', 'randomised'].includes(subject.state)
  return (
    <>
      <PageHeader
        title={subject.subjectKey}
        meta={
          <span className={css.meta}>
            <SubjectStatus state={subject.state} />
            {subject.day === null || !isInStudy ? null : (
              <span>{t('day', { day: subject.day })}</span>
            )}
          </span>
        }
        actions={
          <>
            <div className="cb-no-print">
              <DateInput
                label={t('asOf')}
                value={day}
                onChange={look}
                max={todayHere()}
                width={160}
                bare
              />
            </div>
            {abilities.randomise && !asOf ? (
              <Button
                component={Link}
                href={`${href}/randomise`}
                leftSection={<Icon name="shuffle" />}
              >
                {t('randomise')}
              </Button>
            ) : null}
            {abilities.unblind && !asOf ? (
              <Button
                variant="default"
                component={Link}
                href={`${href}/randomise`}
                className="cb-no-print"
              >
                {blinding('emergency')}
              </Button>
            ) : null}
            {asOf ? null : (
              <Button
                variant="default"
                component={Link}
                href={`${href}/endpoints`}
                className="cb-no-print"
              >
                {endpoints('link')}
              </Button>
            )}
            <Button variant="default" onClick={() => window.print()} className="cb-no-print">
              {t('print')}
            </Button>
            {abilities.withdraw && !asOf ? (
              <Button
                variant="default"
                className="cb-no-print"
                onClick={() => setWithdrawing(true)}
              >
                {t('withdraw.button')}
              </Button>
            ) : null}
          </>
        }
      >
        <dl className={css.facts}>
          <div>
            <dt>{t('site')}</dt>
            <dd>
              {subject.siteCode} {subject.siteName}
            </dd>
          </div>
          {subject.columns.map((column) => (
            <div key={column.oid}>
              <dt>{format.label(column.label)}</dt>
              <dd>{format.label(column.text) || column.code || '–'}</dd>
            </div>
          ))}
          <div>
            <dt>{t('anchor')}</dt>
            <dd>{format.date(subject.anchor)}</dd>
          </div>
        </dl>
      </PageHeader>
      {asOf ? (
        <div className={css.banner} role="status">
          <Icon name="history" />
          <span>{t('asOfBanner', { date: format.date(asOf) })}</span>
          <Link href={href}>{t('backToNow')}</Link>
        </div>
      ) : null}
      {subject.withdrawnOn === null ? null : (
        <div className={css.withdrawn}>
          <WithdrawalNote withdrawnOn={subject.withdrawnOn}>
            {abilities.correctWithdrawal && !asOf ? (
              <Button
                variant="default"
                size="compact-sm"
                className="cb-no-print"
                onClick={() => setWithdrawing(true)}
              >
                {t('withdraw.correctButton')}
              </Button>
            ) : null}
          </WithdrawalNote>
        </div>
      )}
      <UnblindingsNote unblindings={view.unblindings} />
      {withdrawing ? (
        <WithdrawDialog
          studyId={studyId}
          subjectId={subject.subjectId}
          subjectKey={subject.subjectKey}
          recorded={view.recordedWithdrawal}
          onClose={() => setWithdrawing(false)}
        />
      ) : null}
    </>
  )
}
