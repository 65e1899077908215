'use client'

import { Button, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useTRPC } from '#components/trpc.ts'
import { type Column, DataTable } from '#components/ui/data-table.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { useNotify } from '#components/ui/notice.tsx'
import { EmptyState, Section } from '#components/ui/page.tsx'
import { ProblemNote } from '#components/ui/problem-note.tsx'
import { ReasonForm } from '#components/ui/reason-form.tsx'
import css from './people-page.module.css'
import type { SiteView } from './people-types.ts'

/** Sites with their plan; opened and closed with a reason. */
export function SiteTable({
  studyId,
  initial,
}: {
  studyId: string
  initial: { rows: readonly SiteView[]; abilities: { manage: boolean } }
}) {
  const t = useTranslations('people')
  const trpc = useTRPC()
  const notify = useNotify()
  const queryClient = useQueryClient()
  const [adding, setAdding] = useState(false)
  const [switching, setSwitching] = useState<SiteView | null>(null)
  const sites = useQuery({
    ...trpc.site.list.queryOptions({ studyId }),
    initialData: initial,
  })
  const refresh = () => queryClient.invalidateQueries({ queryKey: trpc.site.pathKey() })
  const setOpen = useMutation(
    trpc.site.setOpen.mutationOptions({
      onSuccess: () => {
        void refresh()
        setSwitching(null)
      },
    }),
  )
  const { manage } = sites.data.abilities

  const columns: Column<SiteView>[] = [
    {
      id: 'code',
      header: t('siteCode'),
      heading: true,
      value: (site) => site.code,
      cell: (site) => <strong>{site.code}</strong>,
    },
    { id: 'name', header: t('siteName'), value: (site) => site.name, cell: (site) => site.name },
    {
      id: 'subjects',
      header: t('subjects'),
      number: true,
      value: (site) => site.subjects,
      cell: (site) => site.subjects ?? '–',
    },
    {
      id: 'planned',
      header: t('planned'),
      number: true,
      value: (site) => site.planned,
      cell: (site) => site.planned ?? '–',
    },
    {
      id: 'version',
      header: t('version'),
      number: true,
      value: (site) => site.versionNumber,
      cell: (site) => site.versionNumber,
    },
    {
      id: 'open',
      header: t('open'),
      nowrap: true,
      value: (site) => t(site.open ? 'open' : 'closed'),
      cell: (site) => (
        <>
          {t(site.open ? 'open' : 'closed')}{' '}
          {manage ? (
            <button type="button" className={css.take} onClick={() => setSwitching(site)}>
              {t(site.open ? 'closeDo' : 'openDo')}
            </button>
          ) : null}
        </>
      ),
    },
  ]

  return (
    <Section
      id="sites"
      title={t('sites')}
      aside={
        manage ? (
          <Button
            variant="default"
            size="compact-sm"
            leftSection={<Icon name="plus" size={14} />}
            onClick={() => setAdding(true)}
          >
            {t('addSite')}
          </Button>
        ) : null
      }
    >
      <div className={css.table}>
        <DataTable
          id="sites"
          label={t('sites')}
          columns={columns}
          rows={sites.data.rows}
          rowKey={(site) => site.siteId}
          filterable={false}
          empty={<EmptyState title={t('siteEmptyTitle')}>{t('siteEmptyText')}</EmptyState>}
        />
      </div>
      {adding ? (
        <AddSite
          studyId={studyId}
          onClose={() => setAdding(false)}
          onDone={() => {
            void refresh()
            notify.done(t('siteAdded'))
            setAdding(false)
          }}
        />
      ) : null}
      {switching ? (
        <ReasonForm
          title={t(switching.open ? 'closeTitle' : 'openTitle', { site: switching.code })}
          action={t(switching.open ? 'closeDo' : 'openDo')}
          busy={setOpen.isPending}
          error={setOpen.error}
          onClose={() => setSwitching(null)}
          onSubmit={(reason, key) =>
            setOpen.mutate({
              studyId,
              siteId: switching.siteId,
              open: !switching.open,
              reason,
              key,
            })
          }
        />
      ) : null}
    </Section>
  )
}

function AddSite({
  studyId,
  onClose,
  onDone,
}: {
  studyId: string
  onClose: () => void
  onDone: () => void
}) {
  const t = useTranslations('people')
  const ui = useTranslations('ui')
  const trpc = useTRPC()
  const [code, setCode] = useState('')
  const [name, setName] = useState('')
  const [planned, setPlanned] = useState('')
  const [key] = useState(() => crypto.randomUUID())
  const create = useMutation(trpc.site.create.mutationOptions({ onSuccess: onDone }))
  return (
    <Dialog title={t('addSite')} onClose={onClose}>
      <form
        className={css.form}
        onSubmit={(event) => {
          event.preventDefault()
          create.mutate({
            studyId,
            code: code.trim().toUpperCase(),
            name: name.trim(),
            planned: planned.trim() === '' ? null : Number(planned),
            key,
          })
        }}
      >
        <TextInput
          label={t('siteCode')}
          description={t('siteCodeHint')}
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
          pattern="[A-Za-z0-9]{1,8}"
          required
        />
        <TextInput
          label={t('siteName')}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          maxLength={200}
          required
        />
        <TextInput
          label={t('planned')}
          value={planned}
          onChange={(event) => setPlanned(event.currentTarget.value)}
          inputMode="numeric"
          pattern="[0-9]{0,6}"
        />
        <ProblemNote error={create.error} />
        <div className={css.actions}>
          <Button variant="default" onClick={onClose}>
            {ui('cancel')}
          </Button>
          <Button type="submit" loading={create.isPending}>
            {t('addSite')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
