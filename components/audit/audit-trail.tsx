'use client'

import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { inferRouterOutputs } from '@trpc/server'
import Link from 'next/link'
import { useLocale, useMessages, useTranslations } from 'next-intl'
import { useDeferredValue, useState } from 'react'
import { subjectHref } from '#components/subject/address.ts'
import { useTRPC, useTRPCClient } from '#components/trpc.ts'
import { DateInput, isIsoDate } from '#components/ui/date-input.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { EmptyState, PageHeader } from '#components/ui/page.tsx'
import { ProblemNote } from '#components/ui/problem-note.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import { usePages } from '#components/ui/use-pages.ts'
import { languageOf } from '#domain/definition/label-text.ts'
import type { AppRouter } from '#server/trpc/router.ts'
import { actionText, columnText, columnValueText } from './action-text.ts'
import css from './audit-trail.module.css'
import { languageText, storedWords } from './stored-text.ts'

type Trail = inferRouterOutputs<AppRouter>['audit']['trail']
type AuditRow = Trail['rows'][number]
type Change = AuditRow['changes'][number]

/** Everything that changed in the study, newest first, by subject, action and time. */
export function AuditTrail({
  studyId,
  study,
  initial,
}: {
  studyId: string
  study: string
  initial: Trail
}) {
  const t = useTranslations('audit')
  const ui = useTranslations('ui')
  const trpc = useTRPC()
  const client = useTRPCClient()
  const messages = useMessages() as { audit: { action: Record<string, string> } }
  const [text, setText] = useState('')
  const [action, setAction] = useState('')
  const [from, setFrom] = useState('')
  const [to, setTo] = useState('')
  const wanted = useDeferredValue(text.trim())
  const found = useQuery({
    ...trpc.subject.find.queryOptions({ studyId, text: wanted }),
    enabled: wanted !== '',
  })
  const subject = found.data?.find((one) => one.subjectKey === wanted) ?? null
  const waiting = wanted !== '' && !subject
  const untouched = wanted === '' && action === '' && !isIsoDate(from) && !isIsoDate(to)
  const input = {
    studyId,
    limit: 100,
    ...(subject ? { subjectId: subject.subjectId } : {}),
    ...(action ? { action } : {}),
    ...(isIsoDate(from) ? { from: `${from}T00:00:00Z` } : {}),
    ...(isIsoDate(to) ? { to: `${to}T23:59:59.999Z` } : {}),
  }
  const pages = usePages({
    queryKey: [...trpc.audit.trail.pathKey(), 'pages', input],
    fetch: (cursor, signal) => client.audit.trail.query({ ...input, cursor }, { signal }),
    initial: untouched ? initial : undefined,
    enabled: !waiting,
  })
  const rows = pages.data?.pages.flatMap((page) => page.rows) ?? []

  return (
    <>
      <PageHeader title={t('title')}>
        <p className={css.text}>{t('text')}</p>
      </PageHeader>
      <search className={css.filters}>
        <TextInput
          label={t('filters.subject')}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          leftSection={<Icon name="search" />}
          error={waiting && found.isFetched ? t('noSubject') : undefined}
          w={170}
        />
        <NativeSelect
          label={t('filters.action')}
          value={action}
          onChange={(event) => setAction(event.currentTarget.value)}
          w={220}
          data={[
            { value: '', label: t('filters.anyAction') },
            ...Object.entries(messages.audit.action).map(([key, words]) => ({
              value: key.replace('-', '.'),
              label: words,
            })),
          ]}
        />
        <DateInput label={t('filters.from')} value={from} onChange={setFrom} width={150} />
        <DateInput label={t('filters.to')} value={to} onChange={setTo} width={150} />
      </search>
      <div className={css.error}>
        <ProblemNote error={pages.error} />
      </div>
      {rows.length === 0 && !pages.isFetching ? (
        <EmptyState icon="audit" title={t('emptyTitle')}>
          {t('emptyText')}
        </EmptyState>
      ) : (
        <ol className={css.list} aria-busy={pages.isPlaceholderData}>
          {rows.map((row) => (
            <Entry key={row.auditId} row={row} study={study} />
          ))}
        </ol>
      )}
      {pages.hasNextPage ? (
        <div className={css.more}>
          <Button
            variant="default"
            loading={pages.isFetchingNextPage}
            onClick={() => void pages.fetchNextPage()}
          >
            {ui('more')}
          </Button>
        </div>
      ) : null}
    </>
  )
}

