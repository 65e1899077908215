'use client'

import { Button, NativeSelect } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useTRPC } from '#components/trpc.ts'
import { DateInput, isIsoDate, todayHere } from '#components/ui/date-input.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import { useNotify } from '#components/ui/notice.tsx'
import { ProblemNote } from '#components/ui/problem-note.tsx'
import type { MatrixView } from '#domain/casebook/views.ts'
import { subjectHref } from './address.ts'

/** Site and day; the server gives the number. */
export function NewSubject({
  studyId,
  study,
  sites,
  chosenSite,
  onClose,
}: {
  studyId: string
  study: string
  sites: MatrixView['sites']
  chosenSite: string | null
  onClose: () => void
}) {
  const t = useTranslations('subjects.new')
  const ui = useTranslations('ui')
  const trpc = useTRPC()
  const router = useRouter()
  const notify = useNotify()
  const queryClient = useQueryClient()
  const [siteId, setSiteId] = useState(
    chosenSite ?? (sites.length === 1 ? (sites[0]?.siteId ?? '') : ''),
  )
  const [screenedOn, setScreenedOn] = useState(todayHere)
  // One intention, one key: pressing twice, or again after a lost answer, adds one subject.
  const [key] = useState(() => crypto.randomUUID())
  const screen = useMutation(
    trpc.subject.screen.mutationOptions({
      onSuccess: ({ subjectKey }) => {
        notify.done(t('done', { subject: subjectKey }))
        void queryClient.invalidateQueries()
        onClose()
        router.push(subjectHref(study, subjectKey))
      },
    }),
  )
  return (
    <Dialog title={t('title')} onClose={onClose}>
      <form
        style={{ display: 'grid', gap: 14 }}
        onSubmit={(event) => {
          event.preventDefault()
          if (isIsoDate(screenedOn)) screen.mutate({ studyId, siteId, screenedOn, key })
        }}
      >
        <p>{t('text')}</p>
        <NativeSelect
          label={t('site')}
          value={siteId}
          required
          onChange={(event) => setSiteId(event.currentTarget.value)}
          data={[
            { value: '', label: t('chooseSite'), disabled: true },
            ...sites.map((site) => ({ value: site.siteId, label: `${site.code} ${site.name}` })),
          ]}
        />
        <DateInput
          label={t('date')}
          value={screenedOn}
          onChange={setScreenedOn}
          max={todayHere()}
          required
        />
        <ProblemNote error={screen.error} />
        <div style={{ display: 'flex', justifyContent: 'flex-end', gap: 8 }}>
          <Button variant="default" onClick={onClose}>
            {ui('cancel')}
          </Button>
          <Button type="submit" loading={screen.isPending} disabled={!siteId}>
            {t('create')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
