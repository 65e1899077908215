/*
 * Data sets of reference cases. `name (how)`, `name [how]` or `name[how]` chooses rows or builds columns:
 *
 * | how                                | meaning                                                              |
 * |------------------------------------|----------------------------------------------------------------------|
 * | rows with A, B and C               | rows in which none of the columns is missing (also `complete cases`) |
 * | rows where condition, condition    | rows in which the condition holds; missing does not hold             |
 * | excluding condition                | rows in which it does not hold (also `without`)                      |
 * | first 20 rows, rows 5-20           | rows by number, from 1                                               |
 * | new=pos if condition               | new column: `pos` where it holds, else `neg`, missing where unknown  |
 * | new=x if condition else y          | both values named; y may be a further `if`                           |
 * | new=expression                     | new column by an expression (row-expression.ts); also `expr as new`  |
 *
 * Several are joined by `;`. A case that expects other labels than `neg` names them itself: see `labels` below.
 */
import { StatisticsProblem } from '#domain/statistics/problem.ts'
import {
  type Cell,
  columnOf,
  type DataSet,
  filterRows,
} from '#domain/statistics/reference/columns.ts'
import { rowExpression } from '#domain/statistics/reference/row-expression.ts'
import { numberFrom, type RowValue, truthOf } from '#domain/statistics/reference/row-value.ts'

function everyRow<T>(data: DataSet, of: (row: number) => T): T[] {
  return Array.from({ length: data.rows }, (_, row) => of(row))
}

/** True, false or missing for each row: `status==2`, `age>=65 & !is.na(x)`. A bare column is true where it is 1. */
export function conditionOf(data: DataSet, text: string): (boolean | null)[] {
  const value = rowExpression(data, text)
  return everyRow(data, (row) => truthOf(value(row), text))
}

/** An event column or condition as R's Surv reads it: where the largest code is 2, 2 is the event and 1 is not. */
export function eventOf(data: DataSet, text: string): (boolean | null)[] {
  const evaluate = rowExpression(data, text)
  const values = everyRow(data, (row) => {
    const value = evaluate(row)
    return typeof value === 'boolean' || value === null ? value : numberFrom(value, text)
  })
  const coded = values.some((v) => v === 2) && values.every((v) => typeof v !== 'number' || v <= 2)
  return values.map((value) => {
    if (value === null || typeof value === 'boolean') return value
    const code = coded ? value - 1 : value
    return code === 1 ? true : code === 0 ? false : null
  })
}

/** Numeric value of an expression of columns and numbers for every row; missing stays missing. */
export function arithmetic(data: DataSet, text: string): (number | null)[] {
  const value = rowExpression(data, text)
  return everyRow(data, (row) => {
    const number = numberFrom(value(row), text)
    return number === null || Number.isNaN(number) ? null : number
  })
}

/** Labels of a column, or of an expression; true and false are R's TRUE and FALSE. */
export function labelsOf(data: DataSet, text: string): Cell[] {
  const column = data.columns.get(text)
  if (column) return column
  const value = rowExpression(data, text)
  return everyRow(data, (row) => cellOf(value(row)))
}

function cellOf(value: RowValue): Cell {
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE'
  return typeof value === 'number' && Number.isNaN(value) ? null : value
}

function literalOf(text: string): Cell {
  const bare = text.trim().replace(/^(["'])(.*)\1$/, '$2')
  return bare !== '' && Number.isFinite(Number(bare)) ? Number(bare) : bare
}

function withColumn(data: DataSet, name: string, cells: Cell[]): DataSet {
  return { ...data, columns: new Map([...data.columns, [name, cells]]) }
}

/** `x if c else y`, where y may again be a choice. `labels` are those the case speaks of: they name the unnamed rest. */
function chosen(data: DataSet, text: string, labels: readonly string[]): Cell[] {
  const match = /^(\S+) if (.+?)(?:(?:,| )\s*(?:else|otherwise)\s+(.+))?$/.exec(text)
  if (!match) return everyRow(data, () => literalOf(text))
  const [, yes = '', condition = '', rest] = match
  const others = labels.filter((label) => label !== yes)
  const unnamed = labels.includes('neg') || others.length !== 1 ? 'neg' : (others[0] as string)
  const no = chosen(data, rest ?? unnamed, labels)
  return conditionOf(data, condition).map((holds, row) =>
    holds === null ? null : holds ? literalOf(yes) : (no[row] as Cell),
  )
}

const named = /^(`[^`]+`|[A-Za-z.][\w.]*)\s*=(?!=)\s*(.+)$/

function derive(data: DataSet, step: string, labels: readonly string[]): DataSet {
  const complete = /^(?:rows with|complete cases (?:of|in)|complete rows (?:of|in))\s+(.+)$/.exec(
    step,
  )
  const names = complete?.[1]?.split(/\s*,\s*(?:and\s+)?|\s+and\s+|\s*[&+]\s*/)
  if (names?.every((name) => data.columns.has(name))) {
    const columns = names.map((name) => columnOf(data, name))
    return filterRows(data, (i) => columns.every((column) => column[i] !== null))
  }
  const firstRows = /^(?:first|rows 1(?:-|:| to )) ?(\d+)(?: rows)?$/.exec(step)
  const fromTo = /^rows (\d+)(?:-|:| to )(\d+)$/.exec(step)
  if (firstRows || fromTo) {
    const from = Number(fromTo?.[1] ?? 1)
    const to = Number(fromTo?.[2] ?? firstRows?.[1])
    return filterRows(data, (i) => i + 1 >= from && i < to)
  }
  const where = /^(?:rows where|rows with|subset|only|where|if)\s+(.+)$/.exec(step)
  const without = /^(?:excluding|without|not|rows without)\s+(?:rows where\s+)?(.+)$/.exec(step)
  const column = named.exec(step)
  if (!where && !without && column) {
    const [, quotedName = '', text = ''] = column
    const name = quotedName.replace(/`/g, '')
    return withColumn(
      data,
      name,
      / if /.test(text) ? chosen(data, text, labels) : labelsOf(data, text),
    )
  }
  const renamed = /^(.+) as ([A-Za-z.][\w.]*)$/.exec(step)
  if (renamed) return withColumn(data, renamed[2] as string, labelsOf(data, renamed[1] as string))
  try {
    const condition = conditionOf(data, (where?.[1] ?? without?.[1] ?? step).replace(/,\s*$/, ''))
    const keep = without === null
    return filterRows(data, (i) => condition[i] === keep)
  } catch (error) {
    if (!(error instanceof StatisticsProblem) || error.code !== 'unknown-column') throw error
    throw new StatisticsProblem(
      'bad-case',
      `do not know how to build "(${step})": ${error.message}`,
    )
  }
}

/**
 * Loads the named set and applies each step of the table at the head of this file. `labels` are the group labels that
 * the expected values speak of. Throws `bad-case` with the step that cannot be read.
 */
export function resolveDataSet(
  reference: string,
  load: (name: string) => DataSet,
  labels: readonly string[] = [],
): DataSet {
  const call = /^\s*(?:subset|transform)\(\s*([^,()\s]+)\s*,\s*(.*)\)\s*$/.exec(reference)
  const match = call ?? /^\s*([^()[\]\s]+)\s*(?:\((.*)\)|\[(.*)\])?\s*$/.exec(reference)
  if (!match) throw new StatisticsProblem('bad-case', `"${reference}" does not name a data set`)
  const how = (match[2] ?? match[3] ?? '')
    .split(';')
    .map((step) => step.trim())
    .filter((step) => step !== '')
  return how.reduce((data, step) => derive(data, step, labels), load(match[1] as string))
}
