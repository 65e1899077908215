import { describe, expect, it } from 'vitest'
import { paperSchema } from '#domain/definition/paper-schema.ts'
import { checkPaper } from './paper-check.ts'
import type { ReportResult, TableLine } from './report-result.ts'

const line = (label: string, text: string, values?: number[], p?: number): TableLine => ({
  label: { en: label },
  indent: 0,
  heading: false,
  statistic: null,
  cells: [{ text, subjects: [], n: 30, missing: 0, ...(values ? { values } : {}) }],
  test:
    p === undefined
      ? null
      : { name: 'fisher', p, text: String(p), statistic: null, degreesOfFreedom: null, note: null },
})
const result = {
  oid: 'R1',
  body: {
    kind: 'table',
    columns: [{ key: 'TAC', label: { en: 'TAC' }, n: 30, subjects: [] }],
    lines: [
      line('Performed', '28 (93)', [28, 93.333]),
      line('positive', '5 (18)'),
      line('Age', '61.6 (11.0)', [61.649, 10.951], 0.4501),
      line('positive', '7 (23)', [7, 23.333], 0.325),
      line('Days', '90 (−3–135)', [90, -3, 135]),
    ],
  },
} as unknown as ReportResult

const check = (columns: string[], ...rows: unknown[]) =>
  checkPaper(
    paperSchema.parse({ paper: 'P', parts: [{ report: 'R1', what: 'Table 1', columns, rows }] }),
    [result],
  ).map((cell) => [cell.class, cell.passed])

describe('a printed cell', () => {
  it.each([
    ['as printed', '28 (93)', ['OK', true]],
    ['with fewer numbers', '28', ['OK', true]],
    ['with another percentage', '28 (91)', ['OK', false]],
    ['with another count', '27 (93)', ['OK', false]],
    ['with more than we have', '28 (93) 5', ['OK', false]],
    ['in words', 'N/A', ['OK', false]],
  ])('%s', (_, print, expected) => {
    expect(check(['TAC'], ['Performed', print])).toEqual([expected])
  })

  it('is compared in its own digits, from the number before rounding', () => {
    expect(check(['TAC', 'p'], ['Age', '61.6 (11.0)', '0.45'])).toEqual([
      ['OK', true],
      ['OK', true],
    ])
    expect(check(['TAC'], ['Age', '61.65'])).toEqual([['OK', true]])
    expect(check(['TAC'], ['Age', '61.64'])).toEqual([['OK', false]])
    expect(check(['p'], ['Age', '< 0.5'])).toEqual([['OK', true]])
    expect(check(['p'], ['Age', '< 0.05'])).toEqual([['OK', false]])
  })

  it('reads a dash between numbers as a range', () => {
    expect(check(['TAC'], ['Days', '90 (-3-135)'])).toEqual([['OK', true]])
  })

  it('is looked for below the row before it', () => {
    expect(check(['TAC'], ['positive', '5 (18)'], ['positive', '7 (23)'])).toEqual([
      ['OK', true],
      ['OK', true],
    ])
    expect(check(['TAC'], ['positive', '7 (23)'])).toEqual([['OK', false]])
  })

  it('fails where there is no such report, row or column', () => {
    expect(check(['TAC'], ['Weight', '60'])).toEqual([['OK', false]])
    expect(check(['CSA'], ['Age', '60'])).toEqual([['OK', false]])
    const paper = paperSchema.parse({
      paper: 'P',
      parts: [{ report: 'R9', what: 'T', columns: ['TAC'], rows: [['Age', '61.6']] }],
    })
    expect(checkPaper(paper, [result])[0]).toMatchObject({ passed: false })
  })
})

describe('a cell with a tolerance', () => {
  it.each([
    [{ print: '61.60', within: 0.05 }, true],
    [{ print: '61.55', within: 0.05 }, false],
    [{ print: '61.6 (10.9)', within: [0.05, 0.01] }, false],
    [{ print: '61.6 (10.9)', within: [0.05, 0.06] }, true],
    [{ print: '58', withinLog: 0.05 }, false],
    [{ print: '59', withinLog: 0.05 }, true],
    [{ print: '60-62', between: [60, 62] }, true],
    [{ print: 'over 62', between: [62, null] }, false],
  ])('%j: %s', (cell, passed) => {
    expect(check(['TAC'], ['Age', cell])).toEqual([['SLD', passed]])
  })
})

describe('a cell in which the paper contradicts itself', () => {
  const why = '7 of 30 are 23 %'
  it('passes with what follows from the paper', () => {
    expect(check(['TAC'], ['Age'], ['positive', { print: '7 (25)', ours: '7 (23)', why }])).toEqual(
      [['BAD', true]],
    )
  })
  it('fails when our number is another', () => {
    expect(check(['TAC'], ['Age'], ['positive', { print: '7 (25)', ours: '7 (24)', why }])).toEqual(
      [['BAD', false]],
    )
  })
  it('fails when a report shows the contradictory print', () => {
    const cell = { print: '7 (23)', ours: '7 (23.3)', why }
    expect(check(['TAC'], ['Age'], ['positive', cell])).toEqual([['BAD', false]])
  })
})

it('refuses a row with more cells than columns and an unknown key', () => {
  const paper = (rows: unknown[]) => ({
    paper: 'P',
    parts: [{ report: 'R1', what: 'T', columns: ['TAC'], rows }],
  })
  expect(paperSchema.safeParse(paper([['Age', '1', '2']])).success).toBe(false)
  expect(paperSchema.safeParse(paper([['Age', { print: '1', about: 3 }]])).success).toBe(false)
})
