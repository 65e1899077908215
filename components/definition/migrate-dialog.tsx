'use client'
import { Button, Checkbox, Textarea } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useTRPC } from '#components/trpc.ts'
import { Dialog } from '#components/ui/dialog.tsx'
import { useNotify } from '#components/ui/notice.tsx'
import { ProblemNote } from '#components/ui/problem-note.tsx'
import type { SiteVersions } from '#domain/casebook/amendment-views.ts'
import css from './amendment.module.css'

/** Which sites' subjects are taken along, and why. */
export function MigrateDialog({
  studyId,
  version,
  sites,
  onClose,
  onStarted,
}: {
  studyId: string
  version: number
  sites: readonly SiteVersions[]
  onClose: () => void
  onStarted: () => void
}) {
  const t = useTranslations('amendment')
  const ui = useTranslations('ui')
  const trpc = useTRPC()
  const notify = useNotify()
  const live = sites.filter(({ inForce }) => inForce >= version)
  const [chosen, setChosen] = useState<readonly string[]>(live.map(({ siteId }) => siteId))
  const [reason, setReason] = useState('')
  const [key] = useState(() => crypto.randomUUID())
  const start = useMutation(
    trpc.amendment.migrate.mutationOptions({
      onSuccess: ({ total }) => {
        notify.done(t('migrate.started', { total }))
        onStarted()
      },
    }),
  )
  return (
    <Dialog title={t('migrate.title', { version })} onClose={onClose}>
      <form
        className={css.form}
        onSubmit={(event) => {
          event.preventDefault()
          const siteIds = [...chosen]
          start.mutate({ studyId, version, siteIds, reason: reason.trim(), key })
        }}
      >
        <p>{t('migrate.text')}</p>
        <fieldset className={css.sites}>
          <legend>{t('migrate.sites')}</legend>
          {live.length === 0 ? <p className={css.quiet}>{t('migrate.noneLive')}</p> : null}
          {live.map(({ siteId, code, name }) => (
            <Checkbox
              key={siteId}
              label={`${code} ${name}`}
              checked={chosen.includes(siteId)}
              onChange={(event) =>
                setChosen(
                  event.currentTarget.checked
                    ? [...chosen, siteId]
                    : chosen.filter((id) => id !== siteId),
                )
              }
            />
          ))}
        </fieldset>
        <Textarea
          label={ui('reason')}
          description={ui('reasonHint')}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          maxLength={1000}
          autosize
          minRows={2}
          required
        />
        <ProblemNote error={start.error} />
        <div className={css.actions}>
          <Button variant="default" onClick={onClose}>
            {ui('cancel')}
          </Button>
          <Button
            type="submit"
            loading={start.isPending}
            disabled={reason.trim() === '' || chosen.length === 0}
          >
            {t('migrate.start')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
