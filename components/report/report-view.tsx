'use client'
import { useLocale, useTranslations } from 'next-intl'
import { useState } from 'react'
import { useFormat } from '#components/ui/use-format.ts'
import { limitsText } from '#domain/analysis/limits-text.ts'
import { conditionsOf, type NamesOf } from '#domain/analysis/printed/conditions.ts'
import { sayIn } from '#domain/analysis/printed/say.ts'
import type {
  FlowBody,
  ReportResult,
  SurvivalBody,
  TableBody,
  VisitMeansBody,
} from '#domain/analysis/report-result.ts'
import type { TracePlace } from '#domain/analysis/trace-origin.ts'
import type { Label } from '#domain/definition/definition.ts'
import { labelText, languageOf } from '#domain/definition/label-text.ts'
import { AtRisk } from './at-risk.tsx'
import { CoxView } from './cox-view.tsx'
import { Downloads } from './downloads.tsx'
import { IncidenceView } from './incidence-view.tsx'
import { ListingView } from './listing-view.tsx'
import classes from './report.module.css'
import { ReportFigure } from './report-figure.tsx'
import { TraceScope } from './trace-scope.tsx'
import { TestCell, Traced } from './traced.tsx'
import { VisitGrid } from './visit-grid.tsx'
import { VisitValuesView } from './visit-values-view.tsx'

type Props = {
  result: ReportResult
  studyOid: string
  /** Gives the parameters of the run their names; without it their OIDs stand for themselves. */
  names?: NamesOf | undefined
  /** The report is not stored, so the server makes no files of it. */
  draft?: boolean
}

/** A report as people read it: figure first, estimates beside it, footers under it; every number opens its subjects. */
export function ReportView({ result, studyOid, names, draft = false }: Props) {
  const t = useTranslations('report')
  const format = useFormat()
  const { body, cut } = result
  const say = sayIn(languageOf(useLocale()))
  const conditions = conditionsOf(result.parameters, result.arms, say, names)
  return (
    <article className={classes.report}>
      <TraceScope
        run={result.cut || draft ? null : { report: result.oid, parameters: result.parameters }}
      >
        {result.problem ? (
          <p className={classes.sentence}>{format.label(result.problem)}</p>
        ) : (
          <>
            {body.kind === 'survival' && <Survival body={body} studyOid={studyOid} />}
            {body.kind === 'incidence' && (
              <IncidenceView body={body} title={result.title} studyOid={studyOid} />
            )}
            {body.kind === 'table' && <ReportTable body={body} studyOid={studyOid} />}
            {body.kind === 'flow' && <Flow body={body} title={result.title} studyOid={studyOid} />}
            {body.kind === 'cox' && (
              <CoxView body={body} title={result.title} studyOid={studyOid} />
            )}
            {body.kind === 'visit-values' && (
              <VisitValuesView body={body} title={result.title} studyOid={studyOid} />
            )}
            {body.kind === 'listing' && <ListingView body={body} studyOid={studyOid} />}
            {body.kind === 'visit-means' && (
              <VisitMeans body={body} title={result.title} studyOid={studyOid} />
            )}
          </>
        )}
      </TraceScope>
      {result.footnote && <p className={classes.footnote}>{format.label(result.footnote)}</p>}
      <footer className={classes.footer}>
        {result.population && (
          <span>
            {t('population', {
              name: format.label(result.population.label),
              n: result.population.n,
            })}
          </span>
        )}
        {conditions.map((condition) => (
          <strong key={condition}>{condition}</strong>
        ))}
        {cut && (
          <span>
            {say.words.cut(cut.number, cut.name, format.moment(cut.asOf), cut.hash.slice(0, 12))}
          </span>
        )}
        <span>{t('asOf', { at: format.moment(result.dataAsOf) })}</span>
        <span>
          {t('definition', {
            version: result.studyVersion.label,
            hash: result.studyVersion.hash.slice(0, 12),
          })}
        </span>
        <span>{t('engine', { version: result.engineVersion })}</span>
      </footer>
      {draft ? null : <Downloads result={result} studyOid={studyOid} />}
    </article>
  )
}

