'use client'

import { useTranslations } from 'next-intl'
import type { QueryState } from '#domain/casebook/views.ts'
import css from './query-thread.module.css'

/** The word carries the state; open ones also carry a filled dot. */
export function QueryStateTag({ state }: { state: QueryState }) {
  const t = useTranslations('query')
  return (
    <span className={css.tag} data-state={state}>
      {t(`state.${state}`)}
    </span>
  )
}
