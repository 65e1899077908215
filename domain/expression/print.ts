/** Writes an expression tree as text in one normal form; parsing it again gives the same tree. */
import type { Expression } from '#domain/expression/ast.ts'

/** Binding strength by level of the grammar; an operand below what its place needs gets brackets. */
const strength = {
  choose: 1,
  or: 2,
  and: 3,
  not: 4,
  compare: 5,
  sum: 6,
  product: 7,
  unary: 8,
  postfix: 9,
} as const

export function printExpression(node: Expression): string {
  switch (node.kind) {
    case 'error':
      return '?'
    case 'number':
    case 'duration':
      return node.text
    case 'text':
      return quoted(node.value)
    case 'boolean':
      return String(node.value)
    case 'null':
      return 'null'
    case 'name':
      return node.name
    case 'member':
      return `${within(node.object, strength.postfix)}.${node.name}`
    case 'row':
      return `${within(node.object, strength.postfix)}[${quoted(node.key)}]`
    case 'call':
      return `${node.name}(${listed(node.args)})`
    case 'method':
      return `${within(node.object, strength.postfix)}.${node.name}(${listed(node.args)})`
    case 'not':
      return `!${within(node.operand, strength.not)}`
    case 'negate':
      return `-${within(node.operand, strength.unary)}`
    case 'logic': {
      const least = node.operator === '&&' ? strength.not : strength.and
      return node.operands.map((o) => within(o, least)).join(` ${node.operator} `)
    }
    case 'compare':
      return `${within(node.left, strength.sum)} ${node.operator} ${within(node.right, strength.sum)}`
    case 'in':
      return `${within(node.value, strength.sum)} in [${listed(node.options)}]`
    case 'arithmetic': {
      const own = strengthOf(node)
      return `${within(node.left, own)} ${node.operator} ${within(node.right, own + 1)}`
    }
    case 'choose': {
      const condition = within(node.condition, strength.or)
      return `${condition} ? ${printExpression(node.then)} : ${printExpression(node.else)}`
    }
  }
}

function strengthOf(node: Expression): number {
  switch (node.kind) {
    case 'choose':
      return strength.choose
    case 'logic':
      return node.operator === '&&' ? strength.and : strength.or
    case 'not':
      return strength.not
    case 'compare':
    case 'in':
      return strength.compare
    case 'arithmetic':
      return node.operator === '+' || node.operator === '-' ? strength.sum : strength.product
    case 'negate':
      return strength.unary
    default:
      return strength.postfix
  }
}

function within(node: Expression, least: number): string {
  const text = printExpression(node)
  return strengthOf(node) < least ? `(${text})` : text
}

function listed(nodes: readonly Expression[]): string {
  return nodes.map(printExpression).join(', ')
}

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`
}
