'use client'
import { useLocale, useTranslations } from 'next-intl'
import { MenuGroup, MenuItem } from '#components/ui/menu.tsx'
import type { Language } from '#domain/definition/definition.ts'
import { languageOf } from '#domain/definition/label-text.ts'
import { TakeMenu } from './take-menu.tsx'

/** Each language by its own name. */
const names: Record<Language, string> = { en: 'English', ja: '日本語', zh: '中文' }

/** All reports as one document, in the reader's language first; `cut`: those of a data cut. */
export function BookMenu({ studyOid, cut }: { studyOid: string; cut?: number }) {
  const t = useTranslations('report.take')
  const own = languageOf(useLocale())
  const address = (format: 'pdf' | 'docx', language: Language) => {
    const search = new URLSearchParams({ language, ...(cut ? { cut: String(cut) } : {}) })
    return `/api/studies/${studyOid}/book.${format}?${search}`
  }
  return (
    <TakeMenu label={t('book')}>
      {(take) =>
        [own, ...(['en', 'ja', 'zh'] as const).filter((language) => language !== own)].map(
          (language) => (
            <MenuGroup key={language} title={names[language]}>
              {(['pdf', 'docx'] as const).map((format) => (
                <MenuItem key={format} onSelect={() => take(address(format, language))}>
                  {t(format)}
                  <span className="cb-hidden">, {names[language]}</span>
                </MenuItem>
              ))}
            </MenuGroup>
          ),
        )
      }
    </TakeMenu>
  )
}
