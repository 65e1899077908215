/**
 * Units as UCUM codes (unitsofmeasure.org). Only units of one kind of quantity convert by a fixed factor; between mass
 * and substance concentration the factor belongs to the analyte and must be handed in.
 */

/** What is measured and how many base units one unit is. */
type Unit = { dimension: string; factor: number }

const hPerD = 24
const table: Record<string, Unit> = {
  '': { dimension: 'one', factor: 1 },
  '1': { dimension: 'one', factor: 1 },
  '%': { dimension: 'one', factor: 0.01 },
  // mass, base g
  kg: { dimension: 'mass', factor: 1e3 },
  g: { dimension: 'mass', factor: 1 },
  mg: { dimension: 'mass', factor: 1e-3 },
  ug: { dimension: 'mass', factor: 1e-6 },
  ng: { dimension: 'mass', factor: 1e-9 },
  // length, base m
  m: { dimension: 'length', factor: 1 },
  cm: { dimension: 'length', factor: 1e-2 },
  mm: { dimension: 'length', factor: 1e-3 },
  // volume, base L
  L: { dimension: 'volume', factor: 1 },
  dL: { dimension: 'volume', factor: 0.1 },
  mL: { dimension: 'volume', factor: 1e-3 },
  // time, base d (UCUM mo and a are mean Julian: 30.4375 d and 365.25 d)
  s: { dimension: 'time', factor: 1 / 86400 },
  min: { dimension: 'time', factor: 1 / 1440 },
  h: { dimension: 'time', factor: 1 / hPerD },
  d: { dimension: 'time', factor: 1 },
  wk: { dimension: 'time', factor: 7 },
  mo: { dimension: 'time', factor: 30.4375 },
  a: { dimension: 'time', factor: 365.25 },
  // pressure, base kPa; one conventional mm[Hg] is 133.322 Pa, Torr is entered as mm[Hg]
  kPa: { dimension: 'pressure', factor: 1 },
  'mm[Hg]': { dimension: 'pressure', factor: 0.133322 },
  // mass concentration, base g/L
  'g/L': { dimension: 'mass concentration', factor: 1 },
  'g/dL': { dimension: 'mass concentration', factor: 10 },
  'mg/dL': { dimension: 'mass concentration', factor: 1e-2 },
  'mg/L': { dimension: 'mass concentration', factor: 1e-3 },
  'mg/mL': { dimension: 'mass concentration', factor: 1 },
  'ug/dL': { dimension: 'mass concentration', factor: 1e-5 },
  'ug/L': { dimension: 'mass concentration', factor: 1e-6 },
  'ug/mL': { dimension: 'mass concentration', factor: 1e-3 },
  'ng/mL': { dimension: 'mass concentration', factor: 1e-6 },
  'ng/dL': { dimension: 'mass concentration', factor: 1e-8 },
  'pg/mL': { dimension: 'mass concentration', factor: 1e-9 },
  // substance concentration, base mol/L
  'mol/L': { dimension: 'substance concentration', factor: 1 },
  'mmol/L': { dimension: 'substance concentration', factor: 1e-3 },
  'umol/L': { dimension: 'substance concentration', factor: 1e-6 },
  'nmol/L': { dimension: 'substance concentration', factor: 1e-9 },
  'pmol/L': { dimension: 'substance concentration', factor: 1e-12 },
  // catalytic and arbitrary concentration, base U/L; 1 ukat/L is 60 U/L; papers write IU/L for U/L
  'U/L': { dimension: 'catalytic concentration', factor: 1 },
  'U/mL': { dimension: 'catalytic concentration', factor: 1e3 },
  'ukat/L': { dimension: 'catalytic concentration', factor: 60 },
  '[IU]/L': { dimension: 'catalytic concentration', factor: 1 },
  '[IU]/mL': { dimension: 'catalytic concentration', factor: 1e3 },
  // number concentration, base 10*9/L
  '10*9/L': { dimension: 'number concentration', factor: 1 },
  '10*12/L': { dimension: 'number concentration', factor: 1e3 },
  '10*3/uL': { dimension: 'number concentration', factor: 1 },
  '10*6/uL': { dimension: 'number concentration', factor: 1e3 },
  '/uL': { dimension: 'number concentration', factor: 1e-3 },
  // transfer factor of the lung (DLCO), base mmol/min/kPa; ERS/ATS: 1 mmol/min/kPa = 2.986 mL/min/mm[Hg]
  'mmol/min/kPa': { dimension: 'transfer factor', factor: 1 },
  'mL/min/mm[Hg]': { dimension: 'transfer factor', factor: 1 / 2.986 },
  // dose rate, base mg/d, and per body weight, base mg/kg/d
  'mg/d': { dimension: 'dose rate', factor: 1 },
  'g/d': { dimension: 'dose rate', factor: 1e3 },
  'ug/d': { dimension: 'dose rate', factor: 1e-3 },
  'mg/wk': { dimension: 'dose rate', factor: 1 / 7 },
  'mg/kg/d': { dimension: 'dose rate per weight', factor: 1 },
  'ug/kg/d': { dimension: 'dose rate per weight', factor: 1e-3 },
  'mg/m2': { dimension: 'dose per surface', factor: 1 },
  // other rates and scales
  'L/min': { dimension: 'flow', factor: 1 },
  'mL/min': { dimension: 'flow', factor: 1e-3 },
  '/min': { dimension: 'frequency', factor: 1 },
  'kg/m2': { dimension: 'body mass index', factor: 1 },
  Cel: { dimension: 'temperature', factor: 1 },
  '[pH]': { dimension: 'acidity', factor: 1 },
  'mm/h': { dimension: 'sedimentation', factor: 1 },
}

/** Units this system knows by name, for the definition checker. */
export function isKnownUnit(unit: string): boolean {
  return Object.hasOwn(table, unit) || /^\{[A-Za-z0-9 _-]+\}$/.test(unit)
}

function unitOf(unit: string): Unit | undefined {
  return Object.hasOwn(table, unit) ? table[unit] : undefined
}

/** True where a number means the same in both units (`ug/L` and `ng/mL`). */
export function sameUnit(a: string, b: string): boolean {
  if (a === b) return true
  const left = unitOf(a)
  const right = unitOf(b)
  if (!left || !right || left.dimension !== right.dimension) return false
  return Math.abs(left.factor / right.factor - 1) < 1e-12
}

/** Factor from one unit to another of the same quantity; null where there is no fixed one. */
export function unitFactor(from: string, to: string): number | null {
  if (from === to) return 1
  const left = unitOf(from)
  const right = unitOf(to)
  if (!left || !right || left.dimension !== right.dimension) return null
  // Through 12 digits, so that 0.01 / 0.001 is 10 and not 10.000000000000002.
  return Number((left.factor / right.factor).toPrecision(12))
}

/**
 * A value in another unit. `factors` are the analyte's own (`{ 'mg/dL': 88.4 }` for creatinine to umol/L) from a unit to
 * the target `to`, and win over general conversion. Null where neither knows the way.
 */
export function convert(
  value: number,
  from: string,
  to: string,
  factors: Readonly<Record<string, number>> = {},
): number | null {
  if (from === to) return value
  const own = Object.hasOwn(factors, from) ? factors[from] : undefined
  const factor = own ?? unitFactor(from, to)
  return factor === null || factor === undefined ? null : value * factor
}
