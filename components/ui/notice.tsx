'use client'

/** Short confirmations at the foot of the window, spoken by screen readers; errors stay until dismissed. */
import { useTranslations } from 'next-intl'
import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from 'react'
import { Icon } from './icon.tsx'
import css from './notice.module.css'

type Notice = { id: number; kind: 'done' | 'problem'; text: string }
type Notify = { done: (text: string) => void; problem: (text: string) => void }

const NoticeContext = createContext<Notify | null>(null)
let nextId = 1

export function NoticeProvider({ children }: { children: ReactNode }) {
  const [notices, setNotices] = useState<readonly Notice[]>([])
  const t = useTranslations('ui')
  const drop = useCallback(
    (id: number) => setNotices((all) => all.filter((notice) => notice.id !== id)),
    [],
  )
  const add = useCallback(
    (kind: Notice['kind'], text: string) => {
      const id = nextId++
      setNotices((all) =>
        [...all.filter((notice) => notice.text !== text), { id, kind, text }].slice(-3),
      )
      if (kind === 'done') window.setTimeout(() => drop(id), 5000)
    },
    [drop],
  )
  const notify = useMemo(
    () => ({
      done: (text: string) => add('done', text),
      problem: (text: string) => add('problem', text),
    }),
    [add],
  )
  return (
    <NoticeContext.Provider value={notify}>
      {children}
      <div className={css.area} aria-live="polite">
        {notices.map((notice) => (
          <div key={notice.id} className={css.notice} data-kind={notice.kind}>
            <Icon name={notice.kind === 'done' ? 'check' : 'warning'} />
            <span>{notice.text}</span>
            <button
              type="button"
              className={css.close}
              onClick={() => drop(notice.id)}
              aria-label={t('close')}
            >
              <Icon name="close" size={14} />
            </button>
          </div>
        ))}
      </div>
    </NoticeContext.Provider>
  )
}

/** `notify.done('Saved')`, `notify.problem(text)`. */
export function useNotify(): Notify {
  const notify = useContext(NoticeContext)
  if (!notify) throw new Error('useNotify needs NoticeProvider above it')
  return notify
}
