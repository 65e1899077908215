'use client'

import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { subjectHref, visitHref } from '#components/subject/address.ts'
import { Icon } from '#components/ui/icon.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import type { HomeView } from '#domain/casebook/views.ts'
import css from './home.module.css'

/** What waits for this person: counts that lead to their lists, visits with windows, clocks of serious events. */
export function Today({
  view,
  study,
  permissions,
}: {
  view: HomeView
  study: string
  permissions: readonly string[]
}) {
  const t = useTranslations('home')
  const ui = useTranslations('ui')
  const format = useFormat()
  const base = `/studies/${study}`
  // A count leads on only where the list behind it is on this person's rail.
  const counts = [
    {
      id: 'open',
      shown: permissions.includes('query.read'),
      number: view.queries.open,
      words: t('queriesOpen'),
      href: `${base}/queries?state=open`,
    },
    {
      id: 'answered',
      shown: permissions.includes('query.read'),
      number: view.queries.answered,
      words: t('queriesAnswered'),
      href: `${base}/queries?state=answered`,
    },
    {
      id: 'sign',
      shown: permissions.includes('form.sign'),
      number: view.toSign,
      words: t('toSign'),
      href: `${base}/subjects`,
    },
    {
      id: 'verify',
      shown: permissions.includes('item.verify'),
      number: view.toVerify,
      words: t('toVerify'),
      href: `${base}/subjects`,
    },
  ].filter((count) => count.shown)
  return (
    <div className={css.column}>
      {counts.length > 0 ? (
        <div className={css.counts}>
          {counts.map((count) => (
            <Link key={count.id} href={count.href} className={css.count} prefetch={false}>
              <span className={css.countNumber}>{format.count(count.number)}</span>
              <span className={css.quiet}>{count.words}</span>
            </Link>
          ))}
        </div>
      ) : null}
      {permissions.includes('subject.read') && view.plansVisits ? (
        <section aria-labelledby="due">
          <div className={css.head}>
            <h2 className={css.title} id="due">
              {t('due')}
            </h2>
            <span className={css.quiet}>{t('dueCount', { count: view.due.length })}</span>
          </div>
          <div className={css.card}>
            {view.due.length === 0 ? <p className={css.none}>{t('dueNone')}</p> : null}
            <ul className={css.list}>
              {view.due.map((visit) => (
                <li key={`${visit.subjectId}-${visit.event}`}>
                  <Link
                    className={css.row}
                    href={visitHref(study, visit.subjectKey, visit.event)}
                    prefetch={false}
                    data-overdue={visit.overdue || undefined}
                  >
                    <strong>{visit.subjectKey}</strong>
                    <span>
                      {format.label(visit.label)}{' '}
                      <span className={css.quiet}>{format.date(visit.target)}</span>
                    </span>
                    <span className={visit.overdue ? css.late : css.quiet}>
                      {visit.overdue
                        ? t('overdue', { date: format.date(visit.to) })
                        : t('open', { date: format.date(visit.to) })}
                    </span>
                  </Link>
                </li>
              ))}
            </ul>
          </div>
        </section>
      ) : null}
      {permissions.includes('safety.read') && view.recordsEvents ? (
        <section aria-labelledby="serious">
          <div className={css.head}>
            <h2 className={css.title} id="serious">
              {t('serious')}
            </h2>
          </div>
          <div className={css.card}>
            {view.serious.length === 0 ? <p className={css.none}>{t('seriousNone')}</p> : null}
            <ul className={css.list}>
              {view.serious.map((event) => (
                <li key={event.recordId}>
                  <Link
                    className={css.row}
                    prefetch={false}
                    href={subjectHref(study, event.subjectKey)}
                  >
                    <strong>{event.subjectKey}</strong>
                    <span>
                      {event.term} <span className={css.quiet}>{format.date(event.from)}</span>
                    </span>
                    {event.clock ? (
                      <span className={css.late}>
                        <Icon name="clock" size={13} />{' '}
                        {t('known', {
                          age:
                            event.clock.hours < 72
                              ? ui('hours', { count: Math.floor(event.clock.hours) })
                              : ui('days', { count: Math.floor(event.clock.hours / 24) }),
                        })}
                      </span>
                    ) : (
                      <span />
                    )}
                  </Link>
                </li>
              ))}
            </ul>
          </div>
        </section>
      ) : null}
    </div>
  )
}
