'use client'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { shortText } from '#components/subject/short-text.ts'
import { useFormat } from '#components/ui/use-format.ts'
import type { FormView } from '#domain/casebook/views.ts'
import { labelText } from '#domain/definition/label-text.ts'
import { useEntry, useEntryContext } from './entry-context.tsx'
import classes from './form.module.css'

/** Always in sight: whose form, which visit and window, which version, and what is safe on the server. */
export function FormHeader() {
  const t = useTranslations('form')
  const format = useFormat()
  const { view, language, studyOid } = useEntryContext()
  const state = useEntry((entry) => entry.state)
  const { subject, event } = view
  const cell = event.cell
  return (
    <header className={classes.header}>
      <div className={classes.headerTop}>
        <h1>{labelText(view.form.label, language)}</h1>
        <span className={classes.state} data-state={state}>
          {t(`state.${state}`)}
        </span>
        <SaveState />
      </div>
      <div className={classes.headerFacts}>
        {view.reading ? (
          <span>{t('readings.image', { key: subject.subjectKey })}</span>
        ) : (
          <Link href={`/studies/${studyOid}/subjects/${subject.subjectKey}`}>
            {subject.subjectKey}
          </Link>
        )}
        {subject.columns.map(
          (column) =>
            column.text && (
              <span key={column.oid}>
                <span className={classes.fact}>{labelText(column.label, language)}</span>{' '}
                {shortText(column.code ?? '', labelText(column.text, language), 16)}
              </span>
            ),
        )}
        {view.reading ? null : <span>{labelText(event.label, language)}</span>}
        {cell.date && <span>{format.date(cell.date)}</span>}
        {cell.from && cell.to && (
          <span data-outside={cell.outsideWindow || undefined} className={classes.window}>
            {t(cell.outsideWindow ? 'outsideWindow' : 'window')} {format.date(cell.from)} –{' '}
            {format.date(cell.to)}
          </span>
        )}
        <span className={classes.version}>
          {t('version', { version: view.studyVersion.label })}
        </span>
        {view.signature && (
          <span className={classes.signed} data-valid={view.signature.valid || undefined}>
            {t(signatureWords(view.signature), {
              name: view.signature.name,
              at: format.moment(view.signature.at),
              meaning: view.signature.meaning,
              why: view.signature.why ?? '',
            })}
          </span>
        )}
      </div>
    </header>
  )
}

function SaveState() {
  const t = useTranslations('form')
  const format = useFormat()
  const status = useEntry((entry) => entry.status)
  const savedAt = useEntry((entry) => entry.savedAt)
  const text =
    status === 'saved'
      ? savedAt
        ? t('savedAt', { time: format.time(savedAt) })
        : t('allSaved')
      : t(`status.${status}`)
  return (
    <output className={classes.saveState} data-status={status} aria-live="polite">
      <span className={classes.saveDot} aria-hidden="true" />
      {text}
    </output>
  )
}

function signatureWords({ valid, why }: NonNullable<FormView['signature']>) {
  if (valid) return 'signedBy'
  return why === null ? 'signatureFell' : 'signatureFellWhy'
}
