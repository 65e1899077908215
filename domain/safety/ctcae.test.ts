import { describe, expect, test } from 'vitest'
import { explainGrade, type GradeInputs, toxicityGrade } from './ctcae.ts'
import { toxicityTerms } from './ctcae-table.ts'

const none: GradeInputs = { value: null, uln: null, lln: null, baseline: null }
const grade = (test: string, value: number, limits: Partial<GradeInputs>) =>
  toxicityGrade(test, { ...none, ...limits, value })

/** Written as in the criteria: `121->2` with the limits of the row. */
const boundaries: [string, Partial<GradeInputs>, string][] = [
  ['ALT', { uln: 40 }, '40>0 40.01>1 120>1 120.1>2 200>2 200.1>3 800>3 800.1>4'],
  ['AST', { uln: 40 }, '40>0 40.01>1 120>1 120.1>2 200>2 200.1>3 800>3 800.1>4'],
  ['GGT', { uln: 60 }, '60>0 60.1>1 150>1 150.1>2 300>2 300.1>3 1200>3 1200.1>4'],
  ['ALP', { uln: 130 }, '130>0 130.1>1 325>1 325.1>2 650>2 650.1>3 2600>3 2600.1>4'],
  ['BILI', { uln: 21 }, '21>0 21.1>1 31.5>1 31.6>2 63>2 63.1>3 210>3 210.1>4'],
  ['CK', { uln: 200 }, '200>0 201>1 500>1 501>2 1000>2 1001>3 2000>3 2001>4'],
  ['CREAT', { uln: 100, baseline: 60 }, '60>0 61>1 90>1 91>2 180>2 181>3 300>3 301>3 600>3 601>4'],
  ['CREAT', { uln: 100, baseline: 200 }, '100>0 101>1 150>1 151>2 300>2 301>3 600>3 600.1>4'],
  ['GLUC', { uln: 6.1, lln: 3.9 }, '6.1>0 6.2>1 8.9>1 9>2 13.9>2 14>3 27.8>3 27.9>4'],
  ['GLUC', { uln: 6.1, lln: 3.9 }, '3.9>0 3.8>1 3>1 2.9>2 2.2>2 2.1>3 1.7>3 1.6>4'],
  ['LYM', { lln: 1.1 }, '1.1>0 1.09>1 0.8>1 0.79>2 0.5>2 0.49>3 0.2>3 0.19>4'],
  ['NEUT', { lln: 2 }, '2>0 1.99>1 1.5>1 1.49>2 1>2 0.99>3 0.5>3 0.49>4'],
  ['WBC', { lln: 3.3 }, '3.3>0 3.29>1 3>1 2.99>2 2>2 1.99>3 1>3 0.99>4'],
  ['PLAT', { lln: 125 }, '125>0 124>1 75>1 74>2 50>2 49>3 25>3 24>4'],
  ['HGB', { lln: 115 }, '115>0 114>1 100>1 99>2 80>2 79>3 20>3'],
  ['ALB', { lln: 40 }, '40>0 39>1 30>1 29>2 20>2 19>3'],
  ['K', { uln: 5, lln: 3.5 }, '5>0 5.1>1 5.5>1 5.51>2 6>2 6.1>3 7>3 7.01>4'],
  ['K', { uln: 5, lln: 3.5 }, '3.5>0 3.4>1 3>1 2.9>3 2.5>3 2.4>4'],
  ['MG', { uln: 1.1, lln: 0.7 }, '1.1>0 1.2>1 1.23>1 1.24>3 3.3>3 3.31>4'],
  ['MG', { uln: 1.1, lln: 0.7 }, '0.7>0 0.69>1 0.5>1 0.49>2 0.4>2 0.39>3 0.3>3 0.29>4'],
  ['SODIUM', { uln: 145, lln: 135 }, '135>0 134>1 130>1 129>3 120>3 119>4'],
  ['SODIUM', { uln: 145, lln: 135 }, '145>0 146>1 150>1 151>2 155>2 156>3 160>3 161>4'],
  ['PHOS', { lln: 0.9 }, '0.9>0 0.89>1 0.8>1 0.79>2 0.6>2 0.59>3 0.3>3 0.29>4'],
  ['CHOL', { uln: 5.7 }, '5.7>0 5.8>1 7.75>1 7.76>2 10.34>2 10.35>3 12.92>3 12.93>4'],
  ['AMYLASE', { uln: 100 }, '100>0 101>1 150>1 151>2 200>2 201>3 500>3 501>4'],
  ['LIPASE', { uln: 100 }, '100>0 101>1 150>1 151>2 200>2 201>3 500>3 501>4'],
]

