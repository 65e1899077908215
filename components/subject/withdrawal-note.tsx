'use client'

import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { Icon } from '#components/ui/icon.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import css from './withdrawal-note.module.css'

/** That consent was withdrawn, on which day, and what can still be entered; nothing where consent stands. */
export function WithdrawalNote({
  withdrawnOn,
  children,
}: {
  withdrawnOn: string | null
  children?: ReactNode
}) {
  const t = useTranslations('casebook.withdraw')
  const format = useFormat()
  if (withdrawnOn === null) return null
  return (
    <div className={css.note} role="status">
      <Icon name="warning" />
      <span>
        <strong>{t('since', { date: format.date(withdrawnOn) })}</strong> {t('still')}
      </span>
      {children}
    </div>
  )
}
