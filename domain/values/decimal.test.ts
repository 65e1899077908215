import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  add,
  compareNumbers,
  numberText,
  remainder,
  roundTo,
  snap,
  subtract,
} from '#domain/values/decimal.ts'

/** A decimal of up to eight digits, as whole number and number of decimals. */
const decimal = fc
  .tuple(fc.integer({ min: -99_999_999, max: 99_999_999 }), fc.integer({ min: 0, max: 6 }))
  .map(([whole, digits]) => ({ whole: BigInt(whole), digits }))
type Decimal = { whole: bigint; digits: number }

const asNumber = ({ whole, digits }: Decimal) => Number(`${whole}e-${digits}`)
const scaled = ({ whole, digits }: Decimal) => whole * 10n ** BigInt(6 - digits)

describe('decimal arithmetic', () => {
  test('sums and differences of typed decimals are exact', () => {
    fc.assert(
      fc.property(decimal, decimal, (a, b) => {
        const sum = Number(`${scaled(a) + scaled(b)}e-6`)
        expect(add(asNumber(a), asNumber(b)) === sum).toBe(true)
        const difference = Number(`${scaled(a) - scaled(b)}e-6`)
        expect(subtract(asNumber(a), asNumber(b)) === difference).toBe(true)
      }),
      { numRuns: 5000 },
    )
  })

  test('remainders are exact', () => {
    fc.assert(
      fc.property(decimal, decimal, (a, b) => {
        fc.pre(b.whole !== 0n)
        const expected = Number(`${scaled(a) % scaled(b)}e-6`)
        expect(remainder(asNumber(a), asNumber(b)) === expected).toBe(true)
      }),
    )
    expect(remainder(5.5, 0.1)).toBe(0)
    expect(remainder(-7, 4)).toBe(-3)
    expect(Object.is(remainder(-8, 4), 0)).toBe(true)
  })

  test('comparison agrees with exact decimals', () => {
    fc.assert(
      fc.property(decimal, decimal, (a, b) => {
        const exact = scaled(a) - scaled(b)
        const expected = exact < 0n ? -1 : exact > 0n ? 1 : 0
        expect(Math.sign(compareNumbers(asNumber(a), asNumber(b)))).toBe(expected)
      }),
      { numRuns: 2000 },
    )
  })

  test('what differs only by binary noise is equal', () => {
    expect(compareNumbers(0.1 * 3, 0.3)).toBe(0)
    expect(compareNumbers(0.1 + 0.2, 0.3)).toBe(0)
    expect(compareNumbers((1 / 3) * 3, 1)).toBe(0)
    expect(compareNumbers(0.3, 0.30000001)).toBeLessThan(0)
    expect(compareNumbers(-1, 1)).toBeLessThan(0)
  })

  test('very large and very small numbers pass through', () => {
    expect(add(1e300, 1e-300)).toBe(1e300)
    expect(add(1e-12, 2e-12)).toBeCloseTo(3e-12, 20)
    expect(snap(1e300)).toBe(1e300)
    expect(snap(0)).toBe(0)
    expect(add(0.5, -0.5)).toBe(0)
  })
})

describe('rounding', () => {
  test.each([
    [1.005, 2, 1.01],
    [2.675, 2, 2.68],
    [-2.5, 0, -3],
    [2.5, 0, 3],
    [0.5, 0, 1],
    [-0.4, 0, 0],
    [1234.5, -2, 1200],
    [1250, -2, 1300],
    [0.1 * 3, 1, 0.3],
    [9.9999, 2, 10],
    [1e21, 2, 1e21],
    [1e-9, 2, 0],
  ])('%d to %i decimals is %d', (value, digits, expected) => {
    expect(roundTo(value, digits)).toBe(expected)
  })

  test('half away from zero for every typed decimal', () => {
    fc.assert(
      fc.property(decimal, fc.integer({ min: 0, max: 5 }), (d, digits) => {
        const unit = 10n ** BigInt(6 - digits)
        const value = scaled(d)
        const size = value < 0n ? -value : value
        const rounded = ((size * 2n + unit) / (unit * 2n)) * unit
        const expected = Number(`${value < 0n ? -rounded : rounded}e-6`)
        expect(roundTo(asNumber(d), digits) === expected).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })
})

describe('the text of a number', () => {
  test.each([
    [3.5, undefined, '3.5'],
    [3.5, 2, '3.50'],
    [1.005, 2, '1.01'],
    [0.1 + 0.2, undefined, '0.3'],
    [-0, undefined, '0'],
    [-0.001, 2, '0.00'],
    [1e-7, undefined, '0.0000001'],
    [-1.5e-9, undefined, '-0.0000000015'],
    [1e21, undefined, '1000000000000000000000'],
    [100, undefined, '100'],
  ])('%d with %s digits is %s', (value, digits, expected) => {
    expect(numberText(value, digits)).toBe(expected)
  })
})
