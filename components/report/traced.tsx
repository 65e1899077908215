'use client'
import { useTranslations } from 'next-intl'
import { usePanel } from '#components/ui/panel.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import type { TestResult, TracedCell } from '#domain/analysis/report-result.ts'
import classes from './report.module.css'
import { SubjectsBehind } from './subjects-behind.tsx'

/** A number that opens the subjects behind it in the right panel. */
export function Traced({
  cell,
  title,
  studyOid,
}: {
  cell: TracedCell
  title: string
  studyOid: string
}) {
  const t = useTranslations('report')
  const panel = usePanel()
  if (cell.subjects.length === 0) return <span>{cell.text}</span>
  return (
    <button
      type="button"
      className={classes.traced}
      title={t('whoIsBehind')}
      aria-label={t('traceOf', { text: cell.text, title })}
      onClick={() =>
        panel.show({
          id: `trace-${title}`,
          title,
          body: (
            <SubjectsBehind
              subjects={cell.subjects}
              n={cell.n}
              missing={cell.missing}
              studyOid={studyOid}
            />
          ),
        })
      }
    >
      {cell.text}
    </button>
  )
}

export function TestCell({ test }: { test: TestResult | null }) {
  const t = useTranslations('report')
  const format = useFormat()
  if (!test) return null
  return (
    <span title={test.note ? format.label(test.note) : (test.p ?? '').toString()}>
      {test.text} <small className={classes.testName}>{t(`test.${test.name}`)}</small>
    </span>
  )
}
