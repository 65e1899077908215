'use client'

/**
 * A modal on the browser's own `<dialog>`: focus is kept inside and given back, Escape closes, nothing to load. It hangs on
 * the body: inside a form, the browser would stop the submit event of the dialog's own form and send it natively.
 */
import { useTranslations } from 'next-intl'
import { type ReactNode, useId, useLayoutEffect, useRef } from 'react'
import { createPortal } from 'react-dom'
import css from './dialog.module.css'
import { Icon } from './icon.tsx'

export function Dialog({
  title,
  onClose,
  children,
  footer,
  size = 'normal',
  plain = false,
}: {
  title: string
  /** Absent: the person must answer, Escape does nothing. */
  onClose?: () => void
  children: ReactNode
  footer?: ReactNode
  size?: 'normal' | 'wide'
  /** No visible header; the title is read only by screen readers. */
  plain?: boolean
}) {
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()
  const t = useTranslations('ui')
  // Before the browser takes the element away: only an element that is still there gives focus back when it closes.
  useLayoutEffect(() => {
    const element = dialog.current
    if (element && !element.open) element.showModal()
    return () => element?.close()
  }, [])
  if (typeof document === 'undefined') return null
  return createPortal(
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape is the dialog's own key
    <dialog
      ref={dialog}
      className={css.dialog}
      data-size={size}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault()
        onClose?.()
      }}
      onClick={(event) => {
        if (event.target === dialog.current) onClose?.()
      }}
    >
      <div className={css.content}>
        <header className={plain ? 'cb-hidden' : css.head}>
          <h2 id={id} className={css.title}>
            {title}
          </h2>
          {onClose && !plain ? (
            <button type="button" className={css.close} onClick={onClose} aria-label={t('close')}>
              <Icon name="close" />
            </button>
          ) : null}
        </header>
        <div className={plain ? undefined : css.body}>{children}</div>
        {footer ? <footer className={css.foot}>{footer}</footer> : null}
      </div>
    </dialog>,
    document.body,
  )
}
