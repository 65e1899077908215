'use client'

/**
 * Keys of a page. A component says `useKeys('query', [...])`; one listener serves them all, and `?` lists what is
 * registered at that moment, so the help can never differ from what works.
 */
import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef } from 'react'

export type KeyBinding = {
  /** `j`, `Enter`, `mod+k` (Ctrl, or Command on a Mac), `alt+q`, `shift+Tab`, `?`. */
  keys: string
  label: string
  /** Absent for keys that the browser or a widget handles itself; they are only listed. */
  run?: (event: KeyboardEvent) => void
  /** Works also while typing; keys with mod or alt always do. */
  whileTyping?: boolean
}
export type KeyGroup = { title: string; bindings: readonly KeyBinding[] }

type Registry = { groups: Map<string, KeyGroup> }
const KeysContext = createContext<Registry | null>(null)

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target.isContentEditable) return true
  if (target instanceof HTMLInputElement) {
    return !['checkbox', 'radio', 'button', 'submit', 'range'].includes(target.type)
  }
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement
}

/** True when the event is the key written as in `KeyBinding.keys`. */
export function matchesKeys(
  event: Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>,
  keys: string,
): boolean {
  const parts = keys.split('+')
  const key = parts.at(-1) ?? ''
  const mod = parts.includes('mod')
  const alt = parts.includes('alt')
  if (mod !== (event.ctrlKey || event.metaKey) || alt !== event.altKey) return false
  if (parts.includes('shift') && !event.shiftKey) return false
  // Alt changes the character on a Mac keyboard, so the physical key decides there.
  if (alt && /^[a-z]$/.test(key)) return event.code === `Key${key.toUpperCase()}`
  return event.key.toLowerCase() === key.toLowerCase()
}

export function KeysProvider({ children }: { children: ReactNode }) {
  const registry = useRef<Registry>({ groups: new Map() })
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return
      const typing = isTyping(event.target)
      const groups = [...registry.current.groups.values()].reverse()
      for (const binding of groups.flatMap((group) => group.bindings)) {
        if (!binding.run || !matchesKeys(event, binding.keys)) continue
        const withModifier = binding.keys.startsWith('mod+') || binding.keys.startsWith('alt+')
        if (typing && !binding.whileTyping && !withModifier) continue
        if (document.querySelector('dialog[open]')) continue
        event.preventDefault()
        binding.run(event)
        return
      }
    }
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [])
  return <KeysContext.Provider value={registry.current}>{children}</KeysContext.Provider>
}

/** Registers keys while the component is mounted. The latest closures run, so no memo is needed. */
export function useKeys(id: string, title: string, bindings: readonly KeyBinding[]): void {
  const registry = useContext(KeysContext)
  useEffect(() => {
    registry?.groups.delete(id)
    registry?.groups.set(id, { title, bindings })
  })
  useEffect(
    () => () => {
      registry?.groups.delete(id)
    },
    [registry, id],
  )
}

/** What is registered now, for the help dialog. */
export function useKeyGroups(): () => readonly KeyGroup[] {
  const registry = useContext(KeysContext)
  return useMemo(() => () => [...(registry?.groups.values() ?? [])], [registry])
}

const macNames: Readonly<Record<string, string>> = { mod: '⌘', alt: '⌥', shift: '⇧' }
const otherNames: Readonly<Record<string, string>> = { mod: 'Ctrl', alt: 'Alt', shift: 'Shift' }

/** `mod+k` as `Ctrl K` or `⌘ K`. */
export function keyWords(keys: string, mac: boolean): readonly string[] {
  return keys
    .split('+')
    .map(
      (part) =>
        (mac ? macNames : otherNames)[part] ?? (part.length === 1 ? part.toUpperCase() : part),
    )
}
