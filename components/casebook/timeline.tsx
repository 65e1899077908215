'use client'

/** Visits, doses, troughs, adverse events and progression of one subject on one axis. */
import { useTranslations } from 'next-intl'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useFormat } from '#components/ui/use-format.ts'
import type { TimelineEntry } from '#domain/casebook/views.ts'
import css from './timeline.module.css'
import { axisTicks, layOut, type PlacedEntry, textWidth } from './timeline-layout.ts'

const rowHeight = 20
const laneGap = 8
const left = 116
const right = 16
const head = 22

export function Timeline({ entries, today }: { entries: readonly TimelineEntry[]; today: string }) {
  const t = useTranslations('casebook.timeline')
  const format = useFormat()
  const box = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(1000)
  useEffect(() => {
    const element = box.current
    if (!element) return
    const watch = new ResizeObserver(() => setWidth(Math.max(element.clientWidth, 480)))
    watch.observe(element)
    return () => watch.disconnect()
  }, [])

  const layout = useMemo(() => {
    const span = layOut(entries, today)
    if (!span) return null
    // What a label takes in the drawing, translated to days, keeps labels apart.
    const perDay = (width - left - right) / ((span.to - span.from) / 86_400_000)
    return layOut(entries, today, (entry) =>
      entry.kind === 'visit' || entry.kind === 'trough'
        ? 0
        : (textWidth(entry.label) + 14) / perDay,
    )
  }, [entries, today, width])
  if (!layout) return <p className={css.none}>{t('none')}</p>

  const x = (at: number) =>
    left + ((at - layout.from) / (layout.to - layout.from)) * (width - left - right)
  let y = head
  const placed = layout.lanes.map((lane) => {
    const top = y
    y += lane.rows * rowHeight + laneGap
    return { ...lane, top }
  })
  const height = y + 22
  // Where the middle of a visit's name stands: over its tick, pushed inward at the edges, absent where it has no room.
  const named = new Map<PlacedEntry, number>()
  let free = left - 8
  for (const one of placed.find((lane) => lane.lane === 'visit')?.entries ?? []) {
    const half = textWidth(one.entry.label) / 2 + 3
    const middle = Math.min(Math.max(x(one.start), left - 8 + half), width - half)
    if (middle - half < free) continue
    named.set(one, middle)
    free = middle + half
  }
  const ticks = axisTicks(layout.from, layout.to, Math.max(3, Math.floor((width - left) / 96)))
  const words = (entry: TimelineEntry) =>
    [
      [t(`kind.${entry.kind}`), entry.label].filter((part) => part !== '').join(': '),
      entry.to ? `${format.date(entry.from)} – ${format.date(entry.to)}` : format.date(entry.from),
      entry.severity === null ? '' : t('grade', { grade: entry.severity }),
      entry.detail,
    ]
      .filter((part) => part !== '')
      .join('\n')

  return (
    <div ref={box} className={css.box}>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        width="100%"
        height={height}
        role="img"
        aria-label={t('label', { count: entries.length })}
        className={css.svg}
      >
        {ticks.map((tick) => (
          <g key={tick.iso}>
            <line
              x1={x(tick.at)}
              x2={x(tick.at)}
              y1={head - 6}
              y2={height - 18}
              className={css.grid}
            />
            <text x={x(tick.at)} y={height - 4} className={css.tick} textAnchor="middle">
              {format.date(tick.iso)}
            </text>
          </g>
        ))}
        {placed.map((lane) => (
          <g key={lane.lane}>
            <text x={0} y={lane.top + 14} className={css.lane}>
              {t(`lane.${lane.lane}`)}
            </text>
            <line
              x1={left}
              x2={width - right}
              y1={lane.top + lane.rows * rowHeight + laneGap / 2}
              y2={lane.top + lane.rows * rowHeight + laneGap / 2}
              className={css.grid}
            />
            {lane.entries.map((one) => (
              <g
                key={`${one.entry.form}-${one.entry.recordId}-${one.entry.from}-${one.entry.label}`}
              >
                <title>{words(one.entry)}</title>
                <Mark
                  one={one}
                  x={x}
                  y={lane.top + one.row * rowHeight}
                  edge={width - right}
                  name={named.get(one) ?? null}
                />
              </g>
            ))}
          </g>
        ))}
        {layout.marks.map(({ entry, at }) => (
          <g key={entry.kind}>
            <title>{words(entry)}</title>
            <line x1={x(at)} x2={x(at)} y1={head - 6} y2={height - 18} className={css.mark} />
            <text x={x(at) + 4} y={12} className={css.markText}>
              {t(`kind.${entry.kind}`)}
            </text>
          </g>
        ))}
      </svg>
      <details className={css.details}>
        <summary>{t('asTable')}</summary>
        <table className={css.table}>
          <thead>
            <tr>
              <th scope="col">{t('what')}</th>
              <th scope="col">{t('name')}</th>
              <th scope="col">{t('from')}</th>
              <th scope="col">{t('to')}</th>
              <th scope="col">{t('detail')}</th>
            </tr>
          </thead>
          <tbody>
            {entries.map((entry) => (
              <tr key={`${entry.form}-${entry.recordId}-${entry.from}-${entry.label}`}>
                <td>{t(`kind.${entry.kind}`)}</td>
                <td>{entry.label}</td>
                <td>{format.date(entry.from)}</td>
                <td>{entry.to ? format.date(entry.to) : ''}</td>
                <td>
                  {entry.severity === null ? '' : `${t('grade', { grade: entry.severity })} `}
                  {entry.detail}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </div>
  )
}

/** Drawn as a diamond on their day. */
const points: readonly TimelineEntry['kind'][] = ['progression', 'death', 'relapse', 'infection']

/** The shape says what it is: tick, bar, dot, graded bar, diamond. */
function Mark({
  one,
  x,
  y,
  edge,
  name,
}: {
  one: PlacedEntry
  /** Where the middle of a visit's label stands; null where it has no room. */
  name: number | null
  x: (at: number) => number
  y: number
  edge: number
}) {
  const { entry } = one
  const start = x(one.start)
  if (entry.kind === 'visit') {
    return (
      <>
        <line x1={start} x2={start} y1={y + 3} y2={y + 10} className={css.visit} />
        {name === null ? null : (
          <text x={name} y={y + 19} className={css.small} textAnchor="middle">
            {entry.label}
          </text>
        )}
      </>
    )
  }
  if (entry.kind === 'trough')
    return <circle cx={start} cy={y + 10} r={3.4} className={css.trough} />
  if (points.includes(entry.kind)) {
    const fits = start + 10 + textWidth(entry.label) < edge + 16
    return (
      <>
        <path d={`M${start} ${y + 3}l7 7-7 7-7-7z`} className={css.progression} />
        <text
          x={fits ? start + 10 : start - 10}
          y={y + 14}
          textAnchor={fits ? 'start' : 'end'}
          className={css.small}
        >
          {entry.label}
        </text>
      </>
    )
  }
  const end = Math.max(one.end === null ? start + 4 : x(one.end), start + 4)
  const wide = end - start
  const long = textWidth(entry.label)
  const inside = long + 8 < wide
  const fits = inside || start + wide + long < edge
  return (
    <>
      <rect
        x={start}
        y={y + 4}
        width={wide}
        height={13}
        rx={2}
        className={css.bar}
        data-kind={entry.kind}
        data-grade={entry.severity ?? undefined}
      />
      <text
        x={inside ? start + 4 : fits ? end + 4 : start - 4}
        y={y + 14.5}
        textAnchor={inside || fits ? 'start' : 'end'}
        className={css.small}
      >
        {entry.label}
      </text>
    </>
  )
}
