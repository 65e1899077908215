/**
 * What can stand at a place of a report that is being written. The text need not be whole: only the line at hand, the keys
 * above it with less indentation, and the words of the study are looked at.
 */
import type { ReportVocabulary, VocabularyEntry } from '#domain/definition/report-vocabulary.ts'

export type Suggestion = {
  /** Inserted in place of the word at hand. */
  text: string
  /** In words: label, type, codes. */
  info: string
  kind: 'key' | 'value' | 'item' | 'variable' | 'function' | 'code'
}
export type Completion = { from: number; suggestions: readonly Suggestion[] }

type Schema = {
  type?: string
  const?: unknown
  enum?: readonly unknown[]
  properties?: Record<string, Schema>
  required?: readonly string[]
  items?: Schema
  oneOf?: readonly Schema[]
  anyOf?: readonly Schema[]
}

const expressionKeys = new Set(['value', 'against', 'rule', 'item', 'time', 'event'])

/** Suggestions at `position` of `text`; null where nothing can be said. */
export function completeReport(
  text: string,
  position: number,
  words: ReportVocabulary,
  labelOf: (label: VocabularyEntry['label']) => string,
): Completion | null {
  const place = placeAt(text, position)
  const schema = schemaAt(words.schema as Schema, kindOf(text), place.path)
  if (place.key === null) {
    const known = Object.entries(schema?.properties ?? {})
    const suggestions = known
      .filter(([key]) => !place.siblings.includes(key))
      .map(([key, inner]): Suggestion => {
        const wanted = schema?.required?.includes(key) ? '*' : ''
        return { text: `${key}: `, info: `${valuesOf(inner).join(' | ')}${wanted}`, kind: 'key' }
      })
    return { from: position - place.word.length, suggestions }
  }
  const { key } = place
  const names = (entries: readonly VocabularyEntry[], kind: Suggestion['kind']): Suggestion[] =>
    entries.map(({ name, label, detail }) => ({
      text: name,
      info: `${labelOf(label)} (${detail})`,
      kind,
    }))
  if (key === 'population') return here(place, names(words.populations, 'value'))
  if (key === 'endpoint') return here(place, names(words.endpoints, 'value'))
  if (key === 'visits' || key === 'baseline') return here(place, names(words.events, 'value'))
  if (key === 'columns' || key === 'by') {
    const arm: Suggestion = { text: 'arm', info: '', kind: 'value' }
    return here(place, [arm, ...names(words.groupings, 'value')])
  }
  if (key === 'codes' || key === 'reference') {
    const entry = entryNamed(words, place.valueOfRow)
    return here(place, codesOf(entry, labelOf, ''))
  }
  if (expressionKeys.has(key) && schemaOf(schema, key)?.type === 'string') {
    return inExpression(text, position, words, labelOf)
  }
  const values = valuesOf(schemaOf(schema, key))
  if (values.length === 0) return null
  return here(
    place,
    values.map((value) => ({ text: value, info: '', kind: 'value' })),
  )
}

function here(place: Place, suggestions: readonly Suggestion[]): Completion {
  return { from: place.position - place.word.length, suggestions }
}

function inExpression(
  text: string,
  position: number,
  words: ReportVocabulary,
  labelOf: (label: VocabularyEntry['label']) => string,
): Completion {
  const before = text.slice(text.lastIndexOf('\n', position - 1) + 1, position)
  const compared = /([A-Z][A-Z0-9_.]*)\)?\s*(?:==|!=|in \[[^\]]*)\s*'?([A-Z0-9_]*)$/i.exec(before)
  if (compared) {
    const entry = entryNamed(words, compared[1] ?? '')
    const quote = before.at(-(compared[2]?.length ?? 0) - 1) === "'" ? '' : "'"
    const codes = codesOf(entry, labelOf, quote)
    if (codes.length > 0) return { from: position - (compared[2]?.length ?? 0), suggestions: codes }
  }
  const word = /[A-Za-z][A-Za-z0-9_.]*$/.exec(before)?.[0] ?? ''
  const named = (entry: VocabularyEntry, kind: Suggestion['kind']): Suggestion => ({
    text: entry.name,
    info: `${labelOf(entry.label)} (${entry.detail})`,
    kind,
  })
  return {
    from: position - word.length,
    suggestions: [
      ...words.variables.map((entry) => named(entry, 'variable')),
      ...words.items.map((entry) => named(entry, 'item')),
      ...words.populations.map((entry) => named(entry, 'value')),
      ...words.functions.map(
        (name): Suggestion => ({ text: `${name}(`, info: '', kind: 'function' }),
      ),
    ],
  }
}

/** By its whole name, or by that of the item where an expression names it within its form. */
function entryNamed(words: ReportVocabulary, name: string): VocabularyEntry | undefined {
  return (
    words.items.find((entry) => entry.name === name) ??
    words.variables.find((entry) => entry.name === name) ??
    words.items.find((entry) => entry.codes && entry.name.endsWith(`.${name.split('.').at(-1)}`))
  )
}

