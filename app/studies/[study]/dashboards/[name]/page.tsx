import type { Metadata } from 'next'
import Link from 'next/link'
import { notFound } from 'next/navigation'
import { getLocale, getTranslations } from 'next-intl/server'
import { dashboardHref } from '#components/dashboard/address.ts'
import { AsOf } from '#components/dashboard/as-of.tsx'
import { FailedCard } from '#components/dashboard/card.tsx'
import css from '#components/dashboard/dashboard.module.css'
import { FactTable } from '#components/dashboard/fact-table.tsx'
import { factsOf } from '#components/dashboard/facts.ts'
import { headlineOf } from '#components/dashboard/headlines.ts'
import { Picture } from '#components/dashboard/picture.tsx'
import { Scope } from '#components/dashboard/scope.tsx'
import { SiteFilter } from '#components/dashboard/site-filter.tsx'
import { PageHeader } from '#components/ui/page.tsx'
import { ProblemState } from '#components/ui/problem-state.tsx'
import {
  type DashboardName,
  dashboards,
  type SurvivalView,
} from '#domain/dashboard/dashboard-views.ts'
import { labelText, languageOf } from '#domain/definition/label-text.ts'
import { asked, studyOf } from '../../../../session.ts'
import { StudyTrail } from '../../study-trail.tsx'
import {
  type Address,
  answerOf,
  chosenSites,
  dashboardsFor,
  questionOf,
} from '../dashboard-data.ts'

type Params = Promise<{ study: string; name: string }>

const nameIn = (text: string): DashboardName =>
  dashboards.find((name) => name === text) ?? notFound()

export async function generateMetadata({ params }: { params: Params }): Promise<Metadata> {
  const [{ name }, t] = await Promise.all([params, getTranslations('dashboard')])
  return { title: t(`name.${nameIn(name)}`) }
}

const pictureWidth = 620

export default async function DashboardPage({
  params,
  searchParams,
}: {
  params: Params
  searchParams: Promise<Address>
}) {
  const [{ study: oid, name: text }, address, locale, t] = await Promise.all([
    params,
    searchParams,
    getLocale(),
    getTranslations('dashboard'),
  ])
  const name = nameIn(text)
  const study = await studyOf(oid)
  const { data: reach, problem } = await asked((api) =>
    api.dashboard.reach({ studyId: study.studyId }),
  )
  if (problem) return <ProblemState problem={problem} />
  const names = dashboardsFor(study, reach.parts)
  if (!names.includes(name)) notFound()
  const siteIds = await chosenSites(reach, address)
  const endpoint = endpointIn(address)
  const answer = await answerOf(name, questionOf(study, siteIds, endpoint), 'page')
  const told = answer.view ? headlineOf(name, answer.view, t, locale) : null
  const language = languageOf(locale)
  const empty = told?.empty ?? null
  return (
    <>
      <StudyTrail
        study={study}
        items={[
          { text: t('title'), href: dashboardHref(oid, null, siteIds) },
          { text: t(`name.${name}`) },
        ]}
      />
      <PageHeader title={t(`name.${name}`)}>
        <nav aria-label={t('title')}>
          <ul className={css.tabs}>
            {names.map((one) => (
              <li key={one}>
                <Link
                  className={css.tab}
                  href={dashboardHref(oid, one, siteIds)}
                  aria-current={one === name ? 'page' : undefined}
                  prefetch={false}
                >
                  {t(`name.${one}`)}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
      </PageHeader>
      <div className={css.bar}>
        <Scope reach={reach} chosen={siteIds} />
        <div className={css.tools}>
          <SiteFilter
            study={oid}
            name={name}
            endpoint={endpoint}
            sites={reach.sites}
            chosen={siteIds}
          />
          <AsOf at={answer.view?.asOf ?? reach.asOf} />
        </div>
      </div>
      <div className={css.work}>
        {answer.view && told ? (
          <>
            <div className={css.facts}>
              <p className={css.headline}>
                {told.big === null ? null : <span className={css.big}>{told.big}</span>}
                <span>{told.text}</span>
              </p>
              <p className={css.foot}>
                {told.foot.map((line) => (
                  <span key={line}>{line}</span>
                ))}
              </p>
            </div>
            {name === 'survival' ? (
              <EndpointChoice
                view={answer.view as SurvivalView}
                href={(one) => dashboardHref(oid, name, siteIds, one)}
                locale={locale}
                label={t('endpoint')}
              />
            ) : null}
            {empty === null ? (
              <div className={css.pictures}>
                {answer.pictures.map(({ id, spec, left }) => (
                  <section key={id} className={css.sheet}>
                    <h2 className={css.sheetTitle}>
                      {typeof spec.title === 'string'
                        ? spec.title
                        : labelText(spec.title, language)}
                    </h2>
                    <Picture spec={spec} language={language} width={pictureWidth} />
                    {left > 0 ? (
                      <p className={css.quiet}>{t('rowsLeft', { count: left })}</p>
                    ) : null}
                  </section>
                ))}
              </div>
            ) : (
              <p className={css.none}>{empty}</p>
            )}
            <p className={css.note}>{t(`how.${name}`)}</p>
            {factsOf(name, answer.view, {
              t,
              locale,
              study: oid,
              may: (permission) => study.permissions.includes(permission),
            }).map((facts) => (
              <FactTable key={facts.id} {...facts} />
            ))}
          </>
        ) : (
          <FailedCard name={name} problem={answer.problem ?? null} />
        )}
      </div>
    </>
  )
}

/** One of the definition's endpoints; anything else in the address is nobody's. */
function endpointIn({ endpoint }: Address): string | undefined {
  return typeof endpoint === 'string' && /^[A-Z][A-Z0-9_]{0,39}$/.test(endpoint)
    ? endpoint
    : undefined
}

function EndpointChoice({
  view,
  href,
  locale,
  label,
}: {
  view: SurvivalView
  href: (endpoint: string) => string
  locale: string
  label: string
}) {
  if (view.endpoints.length < 2) return null
  return (
    <nav aria-label={label}>
      <ul className={css.tabs}>
        {view.endpoints.map((one) => (
          <li key={one.oid}>
            <Link
              className={css.tab}
              href={href(one.oid)}
              aria-current={one.oid === view.endpoint ? 'true' : undefined}
              prefetch={false}
            >
              {labelText(one.label, languageOf(locale))}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}
