import type { ReactNode } from 'react'
import { Icon, type IconName } from './icon.tsx'
import css from './page.module.css'

/** Title of a page with what it counts and what can be done there. */
export function PageHeader({
  title,
  meta,
  actions,
  children,
}: {
  title: ReactNode
  meta?: ReactNode
  actions?: ReactNode
  children?: ReactNode
}) {
  return (
    <header className={css.header}>
      <div className={css.row}>
        <h1 className={css.title}>{title}</h1>
        {meta ? <div className={css.meta}>{meta}</div> : null}
        {actions ? <div className={css.actions}>{actions}</div> : null}
      </div>
      {children}
    </header>
  )
}

/** A titled block of a page. */
export function Section({
  title,
  aside,
  children,
  id,
}: {
  title: ReactNode
  aside?: ReactNode
  children: ReactNode
  id?: string
}) {
  return (
    <section className={css.section} id={id} aria-labelledby={id ? `${id}-title` : undefined}>
      <div className={css.sectionHead}>
        <h2 className={css.sectionTitle} id={id ? `${id}-title` : undefined}>
          {title}
        </h2>
        {aside ? <div className={css.meta}>{aside}</div> : null}
      </div>
      {children}
    </section>
  )
}

/** What would be here, and what to do next. */
export function EmptyState({
  title,
  children,
  action,
  icon = 'grid',
  page = false,
}: {
  title: ReactNode
  children?: ReactNode
  action?: ReactNode
  icon?: IconName
  /** It is the whole page, so its title is the page's. */
  page?: boolean
}) {
  const Title = page ? 'h1' : 'h2'
  return (
    <div className={css.empty}>
      <span className={css.emptyIcon}>
        <Icon name={icon} size={22} />
      </span>
      <Title className={css.emptyTitle}>{title}</Title>
      {children ? <div className={css.emptyText}>{children}</div> : null}
      {action}
    </div>
  )
}

/** Grey bars in the place of lines to come. */
export function SkeletonLines({ lines = 6 }: { lines?: number }) {
  return (
    <div className={css.skeletons} aria-hidden="true">
      {Array.from({ length: lines }, (_, index) => (
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: identical bars in fixed order
          key={index}
          className={css.skeleton}
          style={{ width: `${92 - ((index * 17) % 34)}%` }}
        />
      ))}
    </div>
  )
}
