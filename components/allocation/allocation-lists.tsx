'use client'

import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { inferRouterOutputs } from '@trpc/server'
import dynamic from 'next/dynamic'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useTRPC } from '#components/trpc.ts'
import { type Column, DataTable } from '#components/ui/data-table.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import { useNotify } from '#components/ui/notice.tsx'
import { EmptyState } from '#components/ui/page.tsx'
import { ProblemNote } from '#components/ui/problem-note.tsx'
import { ReasonForm } from '#components/ui/reason-form.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import type { AppRouter } from '#server/trpc/router.ts'
import css from './allocation-lists.module.css'

const MakeList = dynamic(() => import('./make-list.tsx').then((module) => module.MakeList), {
  ssr: false,
})

type Answers = inferRouterOutputs<AppRouter>['allocation']
type ListRow = Answers['lists'][number]
type Open = { kind: 'make' | 'freeze' | 'reveal'; row: ListRow }

/** The lists by stratum: made, frozen, and looked at with a reason. Never how far a list is used. */
export function AllocationLists({
  studyId,
  initial,
}: {
  studyId: string
  initial: readonly ListRow[]
}) {
  const t = useTranslations('allocation')
  const ui = useTranslations('ui')
  const format = useFormat()
  const trpc = useTRPC()
  const notify = useNotify()
  const queryClient = useQueryClient()
  const [open, setOpen] = useState<Open | null>(null)
  const [key, setKey] = useState('')
  const lists = useQuery({
    ...trpc.allocation.lists.queryOptions({ studyId }),
    initialData: initial,
  })
  const done = (words: string) => {
    void queryClient.invalidateQueries({ queryKey: trpc.allocation.pathKey() })
    notify.done(words)
    setOpen(null)
  }
  const freeze = useMutation(
    trpc.allocation.freeze.mutationOptions({ onSuccess: () => done(t('frozenNow')) }),
  )
  const reveal = useMutation(
    trpc.allocation.reveal.mutationOptions({ onSuccess: () => setOpen(null) }),
  )

  function start(kind: Open['kind'], row: ListRow) {
    setKey(crypto.randomUUID())
    setOpen({ kind, row })
  }

  const columns: Column<ListRow>[] = [
    {
      id: 'stratum',
      header: t('stratum'),
      heading: true,
      value: (row) => row.stratum,
      cell: (row) => (
        <>
          <strong>{row.stratum}</strong> {format.label(row.label)}
        </>
      ),
    },
    {
      id: 'size',
      header: t('size'),
      number: true,
      value: (row) => row.size,
      cell: (row) => (row.listId ? format.count(row.size) : '–'),
    },
    {
      id: 'state',
      header: t('state'),
      nowrap: true,
      value: (row) => row.frozenAt ?? '',
      cell: (row) =>
        row.listId === null
          ? t('none')
          : row.frozenAt
            ? t('frozen', { date: format.moment(row.frozenAt) })
            : t('draft'),
    },
    {
      id: 'checksum',
      header: t('checksum'),
      value: (row) => row.sha256,
      cell: (row) => <code className={css.hash}>{row.sha256 ?? '–'}</code>,
    },
    {
      id: 'do',
      header: t('state'),
      action: true,
      nowrap: true,
      value: () => null,
      cell: (row) => (
        <span className={css.actions}>
          {row.frozenAt ? null : (
            <Button size="compact-sm" variant="default" onClick={() => start('make', row)}>
              {t('generate')}
            </Button>
          )}
          {row.listId && !row.frozenAt ? (
            <Button size="compact-sm" onClick={() => start('freeze', row)}>
              {t('freeze')}
            </Button>
          ) : null}
          {row.listId ? (
            <Button size="compact-sm" variant="default" onClick={() => start('reveal', row)}>
              {t('reveal')}
            </Button>
          ) : null}
        </span>
      ),
    },
  ]
  const list = reveal.data

  return (
    <>
      <DataTable
        id="allocation"
        label={t('title')}
        columns={columns}
        rows={lists.data}
        rowKey={(row) => row.stratum}
        filterable={false}
        empty={
          <EmptyState icon="shuffle" title={t('emptyTitle')}>
            {t('emptyText')}
          </EmptyState>
        }
      />
      {list ? (
        <>
          <h2 className={css.title}>{t('listOf', { stratum: list.stratum })}</h2>
          <DataTable
            id="allocation-rows"
            label={t('listOf', { stratum: list.stratum })}
            columns={[
              {
                id: 'position',
                header: t('position'),
                number: true,
                value: (row) => row.position,
                cell: (row) => row.position,
              },
              {
                id: 'number',
                header: t('number'),
                heading: true,
                value: (row) => row.number,
                cell: (row) => row.number,
              },
              { id: 'arm', header: t('arm'), value: (row) => row.arm, cell: (row) => row.arm },
              {
                id: 'block',
                header: t('block'),
                number: true,
                value: (row) => row.block,
                cell: (row) => row.block,
              },
              {
                id: 'issued',
                header: t('issued'),
                value: (row) => ui(row.issued ? 'yes' : 'no'),
                cell: (row) => ui(row.issued ? 'yes' : 'no'),
              },
            ]}
            rows={list.rows}
            rowKey={(row) => String(row.position)}
            empty={null}
          />
        </>
      ) : null}
      {open?.kind === 'make' ? (
        <MakeList
          studyId={studyId}
          stratum={open.row.stratum}
          onClose={() => setOpen(null)}
          onDone={() => done(t('made'))}
        />
      ) : null}
      {open?.kind === 'freeze' ? (
        <Dialog
          title={t('freezeTitle', { stratum: open.row.stratum })}
          onClose={() => setOpen(null)}
          footer={
            <>
              <Button variant="default" onClick={() => setOpen(null)}>
                {ui('cancel')}
              </Button>
              <Button
                loading={freeze.isPending}
                onClick={() => {
                  if (open.row.listId) freeze.mutate({ studyId, listId: open.row.listId, key })
                }}
              >
                {t('freeze')}
              </Button>
            </>
          }
        >
          <p>{t('freezeText')}</p>
          <ProblemNote error={freeze.error} />
        </Dialog>
      ) : null}
      {open?.kind === 'reveal' ? (
        <ReasonForm
          title={t('revealTitle', { stratum: open.row.stratum })}
          text={t('revealText')}
          action={t('reveal')}
          busy={reveal.isPending}
          error={reveal.error}
          onClose={() => setOpen(null)}
          onSubmit={(reason) => reveal.mutate({ studyId, stratum: open.row.stratum, reason })}
        />
      ) : null}
    </>
  )
}
