import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addDays,
  ageAt,
  compareDates,
  dateBounds,
  dateOfDayNumber,
  dayNumber,
  daysBetween,
  earliestDate,
  imputeDate,
  isFullDate,
  isPartialDate,
  latestDate,
  precisionOf,
  shiftDate,
  yearOf,
} from '#domain/values/partial-date.ts'

const full = fc
  .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
  .map((d) => d.toISOString().slice(0, 10))
/** Dates of a clinical study, cut to what is known. */
const partial = fc
  .tuple(
    fc.date({ min: new Date('2014-01-01'), max: new Date('2018-12-31'), noInvalidDate: true }),
    fc.constantFrom(4, 7, 10),
  )
  .map(([d, length]) => d.toISOString().slice(0, length))

describe('calendar', () => {
  test.each([
    ['2016-02-29', true],
    ['2015-02-29', false],
    ['1900-02-29', false],
    ['2000-02-29', true],
    ['2016-04-31', false],
    ['2016-00-01', false],
    ['2016-13', false],
    ['2016-12', true],
    ['2016', true],
    ['0000', false],
    ['2016-3', false],
    ['16-03-15', false],
    ['2016-03-15T00:00', false],
    ['', false],
  ])('%s: %s', (text, expected) => expect(isPartialDate(text)).toBe(expected))

  test('day numbers agree with the platform and lead back', () => {
    fc.assert(
      fc.property(full, (date) => {
        const days = dayNumber(date)
        expect(days).toBe(Date.parse(`${date}T00:00:00Z`) / 86_400_000)
        expect(dateOfDayNumber(days as number)).toBe(date)
      }),
      { numRuns: 2000 },
    )
  })

  test('moving by days leads there and back', () => {
    fc.assert(
      fc.property(full, fc.integer({ min: -4000, max: 4000 }), (date, days) => {
        const moved = addDays(date, days)
        fc.pre(moved !== null)
        expect(isFullDate(moved as string)).toBe(true)
        expect(daysBetween(date, moved as string)).toBe(days)
      }),
    )
  })

  test('the calendar ends at year 9999', () => {
    expect(addDays('9999-12-31', 1)).toBe(null)
    expect(addDays('0001-01-01', -1)).toBe(null)
    expect(shiftDate('9999', { months: 12, days: 0 }, 1)).toBe(null)
    expect(shiftDate('0001-01', { months: 1, days: 0 }, -1)).toBe(null)
  })
})

describe('comparison', () => {
  test('is decided exactly when every completion agrees, or the precisions are the same', () => {
    fc.assert(
      fc.property(partial, partial, (a, b) => {
        const found = compareDates(a, b)
        if (a.length === b.length) {
          expect(found).toBe(a < b ? -1 : a > b ? 1 : 0)
          return
        }
        const left = dateBounds(a)
        const right = dateBounds(b)
        const expected = left.last < right.first ? -1 : left.first > right.last ? 1 : null
        expect(found).toBe(expected)
      }),
      { numRuns: 2000 },
    )
  })

  test('earliest and latest pass over missing dates and keep what is known', () => {
    expect(earliestDate([null, '2016-03-20', '2016-03'])).toBe('2016-03')
    expect(earliestDate(['2016-03-10', '2016-03'])).toBe('2016-03-10')
    expect(earliestDate(['2016-03', '2016-03-15'])).toBe('2016-03-15')
    expect(latestDate(['2016-03', '2016-03-15', null])).toBe('2016-03-15')
    expect(latestDate(['2016', '2016-06-30'])).toBe('2016')
    expect(earliestDate([null])).toBe(null)
    expect(latestDate([])).toBe(null)
  })

  test('earliest does not depend on the order of its arguments', () => {
    fc.assert(
      fc.property(fc.array(partial, { minLength: 1, maxLength: 5 }), (dates) => {
        const back = [...dates].reverse()
        expect(imputeDate(earliestDate(dates) as string)).toBe(dates.map(imputeDate).sort()[0])
        expect(earliestDate(back)).toBe(earliestDate(dates))
        expect(latestDate(back)).toBe(latestDate(dates))
      }),
    )
  })
})

describe('steps', () => {
  test.each([
    ['2016-01-31', 1, 0, '2016-02-29'],
    ['2015-01-31', 1, 0, '2015-02-28'],
    ['2016-02-29', 12, 0, '2017-02-28'],
    ['2016-12-31', 2, 1, '2017-03-01'],
    ['2016-03', 1, 0, '2016-04'],
    ['2016-12', 1, 0, '2017-01'],
    ['2016-03', 0, 1, null],
    ['2016', 12, 0, '2017'],
    ['2016', 6, 0, null],
  ])('%s + %i months %i days is %s', (date, months, days, expected) => {
    expect(shiftDate(date, { months, days }, 1)).toBe(expected)
  })

  test('back', () => {
    expect(shiftDate('2016-03-31', { months: 1, days: 0 }, -1)).toBe('2016-02-29')
    expect(shiftDate('2016-01-15', { months: 0, days: 15 }, -1)).toBe('2015-12-31')
  })
})

describe('age', () => {
  test.each([
    ['1956-03-15', '2016-03-15', 60],
    ['1956-03-16', '2016-03-15', 59],
    ['2000-02-29', '2001-02-28', 0],
    ['2000-02-29', '2001-03-01', 1],
    ['1956', '2016-06-30', 59],
    ['1956', '2016-07-01', 60],
    ['1956-03', '2016-03-14', 59],
    ['1956-03', '2016-03-15', 60],
    ['2016-03-16', '2016-03-15', -1],
    ['1956-03-15', '2016-03', null],
  ])('born %s, on %s: %s', (birth, reference, age) => {
    expect(ageAt(birth, reference)).toBe(age)
  })
})

test('parts', () => {
  expect(['2016', '2016-03', '2016-03-15'].map(precisionOf)).toEqual(['year', 'month', 'day'])
  expect(yearOf('2016-03')).toBe(2016)
  expect(dateBounds('2016-02')).toEqual({ first: '2016-02-01', last: '2016-02-29' })
  expect(daysBetween('2016', '2016-03-15')).toBe(null)
})
