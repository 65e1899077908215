import { useLocale, useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { FormStatus } from '#components/ui/status.tsx'
import type { RecordImpact, SubjectImpactDetail } from '#domain/casebook/amendment-views.ts'
import type { Label } from '#domain/definition/definition.ts'
import { labelText, languageOf } from '#domain/definition/label-text.ts'
import { placeText } from './impact-address.ts'
import css from './subject-impact.module.css'

/** What a version would do to one subject, form by form and value by value. */
export function SubjectImpact({ detail }: { detail: SubjectImpactDetail }) {
  const t = useTranslations('amendment')
  return (
    <div className={css.records}>
      {detail.records.length === 0 ? <p>{t('subject.nothing')}</p> : null}
      {detail.records.map((record) => (
        <RecordChanges key={record.recordId} record={record} />
      ))}
      {detail.records.length > 0 && detail.untouched > 0 ? (
        <p className={css.quiet}>{t('subject.untouched', { count: detail.untouched })}</p>
      ) : null}
    </div>
  )
}

function RecordChanges({ record }: { record: RecordImpact }) {
  const t = useTranslations('amendment')
  const language = languageOf(useLocale())
  const label = (text: Label) => labelText(text, language)
  const nothing = t('subject.nothingYet')
  const fromTo = (old: string | null, value: string | null): ReactNode => (
    <>
      <span className={css.old}>{old ?? nothing}</span> → <strong>{value ?? nothing}</strong>
    </>
  )
  const asked = {
    open: t('subject.opensQuery'),
    reopen: t('subject.reopensQuery'),
    close: t('subject.closesQuery'),
  }
  return (
    <section className={css.record} aria-label={placeText(record, label)}>
      <header className={css.head}>
        <h2 className={css.title}>{placeText(record, label)}</h2>
        {record.before === record.after ? (
          <FormStatus state={record.before} />
        ) : (
          <span className={css.states}>
            <FormStatus state={record.before} /> → <FormStatus state={record.after} />
          </span>
        )}
      </header>
      {record.signature ? (
        <p className={css.falls}>
          <strong>{t('subject.signature', { signer: record.signature.signer })}</strong>{' '}
          {label(record.signature.text)}
        </p>
      ) : null}
      <dl className={css.parts}>
        <Part
          title={t('subject.moves')}
          rows={record.moves.map((move) => ({
            key: move.path,
            name: label(move.label),
            code: move.from === move.path ? move.path : `${move.from} → ${move.path}`,
            text: move.old === move.value ? move.value : fromTo(move.old, move.value),
          }))}
        />
        <Part
          title={t('subject.refused')}
          rows={record.refused.map((one) => ({
            key: one.path,
            name: label(one.label),
            code: one.path,
            text: (
              <>
                <strong>{one.value}</strong> {label(one.text)}
              </>
            ),
          }))}
        />
        <Part
          title={t('subject.retired')}
          rows={record.retired.map((one) => ({
            key: one.path,
            name: label(one.label),
            code: one.path,
            text: one.value,
          }))}
        />
        <Part
          title={t('subject.opens')}
          rows={record.opens.map((one) => ({
            key: one.path,
            name: label(one.label),
            code: one.path,
            text: '',
          }))}
        />
        <Part
          title={t('subject.derived')}
          rows={record.derived.map((one) => ({
            key: one.path,
            name: label(one.label),
            code: one.path,
            text: fromTo(one.old, one.value),
          }))}
        />
        <Part
          title={t('subject.queries')}
          rows={record.queries.map((one, at) => ({
            key: `${one.path} ${at}`,
            name: label(one.label),
            code: one.path,
            text: `${asked[one.kind]}: ${one.text}`,
          }))}
        />
      </dl>
    </section>
  )
}

type Row = { key: string; name: string; code: string; text: ReactNode }

function Part({ title, rows }: { title: string; rows: readonly Row[] }) {
  if (rows.length === 0) return null
  return (
    <div className={css.part}>
      <dt className={css.partTitle}>{title}</dt>
      {rows.map(({ key, name, code, text }) => (
        <dd key={key} className={css.row}>
          <span>
            {name} <code className={css.quiet}>{code}</code>
          </span>
          <span>{text}</span>
        </dd>
      ))}
    </div>
  )
}
