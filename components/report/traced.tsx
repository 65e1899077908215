'use client'
import { useTranslations } from 'next-intl'
import { type KeyboardEvent, useEffect, useId, useRef } from 'react'
import { usePanel } from '#components/ui/panel.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import type { TestResult, TracedCell } from '#domain/analysis/report-result.ts'
import type { TracePlace } from '#domain/analysis/trace-origin.ts'
import classes from './report.module.css'
import { SubjectsBehind } from './subjects-behind.tsx'
import { useTraceRun } from './trace-scope.tsx'

/**
 * A number that opens the subjects behind it in the right panel; `at` is its place in the report, by which the panel finds the
 * values. The panel takes the focus and gives it back to the number when it closes.
 */
export function Traced({
  cell,
  title,
  studyOid,
  at,
}: {
  cell: Pick<TracedCell, 'text' | 'subjects' | 'n' | 'missing'>
  title: string
  studyOid: string
  at?: TracePlace | undefined
}) {
  const t = useTranslations('report')
  const panel = usePanel()
  const run = useTraceRun()
  const id = `trace${useId()}`
  const button = useRef<HTMLButtonElement>(null)
  const wasShown = useRef(false)
  const isShown = panel.shown === id
  useEffect(() => {
    const isLost = document.activeElement === null || document.activeElement === document.body
    if (wasShown.current && !isShown && isLost) button.current?.focus()
    wasShown.current = isShown
  }, [isShown])
  // While arms are under letters subjects have names (#…) that lead nowhere.
  if (!cell.subjects.some((key) => !key.startsWith('#'))) return <span>{cell.text}</span>
  return (
    <button
      ref={button}
      type="button"
      className={classes.traced}
      data-traced
      title={t('whoIsBehind')}
      aria-label={t('traceOf', { text: cell.text, title })}
      aria-expanded={isShown}
      onKeyDown={moveByArrow}
      onClick={() =>
        panel.show({
          id,
          title,
          body: (
            <SubjectsBehind
              key={id}
              subjects={cell.subjects}
              n={cell.n}
              missing={cell.missing}
              studyOid={studyOid}
              request={run && at ? { ...run, place: at } : null}
            />
          ),
        })
      }
    >
      {cell.text}
    </button>
  )
}

const numbersIn = (place: Element): HTMLElement[] => [
  ...place.querySelectorAll<HTMLElement>('[data-traced]'),
]

/** Arrow keys go from number to number of a table: along the row, or to the nearest row that has one in the column. */
function moveByArrow(event: KeyboardEvent<HTMLElement>): void {
  const from = event.currentTarget
  const row = from.closest('tr')
  const table = from.closest('table')
  if (!row || !table) return
  const along = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
  const across = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  let target: HTMLElement | undefined
  if (along !== undefined) {
    const all = numbersIn(row)
    target = all[all.indexOf(from) + along]
  } else if (across !== undefined) {
    const rows = [...table.querySelectorAll('tr')]
    const column = from.closest<HTMLTableCellElement>('td, th')?.cellIndex
    for (let at = rows.indexOf(row) + across; rows[at] && !target; at += across) {
      const cell = [...(rows[at] as HTMLTableRowElement).cells].find(
        (one) => one.cellIndex === column,
      )
      target = cell && numbersIn(cell)[0]
    }
  } else return
  event.preventDefault()
  target?.focus()
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
