'use client'

import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useTRPC } from '#components/trpc.ts'
import { formGlyph, Glyph } from '#components/ui/glyph.tsx'
import { SkeletonLines } from '#components/ui/page.tsx'
import { ProblemNote } from '#components/ui/problem-note.tsx'
import { CellStatus, QueryCount } from '#components/ui/status.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import type { MatrixCell } from '#domain/casebook/views.ts'
import { formHref, visitHref } from './address.ts'
import css from './subject-matrix.module.css'

/** The forms of one visit in the right panel. */
export function VisitPeek({
  studyId,
  study,
  subjectId,
  subjectKey,
  cell,
}: {
  studyId: string
  study: string
  subjectId: string
  subjectKey: string
  cell: MatrixCell
}) {
  const t = useTranslations('subjects')
  const ui = useTranslations('ui')
  const format = useFormat()
  const trpc = useTRPC()
  const casebook = useQuery(trpc.subject.casebook.queryOptions({ studyId, subjectId }))
  const visits = casebook.data?.visits.filter((visit) => visit.event === cell.event) ?? []
  return (
    <div className={css.peek}>
      <CellStatus state={cell.state} />
      <dl className={css.facts}>
        <dt>{t('peek.date')}</dt>
        <dd>
          {cell.date ? format.date(cell.date) : t('peek.notDone')}
          {cell.outsideWindow ? ` · ${t('legendOutside')}` : ''}
          {cell.overdue ? ` · ${t('legendOverdue')}` : ''}
        </dd>
        {cell.target && cell.enforced ? (
          <>
            <dt>{t('peek.target')}</dt>
            <dd>{format.date(cell.target)}</dd>
          </>
        ) : null}
        {cell.from && cell.to ? (
          <>
            <dt>{t('peek.window')}</dt>
            <dd>
              {format.date(cell.from)} – {format.date(cell.to)}
            </dd>
          </>
        ) : null}
      </dl>
      <ProblemNote error={casebook.error} />
      {casebook.isPending ? <SkeletonLines lines={4} /> : null}
      {visits.map((visit) => (
        <ul className={css.forms} key={visit.eventRepeat}>
          {visit.forms.map((form) => (
            <li key={`${form.form}-${form.formRepeat}`}>
              <Link
                className={css.form}
                prefetch={false}
                href={formHref(study, subjectKey, {
                  event: visit.event,
                  eventRepeat: visit.eventRepeat,
                  form: form.form,
                  formRepeat: form.formRepeat,
                })}
              >
                <Glyph name={formGlyph[form.state]} />
                <span className={css.formName}>{format.label(form.label)}</span>
                <span className={css.small}>{ui(`formState.${form.state}`)}</span>
                <QueryCount count={form.queries} />
              </Link>
            </li>
          ))}
        </ul>
      ))}
      {casebook.data && visits.every((visit) => visit.forms.length === 0) ? (
        <p className={css.small}>{t('peek.noForms')}</p>
      ) : null}
      <Link href={visitHref(study, subjectKey, cell.event)}>{t('peek.open')}</Link>
    </div>
  )
}
