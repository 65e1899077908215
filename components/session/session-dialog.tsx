'use client'

import { Button, PasswordInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { type FormEvent, useState } from 'react'
import { signIn } from '#components/sign-in/credentials.ts'
import { Dialog } from '#components/ui/dialog.tsx'
import { useProblemText } from '#components/ui/problem-note.tsx'
import type { SessionUser } from './session-guard.tsx'

/** Asks to stay, or to sign in again over the page that stays as it was. */
export function SessionDialog({
  user,
  ended,
  onContinue,
}: {
  user: SessionUser
  ended: boolean
  onContinue: () => void
}) {
  const t = useTranslations('shell')
  const words = useProblemText()
  const queryClient = useQueryClient()
  const [password, setPassword] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)

  if (!ended) {
    return (
      <Dialog
        title={t('idle.title')}
        onClose={onContinue}
        footer={
          <Button onClick={onContinue} data-autofocus>
            {t('idle.stay')}
          </Button>
        }
      >
        <p>{t('idle.text')}</p>
      </Dialog>
    )
  }

  async function submit(event: FormEvent) {
    event.preventDefault()
    setBusy(true)
    setProblem(null)
    try {
      const refused = await signIn({ userName: user.userName, password })
      if (refused) setProblem(words(refused))
      else {
        onContinue()
        // A form behind the dialog sends now what it kept.
        window.dispatchEvent(new Event('casebook:reachable'))
        await queryClient.invalidateQueries()
      }
    } catch {
      setProblem(t('unreachable'))
    } finally {
      setBusy(false)
    }
  }

  return (
    <Dialog title={t('ended.title')}>
      <p>{t('ended.text')}</p>
      <form onSubmit={submit} style={{ display: 'grid', gap: 14 }}>
        <p>
          {t('ended.as')} <strong>{user.displayName}</strong> ({user.userName})
        </p>
        <PasswordInput
          label={t('password')}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          autoComplete="current-password"
          autoFocus
          required
        />
        {problem ? (
          <p role="alert" style={{ color: 'var(--cb-red)' }}>
            {problem}
          </p>
        ) : null}
        <div style={{ display: 'flex', gap: 8, justifyContent: 'space-between' }}>
          <Button component="a" href="/sign-in" variant="subtle">
            {t('ended.other')}
          </Button>
          <Button type="submit" loading={busy}>
            {t('ended.signIn')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
