import { StatisticsProblem } from '#domain/statistics/problem.ts'
import type { Cell } from '#domain/statistics/reference/columns.ts'

export type RowValue = Cell | boolean
export type Evaluate = (row: number) => RowValue

/** A parsed part: its value by row, the word it was written as, or the members of `c(...)`. */
export interface Part {
  evaluate: Evaluate
  word?: string
  members?: Part[]
}

const isDate = /^\d{4}-\d\d-\d\d$/

/** As R's arithmetic takes it: TRUE is 1, an ISO date its day number; a text is refused. */
export function numberFrom(value: RowValue, text: string): number | null {
  if (value === null || typeof value === 'number') return value
  if (typeof value === 'boolean') return value ? 1 : 0
  if (value === 'TRUE' || value === 'FALSE') return value === 'TRUE' ? 1 : 0
  if (isDate.test(value)) return Date.parse(value) / 86_400_000
  if (value.trim() !== '' && Number.isFinite(Number(value))) return Number(value)
  throw new StatisticsProblem('bad-case', `"${text}" takes the text "${value}" for a number`)
}

/** True, false or missing; numbers count as events do: 1 is true and 0 is false. */
export function truthOf(value: RowValue, text: string): boolean | null {
  if (value === null || typeof value === 'boolean') return value
  if (value === 1 || value === 'TRUE') return true
  if (value === 0 || value === 'FALSE') return false
  throw new StatisticsProblem(
    'bad-case',
    `"${text}" is ${JSON.stringify(value)}, not true or false`,
  )
}
