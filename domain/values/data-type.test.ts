import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CodeListDef } from '#domain/definition/definition.ts'
import { missingReasonOf, parseStored, type TypedItem, tidyText } from '#domain/values/data-type.ts'
import { instantSeconds } from '#domain/values/instant.ts'
import { splitQualifier } from '#domain/values/typed-text.ts'

const list: CodeListDef = {
  oid: 'CL_NYU',
  codes: [
    { code: 'Y', label: { en: 'Yes' } },
    { code: 'N', label: { en: 'No' } },
    { code: 'U', label: { en: 'Unknown' }, missing: 'UNK' },
  ],
}
const finding = Symbol('finding')

function value(item: TypedItem, stored: Parameters<typeof parseStored>[1]) {
  const parsed = parseStored(item, stored, list)
  return 'value' in parsed ? parsed.value : finding
}

describe('numbers', () => {
  const dec51: TypedItem = { type: 'decimal', length: 5, digits: 1 }
  test.each([
    ['3.50', 3.5],
    ['1234.5', 1234.5],
    ['12345', finding],
    ['3.55', finding],
    ['０６５．３', 65.3],
    ['－１．５', -1.5],
    ['−1.5', -1.5],
    ['  7 ', 7],
    ['　７　', 7],
    ['+7', 7],
    ['.5', 0.5],
    ['5.', 5],
    ['3,5', finding],
    ['1,234', finding],
    ['1e3', finding],
    ['0x10', finding],
    ['Infinity', finding],
    ['>5', finding],
    ['abc', finding],
    ['', null],
    ['  ', null],
  ])('dec(5,1) of %j', (typed, expected) => expect(value(dec51, typed)).toBe(expected))

  test('trailing zeros are no digits; more than 15 digits are refused', () => {
    expect(value({ type: 'decimal', length: 4, digits: 1 }, '65.300')).toBe(65.3)
    expect(value({ type: 'decimal' }, '1234567890.12345')).toBe(1234567890.12345)
    expect(value({ type: 'decimal' }, '1234567890.123456')).toBe(finding)
    expect(Object.is(value({ type: 'decimal' }, '-0'), 0)).toBe(true)
  })

  test('whole numbers', () => {
    expect(value({ type: 'integer' }, '42')).toBe(42)
    expect(value({ type: 'integer' }, '４２')).toBe(42)
    expect(value({ type: 'integer' }, '42.0')).toBe(finding)
    expect(value({ type: 'integer', length: 3 }, '0042')).toBe(42)
    expect(value({ type: 'integer', length: 3 }, '1234')).toBe(finding)
  })

  test('every number that fits dec(w,d) reads as itself, typed narrow or wide', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -99999, max: 99999 }),
        fc.integer({ min: 0, max: 3 }),
        (whole, digits) => {
          const text = (whole / 10 ** digits).toFixed(digits)
          const wide = [...text].map((c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0)).join('')
          const item: TypedItem = { type: 'decimal', length: 5 + digits, digits }
          expect(value(item, text)).toBe(Number(text) + 0)
          expect(value(item, wide)).toBe(Number(text) + 0)
        },
      ),
    )
  })
})

describe('dates and times', () => {
  test.each([
    ['2016-03-15', '2016-03-15'],
    ['2016/3/5', '2016-03-05'],
    ['2016.03.15', '2016-03-15'],
    ['2016年3月15日', '2016-03-15'],
    ['２０１６－０３－１５', '2016-03-15'],
    ['２０１６ー０３ー１５', '2016-03-15'],
    ['20160315', '2016-03-15'],
    ['2016-02-30', finding],
    ['2015-02-29', finding],
    ['15-03-2016', finding],
    ['2016-03', finding],
    ['0216-03-15', finding],
    ['3016-03-15', finding],
    ['yesterday', finding],
  ])('date %s', (typed, expected) => expect(value({ type: 'date' }, typed)).toBe(expected))

  test.each([
    ['2016', '2016'],
    ['2016-03', '2016-03'],
    ['2016年3月', '2016-03'],
    ['2016/13', finding],
    ['2016-03-15', '2016-03-15'],
    ['201603', finding],
  ])('partial date %s', (typed, expected) => {
    expect(value({ type: 'partialDate' }, typed)).toBe(expected)
  })

  test.each([
    ['2016-03-15T09:30+09:00', '2016-03-15T09:30+09:00'],
    ['2016-03-15 9:30 +0900', '2016-03-15T09:30+09:00'],
    ['2016-03-15T09:30:15.250Z', '2016-03-15T09:30:15.250Z'],
    ['2016-03-15T09:30', finding],
    ['2016-03-15T24:30Z', finding],
    ['2016-02-30T09:30Z', finding],
  ])('date-time %s', (typed, expected) => {
    expect(value({ type: 'dateTime' }, typed)).toBe(expected)
  })

  test.each([
    ['9:30', '09:30'],
    ['０９：３０', '09:30'],
    ['23:59:59', '23:59:59'],
    ['24:00', finding],
    ['9.30', finding],
  ])('time %s', (typed, expected) => expect(value({ type: 'time' }, typed)).toBe(expected))

  test('instants do not depend on the offset they are written with', () => {
    expect(instantSeconds('2016-03-15T09:30+09:00')).toBe(instantSeconds('2016-03-15T00:30Z'))
    expect(instantSeconds('1970-01-01T00:00:01Z')).toBe(1)
    expect(instantSeconds('2016-03-15')).toBe(null)
  })
})

