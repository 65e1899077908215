'use client'
import { Button, Textarea } from '@mantine/core'
import { useTranslations } from 'next-intl'
import { useForm } from 'react-hook-form'
import { Dialog } from '#components/ui/dialog.tsx'

type Props = {
  title: string
  text: string
  action: string
  busy: boolean
  problem: string | null
  onClose: () => void
  onReason: (reason: string) => unknown
}

/** Asks for the reason without which an act is not done. */
export function ReasonDialog({ title, text, action, busy, problem, onClose, onReason }: Props) {
  const t = useTranslations('form')
  const { register, handleSubmit, formState } = useForm({ defaultValues: { reason: '' } })
  return (
    <Dialog onClose={onClose} title={title}>
      <form onSubmit={handleSubmit(({ reason }) => onReason(reason.trim()))}>
        <p>{text}</p>
        <Textarea
          label={t('reasonLabel')}
          autosize
          minRows={2}
          maxLength={400}
          autoFocus
          {...register('reason', { required: true, minLength: 3 })}
        />
        {problem && <p role="alert">{problem}</p>}
        <Button type="submit" mt="md" loading={busy} disabled={!formState.isValid}>
          {action}
        </Button>
      </form>
    </Dialog>
  )
}
