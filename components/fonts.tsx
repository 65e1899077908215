'use client'

import { useEffect } from 'react'

/**
 * Loads the Japanese or Chinese face descriptions (100 kB of unicode ranges each) beside the page instead of in front of
 * it; the browser then fetches only the subsets whose characters are shown.
 */
export function Fonts({ language }: { language: string }) {
  useEffect(() => {
    if (language === 'zh') void import('@fontsource-variable/noto-sans-sc/wght.css')
    else if (language === 'ja') void import('@fontsource-variable/noto-sans-jp/wght.css')
    else {
      // Names and free text of a Japanese site stay readable on a computer without such a font.
      const later = window.setTimeout(() => {
        void import('@fontsource-variable/noto-sans-jp/wght.css')
      }, 0)
      return () => window.clearTimeout(later)
    }
  }, [language])
  return null
}
