/** Grades over time as a small step line; the words beside it say the same. */
import { dateNumber } from '#components/casebook/timeline-layout.ts'
import type { AdverseEventRow } from '#domain/casebook/views.ts'

const width = 64
const height = 20

export function GradeLine({ grades }: { grades: AdverseEventRow['grades'] }) {
  const points = grades.flatMap((one) => {
    const at = dateNumber(one.at)
    return at === null || one.grade === null ? [] : [{ at, grade: one.grade }]
  })
  const first = points[0]
  const last = points.at(-1)
  if (!first || !last || points.length < 2) return null
  const span = Math.max(last.at - first.at, 1)
  const x = (at: number) => 2 + ((at - first.at) / span) * (width - 10)
  const y = (grade: number) => height - 2 - (grade / 5) * (height - 4)
  let path = `M${x(first.at)} ${y(first.grade)}`
  for (const point of points.slice(1)) path += `H${x(point.at)}V${y(point.grade)}`
  return (
    <svg width={width} height={height} aria-hidden="true" style={{ display: 'block' }}>
      <line x1="0" x2={width} y1={height - 1} y2={height - 1} stroke="var(--cb-line)" />
      <path d={`${path}h6`} fill="none" stroke="var(--cb-accent)" strokeWidth="1.6" />
    </svg>
  )
}
