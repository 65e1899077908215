'use client'

import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useFormat } from '#components/ui/use-format.ts'
import type { HomeView } from '#domain/casebook/views.ts'
import css from './home.module.css'

/** As many sites as stand beside the day's work without pushing it out of sight; a study with more begins folded. */
const fewSites = 12

/** Recruitment against plan, one small bar a site, and the months it took. */
export function Recruitment({
  view,
  study,
  linked,
}: {
  view: HomeView
  study: string
  /** The reader may open the matrix of a site. */
  linked: boolean
}) {
  const t = useTranslations('home')
  const [all, setAll] = useState(false)
  // In a study without allocation subjects enter by their anchor date, and nobody is randomised.
  const told = (count: number, planned: number | null) =>
    planned
      ? view.allocates
        ? t('planned', { randomised: count, planned })
        : t('enrolledOfPlanned', { count, planned })
      : view.allocates
        ? t('unplanned', { randomised: count })
        : t('enrolled', { count })
  const randomised = view.recruitment.reduce((sum, site) => sum + site.randomised, 0)
  const planned = view.recruitment.every((site) => site.planned !== null)
    ? view.recruitment.reduce((sum, site) => sum + (site.planned ?? 0), 0)
    : null
  const shown =
    all || view.recruitment.length <= fewSites
      ? view.recruitment
      : view.recruitment.slice(0, fewSites - 3)
  const most = Math.max(
    1,
    ...view.recruitment.map((site) => Math.max(site.planned ?? 0, site.randomised, site.screened)),
  )
  return (
    <section aria-labelledby="recruitment">
      <div className={css.head}>
        <h2 className={css.title} id="recruitment">
          {t('recruitment')}
        </h2>
        <span className={css.quiet}>{told(randomised, planned)}</span>
      </div>
      <div className={css.card} style={{ overflow: 'hidden' }}>
        {view.recruitment.length === 0 ? (
          <p className={css.none}>{t('noRecruitment')}</p>
        ) : (
          <>
            <Months monthly={view.monthly} allocates={view.allocates} />
            <div className={css.sites}>
              {shown.map((site) => (
                <div key={site.siteId} className={css.site}>
                  <span className={css.siteName} title={`${site.code} ${site.name}`}>
                    {linked ? (
                      <Link
                        href={`/studies/${study}/subjects?site=${site.siteId}`}
                        prefetch={false}
                      >
                        {site.code} {site.name}
                      </Link>
                    ) : (
                      `${site.code} ${site.name}`
                    )}
                  </span>
                  <div className={css.bar}>
                    <div
                      className={css.fill}
                      style={{
                        width: `${Math.min(100, (site.randomised / (site.planned || most)) * 100)}%`,
                      }}
                    />
                  </div>
                  <span className={css.quiet}>
                    {told(site.randomised, site.planned)}
                    {view.allocates || site.screened !== site.randomised ? (
                      <>
                        {' · '}
                        {t(view.allocates ? 'screened' : 'entered', { count: site.screened })}
                      </>
                    ) : null}
                  </span>
                </div>
              ))}
            </div>
            {view.recruitment.length > fewSites ? (
              <button
                type="button"
                className={css.moreSites}
                aria-expanded={all}
                onClick={() => setAll(!all)}
              >
                {all
                  ? t('fewerSites')
                  : t('moreSites', { count: view.recruitment.length - shown.length })}
              </button>
            ) : null}
          </>
        )}
      </div>
    </section>
  )
}

const width = 480
const height = 64

/** Bars by calendar month, gaps included; the first and the last month are named. */
function Months({ monthly, allocates }: Pick<HomeView, 'monthly' | 'allocates'>) {
  const t = useTranslations('home')
  const format = useFormat()
  const first = monthly[0]?.month
  const last = monthly.at(-1)?.month
  if (!first || !last) return null
  const count = monthsBetween(first, last) + 1
  const most = Math.max(1, ...monthly.map((one) => one.randomised))
  const step = width / Math.max(count, 6)
  const sum = monthly.reduce((total, one) => total + one.randomised, 0)
  return (
    <figure className={css.months}>
      <figcaption className={css.quiet}>{t(allocates ? 'monthly' : 'monthlyEnrolled')}</figcaption>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        width="100%"
        height={height}
        role="img"
        aria-label={t(allocates ? 'monthlyLabel' : 'monthlyEnrolledLabel', { count: sum })}
      >
        {monthly.map((one) => {
          const tall = (one.randomised / most) * (height - 4)
          return (
            <g key={one.month}>
              <title>{`${format.date(one.month)}: ${one.randomised}`}</title>
              <rect
                x={monthsBetween(first, one.month) * step + 1}
                y={height - tall}
                width={Math.max(step - 2, 1)}
                height={tall}
                fill="var(--cb-accent)"
              />
            </g>
          )
        })}
      </svg>
      <div className={css.axis}>
        <span>{format.date(first)}</span>
        <span>{count > 5 ? format.date(last) : ''}</span>
      </div>
    </figure>
  )
}

function monthsBetween(from: string, to: string): number {
  const number = (month: string) => Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7))
  return number(to) - number(from)
}
