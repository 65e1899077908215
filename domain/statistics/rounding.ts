/*
 * Rounding works on the shortest decimal text of a double (the digits a person typed or sees), never on its binary
 * value: 2.675 rounds to 2.68 and 62.5 to 63. Numbers are rounded once, from the full value.
 */
import { ensure } from '#domain/statistics/problem.ts'

export type RoundingMode = 'half-up' | 'half-even'

/** Sign, digits and the number of digits before the decimal point, from the shortest text of a finite number. */
function decimalParts(value: number): { negative: boolean; digits: string; point: number } {
  const [mantissa = '', exponent = '0'] = Math.abs(value).toString().split('e')
  const [whole = '', fraction = ''] = mantissa.split('.')
  return { negative: value < 0, digits: whole + fraction, point: whole.length + Number(exponent) }
}

/**
 * Text of a number with exactly `decimals` decimals. Half-up rounds halves away from zero, as clinical papers do;
 * half-even is the option. −0 prints as 0. Throws `not-finite`, `bad-option`.
 * Input: a finite number and 0 to 100 decimals; the text has the unit of the number. Missing: NaN is refused; what
 * prints for a missing value is the caller’s. Source: docs/statistics.md, Rounding and printing.
 * Example: `formatNumber(62.5, 0)` = '63', `formatNumber(2.675, 2)` = '2.68', `formatNumber(62.5, 0, 'half-even')` =
 * '62'.
 */
export function formatNumber(
  value: number,
  decimals: number,
  mode: RoundingMode = 'half-up',
): string {
  ensure(Number.isFinite(value), 'not-finite', `${value} cannot be printed as a number`)
  ensure(
    Number.isInteger(decimals) && decimals >= 0 && decimals <= 100,
    'bad-option',
    `${decimals} decimals`,
  )
  const { negative, digits, point } = decimalParts(value)
  const keep = point + decimals
  let kept: string
  if (keep < 0) kept = ''
  else if (keep >= digits.length) kept = digits + '0'.repeat(keep - digits.length)
  else {
    kept = digits.slice(0, keep)
    const next = digits.charCodeAt(keep) - 48
    const tie = next === 5 && /^0*$/.test(digits.slice(keep + 1))
    const odd = keep > 0 && (digits.charCodeAt(keep - 1) - 48) % 2 === 1
    if (next > 5 || (next === 5 && (!tie || mode === 'half-up' || odd))) {
      kept = (BigInt(kept || '0') + 1n).toString().padStart(keep, '0')
    }
  }
  kept = kept.padStart(decimals + 1, '0')
  const whole = kept.slice(0, kept.length - decimals).replace(/^0+(?=\d)/, '')
  const text = decimals === 0 ? whole : `${whole}.${kept.slice(kept.length - decimals)}`
  return negative && /[1-9]/.test(text) ? `-${text}` : text
}

/**
 * The number nearest to the text of `formatNumber`. Throws `not-finite`, `bad-option`.
 * Input: a finite number and 0 to 100 decimals. Missing: NaN is refused; what prints for a missing value is the
 * caller’s. Source: docs/statistics.md, Rounding and printing.
 * Example: `roundTo(0.285, 2)` = 0.29.
 */
export function roundTo(value: number, decimals: number, mode: RoundingMode = 'half-up'): number {
  return Number(formatNumber(value, decimals, mode))
}

/**
 * Percentage text of a count, rounded once from the exact ratio. Throws `bad-option`.
 * Input: count of total subjects, 0 to 15 decimals. Missing: NaN is refused; what prints for a missing value is the
 * caller’s. Source: docs/statistics.md, Rounding and printing.
 * Example: `formatPercent(5, 8)` = '63'.
 */
export function formatPercent(
  count: number,
  total: number,
  decimals = 0,
  mode: RoundingMode = 'half-up',
): string {
  ensure(
    total > 0 && count >= 0 && count <= total,
    'bad-option',
    `${count} of ${total} is not a percentage`,
  )
  ensure(
    Number.isInteger(decimals) && decimals >= 0 && decimals <= 15,
    'bad-option',
    `${decimals} decimals`,
  )
  if (!Number.isSafeInteger(count) || !Number.isSafeInteger(total))
    return formatNumber((100 * count) / total, decimals, mode)
  // Integers, so that a half is recognised as a half: 100·count/total in binary may fall beside it.
  const scale = 10n ** BigInt(decimals)
  const numerator = 100n * BigInt(count) * scale
  const denominator = BigInt(total)
  let quotient = numerator / denominator
  const twice = 2n * (numerator % denominator)
  if (
    twice > denominator ||
    (twice === denominator && (mode === 'half-up' || quotient % 2n === 1n))
  )
    quotient += 1n
  const digits = quotient.toString().padStart(decimals + 1, '0')
  return decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`
}

/**
 * A p-value as the papers print it: 2 decimals, 3 below 0.1, below 0.001 and above 0.99 as a bound. The band is chosen
 * by the exact value, and 0.0996 prints as 0.100, never as 0.10. Throws `bad-option`.
 * Input: a probability 0..1. Missing: NaN is refused; what prints for a missing value is the caller’s. Source:
 * docs/statistics.md, Rounding and printing.
 * Example: `formatPValue(0.1604)` = '0.16', `formatPValue(0.0353)` = '0.035', `formatPValue(0.0004)` = '< 0.001'.
 */
export function formatPValue(p: number, mode: RoundingMode = 'half-up'): string {
  ensure(p >= 0 && p <= 1, 'bad-option', `${p} is not a p-value`)
  if (p < 0.001) return '< 0.001'
  if (p > 0.99) return '> 0.99'
  return formatNumber(p, p < 0.1 ? 3 : 2, mode)
}
