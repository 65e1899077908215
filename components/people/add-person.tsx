'use client'

import { Button, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useTRPC } from '#components/trpc.ts'
import { Dialog } from '#components/ui/dialog.tsx'
import { ProblemNote } from '#components/ui/problem-note.tsx'
import css from './people-page.module.css'

/** A new account; its password is temporary and given by word of mouth. */
export function AddPerson({
  studyId,
  onClose,
  onAdded,
}: {
  studyId: string
  onClose: () => void
  onAdded: (person: { userId: string; displayName: string }) => void
}) {
  const t = useTranslations('people')
  const shell = useTranslations('shell')
  const ui = useTranslations('ui')
  const trpc = useTRPC()
  const [userName, setUserName] = useState('')
  const [displayName, setDisplayName] = useState('')
  const [email, setEmail] = useState('')
  const [temporaryPassword, setTemporaryPassword] = useState('')
  const [key] = useState(() => crypto.randomUUID())
  const create = useMutation(
    trpc.person.create.mutationOptions({
      onSuccess: ({ userId }) => onAdded({ userId, displayName: displayName.trim() }),
    }),
  )
  return (
    <Dialog title={t('addTitle')} onClose={onClose}>
      <form
        className={css.form}
        onSubmit={(event) => {
          event.preventDefault()
          create.mutate({
            studyId,
            userName: userName.trim().toLowerCase(),
            displayName: displayName.trim(),
            email: email.trim() || null,
            temporaryPassword,
            key,
          })
        }}
      >
        <p>{t('addText')}</p>
        <TextInput
          label={t('displayName')}
          value={displayName}
          onChange={(event) => setDisplayName(event.currentTarget.value)}
          maxLength={120}
          required
        />
        <TextInput
          label={t('userName')}
          description={t('userNameHint')}
          value={userName}
          onChange={(event) => setUserName(event.currentTarget.value)}
          maxLength={40}
          autoCapitalize="none"
          spellCheck={false}
          required
        />
        <TextInput
          label={t('email')}
          type="email"
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <TextInput
          label={t('temporary')}
          description={shell('passwordRule')}
          value={temporaryPassword}
          onChange={(event) => setTemporaryPassword(event.currentTarget.value)}
          autoComplete="off"
          minLength={12}
          required
        />
        <ProblemNote error={create.error} />
        <div className={css.actions}>
          <Button variant="default" onClick={onClose}>
            {ui('cancel')}
          </Button>
          <Button type="submit" loading={create.isPending}>
            {t('addDo')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
