'use client'
import { Button, PasswordInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useForm } from 'react-hook-form'
import { problemOf } from '#components/problem-text.ts'
import { useTRPC } from '#components/trpc.ts'
import { Dialog } from '#components/ui/dialog.tsx'
import { useProblemText } from '#components/ui/problem-note.tsx'
import { labelText } from '#domain/definition/label-text.ts'
import { useEntryContext } from './entry-context.tsx'

type Props = { recordId: string; onClose: () => void; onSigned: () => void }

/** Signing asks for the password again and says in full what is being signed (21 CFR 11.50, 11.200). */
export function SignDialog({ recordId, onClose, onSigned }: Props) {
  const t = useTranslations('form')
  const trpc = useTRPC()
  const problemText = useProblemText()
  const { store, view, studyId, language } = useEntryContext()
  const [problem, setProblem] = useState<string | null>(null)
  const sign = useMutation(trpc.form.sign.mutationOptions())
  const { register, handleSubmit, formState, resetField } = useForm({
    defaultValues: { password: '' },
  })
  const meaning = view.form.signature
    ? labelText(view.form.signature.meaning, language)
    : t('signMeaning')

  const submit = handleSubmit(async ({ password }) => {
    setProblem(null)
    try {
      const answer = await sign.mutateAsync({
        studyId,
        recordId,
        revision: store.snapshot().revision,
        password,
        key: crypto.randomUUID(),
      })
      store.adopt({ state: answer.state, revision: answer.revision })
      onClose()
      onSigned()
    } catch (error) {
      const message = problemOf(error)
      resetField('password')
      setProblem(message ? problemText(message) : t('notReached'))
    }
  })

  return (
    <Dialog onClose={onClose} title={t('signTitle')}>
      <form onSubmit={submit}>
        <p>
          {view.subject.subjectKey} · {labelText(view.form.label, language)}
        </p>
        <p>
          <strong>{meaning}</strong>
        </p>
        <PasswordInput
          label={t('password')}
          autoComplete="current-password"
          autoFocus
          {...register('password', { required: true })}
        />
        {problem && <p role="alert">{problem}</p>}
        <Button type="submit" mt="md" loading={sign.isPending} disabled={!formState.isValid}>
          {t('sign')}
        </Button>
      </form>
    </Dialog>
  )
}
