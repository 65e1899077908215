'use client'

import { useTranslations } from 'next-intl'
import { Dialog } from '#components/ui/dialog.tsx'
import { keyWords, useKeyGroups } from '#components/ui/keys.tsx'
import css from './key-help.module.css'

/** The keys that work on this page, read from what is registered. */
export function KeyHelp({ onClose }: { onClose: () => void }) {
  const t = useTranslations('shell')
  const groups = useKeyGroups()()
  const mac = /Mac|iPad|iPhone/.test(navigator.userAgent)
  return (
    <Dialog title={t('keys.title')} onClose={onClose} size="wide">
      <div className={css.groups}>
        {groups.map((group) => (
          <section key={group.title}>
            <h3 className={css.title}>{group.title}</h3>
            <dl className={css.keys}>
              {group.bindings.map((binding) => (
                <div key={binding.keys} className={css.row}>
                  <dt>
                    {keyWords(binding.keys, mac).map((word) => (
                      <kbd key={word} className={css.key}>
                        {word}
                      </kbd>
                    ))}
                  </dt>
                  <dd>{binding.label}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  )
}
