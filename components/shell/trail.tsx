import Link from 'next/link'
import { Icon } from '#components/ui/icon.tsx'
import css from './trail.module.css'

export type TrailItem = { text: string; href?: string }

/** Breadcrumb: study / site / subject / visit / form. The last one is where we are. */
export function Trail({ items, label }: { items: readonly TrailItem[]; label: string }) {
  return (
    <nav aria-label={label} className={css.trail}>
      <ol className={css.list}>
        {items.map((item, index) => {
          const last = index === items.length - 1
          return (
            <li key={item.text + item.href} className={css.item}>
              {index > 0 ? <Icon name="right" size={12} /> : null}
              {item.href && !last ? (
                <Link href={item.href} className={css.link}>
                  {item.text}
                </Link>
              ) : (
                <span aria-current={last ? 'page' : undefined} className={css.text}>
                  {item.text}
                </span>
              )}
            </li>
          )
        })}
      </ol>
    </nav>
  )
}
