/**
 * Several statements in one message to the database: a save costs round trips more than work. Values are only ever written
 * through the template's holes and become quoted literals there; there is no way to add text of another origin.
 */
import pg from 'pg'
import type { Transaction } from '#db/client.ts'

export class Json {
  readonly value: unknown
  constructor(value: unknown) {
    this.value = value
  }
}
/** A value that is stored as jsonb. */
export const json = (value: unknown) => new Json(value)

export type Literal = string | number | boolean | null | Json | readonly string[]

export class Batch {
  readonly #statements: string[] = []

  /** Queues one statement; holes of the template are values. */
  add(parts: TemplateStringsArray, ...values: Literal[]): void {
    this.#statements.push(
      parts.reduce((text, part, at) => text + literal(values[at - 1] as Literal) + part),
    )
  }

  get size(): number {
    return this.#statements.length
  }

  /** Sends all statements; the rows of each, in order. */
  async run(tx: Transaction): Promise<Record<string, unknown>[][]> {
    if (this.#statements.length === 0) return []
    const results = (await tx.client.query(this.#statements.join(';'))) as unknown as
      | pg.QueryResult
      | pg.QueryResult[]
    return (Array.isArray(results) ? results : [results]).map((result) => result.rows)
  }
}

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
const quoted = (text: string): string => pg.escapeLiteral(text.replaceAll('\0', ''))
