/**
 * Reads YAML text that anybody may upload. Text becomes plain objects, arrays and scalars, and a side table remembers where
 * each was written, so that findings about merged definitions still name file, line and column. Anchors, aliases, tags and
 * keys that touch prototypes are refused; size and depth are limited; nothing throws.
 */
import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml'
import type { StudyFinding } from './finding.ts'

export type SourceFile = { path: string; text: string }
export type Plain = string | number | boolean | null | PlainObject | Plain[]
export type PlainObject = { [key: string]: Plain }
export type Position = {
  file: string
  line: number
  column: number
  /** The scalar as written, where it was read as a number or boolean (`01`, `1.0`). */
  text?: string
  /** How a multi-line text was written: offsets in it count from the line below. */
  block?: boolean
}

export const maximalFileSize = 1_000_000
export const maximalStudySize = 8_000_000
const maximalDepth = 40
const maximalErrors = 50
const forbiddenKeys = new Set(['__proto__', 'constructor', 'prototype', '<<'])

/** Remembers where members of objects and arrays were written. */
export class Origins {
  readonly #members = new WeakMap<object, Map<string | number, Position>>()

  set(container: object, key: string | number, position: Position): void {
    let members = this.#members.get(container)
    if (members === undefined) {
      members = new Map()
      this.#members.set(container, members)
    }
    members.set(key, position)
  }

  get(container: object, key: string | number): Position | undefined {
    return this.#members.get(container)?.get(key)
  }

  /** Takes over the position of a member when it is moved to another container. */
  move(from: object, key: string | number, to: object, newKey: string | number = key): void {
    const position = this.get(from, key)
    if (position !== undefined) this.set(to, newKey, position)
  }

  /** The position of the deepest member of `place` that is known. */
  locate(root: Plain, place: readonly (string | number)[]): Position | undefined {
    let current: Plain | undefined = root
    let best: Position | undefined
    for (const key of place) {
      if (current === null || typeof current !== 'object') break
      best = this.get(current, key) ?? best
      current = memberOf(current, key)
      if (current === undefined) break
    }
    return best
  }
}

export function memberOf(container: Plain | undefined, key: string | number): Plain | undefined {
  if (container === null || typeof container !== 'object') return undefined
  if (Array.isArray(container)) return typeof key === 'number' ? container[key] : undefined
  return Object.hasOwn(container, key) ? container[String(key)] : undefined
}

export function isPlainObject(value: Plain | undefined): value is PlainObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

type Reading = {
  file: string
  lines: LineCounter
  origins: Origins
  findings: StudyFinding[]
}

/** Reads one file; `value` is undefined where it could not be read. */
export function readYaml(
  source: SourceFile,
  origins: Origins,
): { value: Plain | undefined; findings: StudyFinding[] } {
  const findings: StudyFinding[] = []
  const lines = new LineCounter()
  const reading: Reading = { file: source.path, lines, origins, findings }
  if (source.text.length > maximalFileSize) {
    report(reading, 0, 'file-too-large', 'The file is larger than 1 MB.')
    return { value: undefined, findings }
  }
  if (nestingOf(source.text) > maximalDepth * 4) {
    report(reading, 0, 'too-deep', 'Brackets are nested too deeply.')
    return { value: undefined, findings }
  }
  try {
    // Doubled keys are looked for in `plain`: the parser compares every pair, minutes for a hostile file.
    const options = { lineCounter: lines, version: '1.2', uniqueKeys: false } as const
    const document = parseDocument(source.text, options)
    for (const error of document.errors.slice(0, maximalErrors)) {
      const [first = ''] = error.message.split('\n')
      report(reading, error.pos[0], 'yaml', first.replace(/ at line \d+, column \d+:?$/, ''))
    }
    if (document.errors.length > 0) return { value: undefined, findings }
    const value = document.contents === null ? null : plain(document.contents, reading, 0)
    return { value, findings }
  } catch {
    report(reading, 0, 'yaml', 'The file is not readable as YAML.')
    return { value: undefined, findings }
  }
}

/** Upper bound of the bracket depth, so that hostile text never reaches the recursive parser. */
function nestingOf(text: string): number {
  let depth = 0
  let deepest = 0
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (c === 91 || c === 123) deepest = Math.max(deepest, ++depth)
    else if ((c === 93 || c === 125) && depth > 0) depth--
  }
  return deepest
}

function plain(node: unknown, reading: Reading, depth: number): Plain {
  const item = node as Node & { anchor?: string; tag?: string }
  const offset = item?.range?.[0] ?? 0
  if (depth > maximalDepth) {
    report(reading, offset, 'too-deep', `Nesting is deeper than ${maximalDepth} levels.`)
    return null
  }
  if (item?.anchor !== undefined) {
    report(reading, offset, 'anchor', 'Anchors and aliases are not allowed here.')
  }
  if (isMap(node)) {
    const result: PlainObject = {}
    for (const pair of node.items) {
      const at = (pair.key as Node | null)?.range?.[0] ?? offset
      if (!isScalar(pair.key) || pair.key.value === null) {
        report(reading, at, 'key', 'A key must be plain text.')
        continue
      }
      const key = pair.key.source ?? String(pair.key.value)
      if (forbiddenKeys.has(key)) {
        report(reading, at, 'key', `“${key}” is not allowed as a key.`)
        continue
      }
      if (Object.hasOwn(result, key)) report(reading, at, 'yaml', 'Map keys must be unique')
      result[key] = plain(pair.value, reading, depth + 1)
      reading.origins.set(result, key, positionOf(pair.value ?? pair.key, reading))
    }
    return result
  }
  if (isSeq(node)) {
    const result: Plain[] = []
    for (const entry of node.items) {
      reading.origins.set(result, result.length, positionOf(entry, reading))
      result.push(plain(entry, reading, depth + 1))
    }
    return result
  }
  if (isScalar(node)) {
    const value = node.value
    if (typeof value === 'number' && !Number.isFinite(value)) {
      report(reading, offset, 'yaml', 'Infinite and undefined numbers are not allowed.')
      return null
    }
    if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) {
      return value as Plain
    }
    report(reading, offset, 'yaml', 'Only texts, numbers, true, false and null are values.')
    return null
  }
  if (node !== null) report(reading, offset, 'alias', 'Anchors and aliases are not allowed here.')
  return null
}

function positionOf(node: unknown, reading: Reading): Position {
  const range = (node as Node | null)?.range
  const { line, col } = reading.lines.linePos(range?.[0] ?? 0)
  const position: Position = {
    file: reading.file,
    line: Math.max(line, 1),
    column: Math.max(col, 1),
  }
  if (isScalar(node)) {
    // `NULL` may be meant as a name.
    const isNull = node.value === null && node.source === 'NULL'
    if (typeof node.value === 'number' || typeof node.value === 'boolean' || isNull) {
      position.text = node.source ?? String(node.value)
    }
    if (node.type === 'BLOCK_FOLDED' || node.type === 'BLOCK_LITERAL') position.block = true
    else if (node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE') position.column += 1
  }
  return position
}

function report(reading: Reading, offset: number, code: string, message: string): void {
  if (reading.findings.length >= maximalErrors) return
  const { line, col } = reading.lines.linePos(offset)
  reading.findings.push({
    code,
    severity: 'error',
    message,
    place: [],
    file: reading.file,
    line: Math.max(line, 1),
    column: Math.max(col, 1),
  })
}
