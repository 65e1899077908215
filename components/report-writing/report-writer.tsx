'use client'

import { Button } from '@mantine/core'
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import dynamic from 'next/dynamic'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useCallback, useEffect, useRef, useState } from 'react'
import { ReportView } from '#components/report/report-view.tsx'
import { useTRPC, useTRPCClient } from '#components/trpc.ts'
import { useNotify } from '#components/ui/notice.tsx'
import { SkeletonLines } from '#components/ui/page.tsx'
import { ProblemNote } from '#components/ui/problem-note.tsx'
import { ReasonForm } from '#components/ui/reason-form.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import type { StudyFinding } from '#domain/definition/finding.ts'
import type { ReportVocabulary } from '#domain/definition/report-vocabulary.ts'
import { completeReport } from './complete-report.ts'
import css from './report-writing.module.css'
import type { EditorHandle } from './yaml-editor.tsx'

const YamlEditor = dynamic(() => import('./yaml-editor.tsx').then((module) => module.YamlEditor), {
  ssr: false,
  loading: () => <SkeletonLines lines={10} />,
})

const noFindings: readonly StudyFinding[] = []

export type Revision = {
  revision: number
  stands: boolean
  reason: string | null
  at: string
  who: string
}

/** A report as text on one side, what it says of the data of now on the other. Nothing is stored until it is saved. */
export function ReportWriter({
  studyId,
  studyOid,
  words,
  initial,
  revision,
  revisions,
  draftKey,
}: {
  studyId: string
  studyOid: string
  words: ReportVocabulary
  initial: string
  /** Of the added report that is changed; 0 for a new one. */
  revision: number
  revisions: readonly Revision[]
  draftKey: string
}) {
  const t = useTranslations('reportWriting')
  const format = useFormat()
  const trpc = useTRPC()
  const client = useTRPCClient()
  const router = useRouter()
  const notify = useNotify()
  const handle = useRef<EditorHandle | null>(null)
  const [begun, setBegun] = useState<string | null>(null)
  const [text, setText] = useState(initial)
  const [asked, setAsked] = useState(initial)
  const [asking, setAsking] = useState<'save' | 'withdraw' | null>(null)
  const [key, setKey] = useState(() => crypto.randomUUID())

  // What was typed and not saved is found again on this computer.
  useEffect(() => setBegun(readDraft(draftKey, revision) ?? initial), [draftKey, revision, initial])
  useEffect(() => {
    if (begun !== null) setText(begun)
  }, [begun])
  useEffect(() => {
    const timer = window.setTimeout(() => setAsked(text), 350)
    return () => window.clearTimeout(timer)
  }, [text])

  const preview = useQuery({
    queryKey: ['report.preview', studyId, asked],
    queryFn: () => client.report.preview.mutate({ studyId, text: asked }),
    enabled: asked.trim() !== '',
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  })
  const findings = preview.data?.findings ?? noFindings
  const errors = findings.filter(({ severity }) => severity === 'error').length
  const isCurrent = asked === text && preview.isSuccess && !preview.isPlaceholderData
  const save = useMutation(
    trpc.report.save.mutationOptions({
      onSuccess: ({ oid }) => {
        forgetDraft(draftKey)
        setAsking(null)
        notify.done(t('saved', { report: oid }))
        router.push(`/studies/${studyOid}/reports/${oid.toLowerCase()}`)
        router.refresh()
      },
      onError: () => setKey(crypto.randomUUID()),
    }),
  )
  const withdraw = useMutation(
    trpc.report.withdraw.mutationOptions({
      onSuccess: () => {
        forgetDraft(draftKey)
        notify.done(t('withdrawn'))
        router.push(`/studies/${studyOid}/reports`)
        router.refresh()
      },
    }),
  )
  const complete = useCallback(
    (whole: string, position: number) => completeReport(whole, position, words, format.label),
    [words, format.label],
  )
  const change = useCallback(
    (next: string) => {
      setText(next)
      keepDraft(draftKey, revision, next)
    },
    [draftKey, revision],
  )
  const oid = /^(?:- )?\s*oid:\s*(\S+)/m.exec(text)?.[1] ?? ''

  return (
    <div className={css.page}>
      <div className={css.side}>
        <p className={css.hint}>{t('hint')}</p>
        <div className={css.editor}>
          {begun === null ? (
            <SkeletonLines lines={10} />
          ) : (
            <YamlEditor
              label={t('text')}
              initial={begun}
              findings={findings}
              complete={complete}
              onChange={change}
              handle={handle}
            />
          )}
        </div>
        <Findings
          findings={findings}
          isSettled={isCurrent}
          onGo={(finding) => handle.current?.goTo(finding.line ?? 1, finding.column ?? 1)}
        />
        <div className={css.bar}>
          <Button
            loading={save.isPending}
            disabled={!isCurrent || errors > 0 || (revision > 0 && text === initial)}
            onClick={() =>
              revision > 0 ? setAsking('save') : save.mutate({ studyId, text, revision, key })
            }
          >
            {t(revision > 0 ? 'saveChange' : 'save')}
          </Button>
          {text !== initial ? (
            <Button
              variant="default"
              onClick={() => {
                forgetDraft(draftKey)
                window.location.reload()
              }}
            >
              {t('discard')}
            </Button>
          ) : null}
          {revision > 0 ? (
            <Button variant="subtle" color="red" onClick={() => setAsking('withdraw')}>
              {t('withdraw')}
            </Button>
          ) : null}
        </div>
        {revision === 0 ? <ProblemNote error={save.error} /> : null}
        {revisions.length > 0 ? (
          <section aria-labelledby="revisions">
            <h2 id="revisions" style={{ fontSize: 14, margin: '8px 0 4px' }}>
              {t('revisions')}
            </h2>
            <ol className={css.revisions} reversed>
              {revisions.map((one) => (
                <li key={one.revision}>
                  {one.revision} · {format.moment(one.at)} · {one.who}
                  {one.stands ? '' : ` · ${t('wasWithdrawn')}`}
                  {one.reason ? ` · ${one.reason}` : ''}
                </li>
              ))}
            </ol>
          </section>
        ) : null}
      </div>
      <section className={css.preview} aria-labelledby="preview" aria-busy={preview.isFetching}>
        <div className={css.previewHead}>
          <h2 id="preview">{t('preview')}</h2>
          <span className={css.quiet} role="status">
            {preview.isFetching || asked !== text
              ? t('computing')
              : errors > 0
                ? t('errors', { count: errors })
                : t('current')}
          </span>
        </div>
        <ProblemNote error={preview.error} />
        {preview.data?.result ? (
          <div className={isCurrent ? undefined : css.stale}>
            <h3 style={{ margin: '0 0 10px' }}>{format.label(preview.data.result.title)}</h3>
            <ReportView result={preview.data.result} studyOid={studyOid} draft />
          </div>
        ) : (
          <p className={css.quiet}>
            {errors > 0 || asked.trim() === '' ? t('nothingYet') : t('computing')}
          </p>
        )}
      </section>
      {asking === 'save' ? (
        <ReasonForm
          title={t('saveTitle', { report: oid })}
          action={t('saveChange')}
          busy={save.isPending}
          error={save.error}
          onClose={() => setAsking(null)}
          onSubmit={(reason) => save.mutate({ studyId, text, revision, reason, key })}
        />
      ) : null}
      {asking === 'withdraw' ? (
        <ReasonForm
          title={t('withdrawTitle', { report: oid })}
          text={t('withdrawText')}
          action={t('withdraw')}
          busy={withdraw.isPending}
          error={withdraw.error}
          onClose={() => setAsking(null)}
          onSubmit={(reason, own) =>
            withdraw.mutate({ studyId, report: oid, revision, reason, key: own })
          }
        />
      ) : null}
    </div>
  )
}

