import Link from 'next/link'
import { getTranslations } from 'next-intl/server'
import { EmptyState } from '#components/ui/page.tsx'

/** The same answer for what does not exist and for what is not to be seen. */
export async function NotHere() {
  const t = await getTranslations('shell.notFound')
  return (
    <div style={{ paddingTop: '12vh' }}>
      <EmptyState page title={t('title')} icon="search" action={<Link href="/">{t('home')}</Link>}>
        {t('text')}
      </EmptyState>
    </div>
  )
}
