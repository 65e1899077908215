/*
 * Data sets of reference cases. `name (how)`, `name [how]` or `name[how]` chooses rows or builds columns:
 *
 * | how                                | meaning                                                              |
 * |------------------------------------|----------------------------------------------------------------------|
 * | rows with A, B and C               | rows in which none of the columns is missing (also `A not missing`)  |
 * | complete cases                     | rows without any missing value (also `na.omit(name)`)                |
 * | rows where condition, condition    | rows in which the condition holds; missing does not hold             |
 * | excluding condition                | rows in which it does not hold (also `without`)                      |
 * | first 20 rows, rows 5-20, 5:20     | rows by number, from 1; -(5:20) all others (also `head(name, 20)`)   |
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
import { rowExpression, splitOutside } from '#domain/statistics/reference/row-expression.ts'
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

/** The columns of which no value may be missing, or null where the step says something else. */
function completeColumns(data: DataSet, step: string): string[] | null {
  if (/^(?:complete (?:cases|rows)(?: only)?|na\.omit)$/.test(step)) return [...data.columns.keys()]
  const named =
    /^(?:rows with|complete cases (?:of|in)|complete rows (?:of|in)|non-?missing)\s+(.+)$/.exec(
      step,
    ) ?? /^(.+?) (?:(?:is )?not missing|non-?missing)$/.exec(step)
  const names = named?.[1]?.split(/\s*,\s*(?:and\s+)?|\s+and\s+|\s*[&+]\s*/)
  return names?.every((name) => data.columns.has(name)) ? names : null
}

/** First and last row of a range by number, from 1. */
function rowRange(step: string): { from: number; to: number; others: boolean } | null {
  const first = /^(?:first|head) (\d+)(?: rows)?$/.exec(step)
  if (first) return { from: 1, to: Number(first[1]), others: false }
  const range = /^(?:rows )?(\d+)(?:-|:| to )(\d+)\s*,?$/.exec(step)
  if (range) return { from: Number(range[1]), to: Number(range[2]), others: false }
  const gone = /^-\(?(\d+):(\d+)\)?\s*,?$/.exec(step)
  return gone ? { from: Number(gone[1]), to: Number(gone[2]), others: true } : null
}

/** Conditions joined by commas outside of brackets and quotes hold together. */
function together(text: string): string {
  const parts = splitOutside(text, ',').filter((part) => part !== '')
  return parts.length === 1 ? (parts[0] as string) : parts.map((part) => `(${part})`).join(' & ')
}

function derive(data: DataSet, given: string, labels: readonly string[]): DataSet {
  const complete = completeColumns(data, given)
  if (complete) {
    const columns = complete.map((name) => columnOf(data, name))
    return filterRows(data, (i) => columns.every((column) => column[i] !== null))
  }
  const range = rowRange(given)
  if (range) return filterRows(data, (i) => (i + 1 >= range.from && i < range.to) !== range.others)
  const step = given.replace(/\s+only$/, '').replace(/^which\((.*)\)\s*,?$/, '$1')
  const where = /^(?:rows where|rows with|subset|only|where|if)\s+(.+)$/.exec(step)
  const without = /^(?:excluding|without|not|rows without)\s+(?:rows where\s+)?(.+)$/.exec(step)
  const column = named.exec(step)
  const [, quotedName = '', text = ''] = column ?? []
  const name = quotedName.replace(/`/g, '')
  // `sex=1` of a column that is there chooses rows: nobody overwrites a column with one value.
  const constant = /^(?:"[^"]*"|'[^']*'|[\w.]+)$/.test(text)
  if (!where && !without && column && !(constant && data.columns.has(name))) {
    return withColumn(
      data,
      name,
      / if /.test(text) ? chosen(data, text, labels) : labelsOf(data, text),
    )
  }
  const renamed = /^(.+) as ([A-Za-z.][\w.]*)$/.exec(step)
  if (renamed) return withColumn(data, renamed[2] as string, labelsOf(data, renamed[1] as string))
  try {
    const condition = conditionOf(data, together(where?.[1] ?? without?.[1] ?? step))
    const keep = without === null
    return filterRows(data, (i) => condition[i] === keep)
  } catch (error) {
    if (!(error instanceof StatisticsProblem) || error.code !== 'unknown-column') throw error
    throw new StatisticsProblem(
      'bad-case',
      `do not know how to build "(${given})": ${error.message}`,
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
  const head = /^\s*head\(\s*([^,()\s]+)\s*,\s*(?:n\s*=\s*)?(\d+)\s*\)\s*$/.exec(reference)
  const omit = /^\s*na\.omit\(\s*([^,()\s]+)\s*\)\s*$/.exec(reference)
  if (head) return derive(load(head[1] as string), `head ${head[2]}`, labels)
  if (omit) return derive(load(omit[1] as string), 'na.omit', labels)
  const match = call ?? /^\s*([^()[\]\s]+)\s*(?:\((.*)\)|\[(.*)\])?\s*$/.exec(reference)
  if (!match) throw new StatisticsProblem('bad-case', `"${reference}" does not name a data set`)
  const how = (match[2] ?? match[3] ?? '')
    .split(';')
    .map((step) => step.trim())
    .filter((step) => step !== '')
  return how.reduce((data, step) => derive(data, step, labels), load(match[1] as string))
}
