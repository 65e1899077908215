/*
 * The part of R's expressions that reference cases write about columns: conditions that choose rows, derived columns,
 * events and model terms. One parser turns the text into a function of the row. Logic is R's three-valued logic, a
 * missing value stays missing, a bare word that is no column is a text (`msa==MDA5`), and nothing outside this list is
 * understood: what cannot be read is a `bad-case`, never a guess.
 *
 * operators    | & ! == != < <= > >= + - * / ^ %in% %% (also the words `and`, `or`)
 * functions    log log2 log10 log1p exp sqrt abs floor ceiling round pmin pmax ifelse is.na cut factor relevel I as.*
 *              scale mean median min max sd sum difftime interaction complete.cases c
 */
import { StatisticsProblem } from '#domain/statistics/problem.ts'
import type { Cell, DataSet } from '#domain/statistics/reference/columns.ts'
import { type RowFunction, rowFunctions } from '#domain/statistics/reference/row-functions.ts'
import {
  type Evaluate,
  numberFrom,
  type Part,
  type RowValue,
  truthOf,
} from '#domain/statistics/reference/row-value.ts'

const token =
  /\s*(?:(\d+\.?\d*(?:[eE][-+]?\d+)?L?|\.\d+(?:[eE][-+]?\d+)?)|("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(`[^`]+`|(?:[A-Za-z.][\w.]*\$)?[A-Za-z.][\w.]*)|(%[a-z/%]*%|==|!=|<=|>=|&&|\|\||[-+*/^()<>&|!,:=]))/y

/** Splits at a character outside of brackets and quotes. */
export function splitOutside(text: string, at: string): string[] {
  const parts: string[] = []
  let depth = 0
  let quote = ''
  let part = ''
  for (const c of text) {
    if (quote !== '') quote = c === quote ? '' : quote
    else if (c === '"' || c === "'") quote = c
    else if (c === '(') depth++
    else if (c === ')') depth--
    if (c === at && depth === 0 && quote === '') {
      parts.push(part.trim())
      part = ''
    } else part += c
  }
  parts.push(part.trim())
  return parts
}

/** Tokens of an expression; texts keep their quotes. Throws `bad-case` at a character that no token begins with. */
export function expressionTokens(text: string): string[] {
  const tokens: string[] = []
  token.lastIndex = 0
  while (token.lastIndex < text.length) {
    if (/^\s*$/.test(text.slice(token.lastIndex))) break
    const match = token.exec(text)
    if (!match) throw new StatisticsProblem('bad-case', `cannot read the expression "${text}"`)
    tokens.push(match[0].trim())
  }
  return tokens
}

/** R compares as numbers where both sides are, else as texts. */
function compareValues(a: RowValue, b: RowValue): number | null {
  if (a === null || b === null) return null
  const plain = (v: RowValue) => (typeof v === 'boolean' ? (v ? 'TRUE' : 'FALSE') : v) as Cell
  if (typeof a !== 'string' && typeof b !== 'string') return Number(a) - Number(b)
  const [x, y] = [plain(a), plain(b)]
  const numeric = (v: Cell) =>
    typeof v === 'number' || (v !== null && v !== '' && Number.isFinite(Number(v)))
  if (numeric(x) && numeric(y)) return Number(x) - Number(y)
  return String(x) === String(y) ? 0 : String(x) < String(y) ? -1 : 1
}

const comparisons: Record<string, (order: number) => boolean> = {
  '==': (o) => o === 0,
  '=': (o) => o === 0,
  '!=': (o) => o !== 0,
  '<': (o) => o < 0,
  '<=': (o) => o <= 0,
  '>': (o) => o > 0,
  '>=': (o) => o >= 0,
}

const arithmetics: Record<string, (x: number, y: number) => number> = {
  '+': (x, y) => x + y,
  '-': (x, y) => x - y,
  '*': (x, y) => x * y,
  '/': (x, y) => x / y,
  '^': (x, y) => x ** y,
  '%%': (x, y) => x - Math.floor(x / y) * y,
  '%/%': (x, y) => Math.floor(x / y),
}

const constants: Record<string, RowValue> = {
  TRUE: true,
  FALSE: false,
  NA: null,
  Inf: Infinity,
  pi: Math.PI,
}

/** Value of an expression for each row of a data set; throws `bad-case` or `unknown-column`. */
export function rowExpression(data: DataSet, text: string): Evaluate {
  const tokens = expressionTokens(text)
  let at = 0
  const fail = (): never => {
    throw new StatisticsProblem('bad-case', `cannot read the expression "${text}"`)
  }
  const peek = () => tokens[at]
  const take = (expected?: string) => {
    const found = tokens[at++]
    if (found === undefined || (expected !== undefined && found !== expected)) return fail()
    return found
  }
  const known = (part: Part): Evaluate => {
    if (part.word !== undefined)
      throw new StatisticsProblem('unknown-column', `there is no column "${part.word}"`)
    return part.members ? fail() : part.evaluate
  }
  const literal = (value: RowValue): Part => ({ evaluate: () => value })

  const word = (name: string): Part => {
    const bare = name.replace(/^`|`$/g, '').replace(/^[A-Za-z.][\w.]*\$/, '')
    const column = data.columns.get(bare)
    if (column)
      return {
        evaluate: (row) => {
          const cell = column[row] ?? null
          return cell === 'TRUE' ? true : cell === 'FALSE' ? false : cell
        },
      }
    if (bare in constants) return literal(constants[bare] as RowValue)
    return { evaluate: () => bare, word: bare }
  }

  const call = (name: string): Part => {
    take('(')
    const positional: Part[] = []
    const named: Record<string, Part> = {}
    while (peek() !== ')') {
      const key = tokens[at + 1] === '=' ? take() : undefined
      if (key !== undefined) take('=')
      const part = either()
      if (key === undefined) positional.push(part)
      else named[key] = part
      if (peek() !== ')') take(',')
    }
    take(')')
    if (name === 'c') return { evaluate: fail, members: positional }
    const implementation: RowFunction = Object.hasOwn(rowFunctions, name)
      ? (rowFunctions[name] as RowFunction)
      : fail()
    return { evaluate: implementation({ positional, named, known, rows: data.rows, text, fail }) }
  }

  const primary = (): Part => {
    const found = take()
    if (found === '(') {
      const inner = either()
      take(')')
      return inner
    }
    if (/^["']/.test(found)) return literal(found.slice(1, -1))
    if (/^[\d.]/.test(found) && Number.isFinite(Number.parseFloat(found)))
      return literal(Number(found.replace(/L$/, '')))
    if (!/^[A-Za-z.`]/.test(found)) return fail()
    return peek() === '(' ? call(found) : word(found)
  }

  const twoNumbers = (operator: string, left: Part, right: Part): Part => {
    const a = known(left)
    const b = known(right)
    const f = arithmetics[operator] as (x: number, y: number) => number
    return {
      evaluate: (row) => {
        const x = numberFrom(a(row), text)
        const y = numberFrom(b(row), text)
        return x === null || y === null ? null : f(x, y)
      },
    }
  }
  const chain = (operators: readonly string[], inner: () => Part): Part => {
    let left = inner()
    while (operators.includes(peek() ?? '')) left = twoNumbers(take(), left, inner())
    return left
  }
  const power = (): Part => {
    const base = primary()
    if (peek() !== '^') return base
    take()
    return twoNumbers('^', base, unary())
  }
  const unary = (): Part => {
    if (peek() === '-' || peek() === '+') {
      const sign = take()
      return twoNumbers(sign, literal(0), unary())
    }
    return power()
  }
  const range = (): Part => {
    const from = unary()
    if (peek() !== ':') return from
    take()
    const [low, high] = [Number(known(from)(0)), Number(known(unary())(0))]
    if (!(high - low <= 10_000)) return fail()
    const members: Part[] = []
    for (let v = low; v <= high; v++) members.push(literal(v))
    return { evaluate: fail, members }
  }
  const special = (): Part => {
    let left = range()
    while (peek() === '%in%' || peek() === '%%' || peek() === '%/%') {
      const operator = take()
      if (operator !== '%in%') left = twoNumbers(operator, left, range())
      else {
        const value = known(left)
        const right = range()
        const members = right.members ?? [right]
        left = {
          evaluate: (row) =>
            members.some((m) => {
              const v = value(row)
              return v === null ? m.evaluate(row) === null : compareValues(v, m.evaluate(row)) === 0
            }),
        }
      }
    }
    return left
  }
  const comparison = (): Part => {
    const left = chain(['+', '-'], () => chain(['*', '/'], special))
    const test = comparisons[peek() ?? '']
    if (!test) return left
    take()
    const right = chain(['+', '-'], () => chain(['*', '/'], special))
    // A bare word stands for a text only beside something that is not one.
    if ((left.word !== undefined && right.word !== undefined) || left.members || right.members) {
      known(left)
      known(right)
    }
    const a = left.word !== undefined ? known(left) : left.evaluate
    return {
      evaluate: (row) => {
        const order = compareValues(a(row), right.evaluate(row))
        return order === null ? null : test(order)
      },
    }
  }
  const negation = (): Part => {
    if (peek() !== '!' && peek() !== 'not') return comparison()
    take()
    const inner = known(negation())
    return {
      evaluate: (row) => {
        const value = truthOf(inner(row), text)
        return value === null ? null : !value
      },
    }
  }
  /** `dominant` decides whatever the other side is: false for and, true for or. */
  const logic = (operators: readonly string[], dominant: boolean, inner: () => Part): Part => {
    let left = inner()
    while (operators.includes(peek() ?? '')) {
      take()
      const [a, b] = [known(left), known(inner())]
      left = {
        evaluate: (row) => {
          const x = truthOf(a(row), text)
          const y = truthOf(b(row), text)
          if (x === dominant || y === dominant) return dominant
          return x === null || y === null ? null : !dominant
        },
      }
    }
    return left
  }
  function either(): Part {
    return logic(['|', '||', 'or'], true, () => logic(['&', '&&', 'and'], false, negation))
  }

  const whole = either()
  if (at !== tokens.length) return fail()
  return known(whole)
}