function Findings({
  findings,
  isSettled,
  onGo,
}: {
  findings: readonly StudyFinding[]
  isSettled: boolean
  onGo: (finding: StudyFinding) => void
}) {
  const t = useTranslations('reportWriting')
  if (findings.length === 0) {
    return <p className={css.quiet}>{isSettled ? t('noFindings') : ' '}</p>
  }
  return (
    <ul className={css.findings} aria-label={t('findings')}>
      {findings.slice(0, 20).map((finding) => (
        <li key={`${finding.code} ${finding.line} ${finding.column} ${finding.message}`}>
          <button
            type="button"
            className={css.finding}
            data-severity={finding.severity}
            onClick={() => onGo(finding)}
          >
            <strong>{t(`severity.${finding.severity}`)}</strong>
            <span>{finding.message}</span>
            <span className={css.quiet}>
              {t('line', { line: finding.line ?? 1, column: finding.column ?? 1 })}
            </span>
          </button>
        </li>
      ))}
    </ul>
  )
}

/** A draft belongs to the revision it was begun from: one of an older revision is not laid over a newer text. */
function readDraft(key: string, revision: number): string | null {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? 'null')
    const draft = kept as { revision?: unknown; text?: unknown } | null
    return draft && draft.revision === revision && typeof draft.text === 'string'
      ? draft.text
      : null
  } catch {
    return null
  }
}

function keepDraft(key: string, revision: number, text: string): void {
  try {
    localStorage.setItem(key, JSON.stringify({ revision, text }))
  } catch {
    // A full or closed storage costs the draft, not the work at hand.
  }
}

function forgetDraft(key: string): void {
  localStorage.removeItem(key)
}
