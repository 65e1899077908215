'use client'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useFormat } from '#components/ui/use-format.ts'
import type { FallingSignature, SubjectImpact } from '#domain/casebook/amendment-views.ts'
import css from './amendment.module.css'
import { impactPath, placeText } from './impact-address.ts'

const mostShown = 200

/** The signatures that a migration revokes, by subject and form, with the signer and why: what people must know first. */
export function FallingSignatures({
  rows,
  studyPath,
  version,
}: {
  rows: readonly SubjectImpact[]
  studyPath: string
  version: number
}) {
  const t = useTranslations('amendment')
  const format = useFormat()
  const falling = rows.flatMap((row) =>
    row.signatures.map((signature): { row: SubjectImpact; signature: FallingSignature } => ({
      row,
      signature,
    })),
  )
  return (
    <div className={css.signatures}>
      <h3 id="falling-signatures" className={css.subtitle}>
        {t('impact.signatures')} <span className={css.quiet}>{format.count(falling.length)}</span>
      </h3>
      {falling.length === 0 ? (
        <p className={css.quiet}>{t('impact.noSignatures')}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reached by key
        <section className={css.box} tabIndex={0} aria-labelledby="falling-signatures">
          <table className={css.table}>
            <thead>
              <tr>
                <th scope="col">{t('impact.subject')}</th>
                <th scope="col">{t('impact.form')}</th>
                <th scope="col">{t('impact.signer')}</th>
                <th scope="col">{t('impact.signedAt')}</th>
                <th scope="col">{t('impact.why')}</th>
              </tr>
            </thead>
            <tbody>
              {falling.slice(0, mostShown).map(({ row, signature }) => (
                <tr key={signature.recordId}>
                  <th scope="row">
                    <Link href={impactPath(studyPath, row.subjectKey, version)} prefetch={false}>
                      {row.subjectKey}
                    </Link>
                  </th>
                  <td>{placeText(signature, format.label)}</td>
                  <td>{signature.signer}</td>
                  <td>{format.moment(signature.signedAt)}</td>
                  <td>{format.label(signature.text)}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {falling.length > mostShown ? (
            <p className={css.more}>+ {format.count(falling.length - mostShown)}</p>
          ) : null}
        </section>
      )}
    </div>
  )
}
