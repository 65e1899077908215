'use client'

import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { useFormat } from '#components/ui/use-format.ts'
import type { CutMark } from '#domain/analysis/cut-views.ts'
import css from './cut.module.css'

/** Says over a report that it is of a cut, so that nobody takes it for the data as they are. */
export function CutMarkLine({ cut, children }: { cut: CutMark; children?: ReactNode }) {
  const t = useTranslations('cut')
  const format = useFormat()
  return (
    <p className={css.mark}>
      <strong>{t('mark', { number: cut.number, name: cut.name })}</strong>
      <span>{t('markText', { at: format.moment(cut.asOf) })}</span>
      <code className={css.quiet}>{cut.hash.slice(0, 12)}</code>
      {children}
    </p>
  )
}
