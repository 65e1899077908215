'use client'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useFormat } from '#components/ui/use-format.ts'
import type { PaperPart, PaperView as View } from '#domain/analysis/paper-views.ts'
import css from './paper.module.css'

const verdicts = ['OK', 'SLD', 'BAD', 'FAILED'] as const
type Verdict = (typeof verdicts)[number]
type Cell = PaperPart['cells'][number]

/** A failed cell is a failure before it is anything else. */
const verdictOf = (cell: Cell): Verdict => (cell.passed ? cell.class : 'FAILED')
const shapes: Record<Verdict, string> = { OK: '●', SLD: '◐', BAD: '◆', FAILED: '✕' }

/** Every printed figure of the study's paper beside ours, with what became of it and why; filtered by verdict. */
export function PaperView({ view, studyOid }: { view: View; studyOid: string }) {
  const t = useTranslations('paper')
  const format = useFormat()
  const [chosen, setChosen] = useState<Verdict | null>(null)
  const parts = view.parts ?? []
  const cells = parts.flatMap((part) => part.cells)
  const count = (verdict: Verdict) => cells.filter((cell) => verdictOf(cell) === verdict).length
  const facts = (
    <p className={css.facts}>
      <span>{t('asOf', { at: format.moment(view.dataAsOf) })}</span>
      <span>{t('subjects', { count: view.subjects })}</span>
      <span>
        {t('definition', { version: view.version.label, hash: view.version.hash.slice(0, 12) })}
      </span>
    </p>
  )
  if (view.parts === null)
    return (
      <div className={css.page}>
        {facts}
        <p className={css.sentence}>{t('concealed')}</p>
        <NotCompared view={view} />
      </div>
    )
  return (
    <div className={css.page}>
      {facts}
      <p className={css.total} role="status">
        {t('total', { passed: view.passed, failed: view.failed })}
      </p>
      <fieldset className={css.filter}>
        <legend className="cb-hidden">{t('filter')}</legend>
        <Choice
          text={t('all', { count: cells.length })}
          isChosen={chosen === null}
          choose={() => setChosen(null)}
        />
        {verdicts.map((verdict) => (
          <Choice
            key={verdict}
            text={t(`count.${verdict}`, { count: count(verdict) })}
            shape={verdict}
            isChosen={chosen === verdict}
            choose={() => setChosen(verdict)}
          />
        ))}
      </fieldset>
      <dl className={css.meaning}>
        {verdicts.map((verdict) => (
          <div key={verdict}>
            <dt>
              <Mark verdict={verdict} />
            </dt>
            <dd>{t(`meaning.${verdict}`)}</dd>
          </div>
        ))}
      </dl>
      {parts.map((part, at) => (
        <Part
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one paper keep their order
          key={at}
          part={part}
          chosen={chosen}
          href={`/studies/${studyOid}/reports/${part.report.oid.toLowerCase()}`}
        />
      ))}
      {chosen !== null && count(chosen) === 0 ? <p className={css.sentence}>{t('none')}</p> : null}
      <NotCompared view={view} />
    </div>
  )
}

function Choice({
  text,
  shape,
  isChosen,
  choose,
}: {
  text: string
  shape?: Verdict
  isChosen: boolean
  choose: () => void
}) {
  return (
    <button type="button" aria-pressed={isChosen} onClick={choose}>
      {shape ? (
        <span aria-hidden="true" data-verdict={shape} className={css.shape}>
          {shapes[shape]}
        </span>
      ) : null}
      {text}
    </button>
  )
}

function Mark({ verdict }: { verdict: Verdict }) {
  const t = useTranslations('paper')
  return (
    <span className={css.mark} data-verdict={verdict}>
      <span aria-hidden="true" className={css.shape} data-verdict={verdict}>
        {shapes[verdict]}
      </span>
      {t(`verdict.${verdict}`)}
    </span>
  )
}

function Part({ part, chosen, href }: { part: PaperPart; chosen: Verdict | null; href: string }) {
  const t = useTranslations('paper')
  const format = useFormat()
  const cells = part.cells.filter((cell) => chosen === null || verdictOf(cell) === chosen)
  if (cells.length === 0) return null
  return (
    <section className={css.part}>
      <h2>
        {part.what}{' '}
        <Link href={href} prefetch={false}>
          {format.label(part.report.title)}
        </Link>
      </h2>
      {part.problem ? <p className={css.sentence}>{format.label(part.problem)}</p> : null}
      <div className={css.scroll}>
        <table className={css.table}>
          <thead>
            <tr>
              <th scope="col">{t('row')}</th>
              <th scope="col">{t('column')}</th>
              <th scope="col">{t('printed')}</th>
              <th scope="col">{t('ours')}</th>
              <th scope="col">{t('class')}</th>
              <th scope="col">{t('reason')}</th>
            </tr>
          </thead>
          <tbody>
            {cells.map((cell, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows of a paper may have the same name
              <tr key={at}>
                <th scope="row">{cell.row}</th>
                <td>{cell.column}</td>
                <td>{cell.printed}</td>
                <td>
                  {cell.ours === '' ? (
                    '–'
                  ) : (
                    <Link href={href} prefetch={false} aria-label={t('open', { ours: cell.ours })}>
                      {cell.ours}
                    </Link>
                  )}
                </td>
                <td>
                  <Mark verdict={verdictOf(cell)} />
                </td>
                <td className={css.reason}>{format.label(cell.reason)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

function NotCompared({ view }: { view: View }) {
  const t = useTranslations('paper')
  if (view.notCompared.length === 0) return null
  return (
    <section className={css.part}>
      <h2>{t('notCompared')}</h2>
      <ul className={css.list}>
        {view.notCompared.map(({ what, why }) => (
          <li key={what}>
            <strong>{what}</strong>: {why}
          </li>
        ))}
      </ul>
    </section>
  )
}
