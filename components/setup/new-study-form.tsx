'use client'
import { Button, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useForm } from 'react-hook-form'
import { useTRPC } from '#components/trpc.ts'
import { ProblemNote } from '#components/ui/problem-note.tsx'
import classes from './setup.module.css'

/** Opens an empty study; the definition, sites and people come on its own pages. */
export function NewStudyForm({ userId }: { userId: string }) {
  const t = useTranslations('setup')
  const trpc = useTRPC()
  const create = useMutation(trpc.study.create.mutationOptions())
  const { register, handleSubmit, formState } = useForm({ defaultValues: { oid: '', name: '' } })
  const submit = handleSubmit(({ oid, name }) => {
    const label = { en: name.trim() }
    const study = oid.trim().toUpperCase()
    create.mutate(
      { oid: study, name: label, title: label, administratorId: userId },
      // A whole page load, so that the session is asked again and knows the new study.
      { onSuccess: () => window.location.assign(`/studies/${study.toLowerCase()}/definition`) },
    )
  })
  return (
    <form className={classes.form} onSubmit={submit}>
      <TextInput
        label={t('oid')}
        description={t('oidHint')}
        autoCapitalize="characters"
        spellCheck={false}
        maxLength={40}
        {...register('oid', { required: true, pattern: /^[A-Za-z][A-Za-z0-9_]*$/ })}
      />
      <TextInput label={t('name')} maxLength={120} {...register('name', { required: true })} />
      <p>{t('youAdminister')}</p>
      <ProblemNote error={create.error} />
      <Button type="submit" loading={create.isPending} disabled={!formState.isValid}>
        {t('create')}
      </Button>
    </form>
  )
}
