/** Several statements in one message to the database: a save costs round trips more than work. */
import type { Transaction } from '#db/client.ts'
import { type Literal, Statement } from '#db/statement.ts'

export class Batch {
  readonly #statements: string[] = []

  /** Queues one statement; holes of the template are values. */
  add(parts: TemplateStringsArray, ...values: Literal[]): void {
    this.#statements.push(new Statement(parts, values).text)
  }

  get size(): number {
    return this.#statements.length
  }

  /** Sends all statements; the rows of each, in order. */
  async run(tx: Transaction): Promise<Record<string, unknown>[][]> {
    if (this.#statements.length === 0) return []
    return tx.send(this.#statements)
  }
}