describe('CTCAE v4.03, each side of every boundary', () => {
  for (const [name, limits, pairs] of boundaries) {
    test(`${name} ${JSON.stringify(limits)}`, () => {
      const found = pairs
        .split(' ')
        .map((pair) => Number(pair.split('>')[0]))
        .map((value) => `${value}>${grade(name, value, limits)}`)
      expect(found.join(' ')).toBe(pairs)
    })
  }

  test('every test of the table is here', () => {
    const tested = new Set(boundaries.map(([name]) => name))
    expect(toxicityTerms.map((term) => term.test).filter((name) => !tested.has(name))).toEqual([])
  })
})

describe('undecided grades', () => {
  test('a missing limit that would decide leaves no grade', () => {
    expect(grade('ALT', 500, {})).toBeNull()
    expect(grade('CREAT', 80, { uln: 100 })).toBeNull()
    expect(grade('K', 4, { uln: 5 })).toBeNull()
    expect(toxicityGrade('ALT', none)).toBeNull()
    expect(grade('FERRITIN', 9000, { uln: 300 })).toBeNull()
    expect(grade('constructor', 1, { uln: 1 })).toBeNull()
  })

  test('a grade that is certain without it stands', () => {
    expect(grade('K', 7.5, {})).toBe(4)
    expect(grade('CREAT', 700, { uln: 100 })).toBe(4)
    expect(grade('CREAT', 301, { uln: 100 })).toBe(3)
  })

  test('binary noise does not cross a boundary', () => {
    // 1.1 × 3 is 3.3000000000000003 in binary.
    expect(grade('ALT', 3.3, { uln: 1.1 })).toBe(1)
    expect(grade('BILI', 1.1 * 1.5, { uln: 1.1 })).toBe(1)
  })
})

describe('explanations', () => {
  test('show the arithmetic', () => {
    expect(explainGrade('ALT', { ...none, value: 121, uln: 40 })).toEqual({
      grade: 2,
      term: 'Alanine aminotransferase increased',
      version: '4.03',
      text: 'ALT 121 U/L: > 3 × ULN (3 × 40 = 120), not > 5 × ULN (5 × 40 = 200); Alanine aminotransferase increased, grade 2.',
    })
    expect(explainGrade('CREAT', { ...none, value: 91, uln: 100, baseline: 60 }).text).toBe(
      'CREAT 91 umol/L: > 1.5 × baseline (1.5 × 60 = 90), not > 3 × baseline (3 × 60 = 180), not > 3 × ULN (3 × 100 = 300); Creatinine increased, grade 2.',
    )
    expect(explainGrade('K', { ...none, value: 4, uln: 5, lln: 3.5 }).text).toBe(
      'K 4 mmol/L: not > ULN 5, not < LLN 3.5; no toxicity.',
    )
    expect(explainGrade('ALT', { ...none, value: 121 }).text).toBe(
      'ALT 121 U/L: not decided, because the ULN is not known.',
    )
  })

  test('agree with the grade', () => {
    for (const [name, limits, pairs] of boundaries) {
      for (const pair of pairs.split(' ')) {
        const value = Number(pair.split('>')[0])
        const said = explainGrade(name, { ...none, ...limits, value })
        expect(said.grade).toBe(grade(name, value, limits))
        expect(said.text).toContain(said.grade === 0 ? 'no toxicity' : `grade ${said.grade}`)
      }
    }
  })
})
