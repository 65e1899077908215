'use client'
import { useTranslations } from 'next-intl'
import { labelText } from '#domain/definition/label-text.ts'
import { useEntry, useEntryContext } from './entry-context.tsx'
import classes from './form.module.css'

/** The groups of a long form at the side, with how much each still asks for. */
export function Outline() {
  const t = useTranslations('form')
  const { view, language } = useEntryContext()
  const open = useEntry((entry) => entry.evaluation.open)
  const closed = useEntry((entry) => entry.evaluation.closed)
  const groups = view.form.groups.filter((group) => group.label && !closed.includes(group.oid))
  if (groups.length < 3) return null
  return (
    <nav className={classes.outline} aria-label={t('outline')}>
      {groups.map((group) => {
        const names = new Set(group.items.map((item) => item.oid))
        const left = open.filter(
          (path) => path.startsWith(`${group.oid}[`) || names.has(path),
        ).length
        return (
          <a key={group.oid} href={`#group-${group.oid}`}>
            <span>{group.label ? labelText(group.label, language) : ''}</span>
            {left > 0 && <small>{left}</small>}
          </a>
        )
      })}
    </nav>
  )
}
