'use client'

import { signOut } from './credentials.ts'
import css from './sign-in.module.css'

export function SignOutButton({ words, name }: { words: string; name: string }) {
  return (
    <button
      type="button"
      className={css.language}
      onClick={async () => {
        await signOut()
        window.location.assign('/sign-in')
      }}
    >
      {name} · {words}
    </button>
  )
}