function codesOf(
  entry: VocabularyEntry | undefined,
  labelOf: (label: VocabularyEntry['label']) => string,
  quote: string,
): Suggestion[] {
  return (entry?.codes ?? []).map(({ code, label }) => ({
    text: `${quote}${code}${quote}`,
    info: labelOf(label),
    kind: 'code',
  }))
}

type Place = {
  position: number
  /** Keys that lead here from the report, without list positions. */
  path: readonly string[]
  /** Whose value is being written; null: a key is. */
  key: string | null
  /** Keys that this mapping has on the line or the lines of its level. */
  siblings: readonly string[]
  word: string
  /** The `value` of the row at hand, for its codes. */
  valueOfRow: string
}

const keyPattern = /(?:^|[{,]|- )\s*([A-Za-z][A-Za-z0-9]*):(?=\s|$)/g

function placeAt(text: string, position: number): Place {
  const start = text.lastIndexOf('\n', position - 1) + 1
  const line = text.slice(start, position)
  const end = text.indexOf('\n', position)
  const whole = text.slice(start, end === -1 ? text.length : end)
  const indent = /^\s*(?:- )?\s*/.exec(line)?.[0].length ?? 0
  const above = keysAbove(text.slice(0, start), indent)
  const flow = flowAt(line)
  const segment = flow ?? line
  const found = [...segment.matchAll(keyPattern)].at(-1)
  const after = found ? segment.slice(found.index + found[0].length) : segment
  // After a comma that no list or text holds, the next key begins.
  const isKeyDone =
    flow !== null &&
    found !== undefined &&
    /^(?:[^,'"[\]]|'[^']*'|"[^"]*"|\[[^\]]*\])*,\s*\w*$/.test(after)
  const key = found && !isKeyDone ? (found[1] ?? null) : null
  const inner = flow === null ? [] : outerKey(line.slice(0, line.length - flow.length - 1))
  const word = /[A-Za-z0-9_.-]*$/.exec(segment)?.[0] ?? ''
  return {
    position,
    path: [...above, ...inner],
    key,
    siblings: [...whole.matchAll(keyPattern)].map(([, name]) => name ?? ''),
    word,
    valueOfRow: /\bvalue:\s*"?([A-Z][A-Z0-9_.]*)/.exec(whole)?.[1] ?? '',
  }
}

/** What stands in the innermost open `{` of a line; null outside of one. */
function flowAt(line: string): string | null {
  let depth = 0
  for (let at = line.length - 1; at >= 0; at -= 1) {
    if (line[at] === '}') depth += 1
    else if (line[at] === '{') {
      if (depth === 0) return line.slice(at + 1)
      depth -= 1
    }
  }
  return null
}

/** `label` of `- { label: {`: the key whose mapping begins here, when it is one. */
function outerKey(before: string): string[] {
  const key = /([A-Za-z][A-Za-z0-9]*):\s*$/.exec(before)?.[1]
  return key === undefined ? [] : [key]
}

/** Keys of the lines above with ever less indentation: the mappings that this line lies in. */
function keysAbove(text: string, indent: number): string[] {
  const path: string[] = []
  let level = indent
  for (const line of text.split('\n').reverse()) {
    const key = /^(\s*)(?:- )?([A-Za-z][A-Za-z0-9]*):\s*$/.exec(line)
    if (!key || level === 0 || (key[1]?.length ?? 0) >= level) continue
    level = key[1]?.length ?? 0
    path.unshift(key[2] ?? '')
  }
  return path
}

function kindOf(text: string): string | null {
  return /^(?:- )?\s*kind:\s*([a-z-]+)/m.exec(text)?.[1] ?? null
}

function schemaAt(
  schema: Schema,
  kind: string | null,
  path: readonly string[],
): Schema | undefined {
  let at: Schema | undefined = ofKind(schema, kind)
  for (const key of path) at = elementOf(schemaOf(at, key))
  return at
}

/** The kind at hand; of a report without one, what all kinds have. */
function ofKind(schema: Schema, kind: string | null): Schema | undefined {
  const kinds = schema.oneOf ?? []
  const found = kinds.find(({ properties }) => properties?.kind?.const === kind)
  const known: Schema = { enum: kinds.map(({ properties }) => properties?.kind?.const) }
  if (!found) return { properties: { kind: known, oid: {}, title: {} } }
  return { ...found, properties: { ...found.properties, kind: known } }
}

function schemaOf(schema: Schema | undefined, key: string): Schema | undefined {
  return schema?.properties && Object.hasOwn(schema.properties, key)
    ? schema.properties[key]
    : undefined
}

function elementOf(schema: Schema | undefined): Schema | undefined {
  return schema?.items ? elementOf(schema.items) : schema
}

function valuesOf(schema: Schema | undefined): string[] {
  if (!schema) return []
  if (schema.const !== undefined) return [String(schema.const)]
  if (schema.enum) return schema.enum.map(String)
  if (schema.type === 'boolean') return ['true', 'false']
  if (schema.items) return valuesOf(schema.items)
  return (schema.anyOf ?? []).flatMap(valuesOf)
}
