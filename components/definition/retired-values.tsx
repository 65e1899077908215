import { useLocale, useTranslations } from 'next-intl'
import type { RetiredValue } from '#domain/casebook/amendment-views.ts'
import type { Label } from '#domain/definition/definition.ts'
import { labelText, languageOf } from '#domain/definition/label-text.ts'
import { placeText } from './impact-address.ts'
import css from './retired-values.module.css'

/** Values that an amendment left without an item: as entered, with the version they come from. Nothing where there are none. */
export function RetiredValues({
  values,
  places = false,
}: {
  values: readonly RetiredValue[]
  /** Says the form of each, where more than one form is looked at. */
  places?: boolean
}) {
  const t = useTranslations('amendment')
  const language = languageOf(useLocale())
  const label = (text: Label) => labelText(text, language)
  if (values.length === 0) return null
  return (
    <section className={css.box} aria-labelledby="retired-values">
      <h2 id="retired-values" className={css.title}>
        {t('retired.title')}
      </h2>
      <p className={css.text}>{t('retired.text')}</p>
      <div className={css.scroll}>
        <table className={css.table}>
          <thead>
            <tr>
              {places ? <th scope="col">{t('impact.form')}</th> : null}
              <th scope="col">{t('retired.item')}</th>
              <th scope="col">{t('retired.value')}</th>
              <th scope="col">{t('retired.version')}</th>
            </tr>
          </thead>
          <tbody>
            {values.map((value) => (
              <tr key={`${value.recordId} ${value.path}`}>
                {places ? <td>{placeText(value, label)}</td> : null}
                <th scope="row">
                  {label(value.label)} <code className={css.quiet}>{value.path}</code>
                </th>
                <td>{value.value}</td>
                <td>{t('retired.from', { version: value.version })}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
