import { afterEach, describe, expect, it } from 'vitest'
import {
  type AnswerRow,
  answerTable,
  forgetAnswers,
  keepWithinBounds,
  kept,
  placeOf,
  rowThatHolds,
} from './answers.ts'

afterEach(() => forgetAnswers())

const row = (part: Partial<AnswerRow> = {}): AnswerRow => ({
  stamp: '7/01 ',
  day: '2026-11-21',
  dayMatters: false,
  absent: false,
  values: [1],
  ...part,
})

describe('a row of answers holds', () => {
  it.each<[string, Partial<AnswerRow>, [string, string], boolean]>([
    ['for the same state on the same day', {}, ['7/01 ', '2026-11-21'], true],
    ['not for another state', {}, ['8/01 ', '2026-11-21'], false],
    ['on a later day, where days do not matter', {}, ['7/01 ', '2026-11-22'], true],
    ['not on a later day, where they do', { dayMatters: true }, ['7/01 ', '2026-11-22'], false],
    // A date that was accepted then may lie ahead of an earlier day.
    ['never on an earlier day', {}, ['7/01 ', '2026-11-20'], false],
  ])('%s', (_, part, [stamp, day], holds) => {
    const table = answerTable('a')
    const known = row(part)
    table.rows.set('s', known)
    expect(rowThatHolds(table, 's', stamp, day)).toBe(holds ? known : null)
    expect(rowThatHolds(table, 'another', stamp, day)).toBeNull()
  })
})

describe('what is kept is bounded', () => {
  const filled = (key: string, subjects: number, expressions: number) => {
    const table = answerTable(key)
    for (let at = 0; at < expressions; at += 1) placeOf(table, `E${at}`)
    for (let at = 0; at < subjects; at += 1) table.rows.set(`S${at}`, row())
    return table
  }

  it('by dropping what was asked for longest ago', () => {
    const [a, b] = [filled('a', 10, 10), filled('b', 10, 10)]
    expect(answerTable('a')).toBe(a)
    keepWithinBounds(100)
    expect(answerTable('a')).toBe(a)
    expect(answerTable('b')).not.toBe(b)
  })

  it('and by beginning anew where expressions grow without end', () => {
    const table = filled('a', 3, 4000)
    expect(answerTable('a')).toBe(table)
    placeOf(table, 'one more')
    expect(answerTable('a').rows.size).toBe(0)
  })

  it('an expression has one place, a text is kept once', () => {
    const table = answerTable('a')
    expect([placeOf(table, 'A'), placeOf(table, 'B'), placeOf(table, 'A')]).toEqual([0, 1, 0])
    expect(kept(table, ['2020', '-01'].join(''))).toBe('2020-01')
    expect(table.texts.size).toBe(1)
    expect([kept(table, 3), kept(table, null), kept(table, false)]).toEqual([3, null, false])
  })
})
