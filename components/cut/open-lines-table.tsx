'use client'

import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useFormat } from '#components/ui/use-format.ts'
import type { OpenLine, OpenLineId, OpenLines } from '#domain/analysis/cut-views.ts'
import css from './cut.module.css'

/** Parts without a name of the study's own. */
const ownParts = ['upTo7', 'upTo30', 'over30'] as const
const isOwnPart = (part: string): part is (typeof ownParts)[number] =>
  (ownParts as readonly string[]).includes(part)

/** What is open, a line a question, in all and by site; lines with a list behind them link to it. */
export function OpenLinesTable({
  open,
  study,
  links = {},
}: {
  open: OpenLines
  study: string
  links?: Partial<Record<OpenLineId, string>>
}) {
  const t = useTranslations('cut')
  const format = useFormat()
  const sites = open.sites.filter((site) =>
    open.lines.some(({ bySite }) => bySite.some((one) => one.site === site)),
  )
  const hasLinks = Object.keys(links).length > 0
  if (open.lines.every(({ count }) => count === 0)) return <p>{t('check.clean')}</p>
  const partsOf = (line: OpenLine) =>
    line.parts.map(({ part, label, count }) => {
      const name = isOwnPart(part) ? t(`parts.${part}`) : label ? format.label(label) : part
      return `${name}: ${format.count(count)}`
    })
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <div className={css.scroll} tabIndex={0}>
      <table className={css.table} aria-label={t('check.title')}>
        <thead>
          <tr>
            <th scope="col">{t('check.line')}</th>
            <th scope="col" className={css.number}>
              {t('check.all')}
            </th>
            {sites.map((site) => (
              <th key={site} scope="col" className={css.number}>
                {site}
              </th>
            ))}
            {hasLinks ? (
              <th scope="col">
                <span className="cb-hidden">{t('check.list')}</span>
              </th>
            ) : null}
          </tr>
        </thead>
        <tbody>
          {open.lines.map((line) => {
            const link = links[line.id]
            const parts = partsOf(line)
            return (
              <tr key={line.id} data-open={line.count}>
                <th scope="row">
                  <strong>{t(`lines.${line.id}.title`)}</strong>
                  <span className={css.quiet}>{t(`lines.${line.id}.text`)}</span>
                  {parts.length > 0 ? <span className={css.parts}>{parts.join('; ')}</span> : null}
                </th>
                <td className={css.number}>{format.count(line.count)}</td>
                {sites.map((site) => (
                  <td key={site} className={css.number}>
                    <SiteCount
                      count={line.bySite.find((one) => one.site === site)?.count ?? 0}
                      href={
                        link?.startsWith('/cuts/') ? `/studies/${study}${link}?site=${site}` : null
                      }
                      name={`${t(`lines.${line.id}.title`)}, ${site}`}
                    />
                  </td>
                ))}
                {hasLinks ? (
                  <td className={css.open}>
                    {link && line.count > 0 ? (
                      <Link
                        href={`/studies/${study}${link}`}
                        prefetch={false}
                        aria-label={`${t('check.list')}: ${t(`lines.${line.id}.title`)}`}
                      >
                        {t('check.list')}
                      </Link>
                    ) : null}
                  </td>
                ) : null}
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}

/** A number with the list of that site behind it. */
function SiteCount({ count, href, name }: { count: number; href: string | null; name: string }) {
  const text = useFormat().count(count)
  if (href === null || count === 0) return text
  return (
    <Link href={href} prefetch={false} aria-label={`${text}: ${name}`}>
      {text}
    </Link>
  )
}
