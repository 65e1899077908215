import { getLocale, getTranslations } from 'next-intl/server'
import type { StudyDefinition } from '#domain/definition/definition.ts'
import { itemUsage, type Usage, type UsageKind, usageKinds } from '#domain/definition/item-usage.ts'
import { labelText, languageOf } from '#domain/definition/label-text.ts'
import css from './definition.module.css'

/** For each item where it is used: checks, derivations, conditions, endpoints, reports; and which items nobody uses. */
export async function UsageList({ definition }: { definition: StudyDefinition }) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations('definition')])
  const language = languageOf(locale)
  const usage = itemUsage(definition)
  return (
    <div className={css.forms}>
      <nav aria-label={t('forms')} className={css.outline}>
        {definition.forms.map((form) => (
          <a key={form.oid} href={`#${form.oid}`}>
            {labelText(form.label, language)}
          </a>
        ))}
      </nav>
      <div className={css.formColumn}>
        {definition.forms.map((form) => (
          <section key={form.oid} id={form.oid} className={css.form}>
            <h2 className={css.title}>
              {labelText(form.label, language)} <code>{form.oid}</code>
            </h2>
            <div className={css.tableBox}>
              <table className={css.table}>
                <thead>
                  <tr>
                    <th scope="col">{t('item')}</th>
                    <th scope="col">{t('usedIn')}</th>
                  </tr>
                </thead>
                <tbody>
                  {form.groups
                    .flatMap((group) => group.items)
                    .map((item) => {
                      const found = usage.find(
                        (one) => one.form === form.oid && one.item === item.oid,
                      )
                      return (
                        <tr key={item.oid}>
                          <th scope="row">
                            {labelText(item.label, language)}{' '}
                            <code className={css.quiet}>{item.oid}</code>
                          </th>
                          <td>
                            <Uses usages={found?.usages ?? []} />
                          </td>
                        </tr>
                      )
                    })}
                </tbody>
              </table>
            </div>
          </section>
        ))}
      </div>
    </div>
  )
}

async function Uses({ usages }: { usages: readonly Usage[] }) {
  const t = await getTranslations('definition')
  if (usages.length === 0) return <span className={css.quiet}>{t('usedNowhere')}</span>
  return usageKinds
    .filter((kind) => usages.some((usage) => usage.kind === kind))
    .map((kind) => (
      <div key={kind}>
        <span className={css.quiet}>{t(`usages.${kind}`)}: </span>
        {usages
          .filter((usage) => usage.kind === kind)
          .map((usage, index) => (
            <span key={usage.name}>
              {index > 0 ? ', ' : ''}
              <UseName kind={kind} name={usage.name} />
              {usage.via.length > 0 ? (
                <span className={css.quiet}> ({t('via', { names: usage.via.join(' → ') })})</span>
              ) : null}
            </span>
          ))}
      </div>
    ))
}

/** Checks and forms can be gone to. */
function UseName({ kind, name }: { kind: UsageKind; name: string }) {
  const [form] = name.split('.')
  const place =
    kind === 'check'
      ? `?view=checks#${name}`
      : kind === 'derivation' || kind === 'condition'
        ? `?view=forms#${form}`
        : null
  return place ? (
    <a href={place}>
      <code>{name}</code>
    </a>
  ) : (
    <code>{name}</code>
  )
}
