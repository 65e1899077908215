import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Expression } from '#domain/expression/ast.ts'
import { parseExpression } from '#domain/expression/parser.ts'
import { printExpression } from '#domain/expression/print.ts'

function printed(text: string): string {
  const { ast, findings } = parseExpression(text)
  expect(findings, text).toEqual([])
  return printExpression(ast)
}

/** Every operator in brackets, so that precedence shows. */
function shape(node: Expression): string {
  switch (node.kind) {
    case 'logic':
      return `(${node.operands.map(shape).join(` ${node.operator} `)})`
    case 'compare':
    case 'arithmetic':
      return `(${shape(node.left)} ${node.operator} ${shape(node.right)})`
    case 'in':
      return `(${shape(node.value)} in [${node.options.map(shape).join(', ')}])`
    case 'not':
      return `(!${shape(node.operand)})`
    case 'negate':
      return `(-${shape(node.operand)})`
    case 'choose':
      return `(${shape(node.condition)} ? ${shape(node.then)} : ${shape(node.else)})`
    default:
      return printExpression(node)
  }
}

describe('precedence', () => {
  test.each([
    ['a || b && c', '(a || (b && c))'],
    ['!a == b && c', '((!(a == b)) && c)'],
    ['!missing(a) || b', '((!missing(a)) || b)'],
    ['a == !b', '(a == (!b))'],
    ['a + b * c - d', '((a + (b * c)) - d)'],
    ['a - b - c', '((a - b) - c)'],
    ['a / b / c', '((a / b) / c)'],
    ['-a * b', '((-a) * b)'],
    ['a < b + 1 && c', '((a < (b + 1)) && c)'],
    ['a + 1 in [1, 2] || b', '(((a + 1) in [1, 2]) || b)'],
    ['a ? b : c ? d : e', '(a ? b : (c ? d : e))'],
    ['a ? b ? 1 : 2 : 3', '(a ? (b ? 1 : 2) : 3)'],
    ['a || b ? c || d : e', '((a || b) ? (c || d) : e)'],
    ['(a || b) && c', '((a || b) && c)'],
  ])('%s', (text, expected) => {
    const { ast, findings } = parseExpression(text)
    expect(findings).toEqual([])
    expect(shape(ast)).toBe(expected)
  })
})

describe('literals', () => {
  test('numbers, texts with escapes, durations', () => {
    expect(parseExpression('3.50').ast).toMatchObject({ kind: 'number', value: 3.5, text: '3.50' })
    expect(parseExpression("'it\\'s \\\\ 日本'").ast).toMatchObject({ value: "it's \\ 日本" })
    expect(parseExpression('4w').ast).toMatchObject({ value: { months: 0, days: 28 } })
    expect(parseExpression('6mo').ast).toMatchObject({ value: { months: 6, days: 0 } })
    expect(parseExpression('1y').ast).toMatchObject({ value: { months: 12, days: 0 } })
  })

  test('offsets are exact', () => {
    const { ast } = parseExpression("AGE >= 18 && SEX == 'F'")
    if (ast.kind !== 'logic') throw new Error(ast.kind)
    expect(ast.operands.map((o) => [o.start, o.end])).toEqual([
      [0, 9],
      [13, 23],
    ])
  })
})

describe('mistakes', () => {
  test.each([
    ['', 'empty', 0],
    ['AGE >', 'unexpected', 5],
    ['AGE = 3', 'character', 4],
    ['a & b', 'character', 2],
    ['a and b', 'unexpected', 2],
    ['a == "Y"', 'character', 5],
    ["a == 'Y", 'text', 5],
    ['12abc', 'number', 0],
    ['1.5y', 'duration', 0],
    ['12constructor', 'number', 0],
    ['a constructor', 'unexpected', 2],
    ['a in []', 'list', 5],
    ["a in 'Y'", 'list', 5],
    ['a < b < c', 'chained', 6],
    ['(a', 'missing', 2],
    ['a)', 'unexpected', 1],
    ['f(a, )', 'unexpected', 5],
    ['a ? b', 'missing', 5],
    ['G[1]', 'row', 2],
    ['a.', 'name', 2],
    ['a # b', 'character', 2],
    ["'a\u0000'", 'text', 2],
  ])('%j gives %s at %i', (text, code, start) => {
    const { findings } = parseExpression(text)
    expect(findings.map((f) => [f.code, f.start])).toContainEqual([code, start])
  })

  test('words of other languages get a hint', () => {
    expect(parseExpression('a AND b').findings[0]?.message).toContain('&&')
    expect(parseExpression('a = b').findings[0]?.message).toContain('==')
    expect(parseExpression('a constructor').findings[0]?.message).not.toContain('Write')
  })

  test('more than one is reported, each once', () => {
    const { findings } = parseExpression('f(1 +, 2) && (b * ) || c = 1')
    expect(findings.map((f) => [f.code, f.start])).toEqual([
      ['unexpected', 5],
      ['unexpected', 18],
      ['character', 25],
    ])
  })

  test('a text longer than 4,000 characters is refused', () => {
    expect(parseExpression('a'.repeat(4000)).findings).toEqual([])
    expect(parseExpression('a'.repeat(4001)).findings[0]?.code).toBe('too-long')
  })

  test('nesting stops at 100, however it is made', () => {
    const deep = [
      `${'('.repeat(200)}a${')'.repeat(200)}`,
      `${'-'.repeat(200)}a`,
      `${'!'.repeat(200)}a`,
      `${'f('.repeat(200)}a${')'.repeat(200)}`,
      `a${'.b'.repeat(200)}`,
      `a${'+1'.repeat(200)}`,
      `${'a ? b : '.repeat(200)}c`,
      "a['x']".repeat(1) + "['x']".repeat(200),
    ]
    for (const text of deep) {
      expect(
        parseExpression(text).findings.map((f) => f.code),
        text.slice(0, 20),
      ).toEqual(['too-deep'])
    }
    expect(parseExpression(`${'('.repeat(90)}a${')'.repeat(90)}`).findings).toEqual([])
    expect(parseExpression(Array(300).fill('a').join(' && ')).findings).toEqual([])
  })
})

