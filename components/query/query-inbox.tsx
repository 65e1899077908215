'use client'

/** Like mail: the list at the left, the thread at the right; j and k move, a writes, o opens the form. */
import { Button, TextInput } from '@mantine/core'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useDeferredValue, useEffect, useRef, useState } from 'react'
import { formHref } from '#components/subject/address.ts'
import { useTRPC, useTRPCClient } from '#components/trpc.ts'
import { Icon } from '#components/ui/icon.tsx'
import { useKeys } from '#components/ui/keys.tsx'
import { EmptyState, PageHeader } from '#components/ui/page.tsx'
import { ProblemNote } from '#components/ui/problem-note.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import { usePages } from '#components/ui/use-pages.ts'
import { type QueryRow, type QueryState, queryStates } from '#domain/casebook/views.ts'
import css from './query-inbox.module.css'
import { QueryStateTag } from './query-state-tag.tsx'
import { QueryThreadView } from './query-thread.tsx'

type Inbox = {
  rows: readonly QueryRow[]
  next: string | null
  counts: Readonly<Record<QueryState, number>>
}

export function QueryInbox({
  studyId,
  study,
  initial,
  initialState,
  initialMine,
  site,
}: {
  studyId: string
  study: string
  initial: Inbox
  initialState: QueryState | null
  initialMine: boolean
  /** The one site that the address asks for. */
  site: { siteId: string; code: string; name: string } | null
}) {
  const t = useTranslations('query')
  const ui = useTranslations('ui')
  const format = useFormat()
  const trpc = useTRPC()
  const client = useTRPCClient()
  const router = useRouter()
  const [state, setState] = useState(initialState)
  const [mine, setMine] = useState(initialMine)
  const [text, setText] = useState('')
  const wanted = useDeferredValue(text.trim())
  const [chosen, setChosen] = useState<string | null>(null)
  const reply = useRef<HTMLTextAreaElement>(null)
  const list = useRef<HTMLUListElement>(null)

  const input = {
    studyId,
    limit: 50,
    ...(state ? { state } : {}),
    ...(mine ? { mine } : {}),
    ...(site ? { siteId: site.siteId } : {}),
    ...(wanted ? { text: wanted } : {}),
  }
  const pages = usePages({
    queryKey: [...trpc.query.inbox.pathKey(), 'pages', input],
    fetch: (cursor, signal) => client.query.inbox.query({ ...input, cursor }, { signal }),
    initial: state === initialState && mine === initialMine && !wanted ? initial : undefined,
  })
  const rows = pages.data?.pages.flatMap((page) => page.rows) ?? []
  const counts = pages.data?.pages[0]?.counts ?? initial.counts
  const at = rows.findIndex((row) => row.queryId === chosen)
  const current = rows[at]

  useEffect(() => {
    list.current?.querySelector('[aria-current="true"]')?.scrollIntoView({ block: 'nearest' })
    if (at >= 0 && at > rows.length - 10 && pages.hasNextPage && !pages.isFetchingNextPage) {
      void pages.fetchNextPage()
    }
  }, [at, rows.length, pages])

  // Where list and thread stand side by side, the first query is open at once.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when the page opens
  useEffect(() => {
    if (window.innerWidth > 900) setChosen(initial.rows[0]?.queryId ?? null)
  }, [])

  function move(step: number) {
    const next = rows[Math.min(Math.max(at + step, 0), rows.length - 1)]
    if (next) setChosen(next.queryId)
  }
  const hrefOf = (row: QueryRow) =>
    `${formHref(study, row.subjectKey, row)}#${encodeURIComponent(row.path)}`

  useKeys('queries', t('keys.title'), [
    { keys: 'j', label: t('keys.next'), run: () => move(1) },
    { keys: 'k', label: t('keys.previous'), run: () => move(at < 0 ? 1 : -1) },
    { keys: 'a', label: t('keys.answer'), run: () => reply.current?.focus() },
    {
      keys: 'o',
      label: t('keys.form'),
      run: () => {
        if (current) router.push(hrefOf(current))
      },
    },
  ])

  return (
    <div className={css.page}>
      <PageHeader
        title={t('title')}
        meta={t('counts', { open: counts.open, answered: counts.answered })}
      />
      <div className={css.filters}>
        <fieldset className={css.states} aria-label={t('title')}>
          {[null, ...queryStates].map((one) => (
            <button
              key={one ?? 'all'}
              type="button"
              className={css.state}
              aria-pressed={state === one}
              onClick={() => setState(one)}
            >
              {one ? t(`state.${one}`) : ui('all')}
              {one ? <span className={css.number}>{format.count(counts[one])}</span> : null}
            </button>
          ))}
        </fieldset>
        <button
          type="button"
          className={css.state}
          aria-pressed={mine}
          onClick={() => setMine(!mine)}
        >
          {t('mine')}
        </button>
        {site ? (
          <Link href={`/studies/${study}/queries`} className={css.state} prefetch={false}>
            {site.code} {site.name} <Icon name="close" size={12} />
            <span className="cb-hidden">{ui('clearFilters')}</span>
          </Link>
        ) : null}
        <TextInput
          aria-label={t('filterHint')}
          placeholder={t('filterHint')}
          leftSection={<Icon name="search" />}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          w={220}
        />
      </div>
      <ProblemNote error={pages.error} />
      {rows.length === 0 && !pages.isFetching ? (
        <EmptyState icon="query" title={t('emptyTitle')}>
          {t('emptyText')}
        </EmptyState>
      ) : (
        <div className={css.columns} data-chosen={current ? true : undefined}>
          <ul className={css.list} ref={list} aria-label={t('list')}>
            {rows.map((row) => (
              <li key={row.queryId}>
                <button
                  type="button"
                  className={css.row}
                  aria-current={row.queryId === chosen}
                  onClick={() => setChosen(row.queryId)}
                >
                  <span className={css.rowHead}>
                    <strong>{row.subjectKey}</strong>
                    <span className={css.where}>
                      {format.label(row.eventLabel)} · {format.label(row.formLabel)}
                    </span>
                    <span className={css.quiet} title={format.moment(row.openedAt)}>
                      {t('ageShort', { count: row.ageDays })}
                    </span>
                  </span>
                  <span className={css.text}>{row.text}</span>
                  <span className={css.rowFoot}>
                    <QueryStateTag state={row.state} />
                    <span className={css.quiet}>{format.label(row.itemLabel)}</span>
                  </span>
                </button>
              </li>
            ))}
            {pages.hasNextPage ? (
              <li>
                <Button
                  variant="subtle"
                  fullWidth
                  loading={pages.isFetchingNextPage}
                  onClick={() => void pages.fetchNextPage()}
                >
                  {ui('more')}
                </Button>
              </li>
            ) : null}
          </ul>
          <div className={css.thread}>
            {current ? (
              <>
                <button type="button" className={css.back} onClick={() => setChosen(null)}>
                  <Icon name="left" size={14} /> {t('back')}
                </button>
                <QueryThreadView
                  key={current.queryId}
                  studyId={studyId}
                  queryId={current.queryId}
                  inputRef={reply}
                  header={
                    <header className={css.threadHead}>
                      <h2 className={css.threadTitle}>
                        {current.subjectKey} · {format.label(current.itemLabel)}
                      </h2>
                      <span className={css.quiet}>
                        {current.siteCode} · {format.label(current.eventLabel)} ·{' '}
                        {format.label(current.formLabel)}
                      </span>
                      <Link href={hrefOf(current)} prefetch={false}>
                        {t('openForm')}
                      </Link>
                    </header>
                  }
                />
              </>
            ) : (
              <p className={css.choose}>{t('choose')}</p>
            )}
          </div>
        </div>
      )}
    </div>
  )
}
