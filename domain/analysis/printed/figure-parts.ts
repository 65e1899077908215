import type { FigureSpec, ForestSpec } from '../figures/figure-spec.ts'

/** Rows of a forest that a page holds in type that can be read. */
const mostRows = 34

/** A figure too long for a page as figures that are not: a long forest is cut between its covariates, on one axis. */
export function figureParts(spec: FigureSpec): FigureSpec[] {
  if (spec.kind !== 'forest' || spec.rows.length <= mostRows) return [spec]
  const groups: ForestSpec['rows'][] = []
  for (const row of spec.rows) {
    const last = groups.at(-1)
    if (row.type === 'heading' || last === undefined) groups.push([row])
    else last.push(row)
  }
  const parts: ForestSpec['rows'][] = []
  for (const group of groups) {
    const last = parts.at(-1)
    if (last && last.length + group.length <= mostRows) last.push(...group)
    else {
      for (let from = 0; from < group.length; from += mostRows)
        parts.push(group.slice(from, from + mostRows))
    }
  }
  const axis = spec.axis ?? commonAxis(spec)
  return parts.map((rows) => ({ ...spec, rows, ...(axis ? { axis } : {}) }))
}

/** From the lowest to the highest estimate or limit; limits far out (a factor of 20) get arrows instead. */
function commonAxis({ rows, scale, noEffect }: ForestSpec): ForestSpec['axis'] {
  if (scale !== 'log') return undefined
  const isUsable = (value: unknown): value is number => typeof value === 'number' && value > 0
  const estimates = rows.flatMap((row) => (row.type === 'estimate' ? [row] : []))
  const centre = [noEffect ?? 1, ...estimates.map((row) => row.estimate).filter(isUsable)]
  const [low, high] = [Math.min(...centre), Math.max(...centre)]
  const limits = estimates
    .flatMap((row) => [row.lower, row.upper])
    .filter(isUsable)
    .filter((limit) => limit >= low / 20 && limit <= high * 20)
  const all = [...centre, ...limits]
  const [min, max] = [Math.min(...all) / 1.15, Math.max(...all) * 1.15]
  return min < max ? { min, max } : undefined
}
