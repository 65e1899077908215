/**
 * Recursive descent over the tokens, one function per level of precedence. An error becomes a finding and an `error`
 * node; reading goes on at the next separator of the same nesting, so one pass reports several mistakes. Nesting is
 * counted on the finished nodes too (`depths`), because a long chain of `+` is deep without any recursion here.
 */
import {
  type ArithmeticOperator,
  type ComparisonOperator,
  comparisonOperators,
  type Expression,
  maxDepth,
} from '#domain/expression/ast.ts'
import { type Token, tokenize } from '#domain/expression/lexer.ts'
import type { ExpressionFinding } from '#domain/expression/types.ts'

export type Parsed = { ast: Expression; findings: ExpressionFinding[] }

/** Reads an expression. `findings` is empty exactly when the text is well formed. */
export function parseExpression(text: string): Parsed {
  const { tokens, findings } = tokenize(text)
  if (findings.some((f) => f.code === 'too-long')) {
    return { ast: { kind: 'error', start: 0, end: text.length }, findings }
  }
  const parser = new Parser(tokens, findings)
  const ast = parser.whole()
  findings.sort((a, b) => a.start - b.start || a.end - b.end)
  return { ast, findings }
}

const reserved = new Set(['true', 'false', 'null', 'in'])
/** Operators as words, from SQL and other languages. */
const words: Record<string, string> = { and: '&&', or: '||', not: '!', is: '== or missing(x)' }
const separators = new Set([')', ']', ',', '&&', '||', '?', ':'])

class Parser {
  private at = 0
  private nesting = 0
  private tooDeep = false
  private readonly depths = new WeakMap<Expression, number>()

  constructor(
    private readonly tokens: readonly Token[],
    private readonly findings: ExpressionFinding[],
  ) {}

  whole(): Expression {
    if (this.peek().kind === 'end' && this.findings.length === 0) {
      return this.failure('empty', 'The expression is empty.')
    }
    const ast = this.choose()
    while (this.peek().kind !== 'end') {
      this.report('unexpected', `${this.shown()} is not expected here.${this.wordHint()}`)
      this.at += 1
      this.skip()
      // A stray closing bracket must not hide what follows it.
      if (this.peek().kind !== 'end' && this.isSymbol('&&', '||', ',', '?', ':')) {
        this.at += 1
        if (this.startsOperand()) this.choose()
      }
    }
    return ast
  }

  private choose(): Expression {
    const entered = this.enter()
    if (entered) return entered
    const condition = this.or()
    let node = condition
    if (this.take('?')) {
      const then = this.choose()
      if (this.expect(':', 'A condition needs both results: test ? yes : no.')) {
        const otherwise = this.choose()
        node = this.made(
          { kind: 'choose', condition, then, else: otherwise, ...span(condition, otherwise) },
          condition,
          then,
          otherwise,
        )
      }
    }
    this.nesting -= 1
    return node
  }

  private or(): Expression {
    return this.logic('||', () => this.logic('&&', () => this.not()))
  }

  private logic(operator: '&&' | '||', next: () => Expression): Expression {
    const first = next()
    if (!this.isSymbol(operator)) return first
    const operands = [first]
    while (this.take(operator)) operands.push(next())
    const last = operands[operands.length - 1] as Expression
    return this.made({ kind: 'logic', operator, operands, ...span(first, last) }, ...operands)
  }

  private not(): Expression {
    const start = this.peek().start
    if (!this.take('!')) return this.comparison()
    const entered = this.enter()
    if (entered) return entered
    const operand = this.not()
    this.nesting -= 1
    return this.made({ kind: 'not', operand, start, end: operand.end }, operand)
  }

  private comparison(): Expression {
    let left = this.sum()
    let compared = false
    for (;;) {
      const operator = comparisonOperators.find((o) => this.isSymbol(o))
      const isIn = !operator && this.isName('in')
      if (!operator && !isIn) return left
      const { start } = left
      const isChained = compared
      if (isChained) {
        this.report('chained', 'Comparisons cannot be chained; write a < b && b < c.')
      }
      compared = true
      this.at += 1
      left = operator ? this.compareWith(left, operator) : this.memberOf(left)
      if (isChained) left = { kind: 'error', start, end: left.end }
    }
  }

