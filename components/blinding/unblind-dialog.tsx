'use client'
import { Button, PasswordInput, Textarea } from '@mantine/core'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useForm } from 'react-hook-form'
import { problemOf } from '#components/problem-text.ts'
import { Dialog } from '#components/ui/dialog.tsx'
import { useProblemText } from '#components/ui/problem-note.tsx'
import css from './blinding.module.css'

export type Proof = { reason: string; password: string; key: string }

/** An unblinding says what it does, and asks for a reason and for the password again. */
export function UnblindDialog({
  title,
  text,
  hint,
  action,
  act,
  onClose,
}: {
  title: string
  text: string
  hint: string
  action: string
  act: (proof: Proof) => Promise<void>
  onClose: () => void
}) {
  const t = useTranslations('blinding')
  const problemText = useProblemText()
  const [problem, setProblem] = useState<string | null>(null)
  // One intention, one key: what is sent again after a lost answer is done once.
  const [key, setKey] = useState(() => crypto.randomUUID())
  const { register, handleSubmit, formState, resetField } = useForm({
    defaultValues: { reason: '', password: '' },
    mode: 'onChange',
  })
  const isText = (value: string) => value.trim() !== ''

  const submit = handleSubmit(async ({ reason, password }) => {
    setProblem(null)
    try {
      await act({ reason: reason.trim(), password, key })
    } catch (error) {
      const message = problemOf(error)
      resetField('password')
      if (message) setKey(crypto.randomUUID())
      setProblem(message ? problemText(message) : t('notReached'))
    }
  })

  return (
    <Dialog title={title} onClose={onClose}>
      <form onSubmit={submit} className={css.form}>
        <p>{text}</p>
        <Textarea
          label={t('reason')}
          description={hint}
          autosize
          minRows={2}
          maxLength={500}
          autoFocus
          {...register('reason', { validate: isText })}
        />
        <PasswordInput
          label={t('password')}
          autoComplete="current-password"
          {...register('password', { required: true })}
        />
        {problem ? (
          <p role="alert" className={css.problem}>
            {problem}
          </p>
        ) : null}
        <div>
          <Button
            type="submit"
            color="red"
            loading={formState.isSubmitting}
            disabled={!formState.isValid}
          >
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
