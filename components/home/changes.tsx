'use client'

import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { actionText } from '#components/audit/action-text.ts'
import { subjectHref } from '#components/subject/address.ts'
import { useFormat } from '#components/ui/use-format.ts'
import type { HomeView } from '#domain/casebook/views.ts'
import { groupChanges } from './group-changes.ts'
import css from './home.module.css'

/** What happened lately, newest first. */
export function Changes({ changes, study }: { changes: HomeView['changes']; study: string }) {
  const t = useTranslations('home')
  const audit = useTranslations('audit')
  const format = useFormat()
  return (
    <section aria-labelledby="changes">
      <div className={css.head}>
        <h2 className={css.title} id="changes">
          {t('changes')}
        </h2>
      </div>
      <div className={css.card}>
        {changes.length === 0 ? <p className={css.none}>{t('changesNone')}</p> : null}
        <ul className={css.list}>
          {groupChanges(changes).map((change, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: several changes share time, person and subject
            <li key={index} className={css.row}>
              {change.subjectKey ? (
                <Link href={subjectHref(study, change.subjectKey)} prefetch={false}>
                  {change.subjectKey}
                </Link>
              ) : (
                <span className={css.quiet}>–</span>
              )}
              <span>
                {change.actions
                  .map(({ what, count }) => t('times', { what: actionText(what, audit), count }))
                  .join(', ')}{' '}
                <span className={css.quiet}>{change.who}</span>
              </span>
              <span className={css.quiet}>{format.moment(change.at)}</span>
            </li>
          ))}
        </ul>
      </div>
    </section>
  )
}
