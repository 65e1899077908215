'use client'

import { Button, PasswordInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useTRPC } from '#components/trpc.ts'
import { Dialog } from '#components/ui/dialog.tsx'
import { useNotify } from '#components/ui/notice.tsx'
import { ProblemNote } from '#components/ui/problem-note.tsx'

/** Old password, new one twice. `onClose` absent: a first password must be replaced before work starts. */
export function PasswordDialog({ onClose, onDone }: { onClose?: () => void; onDone?: () => void }) {
  const t = useTranslations('shell')
  const trpc = useTRPC()
  const notify = useNotify()
  const [old, setOld] = useState('')
  const [next, setNext] = useState('')
  const [again, setAgain] = useState('')
  const change = useMutation(
    trpc.account.changePassword.mutationOptions({
      onSuccess: () => {
        notify.done(t('passwordChanged'))
        onClose?.()
        onDone?.()
      },
    }),
  )
  const differs = again !== '' && again !== next
  return (
    <Dialog title={t('changePassword')} onClose={onClose}>
      <form
        style={{ display: 'grid', gap: 14 }}
        onSubmit={(event) => {
          event.preventDefault()
          if (!differs) change.mutate({ current: old, next })
        }}
      >
        <PasswordInput
          label={t('oldPassword')}
          value={old}
          onChange={(event) => setOld(event.currentTarget.value)}
          autoComplete="current-password"
          required
          autoFocus
        />
        <PasswordInput
          label={t('newPassword')}
          description={t('passwordRule')}
          value={next}
          onChange={(event) => setNext(event.currentTarget.value)}
          autoComplete="new-password"
          minLength={12}
          required
        />
        <PasswordInput
          label={t('newPasswordAgain')}
          value={again}
          onChange={(event) => setAgain(event.currentTarget.value)}
          error={differs ? t('passwordsDiffer') : undefined}
          autoComplete="new-password"
          required
        />
        <ProblemNote error={change.error} />
        <Button type="submit" loading={change.isPending}>
          {t('changePassword')}
        </Button>
      </form>
    </Dialog>
  )
}
