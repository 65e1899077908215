'use client'
import { NativeSelect } from '@mantine/core'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { type Column, DataTable } from '#components/ui/data-table.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import type { SubjectImpact } from '#domain/casebook/amendment-views.ts'
import css from './amendment.module.css'
import { impactPath } from './impact-address.ts'
import {
  type ImpactFilter,
  impactCounts,
  impactFilters,
  matches,
  totalOf,
} from './impact-filter.ts'

/** Numbers by subject with their sum, filtered by what happens; as CSV from the table's own button. */
export function ImpactTable({
  rows,
  studyPath,
  version,
}: {
  rows: readonly SubjectImpact[]
  studyPath: string
  version: number
}) {
  const t = useTranslations('amendment')
  const format = useFormat()
  const [filter, setFilter] = useState<ImpactFilter>('all')
  const liveText = (row: SubjectImpact) =>
    row.live
      ? t('impact.isLive')
      : row.goLiveOn === null
        ? t('impact.notLive')
        : t('impact.goLive', { on: format.date(row.goLiveOn) })
  const columns: Column<SubjectImpact>[] = [
    {
      id: 'subject',
      header: t('impact.subject'),
      heading: true,
      nowrap: true,
      value: (row) => row.subjectKey,
      cell: (row) => (
        <Link href={impactPath(studyPath, row.subjectKey, version)} prefetch={false}>
          {row.subjectKey}
        </Link>
      ),
    },
    {
      id: 'live',
      header: t('impact.live'),
      nowrap: true,
      value: liveText,
      cell: liveText,
    },
    {
      id: 'from',
      header: t('impact.from'),
      number: true,
      value: (row) => row.from,
      cell: (row) => row.from,
    },
    ...impactCounts.map(
      ({ id, count }): Column<SubjectImpact> => ({
        id,
        header: t(`impact.${id}`),
        number: true,
        value: count,
        cell: (row) => format.count(count(row)),
      }),
    ),
  ]
  return (
    <>
      <dl className={css.totals}>
        {impactCounts.map(({ id, count }) => (
          <div key={id} data-empty={totalOf(rows, count) === 0}>
            <dt>{t(`impact.${id}`)}</dt>
            <dd>{format.count(totalOf(rows, count))}</dd>
          </div>
        ))}
      </dl>
      <div className={css.list}>
        <DataTable
          id="amendment-impact"
          label={t('impact.title')}
          columns={columns}
          rows={rows.filter((row) => matches(row, filter))}
          rowKey={(row) => row.subjectId}
          empty={t('impact.empty')}
          marked={(row) => row.signatures.length > 0}
          filters={
            <NativeSelect
              aria-label={t('impact.show')}
              value={filter}
              onChange={(event) => setFilter(event.currentTarget.value as ImpactFilter)}
              data={impactFilters.map((value) => ({ value, label: t(`impact.filter.${value}`) }))}
            />
          }
        />
      </div>
    </>
  )
}
