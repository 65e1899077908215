'use client'
import { useTranslations } from 'next-intl'
import { useFormat } from '#components/ui/use-format.ts'
import type { CoxBody, CoxLine, HazardEstimate } from '#domain/analysis/report-result.ts'
import type { Label } from '#domain/definition/definition.ts'
import classes from './report.module.css'
import { ReportFigure } from './report-figure.tsx'
import { Traced } from './traced.tsx'

const tieNames = { efron: 'Efron', breslow: 'Breslow', exact: 'exact' } as const

/** Hazard ratios per covariate and level beside the numbers they rest on, with the forest above. */
export function CoxView({
  body,
  title,
  studyOid,
}: {
  body: CoxBody
  title: Label
  studyOid: string
}) {
  const t = useTranslations('report')
  const format = useFormat()
  return (
    <>
      <ReportFigure body={body} title={title} />
      <div className={classes.scroll}>
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">{t('characteristic')}</th>
              <th scope="col" className={classes.number}>
                n
              </th>
              <th scope="col" className={classes.number}>
                {t('events')}
              </th>
              {body.models.map((model) => (
                <th key={model} scope="col" className={classes.number}>
                  {t('hazardRatio')} {t('withLimits')}
                  <small>{t(model)}</small>
                </th>
              ))}
            </tr>
          </thead>
          {body.covariates.map((covariate, at) => (
            <tbody key={covariate.label.en}>
              {covariate.lines.length > 1 && (
                <tr data-heading>
                  <th scope="rowgroup" colSpan={3 + body.models.length}>
                    {format.label(covariate.label)}
                    {covariate.missing > 0 && (
                      <small>{t('missing', { count: covariate.missing })}</small>
                    )}
                  </th>
                </tr>
              )}
              {covariate.lines.map((line) => (
                <Line
                  key={line.level ?? ''}
                  line={line}
                  covariate={covariate.label}
                  indented={covariate.lines.length > 1}
                  models={body.models}
                  studyOid={studyOid}
                  at={at}
                />
              ))}
            </tbody>
          ))}
        </table>
      </div>
      <p className={classes.footnote}>
        {t('coxFooter', { n: body.n, events: body.events, ties: tieNames[body.ties] })}
      </p>
      {body.multivariable && (
        <p className={classes.footnote}>
          {body.multivariable.problem
            ? format.label(body.multivariable.problem)
            : t('coxModel', { n: body.multivariable.n, events: body.multivariable.events })}
        </p>
      )}
      {body.excluded.length > 0 && (
        <p className={classes.sentence}>{t('coxExcluded', { count: body.excluded.length })}</p>
      )}
    </>
  )
}

function Line({
  line,
  covariate,
  indented,
  models,
  studyOid,
  at,
}: {
  line: CoxLine
  covariate: Label
  indented: boolean
  models: CoxBody['models']
  studyOid: string
  /** Position of the covariate. */
  at: number
}) {
  const t = useTranslations('report')
  const format = useFormat()
  const title = `${format.label(covariate)}, ${format.label(line.label)}`
  return (
    <tr>
      <th scope="row" style={{ paddingLeft: indented ? 28 : 10 }}>
        {format.label(line.label)}
      </th>
      <td className={classes.number}>
        <Traced
          cell={line.n}
          title={title}
          studyOid={studyOid}
          at={{ line: at, column: line.level ?? '' }}
        />
      </td>
      <td className={classes.number}>
        <Traced
          cell={line.events}
          title={`${title}, ${t('events')}`}
          studyOid={studyOid}
          at={{ line: at, column: line.level ?? '' }}
        />
      </td>
      {models.map((model) => (
        <td key={model} className={classes.number}>
          {line.reference ? t('reference') : <Estimate found={line[model]} />}
        </td>
      ))}
    </tr>
  )
}

function Estimate({ found }: { found: HazardEstimate | null }) {
  const format = useFormat()
  if (!found) return null
  return (
    <>
      {found.text}
      {found.p !== null && <small>p {found.pText}</small>}
      {found.note && <small className={classes.missing}>{format.label(found.note)}</small>}
    </>
  )
}
