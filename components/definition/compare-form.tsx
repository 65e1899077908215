import { useTranslations } from 'next-intl'
import css from './compare-form.module.css'

/** Two versions to compare; a plain form, so that the address says what is compared. */
export function CompareForm({
  action,
  versions,
  from,
  to,
}: {
  action: string
  versions: readonly { number: number; label: string }[]
  from: number
  to: number
}) {
  const t = useTranslations('amendment')
  const options = versions.map(({ number, label }) => (
    <option key={number} value={number}>
      {t('versionOption', { number, label })}
    </option>
  ))
  return (
    <form className={css.form} action={action} method="get">
      <label className={css.field}>
        {t('from')}
        <select name="from" defaultValue={from} className={css.select}>
          {options}
        </select>
      </label>
      <label className={css.field}>
        {t('to')}
        <select name="to" defaultValue={to} className={css.select}>
          {options}
        </select>
      </label>
      <button type="submit" className={css.button}>
        {t('compare')}
      </button>
    </form>
  )
}
