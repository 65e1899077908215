'use client'

import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { type Column, DataTable } from '#components/ui/data-table.tsx'
import { EmptyState } from '#components/ui/page.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import type { CutSummary } from '#domain/analysis/cut-views.ts'
import { Conditions, useConditions } from './conditions.tsx'
import css from './cut.module.css'
import { HashText } from './hash-text.tsx'

/** Every cut of a study, the newest first. */
export function CutList({ study, cuts }: { study: string; cuts: readonly CutSummary[] }) {
  const t = useTranslations('cut')
  const format = useFormat()
  const conditions = useConditions()
  const columns: Column<CutSummary>[] = [
    {
      id: 'number',
      header: t('number'),
      number: true,
      value: (cut) => cut.number,
      cell: (cut) => cut.number,
    },
    {
      id: 'name',
      header: t('name'),
      heading: true,
      nowrap: true,
      value: (cut) => cut.name,
      cell: (cut) => (
        <Link href={`/studies/${study}/cuts/${cut.number}`} prefetch={false}>
          {cut.name}
        </Link>
      ),
    },
    {
      id: 'purpose',
      header: t('purpose'),
      value: (cut) => t(`purposes.${cut.purpose}`),
      cell: (cut) => t(`purposes.${cut.purpose}`),
    },
    {
      id: 'asOf',
      header: t('asOf'),
      nowrap: true,
      value: (cut) => cut.asOf,
      cell: (cut) => format.moment(cut.asOf),
    },
    {
      id: 'version',
      header: t('version'),
      value: (cut) => cut.version.label,
      cell: (cut) => cut.version.label,
    },
    {
      id: 'arms',
      header: t('arms'),
      nowrap: true,
      value: (cut) => t(`armViews.${cut.arms}`),
      cell: (cut) => t(`armViews.${cut.arms}`),
    },
    {
      id: 'parameters',
      header: t('facts.parameters'),
      value: ({ parameters, names }) => conditions(parameters, names).join('; '),
      cell: ({ parameters, names }) => <Conditions lines={conditions(parameters, names)} />,
    },
    {
      id: 'subjects',
      header: t('subjects'),
      number: true,
      value: (cut) => cut.subjects,
      cell: (cut) => format.count(cut.subjects),
    },
    {
      id: 'open',
      header: t('open'),
      number: true,
      value: (cut) => cut.open,
      cell: (cut) => format.count(cut.open),
    },
    {
      id: 'takenBy',
      header: t('takenBy'),
      value: (cut) => cut.takenBy,
      cell: (cut) => cut.takenBy,
    },
    {
      id: 'hash',
      header: t('hash'),
      nowrap: true,
      value: (cut) => cut.sha256,
      cell: (cut) => <HashText hash={cut.sha256} />,
    },
  ]
  return (
    <div className={css.list}>
      <DataTable
        id="cuts"
        label={t('title')}
        columns={columns}
        rows={cuts}
        rowKey={(cut) => String(cut.number)}
        empty={
          <EmptyState icon="lock" title={t('emptyTitle')}>
            {t('emptyText')}
          </EmptyState>
        }
      />
    </div>
  )
}
