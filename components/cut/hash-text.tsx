'use client'

import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useNotify } from '#components/ui/notice.tsx'
import css from './cut.module.css'

const short = 12

/** The first characters of a hash; a press shows all of it and copies it where the browser lets us. */
export function HashText({ hash }: { hash: string }) {
  const t = useTranslations('cut')
  const notify = useNotify()
  const [whole, setWhole] = useState(false)
  async function copy() {
    setWhole(true)
    // Only a page of a secure address may write to the clipboard; on others the whole hash is there to be selected.
    if (!navigator.clipboard) return
    try {
      await navigator.clipboard.writeText(hash)
      notify.done(t('copied'))
    } catch {
      // Refused by the person: the hash stands there in full.
    }
  }
  return (
    <span className={css.hash}>
      <code>{whole ? hash : hash.slice(0, short)}</code>
      <button
        type="button"
        onClick={() => void copy()}
        aria-label={`${t('copy')}: ${hash.slice(0, short)}`}
      >
        {t('copy')}
      </button>
    </span>
  )
}
