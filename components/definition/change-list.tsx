import { useLocale, useTranslations } from 'next-intl'
import type { DefinitionChange } from '#domain/definition/diff.ts'
import { languageOf } from '#domain/definition/label-text.ts'
import css from './change-list.module.css'

const order = ['forbidden', 'risk', 'reevaluated', 'none'] as const
const mostOpen = 40

/** Changes between two versions in words, the gravest first; rules with both texts. */
export function ChangeList({ changes }: { changes: readonly DefinitionChange[] }) {
  const t = useTranslations('amendment')
  if (changes.length === 0) return <p>{t('noChanges')}</p>
  return (
    <div className={css.groups}>
      {order.map((severity) => {
        const group = changes.filter((change) => change.severity === severity)
        if (group.length === 0) return null
        return (
          <details
            key={severity}
            className={css.group}
            data-severity={severity}
            open={severity !== 'none' || group.length <= mostOpen}
          >
            <summary className={css.head}>
              <h2 className={css.title}>{t(`severity.${severity}`)}</h2>
              <span className={css.count}>{t('changes', { count: group.length })}</span>
            </summary>
            <ul className={css.list}>
              {group.map((change, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: two changes may share code and place
                <li key={`${change.code} ${change.place} ${at}`} className={css.change}>
                  <ChangeText change={change} />
                </li>
              ))}
            </ul>
          </details>
        )
      })}
    </div>
  )
}

function ChangeText({ change }: { change: DefinitionChange }) {
  const t = useTranslations('amendment')
  const language = languageOf(useLocale())
  const { text, before, after } = change
  return (
    <>
      <p>{text[language]}</p>
      {before === null && after === null ? null : (
        <dl className={css.texts}>
          {before === null ? null : (
            <div>
              <dt>{t('was')}</dt>
              <dd>
                <code>{before}</code>
              </dd>
            </div>
          )}
          {after === null ? null : (
            <div>
              <dt>{t('is')}</dt>
              <dd>
                <code>{after}</code>
              </dd>
            </div>
          )}
        </dl>
      )}
    </>
  )
}
