'use client'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { useFormat } from '#components/ui/use-format.ts'
import type { TestResult, TracedCell, VisitMeansBody } from '#domain/analysis/report-result.ts'
import type { Label } from '#domain/definition/definition.ts'
import classes from './report.module.css'
import { Traced } from './traced.tsx'

type Group = {
  key: string
  label: Label
  points: readonly { cell: TracedCell; test: TestResult | null }[]
}

/** Groups down, visits across: under each number its n and, where there is one, its test. `children`: further rows. */
export function VisitGrid({
  visits,
  groups,
  statistic,
  printTest,
  studyOid,
  children,
}: {
  visits: VisitMeansBody['visits']
  groups: readonly Group[]
  /** What the numbers are, in words. */
  statistic: string
  printTest: (test: TestResult) => ReactNode
  studyOid: string
  children?: ReactNode
}) {
  const t = useTranslations('report')
  const format = useFormat()
  return (
    <div className={classes.scroll}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{t('arm')}</th>
            {visits.map((visit) => (
              <th key={visit.oid} scope="col" className={classes.number}>
                {format.label(visit.label)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {groups.map((group, line) => (
            <tr key={group.key}>
              <th scope="row">
                {format.label(group.label)} <small>{statistic}</small>
              </th>
              {group.points.map((point, at) => (
                <td key={visits[at]?.oid} className={classes.number}>
                  <Traced
                    cell={point.cell}
                    title={`${format.label(group.label)}, ${format.label(visits[at]?.label)}`}
                    studyOid={studyOid}
                    at={{ line, column: visits[at]?.oid ?? '' }}
                  />
                  <small>n = {point.cell.n}</small>
                  {point.test && <small>p {printTest(point.test)}</small>}
                </td>
              ))}
            </tr>
          ))}
          {children}
        </tbody>
      </table>
    </div>
  )
}