const shownChanges = 8

/** Columns that say where and when, which the row says already. */
function isTechnical(path: string): boolean {
  return /(^|_)(id|at|by|place|hash|revision|number|count|key)$/.test(path)
}

function Entry({ row, study }: { row: AuditRow; study: string }) {
  const t = useTranslations('audit')
  const ui = useTranslations('ui')
  const shell = useTranslations('shell')
  const query = useTranslations('query')
  const format = useFormat()
  const language = languageOf(useLocale())
  const [all, setAll] = useState(false)
  // Values come first; keys and clocks of the database are there for who asks for all of it.
  const values = row.changes.filter((change) => !isTechnical(change.path))
  const changes = all
    ? [...values, ...row.changes.filter((change) => isTechnical(change.path))]
    : values.slice(0, shownChanges)
  const words = ({ path, label }: Change, value: Change['old']) => {
    const ofColumn =
      label === null
        ? (columnValueText(row.entity, path, value, { audit: t, ui, query, shell }) ??
          languageText(value, language))
        : null
    return ofColumn ?? storedWords(value, language) ?? ui('nothingEntered')
  }
  return (
    <li className={css.entry}>
      <div className={css.when}>
        <time dateTime={row.at}>{format.moment(row.at)}</time>
        <span className={css.quiet}>{t('seq', { seq: row.seq })}</span>
      </div>
      <div className={css.who}>
        <span>{row.who === 'system' ? t('system') : row.who}</span>
        <span className={css.quiet}>
          {shell.has(`role.${row.role}`) ? shell(`role.${row.role}`) : row.role}
        </span>
      </div>
      <div className={css.what}>
        <div>
          <strong>{actionText(row.action, t)}</strong>{' '}
          {row.subjectKey ? (
            <Link href={subjectHref(study, row.subjectKey)} prefetch={false}>
              {row.subjectKey}
            </Link>
          ) : null}{' '}
          <span className={css.quiet}>
            {[
              row.entity !== 'form_record' && t.has(`entity.${row.entity}`)
                ? t(`entity.${row.entity}`)
                : '',
              row.placeLabels?.map((label) => format.label(label)).join(' / ') ?? row.place ?? '',
              values.length > 0 ? t('changed', { count: values.length }) : '',
            ]
              .filter((part) => part !== '')
              .join(' · ')}
            {row.version === null ? '' : ` · ${t('history.version', { version: row.version })}`}
          </span>
        </div>
        {row.reason ? (
          <p>
            <span className={css.quiet}>{t('history.why')}</span> {row.reason}
          </p>
        ) : null}
        {changes.length > 0 ? (
          <ul className={css.changes}>
            {changes.map((change) => (
              <li key={change.path}>
                <span className={css.path} title={change.path}>
                  {format.label(change.label) || columnText(row.entity, change.path, t) || (
                    <code>{change.path}</code>
                  )}
                  {all ? <code className={css.raw}>{change.path}</code> : null}
                </span>
                <span className={css.quiet}>{words(change, change.old)}</span>
                <span aria-hidden="true"> → </span>
                <span className="cb-hidden">{t('history.became')}</span>
                {words(change, change.new)}
                {change.reason && change.reason !== row.reason ? (
                  <span className={css.quiet}>
                    {' '}
                    ({t('history.why')} {change.reason})
                  </span>
                ) : null}
              </li>
            ))}
          </ul>
        ) : null}
        {row.changes.length > changes.length ? (
          <button type="button" className={css.rest} onClick={() => setAll(true)}>
            {ui('more')} ({row.changes.length - changes.length})
          </button>
        ) : null}
      </div>
    </li>
  )
}
