/**
 * SQL text with its values in it, for several statements in one message to the database, which the protocol allows only
 * without parameters. Values are only ever written through the template's holes and become quoted literals there; there is
 * no way to add text of another origin.
 */
import pg from 'pg'

export class Json {
  readonly value: unknown

  constructor(value: unknown) {
    this.value = value
  }
}

/** A value that is stored as jsonb. */
export const json = (value: unknown) => new Json(value)

export type Literal = string | number | boolean | null | Json | readonly string[]

export class Statement {
  readonly text: string

  constructor(parts: TemplateStringsArray, values: readonly Literal[]) {
    let text = parts[0] as string
    for (const [at, value] of values.entries()) text += literal(value) + parts[at + 1]
    this.text = text
  }
}

/** One statement; holes of the template are values. */
export const statement = (parts: TemplateStringsArray, ...values: Literal[]) =>
  new Statement(parts, values)

function literal(value: Literal): string {
  if (value === null) return 'null'
  if (typeof value === 'boolean') return value ? 'true' : 'false'
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new Error('Not a number that SQL can hold')
    return value < 0 ? `(${value})` : String(value)
  }
  if (typeof value === 'string') return quoted(value)
  if (value instanceof Json) return `${quoted(JSON.stringify(value.value))}::jsonb`
  return value.length === 0 ? `'{}'::text[]` : `array[${value.map(quoted).join(',')}]::text[]`
}

/** NUL cannot be part of PostgreSQL text; it is refused on the way in and would end the message here. */
export const quoted = (text: string): string => pg.escapeLiteral(text.replaceAll('\0', ''))
