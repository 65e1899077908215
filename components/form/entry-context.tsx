'use client'
import { createContext, useContext, useSyncExternalStore } from 'react'
import type { UseFormReturn } from 'react-hook-form'
import type { DerivedExplanation } from '#domain/casebook/explain-derived.ts'
import type { FormView } from '#domain/casebook/views.ts'
import type {
  CodeListDef,
  FixedRowDef,
  ItemDef,
  ItemGroupDef,
  Language,
} from '#domain/definition/definition.ts'
import type { EntrySnapshot, EntryStore } from './entry-store.ts'

export type PanelRequest = { kind: 'history' | 'query' | 'why'; path: string; label: string }

export type EntryContextValue = {
  store: EntryStore
  inputs: UseFormReturn<Record<string, string>>
  view: FormView
  studyId: string
  studyOid: string
  language: Language
  codeLists: ReadonlyMap<string, CodeListDef>
  /** Nothing can be typed: the role may not, the form is closed, or it is shown as of a past moment. */
  readOnly: boolean
  openPanel: (request: PanelRequest) => void
  /** The arithmetic of a computed item; null until the rules are loaded. */
  explain: (path: string) => DerivedExplanation | null
}

const EntryContext = createContext<EntryContextValue | null>(null)
export const EntryProvider = EntryContext.Provider

export function useEntryContext(): EntryContextValue {
  const value = useContext(EntryContext)
  if (!value) throw new Error('useEntryContext is used outside a form entry')
  return value
}

/** Reads one slice of the entry state; the component renders again only when the slice changes. */
export function useEntry<T>(select: (snapshot: EntrySnapshot) => T): T {
  const { store } = useEntryContext()
  return useSyncExternalStore(
    store.subscribe,
    () => select(store.snapshot()),
    () => select(store.snapshot()),
  )
}

/** One item as the screen meets it: its definition, where it lives, and the fixed row it belongs to. */
export type ItemSpot = { path: string; item: ItemDef; group: ItemGroupDef; row: FixedRowDef | null }

/** react-hook-form reads dots and brackets in names as nesting, so paths are written with slashes there. */
export function inputName(path: string): string {
  return path.replace('[', '/').replace('].', '/')
}

export function inputId(path: string): string {
  return `item-${inputName(path).replaceAll('/', '-')}`
}
