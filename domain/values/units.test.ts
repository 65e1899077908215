import { describe, expect, test } from 'vitest'
import { convert, isKnownUnit, sameUnit, unitFactor } from '#domain/values/units.ts'

describe('conversion', () => {
  test.each([
    [1, 'mmol/min/kPa', 'mL/min/mm[Hg]', 2.986],
    [2.986, 'mL/min/mm[Hg]', 'mmol/min/kPa', 1],
    [1, 'g/dL', 'g/L', 10],
    [1, 'mg/dL', 'mg/L', 10],
    [5, 'ug/L', 'ng/mL', 5],
    [150, 'mm[Hg]', 'kPa', 19.9983],
    [1, 'wk', 'd', 7],
    [1, 'a', 'mo', 12],
    [10, '10*3/uL', '10*9/L', 10],
    [4500, '/uL', '10*9/L', 4.5],
    [1, 'ukat/L', 'U/L', 60],
    [21, '%', '1', 0.21],
    [70, 'kg', 'g', 70000],
  ])('%d %s in %s is %d', (value, from, to, expected) => {
    expect(convert(value, from, to)).toBeCloseTo(expected, 9)
  })

  test('mass to substance concentration needs the factor of the analyte', () => {
    expect(convert(1, 'mg/dL', 'umol/L')).toBe(null)
    expect(convert(1, 'mg/dL', 'umol/L', { 'mg/dL': 88.4 })).toBeCloseTo(88.4, 9)
    expect(convert(1, 'mg/dL', 'umol/L', { 'g/L': 1 })).toBe(null)
    expect(convert(3, 'strange', 'strange')).toBe(3)
    expect(convert(3, 'toString', 'constructor')).toBe(null)
  })

  test('there and back is one', () => {
    const pairs: [string, string][] = [
      ['mg/dL', 'g/L'],
      ['mm[Hg]', 'kPa'],
      ['mmol/min/kPa', 'mL/min/mm[Hg]'],
      ['mg/wk', 'mg/d'],
    ]
    for (const [a, b] of pairs) {
      expect((unitFactor(a, b) ?? 0) * (unitFactor(b, a) ?? 0)).toBeCloseTo(1, 10)
    }
  })
})

test('same meaning', () => {
  expect(sameUnit('ug/L', 'ng/mL')).toBe(true)
  expect(sameUnit('10*3/uL', '10*9/L')).toBe(true)
  expect(sameUnit('%', '')).toBe(false)
  expect(sameUnit('kg', 'd')).toBe(false)
  expect(sameUnit('mg', 'g')).toBe(false)
})

test('known units', () => {
  expect(isKnownUnit('mmol/min/kPa')).toBe(true)
  expect(isKnownUnit('{PackYears}')).toBe(true)
  expect(isKnownUnit('toString')).toBe(false)
  expect(isKnownUnit('furlong')).toBe(false)
})
