'use client'

/**
 * Keeps the page when the session ends: the person signs in again over it, and nothing typed is lost. Warns two minutes
 * before the idle limit. The server decides; this only tells.
 */
import dynamic from 'next/dynamic'
import { useEffect, useRef, useState } from 'react'
import { idleMinutes } from './idle.ts'

const SessionDialog = dynamic(() => import('./session-dialog.tsx').then((m) => m.SessionDialog), {
  ssr: false,
})

const endedEvent = 'casebook:session-ended'

/** Called by the data layer when the server answers that nobody is signed in. */
export function sessionEnded(): void {
  window.dispatchEvent(new Event(endedEvent))
}

export type SessionUser = { userName: string; displayName: string }

export function SessionGuard({ user }: { user: SessionUser }) {
  const [state, setState] = useState<'working' | 'idle' | 'ended'>('working')
  const lastActive = useRef(0)
  useEffect(() => {
    lastActive.current = Date.now()
    const active = () => {
      lastActive.current = Date.now()
    }
    const ended = () => setState('ended')
    const look = () => {
      const idle = (Date.now() - lastActive.current) / 60_000
      setState((now) =>
        now === 'ended'
          ? now
          : idle >= idleMinutes
            ? 'ended'
            : idle >= idleMinutes - 2
              ? 'idle'
              : 'working',
      )
    }
    const timer = window.setInterval(look, 5000)
    const kinds = ['pointerdown', 'keydown', 'wheel'] as const
    for (const kind of kinds) window.addEventListener(kind, active, { passive: true })
    document.addEventListener('visibilitychange', look)
    window.addEventListener(endedEvent, ended)
    return () => {
      window.clearInterval(timer)
      for (const kind of kinds) window.removeEventListener(kind, active)
      document.removeEventListener('visibilitychange', look)
      window.removeEventListener(endedEvent, ended)
    }
  }, [])
  if (state === 'working') return null
  return (
    <SessionDialog
      user={user}
      ended={state === 'ended'}
      onContinue={() => {
        lastActive.current = Date.now()
        setState('working')
      }}
    />
  )
}
