'use client'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { formHref } from '#components/subject/address.ts'
import { useFormat } from '#components/ui/use-format.ts'
import type { Answer, ReadValue } from '#domain/casebook/read-values.ts'
import css from './endpoint.module.css'

type Whose = { studyOid: string; subjectKey: string }

/** Address of a value: its item in its form, with the history open where there is one. */
export function valueHref(
  { studyOid, subjectKey }: Whose,
  place: NonNullable<ReadValue['place']>,
): string {
  const history = place.recordId === null ? '' : '?history'
  return `${formHref(studyOid, subjectKey, place)}${history}#${encodeURIComponent(place.path)}`
}

/** An answer in words: the rule as written, what it came to, and the values it read. */
export function AnswerTree({ answer, ...whose }: Whose & { answer: Answer }) {
  const t = useTranslations('endpoint')
  if (answer.isConcealed) return <p className={css.quiet}>{t('concealed')}</p>
  return (
    <div className={css.answer}>
      <p className={css.rule}>
        <code>{answer.text}</code>
      </p>
      {answer.reads.length === 0 ? (
        <p className={css.quiet}>{t('noReads')}</p>
      ) : (
        <ValueList reads={answer.reads} more={answer.more} depth={0} {...whose} />
      )}
    </div>
  )
}

function ValueList({
  reads,
  more,
  depth,
  ...whose
}: Whose & { reads: readonly ReadValue[]; more: number; depth: number }) {
  const t = useTranslations('endpoint')
  return (
    <ul className={css.values} aria-label={t('values')}>
      {reads.map((read, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: readings of one answer have a fixed order and may repeat labels
        <li key={at} data-decides={read.decides || undefined}>
          <ReadLine read={read} depth={depth} {...whose} />
        </li>
      ))}
      {more > 0 && <li className={css.quiet}>{t('more', { count: more })}</li>}
    </ul>
  )
}

/** The first step down is open; below it what decides and what is missing. */
function ReadLine({ read, depth, ...whose }: Whose & { read: ReadValue; depth: number }) {
  const t = useTranslations('endpoint')
  const format = useFormat()
  const label = format.label(read.label)
  const value = format.label(read.value)
  const facts = [
    read.where ? format.label(read.where) : null,
    read.date ? format.date(read.date) : null,
    read.isOverride ? t('override') : null,
    read.decides ? t('decides') : null,
  ].filter((text) => text !== null)
  const line = (
    <>
      {read.place && !read.isConcealed ? (
        <Link className={css.item} href={valueHref(whose, read.place)} prefetch={false}>
          {label}
        </Link>
      ) : (
        <span className={css.item}>{label}</span>
      )}{' '}
      <b data-missing={read.isMissing || undefined}>{value}</b>{' '}
      {facts.length > 0 && <small>{facts.join(' · ')}</small>}
    </>
  )
  if (read.reads.length === 0) return <div className={css.line}>{line}</div>
  return (
    <details className={css.more} open={depth === 0 || read.decides || read.isMissing}>
      <summary>{line}</summary>
      {read.rule && (
        <p className={css.rule}>
          <code>{read.rule}</code>
        </p>
      )}
      <ValueList reads={read.reads} more={read.more} depth={depth + 1} {...whose} />
    </details>
  )
}
