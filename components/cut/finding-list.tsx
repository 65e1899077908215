'use client'

import { NativeSelect } from '@mantine/core'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { formHref, subjectHref, visitHref } from '#components/subject/address.ts'
import { useTRPC, useTRPCClient } from '#components/trpc.ts'
import { type Column, DataTable } from '#components/ui/data-table.tsx'
import { EmptyState } from '#components/ui/page.tsx'
import { ProblemNote } from '#components/ui/problem-note.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import { usePages } from '#components/ui/use-pages.ts'
import type { OpenFinding, OpenFindings } from '#domain/analysis/cut-checklist.ts'
import type { OpenLineId } from '#domain/analysis/cut-views.ts'
import css from './cut.module.css'

/** The findings that a line of the cleaning checklist counts, each with a link to where it is put right. */
export function FindingList({
  studyId,
  study,
  line,
  sites,
  site: initialSite,
  initial,
}: {
  studyId: string
  study: string
  line: OpenLineId
  sites: readonly { code: string; name: string }[]
  site: string | undefined
  initial: OpenFindings
}) {
  const t = useTranslations('cut')
  const ui = useTranslations('ui')
  const format = useFormat()
  const trpc = useTRPC()
  const client = useTRPCClient()
  const [site, setSite] = useState(initialSite ?? '')
  const input = { studyId, line, limit: 100, ...(site === '' ? {} : { site }) }
  const pages = usePages({
    queryKey: [...trpc.cut.findings.pathKey(), 'pages', input],
    fetch: (cursor, signal) => client.cut.findings.query({ ...input, cursor }, { signal }),
    initial: site === (initialSite ?? '') ? initial : undefined,
  })
  const rows = pages.data?.pages.flatMap((page) => page.rows) ?? []
  const has = (part: 'event' | 'form' | 'detail') => rows.some((row) => row[part] !== null)
  const name = (part: OpenFinding['event']) =>
    part ? `${format.label(part.label)}${part.repeat > 1 ? ` ${part.repeat}` : ''}` : ''
  const detail = (row: OpenFinding) =>
    line === 'visitsOverdue' ? format.date(row.detail?.en) : format.label(row.detail ?? { en: '' })
  const where = (row: OpenFinding) => {
    const { event, form, subjectKey } = row
    if (event && form) {
      const key = { event: event.oid, eventRepeat: event.repeat, form: form.oid }
      return formHref(study, subjectKey, { ...key, formRepeat: form.repeat })
    }
    if (event) return visitHref(study, subjectKey, event.oid, event.repeat)
    const subject = subjectHref(study, subjectKey)
    return line === 'endpointsUndecided' ? `${subject}/endpoints` : subject
  }
  const columns: Column<OpenFinding>[] = [
    {
      id: 'site',
      header: t('list.site'),
      nowrap: true,
      value: (row) => row.siteCode,
      cell: (row) => row.siteCode,
    },
    {
      id: 'subject',
      header: t('list.subject'),
      heading: true,
      nowrap: true,
      value: (row) => row.subjectKey,
      cell: (row) => (
        <Link
          href={where(row)}
          prefetch={false}
          aria-label={[row.subjectKey, name(row.event), name(row.form)].filter(Boolean).join(', ')}
        >
          {row.subjectKey}
        </Link>
      ),
    },
    ...(has('event')
      ? [
          {
            id: 'event',
            header: t('list.visit'),
            value: (row: OpenFinding) => name(row.event),
            cell: (row: OpenFinding) => name(row.event),
          },
        ]
      : []),
    ...(has('form')
      ? [
          {
            id: 'form',
            header: t('list.form'),
            value: (row: OpenFinding) => name(row.form),
            cell: (row: OpenFinding) => name(row.form),
          },
        ]
      : []),
    ...(has('detail')
      ? [
          {
            id: 'detail',
            header: t(line === 'visitsOverdue' ? 'list.closed' : 'list.detail'),
            value: detail,
            cell: detail,
          },
        ]
      : []),
  ]
  return (
    <div className={css.list}>
      <ProblemNote error={pages.error} />
      <DataTable
        id={`cut-open-${line}`}
        label={t(`lines.${line}.title`)}
        columns={columns}
        rows={rows}
        rowKey={(row) => row.place}
        more={pages.hasNextPage ? () => void pages.fetchNextPage() : undefined}
        loadingMore={pages.isFetchingNextPage}
        filters={
          sites.length > 1 ? (
            <NativeSelect
              aria-label={t('list.site')}
              value={site}
              onChange={(event) => setSite(event.currentTarget.value)}
              data={[
                { value: '', label: t('check.all') },
                ...sites.map(({ code, name }) => ({ value: code, label: `${code} ${name}` })),
              ]}
            />
          ) : undefined
        }
        empty={
          pages.isPending ? (
            <p role="status">{ui('loading')}</p>
          ) : (
            <EmptyState icon="check" title={t('list.emptyTitle')}>
              {t('list.emptyText')}
            </EmptyState>
          )
        }
      />
    </div>
  )
}
