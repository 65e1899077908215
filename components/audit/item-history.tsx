'use client'

import { useQuery } from '@tanstack/react-query'
import { useLocale, useTranslations } from 'next-intl'
import { useTRPC } from '#components/trpc.ts'
import { SkeletonLines } from '#components/ui/page.tsx'
import { ProblemNote } from '#components/ui/problem-note.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import type { ItemPath, StoredValue } from '#domain/casebook/record.ts'
import { languageOf } from '#domain/definition/label-text.ts'
import { actionText } from './action-text.ts'
import css from './item-history.module.css'
import { storedWords } from './stored-text.ts'

/** Who wrote what, when and why, for one item; the first value too, newest on top. */
export function ItemHistory({
  studyId,
  recordId,
  path,
  label,
}: {
  studyId: string
  recordId: string
  path: ItemPath
  label: string
}) {
  const t = useTranslations('audit')
  const roles = useTranslations('shell')
  const format = useFormat()
  const trpc = useTRPC()
  const history = useQuery({
    ...trpc.form.history.queryOptions({ studyId, recordId, path }),
    staleTime: 0,
  })
  if (history.isPending) return <SkeletonLines lines={5} />
  if (history.error) return <ProblemNote error={history.error} />
  if (history.data.length === 0) return <p className={css.quiet}>{t('history.none')}</p>
  return (
    <ol className={css.list} aria-label={t('history.of', { label })}>
      {history.data.map((entry) => (
        <li key={entry.seq} className={css.entry}>
          <div className={css.value}>
            <Value value={entry.old} />
            <span aria-hidden="true">→</span>
            <span className="cb-hidden">{t('history.became')}</span>
            <strong>
              <Value value={entry.new} />
            </strong>
          </div>
          <div className={css.quiet}>
            {entry.who}
            {entry.role ? ` · ${roleOr(entry.role, roles)}` : ''}
          </div>
          <div className={css.quiet}>
            {format.moment(entry.at)} · {actionText(entry.action, t)} ·{' '}
            {t('history.version', { version: entry.version })}
            {entry.path === path ? '' : ` ${t('history.formerly', { path: entry.path })}`}
          </div>
          {entry.reason ? (
            <p className={css.reason}>
              <span className={css.quiet}>{t('history.why')}</span> {entry.reason}
            </p>
          ) : null}
        </li>
      ))}
    </ol>
  )
}

function roleOr(role: string, t: ReturnType<typeof useTranslations<'shell'>>): string {
  return t.has(`role.${role}`) ? t(`role.${role}`) : role
}

function Value({ value }: { value: StoredValue | null }) {
  const t = useTranslations('ui')
  const text = storedWords(value, languageOf(useLocale()))
  return text === null ? <span className={css.quiet}>{t('nothingEntered')}</span> : text
}
