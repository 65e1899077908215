'use client'
import { useTranslations } from 'next-intl'
import { useFormat } from '#components/ui/use-format.ts'
import type { Role } from '#domain/access/permissions.ts'
import type { UnblindingView } from '#domain/casebook/views.ts'
import css from './blinding.module.css'

/** That a subject was unblinded, by whom and why; the arm is not part of it. Nothing where it never happened. */
export function UnblindingsNote({ unblindings }: { unblindings: readonly UnblindingView[] }) {
  const t = useTranslations('blinding')
  const shell = useTranslations('shell')
  const format = useFormat()
  if (unblindings.length === 0) return null
  return (
    <section className={css.note} aria-labelledby="unblindings">
      <h3 id="unblindings">{t('history')}</h3>
      <ul>
        {unblindings.map(({ at, by, role, reason }) => (
          <li key={`${at} ${by}`}>
            {t('row', {
              who: by,
              role: shell(`role.${role as Role}`),
              when: format.moment(at),
              reason,
            })}
          </li>
        ))}
      </ul>
      <p>{t('onlyTo')}</p>
    </section>
  )
}
