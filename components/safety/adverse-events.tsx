'use client'

import { NativeSelect, TextInput } from '@mantine/core'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useDeferredValue, useState } from 'react'
import { formHref, subjectHref } from '#components/subject/address.ts'
import { useTRPC, useTRPCClient } from '#components/trpc.ts'
import { type Column, DataTable } from '#components/ui/data-table.tsx'
import { formGlyph, Glyph } from '#components/ui/glyph.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { EmptyState } from '#components/ui/page.tsx'
import { ProblemNote } from '#components/ui/problem-note.tsx'
import { QueryCount } from '#components/ui/status.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import { usePages } from '#components/ui/use-pages.ts'
import type { AdverseEventRow } from '#domain/casebook/views.ts'
import css from './adverse-events.module.css'
import { GradeLine } from './grade-line.tsx'

/** The library's form for adverse events. */
const adverseEventForm = 'F_AE'

type Page = { rows: readonly AdverseEventRow[]; next: string | null }

/** Adverse events of all subjects this person may see, with grades over time and the clocks of serious ones. */
export function AdverseEvents({
  studyId,
  study,
  sites,
  siteId: initialSite,
  serious: initialSerious,
  initial,
}: {
  studyId: string
  study: string
  sites: readonly { siteId: string; code: string; name: string }[]
  siteId: string | undefined
  /** The page opens with serious events alone. */
  serious: boolean
  initial: Page
}) {
  const t = useTranslations('adverseEvents')
  const ui = useTranslations('ui')
  const s = useTranslations('subjects')
  const format = useFormat()
  const trpc = useTRPC()
  const client = useTRPCClient()
  const [text, setText] = useState('')
  const [serious, setSerious] = useState(initialSerious)
  const [grade, setGrade] = useState('')
  const [siteId, setSiteId] = useState(initialSite ?? '')
  const wanted = useDeferredValue(text.trim())
  const untouched =
    !wanted && serious === initialSerious && !grade && siteId === (initialSite ?? '')
  const input = {
    studyId,
    limit: 100,
    ...(wanted ? { text: wanted } : {}),
    ...(serious ? { serious } : {}),
    ...(grade ? { minGrade: Number(grade) } : {}),
    ...(siteId ? { siteId } : {}),
  }
  const pages = usePages({
    queryKey: [...trpc.safety.adverseEvents.pathKey(), 'pages', input],
    fetch: (cursor, signal) => client.safety.adverseEvents.query({ ...input, cursor }, { signal }),
    initial: untouched ? initial : undefined,
  })
  const rows = pages.data?.pages.flatMap((page) => page.rows) ?? []

  // A surveillance may ask for no grade; then neither a column of dashes nor a filter that finds nothing.
  const graded = grade !== '' || rows.some((row) => row.grade !== null)
  const columns: Column<AdverseEventRow>[] = [
    {
      id: 'subject',
      header: s('subject'),
      heading: true,
      nowrap: true,
      value: (row) => row.subjectKey,
      cell: (row) => <Link href={subjectHref(study, row.subjectKey)}>{row.subjectKey}</Link>,
    },
    {
      id: 'term',
      header: t('term'),
      value: (row) => row.term,
      cell: (row) => (
        <Link
          prefetch={false}
          href={formHref(study, row.subjectKey, {
            event: 'LOG',
            eventRepeat: 1,
            form: adverseEventForm,
            formRepeat: row.formRepeat,
          })}
        >
          {row.term}
        </Link>
      ),
    },
    {
      id: 'from',
      header: t('from'),
      nowrap: true,
      value: (row) => row.from,
      cell: (row) => format.date(row.from),
    },
    {
      id: 'to',
      header: t('to'),
      nowrap: true,
      value: (row) => row.to ?? (row.ongoing ? t('ongoing') : null),
      cell: (row) => (row.to ? format.date(row.to) : row.ongoing ? t('ongoing') : '–'),
    },
    ...(graded ? [gradeColumn(t('grade'))] : []),
    {
      id: 'serious',
      header: t('serious'),
      nowrap: true,
      value: (row) => (row.serious === null ? null : ui(row.serious ? 'yes' : 'no')),
      cell: (row) =>
        row.serious ? (
          <span className={css.serious}>
            <Icon name="warning" size={14} /> {t('seriousYes')}
          </span>
        ) : row.serious === null ? (
          '–'
        ) : (
          ui('no')
        ),
    },
    {
      id: 'clock',
      header: t('clock'),
      nowrap: true,
      value: (row) => row.clock?.hours ?? null,
      cell: (row) =>
        row.clock ? (
          <span title={format.moment(row.clock.since)}>
            {row.clock.hours < 72
              ? ui('hours', { count: Math.floor(row.clock.hours) })
              : ui('days', { count: Math.floor(row.clock.hours / 24) })}
          </span>
        ) : (
          ''
        ),
    },
    {
      id: 'related',
      header: t('related'),
      value: (row) => row.related.join(', '),
      cell: (row) => row.related.join(', ') || '–',
    },
    {
      id: 'outcome',
      header: t('outcome'),
      value: (row) => row.outcome,
      cell: (row) => row.outcome ?? '–',
    },
    {
      id: 'state',
      header: s('state'),
      nowrap: true,
      value: (row) => ui(`formState.${row.state}`),
      cell: (row) => (
        <span className={css.state}>
          <Glyph name={formGlyph[row.state]} size={14} />
          {ui(`formState.${row.state}`)}
          <QueryCount count={row.queries} />
        </span>
      ),
    },
  ]

  return (
    <>
      {pages.error ? (
        <div style={{ margin: '0 24px 12px' }}>
          <ProblemNote error={pages.error} />
        </div>
      ) : null}
      <DataTable
        id="adverse-events"
        label={t('title')}
        columns={columns}
        rows={rows}
        rowKey={(row) => row.recordId}
        filterable={false}
        more={pages.hasNextPage ? () => void pages.fetchNextPage() : undefined}
        loadingMore={pages.isFetchingNextPage}
        marked={(row) => row.serious === true}
        filters={
          <>
            <TextInput
              aria-label={t('filterHint')}
              placeholder={t('filterHint')}
              leftSection={<Icon name="search" />}
              w={190}
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
            />
            {sites.length > 1 ? (
              <NativeSelect
                aria-label={s('site')}
                w={190}
                value={siteId}
                onChange={(event) => setSiteId(event.currentTarget.value)}
                data={[
                  { value: '', label: s('allSites') },
                  ...sites.map((site) => ({
                    value: site.siteId,
                    label: `${site.code} ${site.name}`,
                  })),
                ]}
              />
            ) : null}
            {graded ? (
              <NativeSelect
                aria-label={t('minGrade')}
                w={140}
                value={grade}
                onChange={(event) => setGrade(event.currentTarget.value)}
                data={[
                  { value: '', label: t('anyGrade') },
                  ...[2, 3, 4, 5].map((one) => ({
                    value: String(one),
                    label: t('gradeFrom', { grade: one }),
                  })),
                ]}
              />
            ) : null}
            <button
              type="button"
              className={css.toggle}
              aria-pressed={serious}
              onClick={() => setSerious(!serious)}
            >
              {t('onlySerious')}
            </button>
          </>
        }
        empty={
          <EmptyState icon="heart" title={t(untouched && !serious ? 'emptyTitle' : 'noMatch')}>
            {untouched && !serious ? t('emptyText') : null}
          </EmptyState>
        }
      />
    </>
  )
}

const gradeColumn = (header: string): Column<AdverseEventRow> => ({
  id: 'grade',
  header,
  value: (row) => row.grade,
  cell: (row) => (
    <span className={css.grade}>
      <strong data-high={(row.grade ?? 0) >= 3 || undefined}>{row.grade ?? '–'}</strong>
      <GradeLine grades={row.grades} />
    </span>
  ),
})
