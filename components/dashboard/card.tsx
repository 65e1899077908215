import Link from 'next/link'
import { getLocale, getMessages, getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { type ProblemCatalogue, problemText } from '#components/problem-text.ts'
import { Icon } from '#components/ui/icon.tsx'
import type { DashboardName, DashboardViews } from '#domain/dashboard/dashboard-views.ts'
import type { Picture as PictureOf } from '#domain/dashboard/figures.ts'
import { languageOf } from '#domain/definition/label-text.ts'
import type { ProblemMessage } from '#domain/problem.ts'
import css from './dashboard.module.css'
import { headlineOf } from './headlines.ts'
import { Picture } from './picture.tsx'

/** Units across: text of a card's picture is as large as that of the page. */
const cardWidth = 400

/** One dashboard at a glance: a number, a picture, a line; the card opens its page. */
export async function DashboardCard<Name extends DashboardName>({
  name,
  href,
  view,
  pictures,
}: {
  name: Name
  href: string
  view: DashboardViews[Name]
  pictures: readonly PictureOf[]
}) {
  const [t, locale] = await Promise.all([getTranslations('dashboard'), getLocale()])
  const { big, text, foot, empty } = headlineOf(name, view, t, locale)
  const [picture] = pictures
  return (
    <CardFrame name={t(`name.${name as DashboardName}`)} href={href}>
      <p className={css.headline}>
        {big === null ? null : <span className={css.big}>{big}</span>}
        <span>{text}</span>
      </p>
      <div className={css.grow}>
        {empty !== null || !picture ? (
          <p className={css.none}>{empty ?? t('noPicture')}</p>
        ) : (
          <Picture spec={picture.spec} language={languageOf(locale)} width={cardWidth} />
        )}
      </div>
      <p className={css.foot}>
        {foot.map((line) => (
          <span key={line}>{line}</span>
        ))}
        {picture && picture.left > 0 ? <span>{t('rowsLeft', { count: picture.left })}</span> : null}
      </p>
    </CardFrame>
  )
}

function CardFrame({
  name,
  href,
  children,
}: {
  name: string
  href: string | null
  children: ReactNode
}) {
  return (
    <article className={css.card}>
      <h2 className={css.name}>
        {href ? (
          <Link href={href} className={css.open} prefetch={false}>
            {name}
          </Link>
        ) : (
          name
        )}
      </h2>
      {children}
    </article>
  )
}

/** In the place of a dashboard that cannot be shown; the others stay. */
export async function FailedCard({
  name,
  problem,
}: {
  name: DashboardName
  problem: ProblemMessage | null
}) {
  const [t, messages] = await Promise.all([getTranslations('dashboard'), getMessages()])
  return (
    <CardFrame name={t(`name.${name}`)} href={null}>
      <div className={css.grow} role="alert">
        <p className={css.none}>
          <Icon name="warning" />{' '}
          {problem ? problemText(problem, messages.problem as ProblemCatalogue) : t('failed')}
        </p>
      </div>
    </CardFrame>
  )
}

/** A card's place while its numbers are counted. */
export async function CardSkeleton({ name }: { name: DashboardName }) {
  const t = await getTranslations('dashboard')
  return (
    <article className={css.card} aria-busy="true">
      <h2 className={css.name}>{t(`name.${name}`)}</h2>
      <Blank height={28} width="60%" />
      <div style={{ height: 12 }} />
      <Blank height={240} />
      <div style={{ height: 14 }} />
      <Blank height={14} width="80%" />
    </article>
  )
}

export function Blank({ height, width = '100%' }: { height: number; width?: string }) {
  return <div aria-hidden="true" className={css.blank} style={{ height, width }} />
}
