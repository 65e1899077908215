'use client'

import { useEffect } from 'react'

/**
 * Loads the Japanese or Chinese face descriptions (100 kB of unicode ranges each) beside the page instead of in front of
 * it; the browser then fetches only the subsets whose characters are shown.
 */
export function Fonts({ language }: { language: string }) {
  useEffect(() => {
    if (language === 'zh') void import('@fontsource-variable/noto-sans-sc/wght.css')
    if (language === 'ja') void import('@fontsource-variable/noto-sans-jp/wght.css')
    // Names and free text of a Japanese or Chinese site stay readable in every language, on a computer without such fonts.
    const later = window.setTimeout(() => {
      if (language !== 'ja') void import('@fontsource-variable/noto-sans-jp/wght.css')
      if (language !== 'zh') void import('@fontsource-variable/noto-sans-sc/wght.css')
    }, 0)
    return () => window.clearTimeout(later)
  }, [language])
  return null
}
