'use client'

import { Button, Textarea } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useTRPC } from '#components/trpc.ts'
import { Dialog } from '#components/ui/dialog.tsx'
import { ProblemNote } from '#components/ui/problem-note.tsx'

/** Consent taken back: nothing more is entered; what there is stays. */
export function WithdrawDialog({
  studyId,
  subjectId,
  subjectKey,
  onClose,
}: {
  studyId: string
  subjectId: string
  subjectKey: string
  onClose: () => void
}) {
  const t = useTranslations('casebook.withdraw')
  const ui = useTranslations('ui')
  const trpc = useTRPC()
  const router = useRouter()
  const queryClient = useQueryClient()
  const [reason, setReason] = useState('')
  const [key] = useState(() => crypto.randomUUID())
  const withdraw = useMutation(
    trpc.subject.withdraw.mutationOptions({
      onSuccess: () => {
        void queryClient.invalidateQueries()
        onClose()
        router.refresh()
      },
    }),
  )
  return (
    <Dialog title={t('title', { subject: subjectKey })} onClose={onClose}>
      <form
        style={{ display: 'grid', gap: 14 }}
        onSubmit={(event) => {
          event.preventDefault()
          withdraw.mutate({ studyId, subjectId, reason: reason.trim(), key })
        }}
      >
        <p>{t('text')}</p>
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
        <ProblemNote error={withdraw.error} />
        <div style={{ display: 'flex', justifyContent: 'flex-end', gap: 8 }}>
          <Button variant="default" onClick={onClose}>
            {ui('cancel')}
          </Button>
          <Button type="submit" color="red" loading={withdraw.isPending} disabled={!reason.trim()}>
            {t('do')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
