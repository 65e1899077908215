'use client'

import { useTranslations } from 'next-intl'
import type { FormState } from '#domain/casebook/record.ts'
import type { CellState, SubjectState } from '#domain/casebook/views.ts'
import { cellGlyph, formGlyph, Glyph } from './glyph.tsx'
import css from './status.module.css'

/** Glyph and word of a visit's state. */
export function CellStatus({ state }: { state: CellState }) {
  const t = useTranslations('ui')
  return (
    <span className={css.status} data-state={state}>
      <Glyph name={cellGlyph[state]} />
      {t(`cellState.${state}`)}
    </span>
  )
}

/** Glyph and word of a form's state. */
export function FormStatus({ state }: { state: FormState }) {
  const t = useTranslations('ui')
  return (
    <span className={css.status} data-state={state}>
      <Glyph name={formGlyph[state]} />
      {t(`formState.${state}`)}
    </span>
  )
}

/** The subject's state as a quiet tag; the word carries it. */
export function SubjectStatus({ state }: { state: SubjectState }) {
  const t = useTranslations('ui')
  return (
    <span className={css.tag} data-state={state}>
      {t(`subjectState.${state}`)}
    </span>
  )
}

/** Red dot with the number of open queries; nothing for none. */
export function QueryCount({ count }: { count: number }) {
  const t = useTranslations('ui')
  if (count === 0) return null
  return (
    <span className={css.queries}>
      <span aria-hidden="true">{count}</span>
      <span className="cb-hidden">{t('queries', { count })}</span>
    </span>
  )
}
