/** From the unit a row was measured in to the standard unit of its test. */
import type { FixedRowDef } from '#domain/definition/definition.ts'
import { unitFactor } from '#domain/values/units.ts'

/** Twelve significant digits: what is left of binary noise must not decide a limit. */
export function clean(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(12))
}

/**
 * Factor from a unit to the row's standard unit. `undefined`: the row has no unit item, so it is the standard unit; null: the unit
 * was not given, which is the standard unit only where the row knows no other. Null where there is no known way.
 */
export function standardFactor(
  row: FixedRowDef | undefined,
  unit: string | null | undefined,
): number | null {
  if (row === undefined) return null
  if (unit === undefined || unit === row.unit) return 1
  const others = row.units ?? {}
  if (unit === null) return Object.keys(others).length === 0 ? 1 : null
  if (Object.hasOwn(others, unit)) return others[unit] ?? null
  return row.unit === undefined ? null : unitFactor(unit, row.unit)
}
