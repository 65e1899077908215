import Link from 'next/link'
import { getTranslations } from 'next-intl/server'
import { EmptyState } from '#components/ui/page.tsx'

/** The same answer for what does not exist and for what is not to be seen. */
export default async function NotFound() {
  const t = await getTranslations('shell.notFound')
  return (
    <div style={{ paddingTop: '12vh' }}>
      <EmptyState
        title={<h1 style={{ fontSize: 'inherit' }}>{t('title')}</h1>}
        icon="search"
        action={<Link href="/">{t('home')}</Link>}
      >
        {t('text')}
      </EmptyState>
    </div>
  )
}
