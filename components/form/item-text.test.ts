import { describe, expect, it } from 'vitest'
import { computedText, isoFromTyped, missingFromTyped, splitQualified } from './item-text.ts'

describe('isoFromTyped', () => {
  it.each([
    ['20160305', '2016-03-05'],
    ['2016/3/5', '2016-03-05'],
    ['5 mar 2016', '2016-03-05'],
    ['Mar 2016', '2016-03'],
    ['２０１６年３月５日', '2016-03-05'],
    ['2016-03', '2016-03'],
    ['2016', '2016'],
    ['05/03/2016', '05/03/2016'],
    ['rubbish', 'rubbish'],
  ])('%s -> %s', (typed, iso) => expect(isoFromTyped(typed)).toBe(iso))
})

describe('splitQualified', () => {
  it('reads a qualifier before a number', () => {
    expect(splitQualified('>1650')).toEqual({ qualifier: 'GT', number: '1650' })
    expect(splitQualified('≦ 0.5')).toEqual({ qualifier: 'LE', number: '0.5' })
    expect(splitQualified('1650')).toBeNull()
    expect(splitQualified('>x')).toBeNull()
  })
})

it('takes nd as a missing reason only where the item offers it', () => {
  const item = { oid: 'A', label: { en: 'A' }, type: 'decimal' as const }
  expect(missingFromTyped('nd', item)).toBe('ND')
  expect(missingFromTyped('na', item)).toBeNull()
  expect(missingFromTyped('NA', { ...item, missing: ['NA'] })).toBe('NA')
})

it('shows computed numbers without trailing zeros, typed ones are never touched', () => {
  const item = { oid: 'A', label: { en: 'A' }, type: 'decimal' as const }
  expect(
    ['15.0000', '0.4520', '100', '0.0', '-2.50'].map((text) => computedText(text, item)),
  ).toEqual(['15', '0.452', '100', '0', '-2.5'])
  expect(computedText('1.0', { ...item, type: 'text' })).toBe('1.0')
})