  private compareWith(left: Expression, operator: ComparisonOperator): Expression {
    const right = this.sum()
    return this.made({ kind: 'compare', operator, left, right, ...span(left, right) }, left, right)
  }

  private memberOf(value: Expression): Expression {
    const open = this.peek()
    if (!this.take('[')) {
      const end = this.failure('list', "A list follows in: x in ['A', 'B'].")
      return { kind: 'error', ...span(value, end) }
    }
    const options = this.list(']')
    const end = this.tokens[this.at - 1]?.end ?? open.end
    if (options.length === 0) {
      this.report('list', 'The list is empty.', open.start, end)
      return { kind: 'error', start: value.start, end }
    }
    return this.made({ kind: 'in', value, options, start: value.start, end }, value, ...options)
  }

  private sum(): Expression {
    return this.chain(['+', '-'], () => this.chain(['*', '/', '%'], () => this.unary()))
  }

  private chain(operators: readonly ArithmeticOperator[], next: () => Expression): Expression {
    let left = next()
    for (;;) {
      const operator = operators.find((o) => this.isSymbol(o))
      if (!operator) return left
      this.at += 1
      const right = next()
      const node: Expression = { kind: 'arithmetic', operator, left, right, ...span(left, right) }
      left = this.made(node, left, right)
    }
  }

  private unary(): Expression {
    const start = this.peek().start
    const minus = this.isSymbol('-')
    if (!minus && !this.isSymbol('!')) return this.postfix()
    const entered = this.enter()
    if (entered) return entered
    this.at += 1
    const operand = this.unary()
    this.nesting -= 1
    return this.made({ kind: minus ? 'negate' : 'not', operand, start, end: operand.end }, operand)
  }

  private postfix(): Expression {
    let node = this.primary()
    for (;;) {
      if (this.take('.')) node = this.memberAfter(node)
      else if (this.take('[')) node = this.rowAfter(node)
      else return node
    }
  }

  private memberAfter(object: Expression): Expression {
    const token = this.peek()
    if (token.kind !== 'name') {
      return this.failure('name', 'A name is expected after the point.', object.start)
    }
    this.at += 1
    const nameSpan = { start: token.start, end: token.end }
    if (!this.take('(')) {
      const node: Expression = {
        kind: 'member',
        object,
        name: token.text,
        nameSpan,
        ...span(object, token),
      }
      return this.made(node, object)
    }
    const args = this.list(')')
    const end = this.tokens[this.at - 1]?.end ?? token.end
    const node: Expression = {
      kind: 'method',
      object,
      name: token.text,
      nameSpan,
      args,
      start: object.start,
      end,
    }
    return this.made(node, object, ...args)
  }

  private rowAfter(object: Expression): Expression {
    const token = this.peek()
    if (token.kind !== 'text') {
      const node = this.failure('row', "A row is named by its key: GROUP['KEY'].", object.start)
      this.take(']')
      return node
    }
    this.at += 1
    this.expect(']', 'The bracket is not closed.')
    const end = this.tokens[this.at - 1]?.end ?? token.end
    const keySpan = { start: token.start, end: token.end }
    return this.made(
      { kind: 'row', object, key: token.value, keySpan, start: object.start, end },
      object,
    )
  }

  private primary(): Expression {
    const token = this.peek()
    const { start, end } = token
    switch (token.kind) {
      case 'number':
        this.at += 1
        return { kind: 'number', value: token.value, text: token.text, start, end }
      case 'duration':
        this.at += 1
        return { kind: 'duration', value: token.value, text: token.text, start, end }
      case 'text':
        this.at += 1
        return { kind: 'text', value: token.value, start, end }
      case 'name':
        return this.named(token.text, start, end)
      case 'symbol':
        if (token.text === '(') return this.bracketed()
        return this.failure('unexpected', `A value is expected before ${this.shown()}.`)
      case 'end':
        return this.failure('unexpected', 'The expression ends where a value is expected.')
    }
  }