function ReportTable({ body, studyOid }: { body: TableBody; studyOid: string }) {
  const t = useTranslations('report')
  const format = useFormat()
  const hasTests = body.lines.some((line) => line.test !== null)
  return (
    <div className={classes.scroll}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{t('characteristic')}</th>
            {body.columns.map((column) => (
              <th key={column.key} scope="col" className={classes.number}>
                {format.label(column.label)}
                <small>n = {column.n}</small>
              </th>
            ))}
            {hasTests ? (
              <th scope="col" className={classes.number}>
                p
              </th>
            ) : null}
          </tr>
        </thead>
        <tbody>
          {body.lines.map((line, index) => {
            const label = format.label(line.label)
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: lines of a report have a fixed order and may repeat labels
              <tr key={index} data-heading={line.heading || undefined}>
                <th scope="row" style={{ paddingLeft: 10 + line.indent * 18 }}>
                  {label} {line.statistic && <small>{format.label(line.statistic)}</small>}
                </th>
                {line.heading
                  ? body.columns.map((column) => <td key={column.key} />)
                  : line.cells.map((cell, at) => (
                      <td key={body.columns[at]?.key} className={classes.number}>
                        <Traced
                          cell={cell}
                          title={`${label}, ${format.label(body.columns[at]?.label)}`}
                          studyOid={studyOid}
                          at={{ line: index, column: body.columns[at]?.key ?? '' }}
                        />
                        {cell.missing > 0 && (
                          <small className={classes.missing}>
                            {t('missing', { count: cell.missing })}
                          </small>
                        )}
                        {line.paired?.[at] && (
                          <small className={classes.missing}>
                            p <TestCell test={line.paired[at]} />
                          </small>
                        )}
                      </td>
                    ))}
                {hasTests ? (
                  <td className={classes.number}>
                    <TestCell test={line.test} />
                    {line.also?.map((test) => (
                      <div key={test.name}>
                        <TestCell test={test} />
                      </div>
                    ))}
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

function Survival({ body, studyOid }: { body: SurvivalBody; studyOid: string }) {
  const t = useTranslations('report')
  const format = useFormat()
  const language = languageOf(useLocale())
  const [shown, setShown] = useState(0)
  const part = body.parts[shown] ?? body.parts[0]
  if (!part) return null
  return (
    <>
      {body.parts.length > 1 && (
        <div className={classes.tabs} role="tablist" aria-label={t('subgroups')}>
          {body.parts.map((one, index) => (
            <button
              key={one.label ? one.label.en : 'all'}
              type="button"
              role="tab"
              aria-selected={shown === index}
              onClick={() => setShown(index)}
            >
              {one.label ? labelText(one.label, language) : t('everybody')}
            </button>
          ))}
        </div>
      )}
      <div className={classes.beside}>
        <ReportFigure body={body} title={body.endpoint} part={shown} />
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">{t('arm')}</th>
              <th scope="col" className={classes.number}>
                n
              </th>
              <th scope="col" className={classes.number}>
                {t('events')}
              </th>
              <th scope="col" className={classes.number}>
                {t('atHorizon', {
                  time: Math.round(body.horizon / body.daysPerUnit),
                  unit: t(`unit.${body.unit}`),
                })}
                <small>{t('interval')}</small>
              </th>
            </tr>
          </thead>
          <tbody>
            {part.groups.map((group) => (
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
                    at={{ line: shown, column: group.key }}
                  />
                </td>
                <td className={classes.number}>
                  <Traced
                    cell={{
                      text: String(group.events),
                      subjects: group.eventSubjects,
                      n: group.n,
                      missing: 0,
                    }}
                    title={`${format.label(group.label)}, ${t('events')}`}
                    studyOid={studyOid}
                    at={{ line: shown, column: group.key }}
                  />
                </td>
                <td className={classes.number}>
                  {group.atHorizon ? (
                    <Traced
                      cell={{
                        text: group.atHorizon.text,
                        subjects: group.subjects,
                        n: group.n,
                        missing: 0,
                      }}
                      title={format.label(group.label)}
                      studyOid={studyOid}
                      at={{ line: shown, column: group.key }}
                    />
                  ) : (
                    '–'
                  )}
                  {group.atHorizon?.lower !== null && group.atHorizon && (
                    <small>{limitsText(group.atHorizon.lower, group.atHorizon.upper)}</small>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">{t('test.log-rank')}</th>
              <td colSpan={3} className={classes.number}>
                p = <TestCell test={part.test} />
                {body.threshold !== null && part.test?.p !== null && part.test && (
                  <small className={classes.missing}>
                    {t(part.test.p < body.threshold ? 'below' : 'notBelow', {
                      threshold: body.threshold,
                    })}
                  </small>
                )}
              </td>
            </tr>
          </tfoot>
        </table>
      </div>
      <AtRisk
        ticks={body.ticks}
        unit={body.unit}
        daysPerUnit={body.daysPerUnit}
        horizon={body.horizon}
        line={shown}
        studyOid={studyOid}
        groups={part.groups.map(({ key, label, subjects }) => {
          const own = new Set(subjects)
          return {
            key,
            label,
            rows: body.data
              .filter((row) => row.group === key && own.has(row.subject))
              .map(({ subject, time, event }) => ({ subject, time, isCensored: !event })),
          }
        })}
      />
      {part.excluded > 0 && (
        <p className={classes.sentence}>{t('excluded', { count: part.excluded })}</p>
      )}
    </>
  )
}

/** A step that the engine made of nothing in the definition has no place there. */
function placeOf({ origin }: FlowBody['steps'][number], column: string): TracePlace | undefined {
  if (!origin) return undefined
  const { step: line, exclusion } = origin
  return exclusion === null ? { line, column } : { line, column, exclusion }
}

function Flow({ body, title, studyOid }: { body: FlowBody; title: Label; studyOid: string }) {
  const t = useTranslations('report')
  const format = useFormat()
  return (
    <div className={classes.beside}>
      <ReportFigure body={body} title={title} />
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{t('step')}</th>
            <th scope="col" className={classes.number}>
              n
            </th>
          </tr>
        </thead>
        <tbody>
          {body.steps.map((step, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: steps keep their order, and reasons of two exclusions may share a name
            <tr key={at}>
              <th scope="row" style={step.detail ? { paddingLeft: 28 } : undefined}>
                {format.label(step.label)}
              </th>
              <td className={classes.number}>
                {step.byArm.length === 0 ? (
                  <Traced
                    cell={step.total}
                    title={format.label(step.label)}
                    studyOid={studyOid}
                    at={placeOf(step, 'n')}
                  />
                ) : (
                  step.byArm.map((arm) => (
                    <div key={arm.key}>
                      {format.label(arm.label)}{' '}
                      <Traced
                        cell={arm.cell}
                        title={`${format.label(step.label)}, ${format.label(arm.label)}`}
                        studyOid={studyOid}
                        at={placeOf(step, arm.key)}
                      />
                    </div>
                  ))
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function VisitMeans({
  body,
  title,
  studyOid,
}: {
  body: VisitMeansBody
  title: Label
  studyOid: string
}) {
  const t = useTranslations('report')
  return (
    <>
      <ReportFigure body={body} title={title} />
      {body.groups.some((group) => group.points.some((point) => point.test)) && (
        <p className={classes.footnote}>{t('marks', { level: body.level })}</p>
      )}
      <VisitGrid
        visits={body.visits}
        groups={body.groups}
        statistic={t('meanSd')}
        printTest={({ text }) => (/^[<>]/.test(text) ? text : `= ${text}`)}
        studyOid={studyOid}
      />
    </>
  )
}
