'use client'

import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { eventText, formHref } from '#components/subject/address.ts'
import { cellGlyph, formGlyph, Glyph } from '#components/ui/glyph.tsx'
import { QueryCount } from '#components/ui/status.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import type { VisitView } from '#domain/casebook/views.ts'
import css from './casebook.module.css'

/** Forms by visit: one line a visit, its date and window at the left, its forms beside. */
export function VisitList({
  visits,
  study,
  subjectKey,
}: {
  visits: readonly VisitView[]
  study: string
  subjectKey: string
}) {
  const t = useTranslations('casebook')
  const s = useTranslations('subjects')
  const ui = useTranslations('ui')
  const format = useFormat()
  return (
    <ol className={css.visits}>
      {visits.map((visit) => (
        <li
          key={`${visit.event}-${visit.eventRepeat}`}
          id={`visit-${eventText(visit.event, visit.eventRepeat)}`}
          className={css.visit}
          data-overdue={visit.overdue || undefined}
        >
          <div className={css.visitHead}>
            <span className={css.visitName}>
              <Glyph name={cellGlyph[visit.state]} />
              {format.label(visit.label)}
              {visit.eventRepeat > 1 ? ` ${visit.eventRepeat}` : ''}
            </span>
            <span className={css.quiet}>
              {visit.date
                ? format.date(visit.date)
                : visit.target
                  ? t(visit.enforced ? 'due' : 'around', { date: format.date(visit.target) })
                  : ui(`cellState.${visit.state}`)}
            </span>
            {visit.overdue ? (
              <span className={css.warn}>{s('legendOverdue')}</span>
            ) : visit.outsideWindow ? (
              <span className={css.warn}>{s('legendOutside')}</span>
            ) : null}
          </div>
          <ul className={css.forms}>
            {visit.forms.map((form) => (
              <li key={`${form.form}-${form.formRepeat}`}>
                <Link
                  className={css.form}
                  data-state={form.state}
                  prefetch={false}
                  href={formHref(study, subjectKey, {
                    event: visit.event,
                    eventRepeat: visit.eventRepeat,
                    form: form.form,
                    formRepeat: form.formRepeat,
                  })}
                >
                  <Glyph name={formGlyph[form.state]} size={14} />
                  <span>{format.label(form.label)}</span>
                  <span className="cb-hidden">, {ui(`formState.${form.state}`)}</span>
                  {form.state === 'inProgress' && form.open > 0 ? (
                    <span className={css.quiet}>{t('open', { count: form.open })}</span>
                  ) : null}
                  <QueryCount count={form.queries} />
                </Link>
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ol>
  )
}
