'use client'

/** A cut: what it fixed, whether it still gives the same, its reports, and what was open when it was taken. */
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { BookMenu } from '#components/report/book-menu.tsx'
import { PageHeader, Section } from '#components/ui/page.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import type { CutFacts } from '#domain/analysis/cut-views.ts'
import { Conditions, useConditions } from './conditions.tsx'
import css from './cut.module.css'
import { HashText } from './hash-text.tsx'
import { OpenLinesTable } from './open-lines-table.tsx'
import { VerifyPanel } from './verify-panel.tsx'

export function CutPage({
  studyId,
  study,
  cut,
  abilities,
}: {
  studyId: string
  study: string
  cut: CutFacts
  abilities: { report: boolean }
}) {
  const t = useTranslations('cut')
  const format = useFormat()
  return (
    <>
      <PageHeader
        title={cut.name}
        meta={t('facts.cut', { number: cut.number })}
        actions={abilities.report ? <BookMenu studyOid={study} cut={cut.number} /> : null}
      />
      <Section id="facts" title={t('facts.title')}>
        <Facts cut={cut} />
      </Section>
      <Section id="verify" title={t('verify.title')}>
        <VerifyPanel studyId={studyId} number={cut.number} />
      </Section>
      <Section id="reports" title={t('reports.title')}>
        {cut.reports.length === 0 ? <p>{t('reports.none')}</p> : null}
        {cut.reports.length > 0 ? (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
          <div className={css.scroll} tabIndex={0}>
            <table className={css.table} aria-label={t('reports.title')}>
              <thead>
                <tr>
                  <th scope="col">{t('toReports')}</th>
                  <th scope="col">{t('reports.hash')}</th>
                </tr>
              </thead>
              <tbody>
                {cut.reports.map((report) => (
                  <tr key={report.oid}>
                    <th scope="row">
                      {abilities.report && report.kind !== null ? (
                        <Link
                          href={`/studies/${study}/cuts/${cut.number}/${report.oid.toLowerCase()}`}
                          prefetch={false}
                        >
                          {format.label(report.title)}
                        </Link>
                      ) : (
                        format.label(report.title)
                      )}
                      {report.kind === null ? (
                        <span className={css.parts}>{t('reports.gone')}</span>
                      ) : null}
                    </th>
                    <td>
                      <HashText hash={report.sha256} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        ) : null}
      </Section>
      <Section
        id="open"
        title={t('check.title')}
        aside={t('check.keptText', { at: format.moment(cut.openLines.at) })}
      >
        <OpenLinesTable open={cut.openLines} study={study} />
      </Section>
    </>
  )
}

function Facts({ cut }: { cut: CutFacts }) {
  const t = useTranslations('cut')
  const conditions = useConditions()
  const shell = useTranslations('shell')
  const format = useFormat()
  const roleName = (role: string) =>
    shell.has(`role.${role}`) ? shell(`role.${role}` as 'role.statistician') : role
  return (
    <dl className={css.facts}>
      <dt>{t('asOf')}</dt>
      <dd>{format.moment(cut.asOf)}</dd>
      <dt>{t('facts.today')}</dt>
      <dd>{format.date(cut.today)}</dd>
      <dt>{t('subjects')}</dt>
      <dd>{format.count(cut.subjects)}</dd>
      <dt>{t('version')}</dt>
      <dd>
        {t('facts.definition', { label: cut.version.label, number: cut.version.number })}{' '}
        <HashText hash={cut.version.hash} />
      </dd>
      <dt>{t('facts.engine')}</dt>
      <dd>{cut.engineVersion}</dd>
      <dt>{t('facts.parameters')}</dt>
      <dd>
        <Conditions lines={conditions(cut.parameters, cut.names)} />
      </dd>
      <dt>{t('purpose')}</dt>
      <dd>{t(`purposes.${cut.purpose}`)}</dd>
      <dt>{t('arms')}</dt>
      <dd>
        {t(`armViews.${cut.arms}`)}. <span className={css.quiet}>{t(`armHints.${cut.arms}`)}</span>
      </dd>
      <dt>{t('facts.reason')}</dt>
      <dd>{cut.reason}</dd>
      <dt>{t('takenBy')}</dt>
      <dd>{t('facts.by', { who: cut.takenBy, role: roleName(cut.takenRole) })}</dd>
      <dt>{t('taken')}</dt>
      <dd>{format.moment(cut.takenAt)}</dd>
      <dt>{t('hash')}</dt>
      <dd>
        <HashText hash={cut.sha256} />
      </dd>
    </dl>
  )
}
