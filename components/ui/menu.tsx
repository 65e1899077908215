'use client'

/** A menu under a button, in the browser's top layer: arrows move, Escape gives the focus back. */
import Link from 'next/link'
import {
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  useEffect,
  useRef,
  useState,
} from 'react'
import { Icon } from './icon.tsx'
import css from './menu.module.css'

export function Menu({
  label,
  face,
  className,
  side = 'below',
  width = 250,
  stays = false,
  named = false,
  tabIndex,
  children,
}: {
  label: string
  face: ReactNode
  /** What the button shows says the label already; else it is read out before it. */
  named?: boolean
  className: string | undefined
  side?: 'below' | 'right'
  width?: number
  /** Choosing an item leaves the menu open. */
  stays?: boolean
  /** -1 keeps the button out of the way of typing; it needs another way by keyboard then. */
  tabIndex?: number
  children: ReactNode
}) {
  const [open, setOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const sheet = useRef<HTMLDivElement>(null)

  useEffect(() => {
    const element = sheet.current
    const anchor = button.current?.getBoundingClientRect()
    if (!open || !element || !anchor) return
    element.showPopover()
    const { height } = element.getBoundingClientRect()
    const top = side === 'below' ? anchor.bottom + 4 : anchor.bottom - height
    const left = side === 'below' ? anchor.left : anchor.right + 4
    element.style.top = `${Math.max(4, Math.min(top, window.innerHeight - height - 4))}px`
    element.style.left = `${Math.max(4, Math.min(left, window.innerWidth - width - 4))}px`
    element.querySelector<HTMLElement>('[role^="menuitem"]')?.focus()
    const outside = (event: PointerEvent) => {
      const target = event.target as Node
      if (!element.contains(target) && !button.current?.contains(target)) setOpen(false)
    }
    window.addEventListener('pointerdown', outside)
    return () => window.removeEventListener('pointerdown', outside)
  }, [open, side, width])

  function close() {
    setOpen(false)
    button.current?.focus()
  }

  function onKeyDown(event: KeyboardEvent) {
    const items = [...(sheet.current?.querySelectorAll<HTMLElement>('[role^="menuitem"]') ?? [])]
    const at = items.indexOf(document.activeElement as HTMLElement)
    const next: Record<string, number> = {
      ArrowDown: (at + 1) % items.length,
      ArrowUp: (at - 1 + items.length) % items.length,
      Home: 0,
      End: items.length - 1,
    }
    const target = next[event.key]
    if (target !== undefined) {
      event.preventDefault()
      items[target]?.focus()
    } else if (event.key === 'Escape') {
      event.preventDefault()
      event.stopPropagation()
      close()
    } else if (event.key === 'Tab') setOpen(false)
  }

  function onClick(event: MouseEvent) {
    if (!stays && (event.target as Element).closest('[role^="menuitem"]')) close()
  }

  return (
    <>
      <button
        ref={button}
        type="button"
        className={className}
        tabIndex={tabIndex}
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        {named ? null : <span className="cb-hidden">{label}: </span>}
        {face}
      </button>
      {open ? (
        <div
          ref={sheet}
          popover="manual"
          role="menu"
          tabIndex={-1}
          aria-label={label}
          className={css.sheet}
          style={{ width }}
          onKeyDown={onKeyDown}
          onClick={onClick}
        >
          {children}
        </div>
      ) : null}
    </>
  )
}

/** A titled part of a menu. */
export function MenuGroup({ title, children }: { title?: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a menu may hold groups, not field sets
    <div role="group" aria-label={title} className={css.group}>
      {title ? (
        <div className={css.title} aria-hidden="true">
          {title}
        </div>
      ) : null}
      {children}
    </div>
  )
}

export function MenuItem({
  children,
  onSelect,
  href,
  checked,
  kind = 'radio',
  icon,
  lang,
}: {
  children: ReactNode
  onSelect?: () => void
  /** A place to go instead of something to do. */
  href?: string
  /** Given: the item is a choice that is on or off. */
  checked?: boolean
  kind?: 'radio' | 'checkbox'
  icon?: ReactNode
  lang?: string
}) {
  const content = (
    <>
      {icon}
      <span className={css.text}>{children}</span>
      {checked ? <Icon name="check" /> : null}
    </>
  )
  if (href !== undefined) {
    return (
      <Link href={href} role="menuitem" tabIndex={-1} className={css.item} prefetch={false}>
        {content}
      </Link>
    )
  }
  return (
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: set only on items that can be checked
    <button
      type="button"
      role={checked === undefined ? 'menuitem' : `menuitem${kind}`}
      aria-checked={checked}
      tabIndex={-1}
      lang={lang}
      className={css.item}
      onClick={onSelect}
    >
      {content}
    </button>
  )
}
