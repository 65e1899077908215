'use client'

/** The right panel: context (history, queries, a peek) beside the work, without leaving the page. */
import { usePathname } from 'next/navigation'
import { useTranslations } from 'next-intl'
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import { Icon } from './icon.tsx'
import css from './panel.module.css'

export type PanelContent = { id: string; title: string; body: ReactNode }
type PanelControl = {
  /** Id of what is shown, null when closed. */
  shown: string | null
  show: (content: PanelContent) => void
  close: () => void
}

const ControlContext = createContext<PanelControl | null>(null)
const ContentContext = createContext<PanelContent | null>(null)

export function PanelProvider({ children }: { children: ReactNode }) {
  const [content, setContent] = useState<PanelContent | null>(null)
  const pathname = usePathname()
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new page closes what belonged to the old one
  useEffect(() => setContent(null), [pathname])
  const show = useCallback((next: PanelContent) => setContent(next), [])
  const close = useCallback(() => setContent(null), [])
  const control = useMemo(
    () => ({ shown: content?.id ?? null, show, close }),
    [content?.id, show, close],
  )
  return (
    <ControlContext.Provider value={control}>
      <ContentContext.Provider value={content}>{children}</ContentContext.Provider>
    </ControlContext.Provider>
  )
}

/** Opens and closes the right panel. */
export function usePanel(): PanelControl {
  const control = useContext(ControlContext)
  if (!control) throw new Error('usePanel needs PanelProvider above it')
  return control
}

export function PanelArea() {
  const content = useContext(ContentContext)
  const { close } = usePanel()
  const t = useTranslations('ui')
  const area = useRef<HTMLElement>(null)
  useEffect(() => {
    if (!content) return
    const listen = (event: KeyboardEvent) => {
      if (
        event.key === 'Escape' &&
        !event.defaultPrevented &&
        !document.querySelector('dialog[open]')
      )
        close()
    }
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [content, close])
  if (!content) return null
  return (
    <aside ref={area} className={css.panel} aria-label={content.title}>
      <header className={css.head}>
        <h2 className={css.title}>{content.title}</h2>
        <button type="button" className={css.close} onClick={close} aria-label={t('close')}>
          <Icon name="close" />
        </button>
      </header>
      <div className={css.body}>{content.body}</div>
    </aside>
  )
}
