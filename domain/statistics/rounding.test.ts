import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { StatisticsProblem } from '#domain/statistics/problem.ts'
import { formatNumber, formatPercent, formatPValue, roundTo } from '#domain/statistics/rounding.ts'

describe('rounding', () => {
  it('rounds halves of the decimal text up, or to even', () => {
    expect(formatNumber(62.5, 0)).toBe('63')
    expect(formatNumber(62.5, 0, 'half-even')).toBe('62')
    expect(formatNumber(2.675, 2)).toBe('2.68')
    expect(formatNumber(2.665, 2, 'half-even')).toBe('2.66')
    expect(formatNumber(1.005, 2)).toBe('1.01')
    expect(roundTo(0.285, 2)).toBe(0.29)
    expect(formatNumber(-0.5, 0)).toBe('-1')
    expect(formatNumber(-0.004, 2)).toBe('0.00')
    expect(formatNumber(54.545454, 1)).toBe('54.5')
  })

  it('handles carries, padding, exponents and large numbers', () => {
    expect(formatNumber(9.995, 2)).toBe('10.00')
    expect(formatNumber(99.5, 0)).toBe('100')
    expect(formatNumber(0.5, 0)).toBe('1')
    expect(formatNumber(0.05, 0)).toBe('0')
    expect(formatNumber(6e-7, 6)).toBe('0.000001')
    expect(formatNumber(4e-7, 6)).toBe('0.000000')
    expect(formatNumber(1e21, 1)).toBe('1000000000000000000000.0')
    expect(formatNumber(1.5e-10, 2)).toBe('0.00')
    expect(formatNumber(3, 2)).toBe('3.00')
    expect(formatNumber(0, 1)).toBe('0.0')
  })

  it('rounds percentages once, from the counts', () => {
    expect(formatPercent(5, 8)).toBe('63')
    expect(formatPercent(5, 8, 0, 'half-even')).toBe('62')
    expect(formatPercent(12, 22, 1)).toBe('54.5')
    expect(formatPercent(1, 16, 1)).toBe('6.3')
    expect(formatPercent(26, 30, 1)).toBe('86.7')
    expect(formatPercent(0, 7, 1)).toBe('0.0')
    expect(() => formatPercent(9, 8)).toThrow(StatisticsProblem)
  })

  it('prints p-values as the papers do', () => {
    expect(
      [0.1604, 0.0353, 0.00099, 0.995, 1, 0.99, 0.0996, 0.1, 0.5].map((p) => formatPValue(p)),
    ).toEqual(['0.16', '0.035', '< 0.001', '> 0.99', '> 0.99', '0.99', '0.100', '0.10', '0.50'])
    expect(() => formatPValue(Number.NaN)).toThrow(StatisticsProblem)
  })

  it('knows the edges: decimal text, signs, and the bands of p', () => {
    expect(formatNumber(0.15, 1)).toBe('0.2')
    expect(formatNumber(0.25, 1)).toBe('0.3')
    expect(formatNumber(0.25, 1, 'half-even')).toBe('0.2')
    expect(formatNumber(0.35, 1, 'half-even')).toBe('0.4')
    expect(formatNumber(-1.005, 2)).toBe('-1.01')
    expect(formatNumber(-2.5, 0, 'half-even')).toBe('-2')
    expect(formatNumber(-0, 1)).toBe('0.0')
    expect(formatNumber(-0.05, 1)).toBe('-0.1')
    expect(
      [
        0, 5e-324, 0.00095, 0.0009999, 0.001, 0.0015, 0.0995, 0.09949, 0.0999999, 0.1, 0.105, 0.985,
        0.9900001,
      ].map((p) => formatPValue(p)),
    ).toEqual([
      '< 0.001',
      '< 0.001',
      '< 0.001',
      '< 0.001',
      '0.001',
      '0.002',
      '0.100',
      '0.099',
      '0.100',
      '0.10',
      '0.11',
      '0.99',
      '> 0.99',
    ])
  })

  it('is never further from the value than half a unit', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
        fc.integer({ min: 0, max: 6 }),
        (x, decimals) => {
          expect(Math.abs(roundTo(x, decimals) - x)).toBeLessThanOrEqual(
            0.5 * 10 ** -decimals * (1 + 1e-9) + 1e-9,
          )
        },
      ),
    )
  })
})
