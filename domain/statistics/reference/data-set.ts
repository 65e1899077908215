/*
 * Data sets of reference cases: CSV text to columns, `name (how)` to a subset or a derived column, and the small
 * R expressions that name an event. The forms of `how` understood are those of the table below and nothing else.
 *
 * | in brackets                  | meaning                                                                     |
 * |------------------------------|-----------------------------------------------------------------------------|
 * | rows with A                  | rows in which A is not missing (`rows with A and B` for several)             |
 * | rows where A==v              | rows in which the condition holds (also != < <= > >=, joined by & or and)    |
 * | new=pos if A==v              | new column: `pos` where the condition holds, `neg` elsewhere, missing with A |
 * | new=x if A==v else y         | the same with both values named                                              |
 * | new=expression               | new numeric column: + − * / ^ ( ) and log exp sqrt abs of columns and numbers |
 * Several are joined by `;`.
 */
import { StatisticsProblem } from '#domain/statistics/problem.ts'

export type Cell = string | number | null

export interface DataSet {
  columns: Map<string, Cell[]>
  rows: number
}

/** Splits CSV text (RFC 4180, quotes, CRLF) into rows of cells; empty and NA are missing. */
export function parseCsv(text: string): DataSet {
  const records: { value: string; quoted: boolean }[][] = []
  let record: { value: string; quoted: boolean }[] = []
  let value = ''
  let quoted = false
  let wasQuoted = false
  const source = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
  const endCell = () => {
    record.push({ value, quoted: wasQuoted })
    value = ''
    wasQuoted = false
  }
  for (let i = 0; i < source.length; i++) {
    const c = source[i] as string
    if (quoted) {
      if (c !== '"') value += c
      else if (source[i + 1] === '"') {
        value += '"'
        i++
      } else quoted = false
    } else if (c === '"' && value === '') {
      quoted = true
      wasQuoted = true
    } else if (c === ',') endCell()
    else if (c === '\n' || c === '\r') {
      if (c === '\r' && source[i + 1] === '\n') i++
      endCell()
      if (record.length > 1 || record[0]?.value !== '') records.push(record)
      record = []
    } else value += c
  }
  if (quoted) throw new StatisticsProblem('bad-case', 'the CSV ends inside quotes')
  if (value !== '' || record.length > 0) {
    endCell()
    records.push(record)
  }
  const [header, ...body] = records
  if (!header) throw new StatisticsProblem('bad-case', 'the CSV is empty')
  const columns = new Map<string, Cell[]>()
  header.forEach(({ value: name }, j) => {
    const cells = body.map((row, i) => {
      if (row.length !== header.length)
        throw new StatisticsProblem(
          'bad-case',
          `CSV row ${i + 2} has ${row.length} cells, the header ${header.length}`,
        )
      const cell = row[j] as { value: string; quoted: boolean }
      return cell.value === '' || (cell.value === 'NA' && !cell.quoted) ? null : cell.value.trim()
    })
    const numeric = cells.every(
      (cell) => cell === null || (cell !== '' && Number.isFinite(Number(cell))),
    )
    columns.set(
      name.trim(),
      numeric ? cells.map((cell) => (cell === null ? null : Number(cell))) : cells,
    )
  })
  return { columns, rows: body.length }
}

export function columnOf(data: DataSet, name: string): Cell[] {
  const column = data.columns.get(name)
  if (!column) throw new StatisticsProblem('unknown-column', `there is no column "${name}"`)
  return column
}

/** A column that must be numeric. */
export function numbersOf(data: DataSet, name: string): (number | null)[] {
  return columnOf(data, name).map((cell) => {
    if (cell === null || typeof cell === 'number') return cell
    throw new StatisticsProblem('bad-case', `column "${name}" holds "${cell}", not a number`)
  })
}

const comparison = /^\s*([A-Za-z_.][\w.]*)\s*(==|!=|<=|>=|<|>)\s*(.+?)\s*$/

