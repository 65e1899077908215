'use client'
import { useTranslations } from 'next-intl'
import { type ReactNode, useState } from 'react'
import { Icon } from '#components/ui/icon.tsx'
import { Menu } from '#components/ui/menu.tsx'
import { useProblemText } from '#components/ui/problem-note.tsx'
import classes from './report.module.css'
import { takeFile } from './take-file.ts'

/** A menu whose entries are files that the server makes; while one is made the button says so, and a refusal stands beside it. */
export function TakeMenu({
  label,
  children,
}: {
  label: string
  children: (take: (address: string) => void) => ReactNode
}) {
  const t = useTranslations('report.take')
  const problemText = useProblemText()
  const [making, setMaking] = useState(0)
  const [refusal, setRefusal] = useState<string | null>(null)
  async function take(address: string) {
    setRefusal(null)
    setMaking((count) => count + 1)
    const taken = await takeFile(address)
    setMaking((count) => count - 1)
    if (taken === 'saved') return
    setRefusal(taken === 'unreached' ? t('failed') : problemText(taken.problem))
  }
  return (
    <div className={classes.take}>
      <Menu
        label={label}
        named
        className={classes.takeButton}
        face={
          <>
            <Icon name="download" />
            {label}
            <Icon name="down" size={12} />
          </>
        }
      >
        {children((address) => void take(address))}
      </Menu>
      <span role="status" className={classes.missing}>
        {making > 0 ? t('making') : ''}
      </span>
      {refusal ? (
        <span role="alert" className={classes.refusal}>
          <Icon name="warning" /> {refusal}
        </span>
      ) : null}
    </div>
  )
}
