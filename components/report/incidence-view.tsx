'use client'
import { useTranslations } from 'next-intl'
import { useFormat } from '#components/ui/use-format.ts'
import { limitsText } from '#domain/analysis/limits-text.ts'
import type { IncidenceBody } from '#domain/analysis/report-result.ts'
import type { Label } from '#domain/definition/definition.ts'
import { AtRisk } from './at-risk.tsx'
import classes from './report.module.css'
import { ReportFigure } from './report-figure.tsx'
import { TestCell, Traced } from './traced.tsx'

/** Curves of the causes, then their estimates at the end of follow-up by group, with Gray's test of each. */
export function IncidenceView({
  body,
  title,
  studyOid,
}: {
  body: IncidenceBody
  title: Label
  studyOid: string
}) {
  const t = useTranslations('report')
  const format = useFormat()
  const horizon = t('atHorizon', {
    time: Math.round(body.horizon / body.daysPerUnit),
    unit: t(`unit.${body.unit}`),
  })
  const hasTests = body.tests.some(({ test }) => test !== null)
  return (
    <>
      <ReportFigure body={body} title={title} />
      <div className={classes.scroll}>
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">{t('arm')}</th>
              <th scope="col" className={classes.number}>
                n
              </th>
              {body.causes.map((cause) => (
                <th key={cause.key} scope="col" className={classes.number}>
                  {format.label(cause.label)}
                  <small>
                    {horizon}, {t('interval')}
                  </small>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {body.groups.map((group) => (
              <tr key={group.key}>
                <th scope="row">{format.label(group.label)}</th>
                <td className={classes.number}>
                  <Traced
                    cell={{
                      text: String(group.n),
                      subjects: group.subjects,
                      n: group.n,
                      missing: 0,
                    }}
                    title={`${format.label(group.label)}, n`}
                    studyOid={studyOid}
                    at={{ line: 0, column: group.key }}
                  />
                </td>
                {group.causes.map((cause, at) => (
                  <td key={cause.key} className={classes.number}>
                    <Traced
                      cell={{
                        text: cause.atHorizon?.text ?? '–',
                        subjects: group.subjects,
                        n: group.n,
                        missing: 0,
                      }}
                      title={`${format.label(group.label)}, ${format.label(body.causes[at]?.label)}`}
                      studyOid={studyOid}
                      at={{ line: at, column: group.key }}
                    />
                    {cause.atHorizon && cause.atHorizon.lower !== null && (
                      <small>{limitsText(cause.atHorizon.lower, cause.atHorizon.upper)}</small>
                    )}
                    <small>
                      {t('events')}{' '}
                      <Traced
                        cell={{
                          text: String(cause.subjects.length),
                          subjects: cause.subjects,
                          n: group.n,
                          missing: 0,
                        }}
                        title={`${format.label(group.label)}, ${format.label(body.causes[at]?.label)}, ${t('events')}`}
                        studyOid={studyOid}
                        at={{ line: at, column: group.key }}
                      />
                    </small>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
          {hasTests && (
            <tfoot>
              <tr>
                <th scope="row">{t('test.gray')}</th>
                <td />
                {body.tests.map(({ cause, test }) => (
                  <td key={cause} className={classes.number}>
                    p = <TestCell test={test} />
                  </td>
                ))}
              </tr>
            </tfoot>
          )}
        </table>
      </div>
      <AtRisk
        ticks={body.ticks}
        unit={body.unit}
        daysPerUnit={body.daysPerUnit}
        horizon={body.horizon}
        line={0}
        studyOid={studyOid}
        groups={body.groups.map(({ key, label, subjects }) => {
          const own = new Set(subjects)
          return {
            key,
            label,
            rows: body.data
              .filter((row) => row.group === key && own.has(row.subject))
              .map(({ subject, time, status }) => ({ subject, time, isCensored: status === '' })),
          }
        })}
      />
      {body.excluded.length > 0 && (
        <p className={classes.sentence}>{t('undecidedLeftOut', { count: body.excluded.length })}</p>
      )}
    </>
  )
}