describe('the printer', () => {
  test.each([
    "F_LB.LB['CREAT'].LBSTRESN > 1.5 * base(LBSTRESN)",
    "F_AE.filter(r, r.AESER == 'Y').min(r, r.AESTDTC)",
    '(a || b) && !(c && d)',
    'a - (b - c)',
    '(a ? b : c) + 1',
    "x in ['A', 'B'] ? 28d : 4w",
    '-(a + b)',
    '--a',
    'a == (b == c)',
  ])('%s is already in normal form', (text) => {
    expect(printed(text)).toBe(text)
  })

  const leaf = fc.oneof(
    fc.constantFrom('A', 'F_X.B', "F_X.G['K'].C", 'true', 'null', '28d', "date('2016')"),
    fc.integer({ min: 0, max: 1000 }).map(String),
    fc.string({ maxLength: 6 }).map((s) => `'${s.replace(/[\\']/g, '\\$&')}'`),
  )
  const { any } = fc.letrec<{ any: string }>((tie) => {
    const e = tie('any')
    return {
      any: fc.oneof(
        { maxDepth: 5 },
        leaf,
        fc
          .tuple(e, fc.constantFrom('+', '-', '*', '/', '%', '&&', '||', '==', '<='), e)
          .map(([a, o, b]) => `(${a}) ${o} (${b})`),
        e.map((a) => `!(${a})`),
        e.map((a) => `-(${a})`),
        fc.tuple(e, e, e).map(([a, b, c]) => `(${a}) ? (${b}) : (${c})`),
        fc.tuple(e, e).map(([a, b]) => `(${a}) in [${b}, 1]`),
        fc.tuple(e, e).map(([a, b]) => `max(${a}, ${b})`),
        e.map((a) => `F_AE.exists(r, ${a})`),
      ),
    }
  })

  test('what is printed reads back as the same tree', () => {
    fc.assert(
      fc.property(any, (text) => {
        const first = parseExpression(text)
        fc.pre(first.findings.length === 0)
        const again = parseExpression(printExpression(first.ast))
        expect(again.findings).toEqual([])
        expect(shape(again.ast)).toBe(shape(first.ast))
        expect(printExpression(again.ast)).toBe(printExpression(first.ast))
      }),
      { numRuns: 500 },
    )
  })

  test('any text gives findings within its bounds and never throws', () => {
    const pieces = fc.array(
      fc.constantFrom(
        ...['a', 'F_X', '(', ')', '[', ']', "'", '"', '.', ',', '?', ':', '&&', '||', '!'],
        ...['==', '=', '<', 'in', '12', '28d', '1e', ' ', '-', '*', '\\', '日', '\n', '@'],
      ),
      { maxLength: 40 },
    )
    fc.assert(
      fc.property(
        fc.oneof(
          pieces.map((p) => p.join('')),
          fc.string(),
        ),
        (text) => {
          const { ast, findings } = parseExpression(text)
          expect(printExpression(ast)).toBeTypeOf('string')
          for (const f of findings) {
            expect(f.start).toBeGreaterThanOrEqual(0)
            expect(f.end).toBeGreaterThanOrEqual(f.start)
            expect(f.end).toBeLessThanOrEqual(text.length)
            expect(f.message).not.toBe('')
          }
          if (findings.length > 0) return
          expect(parseExpression(printExpression(ast)).findings).toEqual([])
        },
      ),
      { numRuns: 2000 },
    )
  })
})
