'use client'

import { Button, NativeSelect } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useTRPC } from '#components/trpc.ts'
import { Dialog } from '#components/ui/dialog.tsx'
import { ProblemNote } from '#components/ui/problem-note.tsx'
import { type Role, roles } from '#domain/access/permissions.ts'
import css from './people-page.module.css'
import type { PersonView, SiteView } from './people-types.ts'

/** A role for one site or for all of them. */
export function GiveRole({
  studyId,
  person,
  sites,
  onClose,
  onDone,
}: {
  studyId: string
  person: Pick<PersonView, 'userId' | 'displayName'>
  sites: readonly SiteView[]
  onClose: () => void
  onDone: () => void
}) {
  const t = useTranslations('people')
  const shell = useTranslations('shell')
  const ui = useTranslations('ui')
  const trpc = useTRPC()
  const [role, setRole] = useState<Role>('coordinator')
  const [siteId, setSiteId] = useState('')
  const [key] = useState(() => crypto.randomUUID())
  const grant = useMutation(trpc.person.grant.mutationOptions({ onSuccess: onDone }))
  return (
    <Dialog title={t('giveTitle', { person: person.displayName })} onClose={onClose}>
      <form
        className={css.form}
        onSubmit={(event) => {
          event.preventDefault()
          grant.mutate({ studyId, userId: person.userId, role, siteId: siteId || null, key })
        }}
      >
        <NativeSelect
          label={t('role')}
          value={role}
          onChange={(event) => setRole(event.currentTarget.value as Role)}
          data={roles.map((one) => ({ value: one, label: shell(`role.${one}`) }))}
        />
        <NativeSelect
          label={t('reach')}
          value={siteId}
          onChange={(event) => setSiteId(event.currentTarget.value)}
          data={[
            { value: '', label: t('everySite') },
            ...sites.map((site) => ({ value: site.siteId, label: `${site.code} ${site.name}` })),
          ]}
        />
        <ProblemNote error={grant.error} />
        <div className={css.actions}>
          <Button variant="default" onClick={onClose}>
            {ui('cancel')}
          </Button>
          <Button type="submit" loading={grant.isPending}>
            {t('give')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
