/** A data set for analysis: named and typed variables with their origin, and rows. Files are renderings of it. */
import { isFullDate } from '#domain/values/partial-date.ts'

export type Cell = string | number | null
/** `date` holds full ISO dates only; what may be known in part is `text`. */
export type VariableType = 'text' | 'integer' | 'float' | 'date' | 'dateTime'

export type SetVariable = {
  /** Upper case, at most eight characters, unique in the set. */
  name: string
  label: string
  type: VariableType
  /** Longest text in characters, at least 1; null for other types. */
  length: number | null
  /** The expression, item or rule it comes from. */
  origin: string
  /** Place in the key of the set, from 1; null outside it. */
  key: number | null
}

export type AnalysisSet = {
  /** Upper case, at most eight characters; the name of its file in small letters. */
  name: string
  label: string
  variables: readonly SetVariable[]
  rows: readonly (readonly Cell[])[]
}

/** `anyDate` becomes `date` where every value is a full date, and stays text where one is not. */
export type ColumnType = VariableType | 'anyDate'
export type Column<Row> = Pick<SetVariable, 'name' | 'label' | 'origin'> & {
  type: ColumnType
  of: (row: Row) => Cell
}

/** A set that is filled row by row, so that what a row was made from need not be kept. */
export class SetTable<Row> {
  readonly #facts: { name: string; label: string; key: readonly string[] }
  readonly #columns: readonly Column<Row>[]
  readonly #rows: (readonly Cell[])[] = []
  readonly #lengths: number[]
  /** Columns in which a date is known in part. */
  readonly #partial = new Set<number>()

  /** `key` names the columns that tell rows apart, in order. Throws where two columns have one name. */
  constructor(
    facts: { name: string; label: string; key: readonly string[] },
    columns: readonly Column<Row>[],
  ) {
    const names = new Set<string>()
    for (const { name } of columns) {
      if (names.has(name)) throw new Error(`${facts.name} would have two variables ${name}`)
      names.add(name)
    }
    this.#facts = facts
    this.#columns = columns
    this.#lengths = columns.map(() => 1)
  }

  add(row: Row): void {
    this.#rows.push(
      this.#columns.map((column, at) => {
        const cell = column.of(row)
        // A number that is none (a division by zero) is missing, never a text in a file.
        if (typeof cell === 'number') return Number.isFinite(cell) ? cell : null
        if (cell === null || cell === '') return null
        if (!isFullDate(cell)) this.#partial.add(at)
        this.#lengths[at] = Math.max(this.#lengths[at] as number, [...cell].length)
        return cell
      }),
    )
  }

  set(): AnalysisSet {
    const { name, label, key } = this.#facts
    const variables = this.#columns.map((column, at): SetVariable => {
      const type = this.#typeOf(column.type, at)
      return {
        name: column.name,
        label: column.label,
        type,
        length: type === 'text' ? (this.#lengths[at] as number) : null,
        origin: column.origin,
        key: key.includes(column.name) ? key.indexOf(column.name) + 1 : null,
      }
    })
    return { name, label, variables, rows: this.#rows }
  }

  #typeOf(type: ColumnType, at: number): VariableType {
    if (type !== 'anyDate') return type
    return this.#partial.has(at) ? 'text' : 'date'
  }
}
