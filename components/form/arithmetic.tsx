'use client'
import { useTranslations } from 'next-intl'
import { useEntry, useEntryContext } from './entry-context.tsx'
import classes from './form.module.css'

/** How a computed value came about: for a grade the CTCAE step in words, else the rule and the values it read. */
export function Arithmetic({ path }: { path: string }) {
  const t = useTranslations('form')
  const { explain } = useEntryContext()
  // Read anew whenever a value on the sheet changes.
  useEntry((entry) => entry.values)
  const explanation = explain(path)
  if (!explanation) return null
  return (
    <span className={classes.arithmetic}>
      {explanation.grade ?? (
        <>
          {t('computedBy')} <code>{explanation.rule}</code>
        </>
      )}
      <span>
        {explanation.reads.map((read) => (
          <span key={read.name}>
            <code>{read.name}</code> = {read.value}
          </span>
        ))}
      </span>
    </span>
  )
}
