'use client'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useEffect, useRef, useState } from 'react'
import { subjectHref } from '#components/subject/address.ts'
import { Icon } from '#components/ui/icon.tsx'
import classes from './report.module.css'
import { SubjectTrace } from './subject-trace.tsx'
import type { TraceRequest } from './trace-scope.tsx'

const mostAtOnce = 200

/** "Who is behind this number": the subjects it counts, each a link to the casebook, each opens to the values behind it. */
export function SubjectsBehind({
  subjects,
  n,
  missing,
  studyOid,
  request,
}: {
  subjects: readonly string[]
  n: number
  missing: number
  studyOid: string
  /** Null where no rule is known behind the number, or the data are not the present ones. */
  request: TraceRequest | null
}) {
  const t = useTranslations('report')
  const list = useRef<HTMLUListElement>(null)
  const [shown, setShown] = useState(mostAtOnce)
  useEffect(() => {
    list.current?.querySelector<HTMLElement>('button, a')?.focus()
  }, [])
  return (
    <div>
      <p>{t('behindCount', { count: subjects.length, n })}</p>
      {missing > 0 && <p>{t('missing', { count: missing })}</p>}
      <ul className={classes.subjects} ref={list}>
        {subjects.slice(0, shown).map((key) => (
          <SubjectEntry key={key} subjectKey={key} studyOid={studyOid} request={request} />
        ))}
      </ul>
      {subjects.length > shown && (
        <button type="button" className={classes.traced} onClick={() => setShown(subjects.length)}>
          {t('showAll', { count: subjects.length })}
        </button>
      )}
    </div>
  )
}

function SubjectEntry({
  subjectKey,
  studyOid,
  request,
}: {
  subjectKey: string
  studyOid: string
  request: TraceRequest | null
}) {
  const t = useTranslations('endpoint')
  const [isOpen, setIsOpen] = useState(false)
  return (
    <li>
      {request && (
        <button
          type="button"
          className={classes.opener}
          aria-expanded={isOpen}
          aria-label={t('trace.open', { subject: subjectKey })}
          onClick={() => setIsOpen(!isOpen)}
        >
          <Icon name={isOpen ? 'down' : 'right'} size={12} />
        </button>
      )}
      <Link href={subjectHref(studyOid, subjectKey)}>{subjectKey}</Link>
      {request && isOpen && (
        <SubjectTrace subjectKey={subjectKey} studyOid={studyOid} request={request} />
      )}
    </li>
  )
}
