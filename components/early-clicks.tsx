'use client'

import { useEffect } from 'react'

declare global {
  interface Window {
    /** Set by early-clicks-script.ts while it listens; ends it and presses what was pressed. */
    casebookAwake?: () => void
  }
}

/** Tells the script that the page is alive. */
export function Awake() {
  useEffect(() => {
    // A frame later: the effects of parts that hydrate together with this one have run by then.
    const frame = requestAnimationFrame(() => window.casebookAwake?.())
    return () => cancelAnimationFrame(frame)
  }, [])
  return null
}
