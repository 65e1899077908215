/** Which values an expression looked at: shown beside a finding, so that a person sees why it spoke. */
import type { Compiled } from '#domain/expression/compile.ts'
import type { Environment, Frame, ItemReference, Value } from '#domain/expression/types.ts'

export type Reading = { name: string; value: Value }

/** Most readings that are listed; a rule over a long log reads hundreds. */
const mostReadings = 40

/**
 * Evaluates once more and lists what was read, each name once, in order of reading. Values of rows carry the position of
 * the row among those visited: `r.AESER (2)`. Parts that three-valued logic did not need are not listed.
 */
export function explain(compiled: Compiled, environment: Environment, frame: Frame): Reading[] {
  const readings = new Map<string, Value>()
  const positions = new Map<string, number>()
  const add = (name: string, value: Value) => {
    if (readings.size < mostReadings && !readings.has(name)) readings.set(name, value)
    return value
  }
  const nameOf = (reference: ItemReference, at: Frame) => {
    const name = compiled.names.get(reference) ?? reference.item
    const position = positions.get(frameKey(at))
    const isOfRow = at.bound === undefined && position !== undefined && at !== frame
    return isOfRow ? `${name} (${position})` : name
  }
  const recording: Environment = {
    today: environment.today,
    value: (reference, at) => add(nameOf(reference, at), environment.value(reference, at)),
    missing: (reference, at) => {
      const reason = environment.missing(reference, at)
      add(`reason(${nameOf(reference, at)})`, reason)
      return reason
    },
    rows: (collection, at) => {
      const rows = environment.rows(collection, at)
      rows.forEach((row, i) => {
        if (!positions.has(frameKey(row))) positions.set(frameKey(row), i + 1)
      })
      return rows
    },
    eventOf: (at) => environment.eventOf(at),
    indexOf: (at) => environment.indexOf(at),
    recordDate: (at) => environment.recordDate(at),
    variable: (oid) => add(oid, environment.variable(oid)),
    parameter: (oid) => add(oid, environment.parameter(oid)),
    call: (name, values, at) => {
      const written = values.map((value) => (value === null ? 'missing' : String(value)))
      return add(`${name}(${written.join(', ')})`, environment.call(name, values, at))
    },
  }
  compiled.evaluate(recording, frame)
  return [...readings].map(([name, value]) => ({ name, value }))
}

function frameKey(frame: Frame): string {
  return `${frame.record}/${frame.row ?? ''}`
}
