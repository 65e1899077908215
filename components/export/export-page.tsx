'use client'

import { Button, NativeSelect } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useTRPC } from '#components/trpc.ts'
import { type Column, DataTable } from '#components/ui/data-table.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { useNotify } from '#components/ui/notice.tsx'
import { EmptyState, PageHeader, Section, SkeletonLines } from '#components/ui/page.tsx'
import { ProblemNote } from '#components/ui/problem-note.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import type { CutSummary } from '#domain/analysis/cut-views.ts'
import type { ExportRow } from '#domain/casebook/views.ts'
import type { Label } from '#domain/definition/definition.ts'
import { AnalysisSets } from './analysis-sets.tsx'
import css from './export-page.module.css'

/** Look at the first rows of a form's file, download all of them, and find what was taken before. */
export function ExportPage({
  studyId,
  forms,
  history: initialHistory,
  cuts,
}: {
  studyId: string
  forms: readonly { oid: string; label: Label }[]
  history: readonly ExportRow[]
  cuts: readonly Pick<CutSummary, 'number' | 'name'>[]
}) {
  const t = useTranslations('export')
  const format = useFormat()
  const trpc = useTRPC()
  const notify = useNotify()
  const queryClient = useQueryClient()
  const [form, setForm] = useState('')
  const preview = useQuery({
    ...trpc.export.preview.queryOptions({ studyId, form }),
    enabled: form !== '',
  })
  const history = useQuery({
    ...trpc.export.history.queryOptions({ studyId }),
    initialData: initialHistory,
    staleTime: 10_000,
  })

  function taken() {
    notify.done(t('making'))
    // The row is written when the file is complete, a moment after the download began.
    window.setTimeout(
      () => void queryClient.invalidateQueries(trpc.export.history.queryFilter()),
      4000,
    )
  }

  const columns: Column<ExportRow>[] = [
    {
      id: 'at',
      header: t('at'),
      heading: true,
      nowrap: true,
      value: (row) => row.at,
      cell: (row) => format.moment(row.at),
    },
    { id: 'who', header: t('who'), value: (row) => row.who, cell: (row) => row.who },
    { id: 'kind', header: t('kind'), value: (row) => row.kind, cell: (row) => row.kind },
    {
      id: 'subjects',
      header: t('subjects'),
      number: true,
      value: (row) => row.subjects,
      cell: (row) => format.count(row.subjects),
    },
    {
      id: 'forms',
      header: t('forms'),
      number: true,
      value: (row) => row.forms,
      cell: (row) => format.count(row.forms),
    },
    {
      id: 'size',
      header: t('size'),
      number: true,
      nowrap: true,
      value: (row) => row.bytes,
      cell: (row) => format.bytes(row.bytes),
    },
    {
      id: 'version',
      header: t('version'),
      number: true,
      value: (row) => row.studyVersion,
      cell: (row) => row.studyVersion,
    },
    {
      id: 'checksum',
      header: t('checksum'),
      value: (row) => row.sha256,
      cell: (row) => <code className={css.hash}>{row.sha256}</code>,
    },
  ]

  return (
    <>
      <PageHeader
        title={t('title')}
        actions={
          <Button
            component="a"
            href={`/api/studies/${studyId}/export.zip`}
            download
            leftSection={<Icon name="download" />}
            onClick={taken}
          >
            {t('all')}
          </Button>
        }
      >
        <p className={css.text}>{t('text')}</p>
      </PageHeader>
      <Section
        id="preview"
        title={t('preview')}
        aside={preview.data ? t('rows', { count: preview.data.rows.length }) : null}
      >
        <NativeSelect
          aria-label={t('form')}
          className={css.choose}
          value={form}
          onChange={(event) => setForm(event.currentTarget.value)}
          data={[
            { value: '', label: t('choose') },
            ...forms.map((one) => ({
              value: one.oid,
              label: `${format.label(one.label)} (${one.oid})`,
            })),
          ]}
        />
        <ProblemNote error={preview.error} />
        {preview.isLoading ? <SkeletonLines lines={6} /> : null}
        {preview.data && preview.data.rows.length === 0 ? <p>{t('previewNone')}</p> : null}
        {preview.data && preview.data.rows.length > 0 ? (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
          <div className={css.preview} tabIndex={0}>
            <table className={css.table} aria-label={t('preview')}>
              <thead>
                <tr>
                  {preview.data.columns.map((column) => (
                    <th scope="col" key={column}>
                      {column}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {preview.data.rows.map((row, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: rows of a file have no identity but their place
                  <tr key={index}>
                    {row.map((cell, column) => (
                      <td key={preview.data.columns[column]}>{cell}</td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        ) : null}
      </Section>
      <AnalysisSets studyId={studyId} cuts={cuts} onTaken={taken} />
      <Section id="history" title={t('history')}>
        <ProblemNote error={history.error} />
        <div className={css.history}>
          <DataTable
            id="exports"
            label={t('history')}
            columns={columns}
            rows={history.data}
            rowKey={(row) => row.exportId}
            empty={
              <EmptyState icon="download" title={t('emptyTitle')}>
                {t('emptyText')}
              </EmptyState>
            }
          />
        </div>
      </Section>
    </>
  )
}
