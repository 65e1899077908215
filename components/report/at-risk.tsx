'use client'
import { useTranslations } from 'next-intl'
import { useFormat } from '#components/ui/use-format.ts'
import type { Label } from '#domain/definition/definition.ts'
import classes from './report.module.css'
import { Traced } from './traced.tsx'

type Row = { subject: string; time: number; isCensored: boolean }

/** The numbers at risk under a figure, each opening who is still followed then, and who was censored. */
export function AtRisk({
  ticks,
  unit,
  daysPerUnit,
  horizon,
  groups,
  line,
  studyOid,
}: {
  ticks: readonly number[]
  unit: 'day' | 'week' | 'month'
  daysPerUnit: number
  horizon: number
  groups: readonly { key: string; label: Label; rows: readonly Row[] }[]
  /** The part of the report. */
  line: number
  studyOid: string
}) {
  const t = useTranslations('report')
  const format = useFormat()
  if (ticks.length === 0 || groups.every(({ rows }) => rows.length === 0)) return null
  const cellOf = (rows: readonly Row[], all: readonly Row[]) => ({
    text: String(rows.length),
    subjects: rows.map(({ subject }) => subject),
    n: all.length,
    missing: 0,
  })
  return (
    <details className={classes.atRisk}>
      <summary>{t('atRiskTitle')}</summary>
      <div className={classes.scroll}>
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">{t('arm')}</th>
              {ticks.map((tick) => (
                <th key={tick} scope="col" className={classes.number}>
                  {tick}
                </th>
              ))}
              <th scope="col" className={classes.number}>
                {t('censored')}
              </th>
            </tr>
          </thead>
          <tbody>
            {groups.map(({ key, label, rows }) => (
              <tr key={key}>
                <th scope="row">
                  {format.label(label)} <small>{t(`unit.${unit}`)}</small>
                </th>
                {ticks.map((tick) => {
                  // 24 months are 730.5 days: at the end of follow-up the last tick may lie a little beyond it.
                  const day = Math.min(tick * daysPerUnit, horizon)
                  const still = rows.filter(({ time }) => time >= day)
                  return (
                    <td key={tick} className={classes.number}>
                      <Traced
                        cell={cellOf(still, rows)}
                        title={`${format.label(label)}, ${t('atRisk', { time: tick, unit: t(`unit.${unit}`) })}`}
                        studyOid={studyOid}
                        at={{ line, column: key }}
                      />
                    </td>
                  )
                })}
                <td className={classes.number}>
                  <Traced
                    cell={cellOf(
                      rows.filter(({ isCensored }) => isCensored),
                      rows,
                    )}
                    title={`${format.label(label)}, ${t('censored')}`}
                    studyOid={studyOid}
                    at={{ line, column: key }}
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  )
}
