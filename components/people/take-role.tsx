'use client'

import { useMutation } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useTRPC } from '#components/trpc.ts'
import { ReasonForm } from '#components/ui/reason-form.tsx'
import type { GrantView, PersonView } from './people-types.ts'

/** Takes a role back, with a reason. */
export function TakeRole({
  studyId,
  person,
  grant,
  onClose,
  onDone,
}: {
  studyId: string
  person: PersonView
  grant: GrantView
  onClose: () => void
  onDone: () => void
}) {
  const t = useTranslations('people')
  const shell = useTranslations('shell')
  const trpc = useTRPC()
  const revoke = useMutation(trpc.person.revoke.mutationOptions({ onSuccess: onDone }))
  return (
    <ReasonForm
      title={t('takeTitle', {
        role: shell(`role.${grant.role}`),
        person: person.displayName,
      })}
      text={t('takeText')}
      action={t('take')}
      busy={revoke.isPending}
      error={revoke.error}
      onClose={onClose}
      onSubmit={(reason, key) => revoke.mutate({ studyId, grantId: grant.grantId, reason, key })}
    />
  )
}