/** True, false or missing for each row: `status==2`, joined by & or and. A bare column name is true when it is 1. */
export function conditionOf(data: DataSet, text: string): (boolean | null)[] {
  const parts = text.split(/\s*&&?\s*|\s+and\s+/)
  const results = parts.map((part) => {
    const match = comparison.exec(part)
    if (!match)
      return columnOf(data, part.trim()).map((cell) =>
        cell === null ? null : cell === 1 || cell === 'TRUE',
      )
    const [, name, operator, raw] = match as unknown as [string, string, string, string]
    const literal = raw.replace(/^["']|["']$/g, '')
    return columnOf(data, name).map((cell) => {
      if (cell === null) return null
      const value = typeof cell === 'number' ? Number(literal) : literal
      if (typeof value === 'number' && Number.isNaN(value))
        throw new StatisticsProblem('bad-case', `"${part}" compares a number with "${raw}"`)
      if (operator === '==') return cell === value
      if (operator === '!=') return cell !== value
      if (operator === '<') return cell < value
      if (operator === '<=') return cell <= value
      return operator === '>' ? cell > value : cell >= value
    })
  })
  const [first, ...rest] = results as [(boolean | null)[], ...(boolean | null)[][]]
  return first.map((value, i) =>
    rest.reduce<boolean | null>((all, other) => {
      const next = other[i] ?? null
      if (all === false || next === false) return false
      return all === null || next === null ? null : true
    }, value),
  )
}

/** An event column or condition as R's Surv reads it: codes 1 and 2 mean that 2 is the event. */
export function eventOf(data: DataSet, text: string): (boolean | null)[] {
  const column = data.columns.get(text.trim())
  const coded =
    column?.some((cell) => cell === 2) &&
    column.every((cell) => cell === null || cell === 1 || cell === 2)
  return coded ? conditionOf(data, `${text.trim()}==2`) : conditionOf(data, text)
}

/** Keeps the rows for which the test holds. */
export function filterRows(data: DataSet, keep: (row: number) => boolean): DataSet {
  const rows = Array.from({ length: data.rows }, (_, i) => i).filter(keep)
  return {
    rows: rows.length,
    columns: new Map(
      [...data.columns].map(([name, cells]) => [name, rows.map((i) => cells[i] as Cell)]),
    ),
  }
}

function cellOf(text: string): Cell {
  const bare = text.trim().replace(/^["']|["']$/g, '')
  return bare !== '' && Number.isFinite(Number(bare)) ? Number(bare) : bare
}

function derive(data: DataSet, step: string): DataSet {
  const withRows = /^rows with (.+)$/.exec(step)
  if (withRows) {
    const names = (withRows[1] as string).split(/\s*,\s*|\s+and\s+/)
    const columns = names.map((name) => columnOf(data, name))
    return filterRows(data, (i) => columns.every((column) => column[i] !== null))
  }
  const where = /^rows where (.+)$/.exec(step)
  if (where) {
    const condition = conditionOf(data, where[1] as string)
    return filterRows(data, (i) => condition[i] === true)
  }
  const choice = /^([A-Za-z_.][\w.]*)\s*=\s*(\S+) if (.+?)(?:\s+else\s+(\S+))?$/.exec(step)
  if (choice) {
    const [, name, yes, condition, no = 'neg'] = choice as unknown as [
      string,
      string,
      string,
      string,
      string | undefined,
    ]
    const values = conditionOf(data, condition).map((holds) =>
      holds === null ? null : cellOf(holds ? yes : no),
    )
    return { ...data, columns: new Map([...data.columns, [name, values]]) }
  }
  const formula = /^([A-Za-z_.][\w.]*)\s*=\s*(.+)$/.exec(step)
  if (formula) {
    const values = arithmetic(data, formula[2] as string)
    return { ...data, columns: new Map([...data.columns, [formula[1] as string, values]]) }
  }
  throw new StatisticsProblem('bad-case', `do not know how to build "(${step})"`)
}

/** `name`, or `name (how; how)`: loads the set and applies each step of the table at the head of this file. */
export function resolveDataSet(reference: string, load: (name: string) => DataSet): DataSet {
  const match = /^\s*([^()\s]+)\s*(?:\((.*)\)|\[(.*)\])?\s*$/.exec(reference)
  if (!match) throw new StatisticsProblem('bad-case', `"${reference}" does not name a data set`)
  const how = (match[2] ?? match[3] ?? '')
    .split(';')
    .map((step) => step.trim())
    .filter((step) => step !== '')
  return how.reduce(derive, load(match[1] as string))
}

const functions: Record<string, (x: number) => number> = {
  log: Math.log,
  exp: Math.exp,
  sqrt: Math.sqrt,
  abs: Math.abs,
  log2: Math.log2,
  log10: Math.log10,
  I: (x) => x,
  'as.numeric': (x) => x,
}

/** Numeric value of an arithmetic expression of columns and numbers for every row; missing stays missing. */
export function arithmetic(data: DataSet, text: string): (number | null)[] {
  const tokens =
    text.match(
      /\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+|[A-Za-z_.][\w.]*|==|!=|<=|>=|[-+*/^()<>]|"[^"]*"|'[^']*'/g,
    ) ?? []
  if (tokens.join('') !== text.replace(/\s+/g, ''))
    throw new StatisticsProblem('bad-case', `cannot read the expression "${text}"`)
  type Evaluate = (row: number) => number | null
  let at = 0
  const fail = (): never => {
    throw new StatisticsProblem('bad-case', `cannot read the expression "${text}"`)
  }
  const both =
    (a: Evaluate, b: Evaluate, f: (x: number, y: number) => number): Evaluate =>
    (row) => {
      const x = a(row)
      const y = b(row)
      return x === null || y === null ? null : f(x, y)
    }
  const primary = (): Evaluate => {
    const token = tokens[at++] ?? fail()
    if (token === '(') {
      const inner = compare()
      if (tokens[at++] !== ')') fail()
      return inner
    }
    if (token === '-') {
      const inner = power()
      return (row) => {
        const x = inner(row)
        return x === null ? null : -x
      }
    }
    if (/^[\d.]+/.test(token) && Number.isFinite(Number(token))) return () => Number(token)
    if (tokens[at] === '(') {
      const f = functions[token] ?? fail()
      at++
      const inner = compare()
      if (tokens[at++] !== ')') fail()
      return (row) => {
        const x = inner(row)
        return x === null ? null : f(x)
      }
    }
    // A comparison with a code is written A==v; the whole of it is one 0/1 value.
    const next = tokens[at]
    if (next && /^(==|!=|<=|>=|<|>)$/.test(next) && /^[A-Za-z"']/.test(tokens[at + 1] ?? '')) {
      const condition = conditionOf(data, `${token}${next}${tokens[at + 1]}`)
      at += 2
      return (row) => (condition[row] === null ? null : Number(condition[row]))
    }
    const column = columnOf(data, token)
    return (row) => {
      const cell = column[row] ?? null
      return cell === null ? null : typeof cell === 'number' ? cell : fail()
    }
  }
  const power = (): Evaluate => {
    const base = primary()
    if (tokens[at] !== '^') return base
    at++
    return both(base, power(), (x, y) => x ** y)
  }
  const chain = (operators: string[], inner: () => Evaluate): Evaluate => {
    let left = inner()
    while (operators.includes(tokens[at] ?? '')) {
      const operator = tokens[at++]
      const right = inner()
      const a = left
      if (operator === '+') left = both(a, right, (x, y) => x + y)
      else if (operator === '-') left = both(a, right, (x, y) => x - y)
      else if (operator === '*') left = both(a, right, (x, y) => x * y)
      else if (operator === '/') left = both(a, right, (x, y) => x / y)
      else if (operator === '==') left = both(a, right, (x, y) => Number(x === y))
      else if (operator === '!=') left = both(a, right, (x, y) => Number(x !== y))
      else if (operator === '<') left = both(a, right, (x, y) => Number(x < y))
      else if (operator === '<=') left = both(a, right, (x, y) => Number(x <= y))
      else if (operator === '>') left = both(a, right, (x, y) => Number(x > y))
      else left = both(a, right, (x, y) => Number(x >= y))
    }
    return left
  }
  const sum = () => chain(['+', '-'], () => chain(['*', '/'], power))
  const compare = (): Evaluate => chain(['==', '!=', '<', '<=', '>', '>='], sum)
  const evaluate = compare()
  if (at !== tokens.length) fail()
  return Array.from({ length: data.rows }, (_, row) => {
    const value = evaluate(row)
    return value === null || Number.isFinite(value) ? value : null
  })
}
