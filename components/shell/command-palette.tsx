'use client'

/** Ctrl-K: a subject by its key, a page, or one's own queries; arrows choose, Enter goes. */
import { useQuery } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useDeferredValue, useEffect, useId, useRef, useState } from 'react'
import { useTRPC } from '#components/trpc.ts'
import { Dialog } from '#components/ui/dialog.tsx'
import { Icon, type IconName } from '#components/ui/icon.tsx'
import css from './command-palette.module.css'
import type { NavigationItem } from './navigation.ts'

type Entry = { id: string; icon: IconName; text: string; detail?: string; href: string }

export function CommandPalette({
  studyId,
  base,
  items,
  studies,
  onClose,
}: {
  studyId: string
  base: string
  items: readonly NavigationItem[]
  /** The person's other studies, each by its name and where it begins. */
  studies: readonly { name: string; href: string }[]
  onClose: () => void
}) {
  const t = useTranslations('shell')
  const ui = useTranslations('ui')
  const router = useRouter()
  const trpc = useTRPC()
  const listId = useId()
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const wanted = useDeferredValue(text.trim())
  const list = useRef<HTMLDivElement>(null)
  const mayFind = items.some((item) => item.id === 'subjects')
  const found = useQuery({
    ...trpc.subject.find.queryOptions({ studyId, text: wanted }),
    enabled: mayFind && wanted.length > 0,
    placeholderData: (before) => before,
  })

  const pages: Entry[] = items.map((item) => ({
    id: item.id,
    icon: item.icon,
    text: t(`nav.${item.id}`),
    href: `${base}${item.path}`,
  }))
  if (items.some((item) => item.id === 'queries')) {
    pages.push({ id: 'mine', icon: 'query', text: t('myQueries'), href: `${base}/queries?mine=1` })
  }
  for (const study of studies) {
    pages.push({
      id: study.href,
      icon: 'definition',
      text: study.name,
      detail: t('otherStudy'),
      href: study.href,
    })
  }
  const needle = wanted.toLowerCase()
  const subjects: Entry[] =
    wanted === ''
      ? []
      : (found.data ?? []).map((subject) => ({
          id: subject.subjectId,
          icon: 'grid',
          text: subject.subjectKey,
          detail: ui(`subjectState.${subject.state}`),
          href: `${base}/subjects/${subject.subjectKey}`,
        }))
  const entries = [...subjects, ...pages.filter((page) => page.text.toLowerCase().includes(needle))]
  const active = Math.min(at, Math.max(entries.length - 1, 0))

  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' })
  })

  function go(entry: Entry | undefined) {
    if (!entry) return
    onClose()
    router.push(entry.href)
  }

  return (
    <Dialog title={t('jump')} onClose={onClose} plain>
      <div className={css.field}>
        <Icon name="search" />
        <input
          className={css.input}
          value={text}
          placeholder={t(mayFind ? 'jumpHint' : 'jumpPages')}
          aria-label={t('jump')}
          role="combobox"
          aria-expanded="true"
          aria-controls={listId}
          aria-activedescendant={entries[active] ? `${listId}-${active}` : undefined}
          autoFocus
          onChange={(event) => {
            setText(event.currentTarget.value)
            setAt(0)
          }}
          onKeyDown={(event) => {
            const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
            if (step !== 0) {
              event.preventDefault()
              setAt((active + step + entries.length) % Math.max(entries.length, 1))
            }
            if (event.key === 'Enter' && !event.nativeEvent.isComposing) go(entries[active])
          }}
        />
      </div>
      <div className={css.list} id={listId} role="listbox" aria-label={t('jump')} ref={list}>
        {entries.map((entry, index) => (
          <div
            key={entry.id}
            id={`${listId}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === active}
            className={css.entry}
            onPointerMove={() => setAt(index)}
            onClick={() => go(entry)}
            onKeyDown={(event) => event.key === 'Enter' && go(entry)}
          >
            <Icon name={entry.icon} />
            <span>{entry.text}</span>
            {entry.detail ? <span className={css.detail}>{entry.detail}</span> : null}
          </div>
        ))}
      </div>
      {entries.length === 0 && !found.isFetching ? (
        <p className={css.none} role="status">
          {t('jumpNothing', { text: wanted })}
        </p>
      ) : null}
    </Dialog>
  )
}
