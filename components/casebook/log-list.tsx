'use client'

import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { formHref } from '#components/subject/address.ts'
import { formGlyph, Glyph } from '#components/ui/glyph.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { QueryCount } from '#components/ui/status.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import type { LogView } from '#domain/casebook/views.ts'
import css from './casebook.module.css'

/** Where instances of log forms live. */
const logEvent = { event: 'LOG', eventRepeat: 1 } as const

/** The running logs: adverse events, medication, doses. */
export function LogList({
  logs,
  study,
  subjectKey,
  mayAdd,
}: {
  logs: readonly LogView[]
  study: string
  subjectKey: string
  mayAdd: boolean
}) {
  const t = useTranslations('casebook')
  const ui = useTranslations('ui')
  const format = useFormat()
  return (
    <div className={css.logs}>
      {logs.map((log) => {
        const columns = [
          ...new Set(log.instances.flatMap((one) => one.summary.map((s) => format.label(s.label)))),
        ]
        return (
          <section key={log.form} className={css.log} aria-label={format.label(log.label)}>
            <div className={css.logHead}>
              <h3 className={css.logTitle}>{format.label(log.label)}</h3>
              <span className={css.quiet}>{t('entries', { count: log.instances.length })}</span>
              {mayAdd ? (
                <Link
                  className={`${css.add} cb-no-print`}
                  href={formHref(study, subjectKey, {
                    ...logEvent,
                    form: log.form,
                    formRepeat: 'new',
                  })}
                >
                  <Icon name="plus" size={14} />
                  {t('add')}
                  <span className="cb-hidden">: {format.label(log.label)}</span>
                </Link>
              ) : null}
            </div>
            {log.instances.length > 0 ? (
              <div className={css.logScroll}>
                <table className={css.logTable}>
                  <thead>
                    <tr>
                      <th scope="col">{t('entry')}</th>
                      <th scope="col">{t('date')}</th>
                      {columns.map((column) => (
                        <th scope="col" key={column}>
                          {column}
                        </th>
                      ))}
                      <th scope="col">{t('state')}</th>
                    </tr>
                  </thead>
                  <tbody>
                    {log.instances.map((one) => (
                      <tr key={one.recordId} data-state={one.state}>
                        <th scope="row">
                          <Link
                            prefetch={false}
                            href={formHref(study, subjectKey, {
                              ...logEvent,
                              form: log.form,
                              formRepeat: one.formRepeat,
                            })}
                          >
                            {one.title || `#${one.formRepeat}`}
                          </Link>
                        </th>
                        <td className={css.nowrap}>{format.date(one.date)}</td>
                        {columns.map((column) => (
                          <td key={column}>
                            {one.summary.find((s) => format.label(s.label) === column)?.text ?? ''}
                          </td>
                        ))}
                        <td className={css.nowrap}>
                          <span className={css.stateCell}>
                            <Glyph name={formGlyph[one.state]} size={14} />
                            {ui(`formState.${one.state}`)}
                            <QueryCount count={one.queries} />
                          </span>
                        </td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
            ) : null}
          </section>
        )
      })}
    </div>
  )
}
