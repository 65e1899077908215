'use client'

import { Button, Textarea } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useTRPC } from '#components/trpc.ts'
import { DateInput, isIsoDate, todayHere } from '#components/ui/date-input.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import { ProblemNote } from '#components/ui/problem-note.tsx'

/** Consent taken back on a day, or the day of it mended: data up to that day can still be entered, later ones not. */
export function WithdrawDialog({
  studyId,
  subjectId,
  subjectKey,
  recorded,
  onClose,
}: {
  studyId: string
  subjectId: string
  subjectKey: string
  /** The day that was recorded before, ISO, which is to be mended; null: the withdrawal is recorded now. */
  recorded: string | null
  onClose: () => void
}) {
  const t = useTranslations('casebook.withdraw')
  const ui = useTranslations('ui')
  const trpc = useTRPC()
  const router = useRouter()
  const queryClient = useQueryClient()
  const [on, setOn] = useState(recorded ?? todayHere())
  const [reason, setReason] = useState('')
  const [key] = useState(() => crypto.randomUUID())
  const [backKey] = useState(() => crypto.randomUUID())
  const done = {
    onSuccess: () => {
      void queryClient.invalidateQueries()
      onClose()
      router.refresh()
    },
  }
  const withdraw = useMutation(trpc.subject.withdraw.mutationOptions(done))
  const correct = useMutation(trpc.subject.correctWithdrawal.mutationOptions(done))
  const busy = withdraw.isPending || correct.isPending
  const why = reason.trim()
  const at = { studyId, subjectId, reason: why }
  return (
    <Dialog
      title={t(recorded === null ? 'title' : 'correctTitle', { subject: subjectKey })}
      onClose={onClose}
    >
      <form
        style={{ display: 'grid', gap: 14 }}
        onSubmit={(event) => {
          event.preventDefault()
          if (recorded === null) withdraw.mutate({ ...at, on, key })
          else correct.mutate({ ...at, on, key })
        }}
      >
        <p>{t(recorded === null ? 'text' : 'correctText')}</p>
        <DateInput label={t('on')} value={on} onChange={setOn} max={todayHere()} required />
        <Textarea
          label={ui('reason')}
          description={ui('reasonHint')}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          maxLength={1000}
          required
          autosize
          minRows={2}
        />
        <ProblemNote error={withdraw.error ?? correct.error} />
        <div style={{ display: 'flex', flexWrap: 'wrap', justifyContent: 'flex-end', gap: 8 }}>
          <Button variant="default" onClick={onClose}>
            {ui('cancel')}
          </Button>
          {recorded === null ? null : (
            <Button
              variant="default"
              disabled={why === '' || busy}
              onClick={() => correct.mutate({ ...at, on: null, key: backKey })}
            >
              {t('takeBack')}
            </Button>
          )}
          <Button
            type="submit"
            color={recorded === null ? 'red' : undefined}
            loading={busy}
            disabled={why === '' || !isIsoDate(on) || on === recorded}
          >
            {t(recorded === null ? 'do' : 'correctDo')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