  private named(name: string, start: number, end: number): Expression {
    if (name === 'in') return this.failure('unexpected', 'A value is expected before in.')
    this.at += 1
    if (name === 'true' || name === 'false') {
      return { kind: 'boolean', value: name === 'true', start, end }
    }
    if (name === 'null') return { kind: 'null', start, end }
    if (!this.take('(')) return { kind: 'name', name, start, end }
    const args = this.list(')')
    const close = this.tokens[this.at - 1]?.end ?? end
    const node: Expression = {
      kind: 'call',
      name,
      nameSpan: { start, end },
      args,
      start,
      end: close,
    }
    return this.made(node, ...args)
  }

  private bracketed(): Expression {
    this.at += 1
    const inner = this.choose()
    this.expect(')', 'The bracket is not closed.')
    return inner
  }

  /** Items up to the closing bracket, which is consumed. */
  private list(close: ')' | ']'): Expression[] {
    const items: Expression[] = []
    if (this.take(close)) return items
    do items.push(this.choose())
    while (this.take(','))
    this.expect(close, `${close} is missing.`)
    return items
  }

  private made(node: Expression, ...children: readonly Expression[]): Expression {
    let depth = 0
    for (const child of children) depth = Math.max(depth, this.depths.get(child) ?? 0)
    this.depths.set(node, depth + 1)
    return depth + 1 > maxDepth ? this.deep(node) : node
  }

  private enter(): Expression | null {
    this.nesting += 1
    if (this.nesting <= maxDepth) return null
    this.nesting -= 1
    const node = this.deep(this.peek())
    this.at = this.tokens.length - 1
    return node
  }

  private deep(where: { start: number; end: number }): Expression {
    if (!this.tooDeep) {
      this.tooDeep = true
      this.report('too-deep', `More than ${maxDepth} levels deep.`, where.start, where.end)
    }
    return { kind: 'error', start: where.start, end: where.end }
  }

  private failure(code: string, message: string, start?: number): Expression {
    const token = this.peek()
    this.report(code, message, token.start, token.end)
    this.skip()
    return { kind: 'error', start: start ?? token.start, end: token.end }
  }

  /** Moves to the next separator of this nesting. */
  private skip(): void {
    let open = 0
    for (;;) {
      const token = this.peek()
      if (token.kind === 'end') return
      if (token.kind === 'symbol') {
        if (open === 0 && separators.has(token.text)) return
        if (token.text === '(' || token.text === '[') open += 1
        if (token.text === ')' || token.text === ']') open -= 1
      }
      this.at += 1
    }
  }

  private expect(symbol: string, message: string): boolean {
    if (this.take(symbol)) return true
    const isFollowUp = this.findings.at(-1)?.start === this.peek().start
    if (!this.tooDeep && !isFollowUp) this.report('missing', message)
    this.skip()
    return this.take(symbol)
  }

  private report(code: string, message: string, start?: number, end?: number): void {
    const token = this.peek()
    this.findings.push({
      code,
      severity: 'error',
      message,
      start: start ?? token.start,
      end: end ?? token.end,
    })
  }

  private startsOperand(): boolean {
    const token = this.peek()
    if (token.kind === 'end') return false
    if (token.kind === 'symbol') return ['(', '-', '!'].includes(token.text)
    return !(token.kind === 'name' && token.text === 'in')
  }

  private wordHint(): string {
    const token = this.peek()
    const word = token.kind === 'name' ? token.text.toLowerCase() : ''
    return Object.hasOwn(words, word) ? ` Write ${words[word]}.` : ''
  }

  private shown(): string {
    const token = this.peek()
    if (token.kind === 'end') return 'the end'
    if (token.kind === 'text') return `'${token.value}'`
    return token.text
  }

  private peek(): Token {
    return this.tokens[this.at] as Token
  }

  private isSymbol(...texts: string[]): boolean {
    const token = this.peek()
    return token.kind === 'symbol' && texts.includes(token.text)
  }

  private isName(text: string): boolean {
    const token = this.peek()
    return token.kind === 'name' && token.text === text
  }

  private take(symbol: string): boolean {
    if (!this.isSymbol(symbol)) return false
    this.at += 1
    return true
  }
}

function span(first: { start: number }, last: { end: number }): { start: number; end: number } {
  return { start: first.start, end: last.end }
}

/** Words that cannot name an item or a row variable. */
export function isReservedWord(name: string): boolean {
  return reserved.has(name)
}
