import { getLocale, getTranslations } from 'next-intl/server'
import { studyChecks } from '#domain/casebook/study-checks.ts'
import type { StudyDefinition } from '#domain/definition/definition.ts'
import { labelText, languageOf } from '#domain/definition/label-text.ts'
import css from './definition.module.css'

/** Every check with its rule, its words and the tests that were run when it was published. */
export async function CheckList({ definition }: { definition: StudyDefinition }) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations('definition')])
  const language = languageOf(locale)
  return (
    <ol className={css.checks}>
      {studyChecks(definition).map(({ check }) => (
        <li key={check.id} id={check.id} className={css.check}>
          <div className={css.checkHead}>
            <strong>{check.id}</strong>
            <span className={css.level} data-level={check.level}>
              {t(`levels.${check.level}`)}
            </span>
            <code className={css.quiet}>
              {check.form}.{check.item}
            </code>
            {check.source ? (
              <span className={css.quiet}>
                {t('source')}: {check.source}
              </span>
            ) : null}
          </div>
          <p>{labelText(check.message, language)}</p>
          <code className={css.rule}>{check.rule}</code>
          {check.tests && check.tests.length > 0 ? (
            <details>
              <summary className={css.quiet}>
                {t('tests')}: {t('testsCount', { count: check.tests.length })}
              </summary>
              <ul className={css.tests}>
                {check.tests.map((test, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: tests have no other identity than their place
                  <li key={index}>
                    {test.name ? `${test.name}: ` : ''}
                    <code>
                      {Object.entries(test.given)
                        .map(([path, value]) => `${path} = ${value === null ? '–' : String(value)}`)
                        .join(', ')}
                    </code>{' '}
                    → {t(test.expect)}
                  </li>
                ))}
              </ul>
            </details>
          ) : (
            <span className={css.quiet}>
              {t('tests')}: {t('testsCount', { count: 0 })}
            </span>
          )}
        </li>
      ))}
    </ol>
  )
}
