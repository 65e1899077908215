'use client'

import { Button } from '@mantine/core'
import { useTranslations } from 'next-intl'
import { EmptyState } from '#components/ui/page.tsx'

/** Something broke while a page was made; the shell stays. */
export default function BrokenPage({
  error,
  reset,
}: {
  error: Error & { digest?: string }
  reset: () => void
}) {
  const t = useTranslations('shell.broken')
  const ui = useTranslations('ui')
  return (
    <EmptyState
      page
      icon="warning"
      title={t('title')}
      action={<Button onClick={reset}>{ui('retry')}</Button>}
    >
      <p role="alert">{t('text', { id: error.digest ?? '–' })}</p>
    </EmptyState>
  )
}
