'use client'
import { useMemo } from 'react'
import type { FixedRowDef, ItemGroupDef } from '#domain/definition/definition.ts'
import { labelText } from '#domain/definition/label-text.ts'
import { useEntry, useEntryContext } from './entry-context.tsx'

export type GroupRow = { key: string; def: FixedRowDef | null; label: string }

/** Keys that sort in the order rows were added and never repeat: time in base 36, then two random places. */
export function newRowKey(): string {
  const noise = crypto.getRandomValues(new Uint8Array(2))
  return Date.now().toString(36) + [...noise].map((byte) => (byte % 36).toString(36)).join('')
}

/** The rows of a repeating group: the printed ones of this visit first, then those people added. */
export function useGroupRows(group: ItemGroupDef): readonly GroupRow[] {
  const { view, language } = useEntryContext()
  const added = useEntry((entry) => addedRowKeys(group, entry.values).join(' '))
  return useMemo(() => {
    const inUse = view.rowKeys[group.oid]
    const printed = (group.rows ?? [])
      .filter((row) => inUse === undefined || inUse.includes(row.key))
      .map((row) => ({ key: row.key, def: row, label: labelText(row.label, language) }))
    const more =
      added === ''
        ? []
        : added.split(' ').map((key, index) => ({ key, def: null, label: String(index + 1) }))
    return [...printed, ...more]
  }, [group, view.rowKeys, language, added])
}

function addedRowKeys(group: ItemGroupDef, values: Readonly<Record<string, unknown>>): string[] {
  if (group.repeats !== 'rows' && group.repeats !== 'fixedOpen') return []
  const keys = new Set<string>()
  const start = `${group.oid}[`
  for (const path of Object.keys(values)) {
    if (!path.startsWith(start)) continue
    const key = path.slice(start.length, path.indexOf(']'))
    if (/^[a-z0-9]+$/.test(key)) keys.add(key)
  }
  return [...keys].sort()
}
