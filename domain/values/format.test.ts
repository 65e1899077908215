import { describe, expect, test } from 'vitest'
import type { CodeListDef } from '#domain/definition/definition.ts'
import {
  formatDate,
  formatDateTime,
  formatStored,
  formatValue,
  missingReasonText,
  storedText,
} from '#domain/values/format.ts'

const list: CodeListDef = {
  oid: 'CL_NY',
  codes: [
    { code: 'Y', label: { en: 'Yes', ja: 'はい' } },
    { code: 'N', label: { en: 'No' } },
  ],
}

describe('dates', () => {
  test.each([
    ['2026-11-21', '21 Nov 2026', '2026年11月21日'],
    ['2026-01-05', '5 Jan 2026', '2026年1月5日'],
    ['2026-11', 'Nov 2026', '2026年11月'],
    ['2026', '2026', '2026年'],
  ])('%s', (date, en, ja) => {
    expect(formatDate(date, 'en')).toBe(en)
    expect(formatDate(date, 'ja')).toBe(ja)
    expect(formatDate(date, 'zh')).toBe(ja)
  })

  test('with time', () => {
    expect(formatDateTime('2016-03-15T09:30+09:00', 'en')).toBe('15 Mar 2016, 09:30 +09:00')
    expect(formatDateTime('2016-03-15T09:30:15.123Z', 'ja')).toBe('2016年3月15日 09:30:15 UTC')
    expect(formatDateTime('later', 'en')).toBe('later')
  })
})

describe('stored entries', () => {
  test('numbers stay as typed', () => {
    expect(formatStored({ type: 'decimal' }, '3.50', 'en')).toBe('3.50')
    expect(formatStored({ type: 'decimal' }, '３．５０', 'ja')).toBe('３．５０')
  })

  test('dates in words, what is none as typed', () => {
    expect(formatStored({ type: 'partialDate' }, '2016-03', 'en')).toBe('Mar 2016')
    expect(formatStored({ type: 'date' }, '2016/3/15', 'ja')).toBe('2016年3月15日')
    expect(formatStored({ type: 'date' }, '2016-02-30', 'en')).toBe('2016-02-30')
    expect(formatStored({ type: 'dateTime' }, '2016-03-15T09:30Z', 'en')).toBe(
      '15 Mar 2016, 09:30 UTC',
    )
  })

  test('codes by label, English where there is no other', () => {
    expect(formatStored({ type: 'code' }, 'Y', 'ja', list)).toBe('はい')
    expect(formatStored({ type: 'code' }, 'N', 'ja', list)).toBe('No')
    expect(formatStored({ type: 'code' }, 'X', 'ja', list)).toBe('X')
    expect(formatStored({ type: 'codes' }, ['Y', 'N'], 'en', list)).toBe('Yes, No')
  })

  test('missing values', () => {
    expect(formatStored({ type: 'decimal' }, { missing: 'ND' }, 'en')).toBe('Not done')
    expect(formatStored({ type: 'decimal' }, { missing: 'UNK' }, 'ja')).toBe('不明')
    expect(formatStored({ type: 'decimal' }, undefined, 'en')).toBe('')
    expect(missingReasonText('BLANK', 'zh')).toBe('未填写')
  })
})

test('computed values', () => {
  expect(formatValue(0.1 + 0.2, 'en')).toBe('0.3')
  expect(formatValue(22.345, 'en', 1)).toBe('22.3')
  expect(formatValue('2016-03-15', 'en')).toBe('15 Mar 2016')
  expect(formatValue('TAC', 'en')).toBe('TAC')
  expect(formatValue(true, 'ja')).toBe('はい')
  expect(formatValue(['A', 'B'], 'en')).toBe('A, B')
  expect(formatValue(null, 'en')).toBe('')
})

test('the stored form of a computed value', () => {
  expect(storedText({ type: 'decimal', digits: 1 }, 22.25)).toBe('22.3')
  expect(storedText({ type: 'decimal', digits: 2 }, 22.5)).toBe('22.50')
  expect(storedText({ type: 'integer' }, 59.5)).toBe('60')
  expect(storedText({ type: 'decimal' }, 1 / 3)).toBe('0.333333333333333')
  expect(storedText({ type: 'code' }, true)).toBe('Y')
  expect(storedText({ type: 'date' }, '2016-03-15')).toBe('2016-03-15')
  expect(storedText({ type: 'codes' }, ['A'])).toEqual(['A'])
  expect(storedText({ type: 'decimal' }, null)).toBe(null)
})
