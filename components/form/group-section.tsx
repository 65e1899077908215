'use client'
import { memo, useMemo } from 'react'
import { itemPath } from '#domain/casebook/record.ts'
import type { ItemGroupDef } from '#domain/definition/definition.ts'
import { labelText } from '#domain/definition/label-text.ts'
import { type ItemSpot, useEntry, useEntryContext } from './entry-context.tsx'
import classes from './form.module.css'
import { GridGroup } from './grid-group.tsx'
import { ItemRow } from './item-row.tsx'

export const GroupSection = memo(function GroupSection({ group }: { group: ItemGroupDef }) {
  const { language } = useEntryContext()
  const closed = useEntry((entry) => entry.evaluation.closed.includes(group.oid))
  const spots = useMemo<ItemSpot[]>(
    () =>
      group.repeats === 'none'
        ? group.items.map((item) => ({
            path: itemPath(group.oid, null, item.oid),
            item,
            group,
            row: null,
          }))
        : [],
    [group],
  )
  const nothingToShow = useEntry(
    (entry) =>
      group.repeats === 'none' &&
      group.items.every(
        (item) =>
          entry.evaluation.closed.includes(item.oid) && entry.values[item.oid] === undefined,
      ),
  )
  if (closed || nothingToShow) return null
  return (
    <section
      className={classes.group}
      id={`group-${group.oid}`}
      aria-labelledby={group.label ? `title-${group.oid}` : undefined}
    >
      {group.label && <h2 id={`title-${group.oid}`}>{labelText(group.label, language)}</h2>}
      {group.hint && <p className={classes.groupHint}>{labelText(group.hint, language)}</p>}
      {group.repeats === 'none' ? (
        spots.map((spot) => <ItemRow key={spot.path} spot={spot} />)
      ) : (
        <GridGroup group={group} />
      )}
    </section>
  )
})
