'use client'
import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import css from '#components/endpoint/endpoint.module.css'
import { AnswerTree } from '#components/endpoint/value-tree.tsx'
import { subjectHref } from '#components/subject/address.ts'
import { useTRPC } from '#components/trpc.ts'
import { SkeletonLines } from '#components/ui/page.tsx'
import { ProblemNote } from '#components/ui/problem-note.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import type { TraceRequest } from './trace-scope.tsx'

/** The values of one subject behind a number, as they are now. */
export function SubjectTrace({
  subjectKey,
  studyOid,
  request,
}: {
  subjectKey: string
  studyOid: string
  request: TraceRequest
}) {
  const t = useTranslations('endpoint')
  const format = useFormat()
  const trpc = useTRPC()
  const session = useQuery(trpc.session.current.queryOptions({}, { staleTime: 300_000 }))
  const studyId = session.data?.studies.find(
    (study) => study.oid.toLowerCase() === studyOid.toLowerCase(),
  )?.studyId
  const trace = useQuery(
    trpc.report.trace.queryOptions(
      { studyId: studyId ?? '', subjectKey, ...request },
      { enabled: studyId !== undefined },
    ),
  )
  if (trace.error) return <ProblemNote error={trace.error} />
  if (!trace.data) return <SkeletonLines lines={3} />
  const { parts, endpoint } = trace.data
  return (
    <div className={css.trace}>
      {endpoint && (
        <p>
          <b>{t(`status.${endpoint.status}`)}</b>{' '}
          {endpoint.days !== null && t('days', { days: endpoint.days })}{' '}
          <Link href={`${subjectHref(studyOid, subjectKey)}/endpoints`}>
            {t('trace.endpoints')}
          </Link>
        </p>
      )}
      {parts.length === 0 && <p className={css.quiet}>{t('trace.nothing')}</p>}
      {parts.map(({ role, label, answer }, at) => (
        <details
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one number have a fixed order
          key={at}
          className={css.criterion}
          open={role !== 'population' && role !== 'group' && role !== 'censor'}
        >
          <summary>
            {t(`trace.${role}`)}
            {label ? `: ${format.label(label)}` : ''} <b>{format.label(answer.shown)}</b>
          </summary>
          <AnswerTree answer={answer} studyOid={studyOid} subjectKey={subjectKey} />
        </details>
      ))}
    </div>
  )
}
