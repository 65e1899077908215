/** Splits expression text into tokens. Never throws: what cannot be read becomes a finding and is skipped. */
import { maxLength } from '#domain/expression/ast.ts'
import type { Duration, ExpressionFinding } from '#domain/expression/types.ts'

export type Token = { start: number; end: number } & (
  | { kind: 'number'; value: number; text: string }
  | { kind: 'duration'; value: Duration; text: string }
  | { kind: 'text'; value: string }
  | { kind: 'name'; text: string }
  | { kind: 'symbol'; text: string }
  | { kind: 'end' }
)

const namePattern = /[A-Za-z_][A-Za-z0-9_]*/y
const numberPattern = /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const spacePattern = /[ \t\r\n]+/y
const symbols = '== != <= >= && || < > ! + - * / % ( ) [ ] , . ? :'.split(' ')
const durationUnits: Record<string, (n: number) => Duration> = {
  d: (n) => ({ months: 0, days: n }),
  w: (n) => ({ months: 0, days: 7 * n }),
  mo: (n) => ({ months: n, days: 0 }),
  y: (n) => ({ months: 12 * n, days: 0 }),
}
/** What people type by habit from other languages, and what to write instead. */
const strangers: Record<string, string> = {
  '=': 'Write == to compare.',
  '&': 'Write && for "and".',
  '|': 'Write || for "or".',
  '"': "Texts are written in single quotes: 'Y'.",
  '^': 'There is no power operator; multiply instead.',
  ';': 'One expression only; no semicolon.',
}

function match(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0] ?? null
}

export function tokenize(text: string): { tokens: Token[]; findings: ExpressionFinding[] } {
  const tokens: Token[] = []
  const findings: ExpressionFinding[] = []
  const report = (code: string, message: string, start: number, end: number) =>
    findings.push({ code, severity: 'error', message, start, end })
  const length = text.length
  if (length > maxLength) {
    report('too-long', `The expression is longer than ${maxLength} characters.`, maxLength, length)
    return { tokens: [{ kind: 'end', start: length, end: length }], findings }
  }
  let at = 0
  while (at < length) {
    const space = match(spacePattern, text, at)
    if (space) {
      at += space.length
      continue
    }
    const name = match(namePattern, text, at)
    if (name) {
      tokens.push({ kind: 'name', text: name, start: at, end: at + name.length })
      at += name.length
      continue
    }
    const digits = match(numberPattern, text, at)
    if (digits) {
      at = readNumber(text, at, digits, tokens, report)
      continue
    }
    if (text[at] === "'") {
      at = readText(text, at, tokens, report)
      continue
    }
    const symbol = symbols.find((s) => text.startsWith(s, at))
    if (symbol) {
      tokens.push({ kind: 'symbol', text: symbol, start: at, end: at + symbol.length })
      at += symbol.length
      continue
    }
    at = readStranger(text, at, tokens, report)
  }
  tokens.push({ kind: 'end', start: length, end: length })
  return { tokens, findings }
}

type Report = (code: string, message: string, start: number, end: number) => void

function readNumber(
  text: string,
  start: number,
  digits: string,
  tokens: Token[],
  report: Report,
): number {
  let end = start + digits.length
  const suffix = match(namePattern, text, end)
  if (!suffix) {
    const value = Number(digits)
    if (!Number.isFinite(value)) report('number', `${digits} is too large a number.`, start, end)
    tokens.push({ kind: 'number', value, text: digits, start, end })
    return end
  }
  end += suffix.length
  const whole = text.slice(start, end)
  const unit = Object.hasOwn(durationUnits, suffix) ? durationUnits[suffix] : undefined
  const count = Number(digits)
  if (!unit) {
    report('number', `${whole} is neither a number nor a duration (28d, 4w, 6mo, 1y).`, start, end)
    tokens.push({ kind: 'number', value: count, text: digits, start, end })
  } else if (!/^\d{1,6}$/.test(digits)) {
    report('duration', `A duration is a whole number of days, weeks, months or years.`, start, end)
    tokens.push({ kind: 'duration', value: unit(0), text: whole, start, end })
  } else {
    tokens.push({ kind: 'duration', value: unit(count), text: whole, start, end })
  }
  return end
}

function readText(text: string, start: number, tokens: Token[], report: Report): number {
  let value = ''
  let at = start + 1
  for (;;) {
    const char = text[at]
    if (char === undefined) {
      report('text', 'This text has no closing quote.', start, text.length)
      break
    }
    if (char === "'") {
      at += 1
      break
    }
    if (char === '\\') {
      const next = text[at + 1]
      if (next === "'" || next === '\\') {
        value += next
        at += 2
        continue
      }
      report('text', "Only \\' and \\\\ may follow a backslash in a text.", at, at + 1)
    } else if (char < ' ' || char === '\u007f') {
      report('text', 'Control characters are not allowed in a text.', at, at + 1)
    }
    value += char
    at += 1
  }
  tokens.push({ kind: 'text', value, start, end: at })
  return at
}

/** Reports an unknown character and, where the meaning is plain, goes on as if it were written right. */
function readStranger(text: string, start: number, tokens: Token[], report: Report): number {
  const char = String.fromCodePoint(text.codePointAt(start) as number)
  const end = start + char.length
  if (char === '"') {
    const close = text.indexOf('"', end)
    const stop = close < 0 ? text.length : close + 1
    report('character', strangers['"'] as string, start, stop)
    const value = text.slice(end, close < 0 ? text.length : close)
    tokens.push({ kind: 'text', value, start, end: stop })
    return stop
  }
  report('character', strangers[char] ?? `The character ${char} has no meaning here.`, start, end)
  const meant = { '=': '==', '&': '&&', '|': '||' }[char]
  if (meant) tokens.push({ kind: 'symbol', text: meant, start, end })
  return end
}
