'use client'

import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useTransition } from 'react'
import { Icon } from '#components/ui/icon.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import css from './dashboard.module.css'

/** When the numbers were read, and a button that reads them again. */
export function AsOf({ at }: { at: string }) {
  const t = useTranslations('dashboard')
  const format = useFormat()
  const router = useRouter()
  const [busy, start] = useTransition()
  return (
    <>
      <span role="status" className={css.quiet}>
        {t('asOf', { time: format.moment(at) })}
      </span>
      <button
        type="button"
        className={css.button}
        disabled={busy}
        onClick={() => start(() => router.refresh())}
      >
        <Icon name="history" size={14} />
        {t('refresh')}
      </button>
    </>
  )
}
