import { getLocale, getTranslations } from 'next-intl/server'
import type { StudyDefinition } from '#domain/definition/definition.ts'
import { labelText, languageOf } from '#domain/definition/label-text.ts'
import css from './definition.module.css'

/** Schedule of events: forms down, visits across, as in a protocol. */
export async function ScheduleTable({ definition }: { definition: StudyDefinition }) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations('definition')])
  const language = languageOf(locale)
  const visits = definition.events.filter((event) => event.kind !== 'log')
  const logs = definition.events.filter((event) => event.kind === 'log')
  const used = definition.forms.filter((form) =>
    visits.some((event) => event.forms.some((one) => one.form === form.oid)),
  )
  const logForms = definition.forms.filter((form) =>
    logs.some((event) => event.forms.some((one) => one.form === form.oid)),
  )
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className={css.scroll} aria-label={t('schedule')} tabIndex={0}>
      <table className={css.schedule}>
        <thead>
          <tr>
            <th scope="col" className={css.sticky}>
              {t('form')}
            </th>
            {visits.map((event) => (
              <th scope="col" key={event.oid}>
                {labelText(event.label, language)}
                {event.assumed ? <span className={css.quiet}> {t('assumed')}</span> : null}
              </th>
            ))}
          </tr>
          <tr className={css.quiet}>
            <th scope="row" className={css.sticky}>
              {t('day')}
            </th>
            {visits.map((event) => (
              <td key={event.oid}>{event.day ?? '–'}</td>
            ))}
          </tr>
          <tr className={css.quiet}>
            <th scope="row" className={css.sticky}>
              {t('window')}
            </th>
            {visits.map((event) => (
              <td key={event.oid}>
                {event.window ? `${signed(event.window[0])} … ${signed(event.window[1])}` : '–'}
              </td>
            ))}
          </tr>
        </thead>
        <tbody>
          {used.map((form) => (
            <tr key={form.oid}>
              <th scope="row" className={css.sticky}>
                <a href={`?view=forms#${form.oid}`}>{labelText(form.label, language)}</a>
              </th>
              {visits.map((event) => {
                const place = event.forms.find((one) => one.form === form.oid)
                return (
                  <td key={event.oid} className={css.mark}>
                    {place ? (
                      <span title={place.when ?? (place.rows ? t('rows') : undefined)}>
                        <span aria-hidden="true">{place.required ? '●' : '○'}</span>
                        <span className="cb-hidden">
                          {t(place.required ? 'required' : 'optional')}
                        </span>
                      </span>
                    ) : null}
                  </td>
                )
              })}
            </tr>
          ))}
          {logForms.map((form) => (
            <tr key={form.oid}>
              <th scope="row" className={css.sticky}>
                <a href={`?view=forms#${form.oid}`}>{labelText(form.label, language)}</a>
              </th>
              <td colSpan={visits.length} className={css.quiet}>
                {t('log')}
                {form.repeats ? `, ${t('repeatsLog')}` : ''}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className={css.note}>
        ● {t('required')} · ○ {t('optional')}
      </p>
    </section>
  )
}

function signed(days: number): string {
  return days > 0 ? `+${days}` : days < 0 ? `−${-days}` : '0'
}
