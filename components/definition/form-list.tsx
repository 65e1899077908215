import { getLocale, getTranslations } from 'next-intl/server'
import type { FormDef, ItemDef, StudyDefinition } from '#domain/definition/definition.ts'
import { labelText, languageOf } from '#domain/definition/label-text.ts'
import css from './definition.module.css'

/** Every form with its items: type, unit, list, limits, condition, derivation. */
export async function FormList({
  definition,
  printed,
}: {
  definition: StudyDefinition
  /** Address of the printed forms; `&form=OID` asks for one. */
  printed: string
}) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations('definition')])
  const language = languageOf(locale)
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
              <span className={css.quiet}> {t('items', { count: countItems(form) })}</span>
            </h2>
            <p className={css.prints}>
              {(['0', '1'] as const).map((annotated) => (
                <a
                  key={annotated}
                  href={`${printed}&annotated=${annotated}&form=${form.oid}`}
                  aria-label={`${labelText(form.label, language)}: ${t(annotated === '1' ? 'printAnnotatedForm' : 'printBlankForm')}`}
                  download
                >
                  {t(annotated === '1' ? 'printAnnotatedForm' : 'printBlankForm')}
                </a>
              ))}
            </p>
            {form.groups.map((group) => (
              <div key={group.oid} className={css.group}>
                {group.label ? <h3>{labelText(group.label, language)}</h3> : null}
                <div className={css.tableBox}>
                  <table className={css.table}>
                    <thead>
                      <tr>
                        <th scope="col">{t('item')}</th>
                        <th scope="col">{t('name')}</th>
                        <th scope="col">{t('type')}</th>
                        <th scope="col">{t('range')}</th>
                        <th scope="col">{t('when')}</th>
                      </tr>
                    </thead>
                    <tbody>
                      {group.items.map((item) => (
                        <tr key={item.oid}>
                          <th scope="row">
                            {labelText(item.label, language)}
                            {item.required ? (
                              <span className={css.quiet}> · {t('required')}</span>
                            ) : null}
                          </th>
                          <td>
                            <code>{item.oid}</code>
                          </td>
                          <td>
                            {t(`types.${item.type}`)}
                            {item.unit && item.unit !== 'row' ? ` (${item.unit})` : ''}
                            {item.codeList ? (
                              <code className={css.quiet}> {item.codeList}</code>
                            ) : null}
                          </td>
                          <td>{limits(item.soft) || limits(item.hard)}</td>
                          <td>
                            {[item.when ?? group.when, item.derive ? `= ${item.derive}` : undefined]
                              .filter((text) => text !== undefined)
                              .map((text) => (
                                <code key={text} className={css.rule}>
                                  {text}
                                </code>
                              ))}
                          </td>
                        </tr>
                      ))}
                    </tbody>
                  </table>
                </div>
              </div>
            ))}
          </section>
        ))}
      </div>
    </div>
  )
}

function countItems(form: FormDef): number {
  return form.groups.reduce((sum, group) => sum + group.items.length, 0)
}

function limits(range: ItemDef['soft']): string {
  if (!range || range === 'row') return ''
  const [low, high] = range
  return `${low ?? ''} – ${high ?? ''}`
}
