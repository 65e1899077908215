/**
 * Decimal behaviour on binary numbers. Typed values are decimals (64.4, 59.4) and a rule such as "a fall of more than 5"
 * must not fire because 64.4 - 59.4 is 5.000000000000007 in binary. Therefore sums and differences are rounded to
 * the 15th significant digit of the larger operand, and comparisons are made at 15 significant digits, as PostgreSQL
 * does when it casts double precision to numeric.
 */

const powers: readonly number[] = Array.from({ length: 23 }, (_, n) => Number(`1e${n}`))
const significantDigits = 15

/** Power of ten that brings numbers of this size to integers of 15 digits; null where that is not exact. */
function scaleFor(size: number): number | null {
  if (size === 0 || size >= 1e15 || size < 1e-7) return null
  let digits = Math.floor(Math.log10(size)) + 1
  // log10 may be off by one just beside a power of ten.
  if (digits > 0 && size < (powers[digits - 1] as number)) digits -= 1
  return powers[significantDigits - digits] ?? null
}

/** The number rounded to 15 significant digits. */
export function snap(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(significantDigits))
}

/** a + b, rounded to 15 significant digits of the larger operand. */
export function add(a: number, b: number): number {
  const sum = a + b
  if (Number.isInteger(a) && Number.isInteger(b)) return sum
  const scale = scaleFor(Math.max(Math.abs(a), Math.abs(b)))
  if (scale === null) return sum
  return Math.round(sum * scale) / scale
}

export function subtract(a: number, b: number): number {
  return add(a, -b)
}

/** What is left of a after whole steps of b (not zero), with the sign of a; exact on the decimal readings. */
export function remainder(a: number, b: number): number {
  if (Number.isSafeInteger(a) && Number.isSafeInteger(b)) return (a % b) + 0
  const left = scientific(snap(a))
  const right = scientific(snap(b))
  const exponent = Math.min(left.exponent, right.exponent)
  const whole =
    (left.digits * 10n ** BigInt(left.exponent - exponent)) %
    (right.digits * 10n ** BigInt(right.exponent - exponent))
  return Number(`${whole}e${exponent}`)
}

/** A number as whole digits times a power of ten. */
function scientific(value: number): { digits: bigint; exponent: number } {
  const [mantissa = '0', exponent = '0'] = value.toExponential().split('e')
  const decimals = mantissa.split('.')[1]?.length ?? 0
  return { digits: BigInt(mantissa.replace('.', '')), exponent: Number(exponent) - decimals }
}

/** Negative, zero or positive as a is below, equal to or above b at 15 significant digits. */
export function compareNumbers(a: number, b: number): number {
  const difference = a - b
  if (difference === 0) return 0
  // Far apart or whole: no rounding needed.
  if (Math.abs(difference) > 1e-13 * Math.max(Math.abs(a), Math.abs(b))) return difference
  return snap(a) - snap(b)
}

/**
 * Rounds half away from zero to `digits` decimals (-10..15), on the decimal reading of the number: 1.005 to two digits
 * is 1.01.
 */
export function roundTo(value: number, digits: number): number {
  const exact = snap(value)
  if (!Number.isFinite(exact)) return exact
  const [mantissa = '0', exponent = '0'] = Math.abs(exact).toExponential().split('e')
  // All its digits lie before the place that is rounded to.
  if (Number(exponent) + digits >= significantDigits) return exact
  const shifted = Math.round(Number(`${mantissa}e${Number(exponent) + digits}`))
  const rounded = Number(`${shifted}e${-digits}`)
  return exact < 0 && rounded !== 0 ? -rounded : rounded
}

/** Decimal text of a number, never in exponent form; with `digits`, rounded and padded (`3.50`). */
export function numberText(value: number, digits?: number): string {
  if (digits !== undefined) {
    const rounded = roundTo(value, digits)
    return Math.abs(rounded) < 1e21 ? rounded.toFixed(digits) : String(rounded)
  }
  const exact = snap(value)
  const text = String(exact)
  if (!text.includes('e')) return text
  const [mantissa = '0', exponent = '0'] = Math.abs(exact).toExponential().split('e')
  const figures = mantissa.replace('.', '')
  const point = Number(exponent) + 1
  const sign = exact < 0 ? '-' : ''
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${figures}`
  return sign + figures.padEnd(point, '0')
}
