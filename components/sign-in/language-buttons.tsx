'use client'

import { useRouter } from 'next/navigation'
import { useEffect } from 'react'
import { rememberPreference, rememberZone } from '#components/ui/cookie.ts'
import css from './sign-in.module.css'

const names = [
  ['en', 'English'],
  ['ja', '日本語'],
  ['zh', '中文'],
] as const

/** Switches the language before anybody is signed in; also tells the server this computer's time zone. */
export function LanguageButtons({ current }: { current: string }) {
  const router = useRouter()
  useEffect(rememberZone, [])
  return (
    <div className={css.languages}>
      {names.map(([language, name]) => (
        <button
          key={language}
          type="button"
          lang={language}
          className={css.language}
          aria-pressed={language === current}
          onClick={() => {
            rememberPreference('casebook-language', language)
            router.refresh()
          }}
        >
          {name}
        </button>
      ))}
    </div>
  )
}
