import { getTranslations } from 'next-intl/server'
import { Blank } from '#components/dashboard/card.tsx'
import css from '#components/dashboard/dashboard.module.css'
import { PageHeader } from '#components/ui/page.tsx'

const cards = ['a', 'b', 'c', 'd', 'e', 'f']

export default async function Loading() {
  const t = await getTranslations('dashboard')
  return (
    <>
      <PageHeader title={t('title')} />
      <div className={css.bar}>
        <Blank height={30} width="320px" />
      </div>
      <div className={css.grid} aria-busy="true">
        {cards.map((card) => (
          <div key={card} className={css.card}>
            <Blank height={20} width="40%" />
            <div style={{ height: 14 }} />
            <Blank height={270} />
          </div>
        ))}
      </div>
    </>
  )
}