describe('codes', () => {
  const code: TypedItem = { type: 'code' }
  test('members of the list, narrow or wide', () => {
    expect(value(code, 'Y')).toBe('Y')
    expect(value(code, 'Ｙ')).toBe('Y')
    expect(value(code, 'y')).toBe(finding)
    expect(value({ ...code, codes: ['N'] }, 'Y')).toBe(finding)
    expect(parseStored(code, 'X', list)).toMatchObject({ finding: { code: 'CODE' } })
    expect(parseStored(code, 'Y')).toMatchObject({ finding: { code: 'CODE' } })
  })

  test('a code that means missing is no value, with its reason', () => {
    expect(value(code, 'U')).toBe(null)
    expect(missingReasonOf(code, 'U', list)).toBe('UNK')
    expect(missingReasonOf(code, 'Y', list)).toBe(null)
  })

  test('sets', () => {
    const codes: TypedItem = { type: 'codes' }
    expect(value(codes, ['Y', 'N', 'Y'])).toEqual(['Y', 'N'])
    expect(value(codes, 'Y')).toEqual(['Y'])
    expect(value(codes, [])).toBe(null)
    expect(value(codes, ['Y', 'X'])).toBe(finding)
    expect(value(code, ['Y'])).toBe(finding)
  })
})

describe('texts', () => {
  test('stay as typed, within their length', () => {
    expect(value({ type: 'text' }, ' 発熱 ')).toBe(' 発熱 ')
    expect(value({ type: 'text', length: 2 }, '🙂🙂')).toBe('🙂🙂')
    expect(value({ type: 'text', length: 2 }, '🙂🙂🙂')).toBe(finding)
    expect(value({ type: 'text' }, 'a\nb')).toBe('a\nb')
    expect(value({ type: 'text' }, 'a\u0000b')).toBe(finding)
  })
})

describe('missing', () => {
  test('a reason is no value; nothing entered is BLANK', () => {
    expect(value({ type: 'integer' }, { missing: 'ND' })).toBe(null)
    expect(missingReasonOf({ type: 'integer' }, { missing: 'ND' })).toBe('ND')
    expect(missingReasonOf({ type: 'integer' }, undefined)).toBe('BLANK')
    expect(missingReasonOf({ type: 'integer' }, ' ')).toBe('BLANK')
    expect(missingReasonOf({ type: 'codes' }, [])).toBe('BLANK')
    expect(missingReasonOf({ type: 'integer' }, '0')).toBe(null)
  })
})

test('messages exist in three languages and are short', () => {
  const parsed = parseStored({ type: 'integer' }, 'x'.repeat(5000))
  if (!('finding' in parsed)) throw new Error('no finding')
  expect(Object.keys(parsed.finding.message)).toEqual(['en', 'ja', 'zh'])
  expect(parsed.finding.message.en.length).toBeLessThan(100)
})

test('no text makes the reader throw', () => {
  const types = [
    'text',
    'integer',
    'decimal',
    'date',
    'partialDate',
    'dateTime',
    'time',
    'code',
  ] as const
  fc.assert(
    fc.property(fc.constantFrom(...types), fc.string({ unit: 'binary' }), (type, typed) => {
      const parsed = parseStored({ type }, typed, list)
      expect('value' in parsed || parsed.finding.message.en !== '').toBe(true)
    }),
    { numRuns: 1000 },
  )
})

test('tidy text reads to the same value', () => {
  const cases: [TypedItem, string, string][] = [
    [{ type: 'decimal' }, '３．５０', '3.50'],
    [{ type: 'date' }, '2016年3月5日', '2016-03-05'],
    [{ type: 'time' }, '9:30', '09:30'],
    [{ type: 'dateTime' }, '2016-03-15 9:30 Z', '2016-03-15T09:30Z'],
    [{ type: 'code' }, 'Ｙ', 'Y'],
    [{ type: 'text' }, 'Ａ ', 'Ａ '],
  ]
  for (const [item, typed, tidy] of cases) {
    expect(tidyText(item, typed)).toBe(tidy)
    expect(value(item, tidy)).toEqual(value(item, typed))
  }
  expect(tidyText({ type: 'integer' }, 'abc')).toBe(null)
})

describe('results with a qualifier', () => {
  test.each([
    ['>1650', { qualifier: 'GT', text: '1650' }],
    ['＞１６５０', { qualifier: 'GT', text: '1650' }],
    ['<= 0.5', { qualifier: 'LE', text: '0.5' }],
    ['≧5', { qualifier: 'GE', text: '5' }],
    ['12.50', { qualifier: 'EQ', text: '12.50' }],
    ['> high', null],
    ['><5', null],
    ['', null],
  ])('%s', (typed, expected) => expect(splitQualifier(typed)).toEqual(expected))
})
