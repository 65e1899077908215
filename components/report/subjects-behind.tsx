'use client'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import classes from './report.module.css'

/** "Who is behind this number": the subjects it counts, each a link to the casebook. */
export function SubjectsBehind({
  subjects,
  n,
  missing,
  studyOid,
}: {
  subjects: readonly string[]
  n: number
  missing: number
  studyOid: string
}) {
  const t = useTranslations('report')
  return (
    <div>
      <p>{t('behindCount', { count: subjects.length, n })}</p>
      {missing > 0 && <p>{t('missing', { count: missing })}</p>}
      <ul className={classes.subjects}>
        {subjects.map((key) => (
          <li key={key}>
            <Link href={`/studies/${studyOid}/subjects/${key}`}>{key}</Link>
          </li>
        ))}
      </ul>
    </div>
  )
}
