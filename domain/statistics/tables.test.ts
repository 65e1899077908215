import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chiSquareTest, trendTest } from '#domain/statistics/chi-square.ts'
import { fisherByMargins, fisherExact } from '#domain/statistics/fisher-exact.ts'
import { fisherFreemanHalton } from '#domain/statistics/fisher-freeman-halton.ts'
import { mantelHaenszel } from '#domain/statistics/mantel-haenszel.ts'
import { mcNemarTest } from '#domain/statistics/mcnemar.ts'
import { StatisticsProblem } from '#domain/statistics/problem.ts'
import { binomialTest, proportionInterval } from '#domain/statistics/proportion.ts'
import { logFactorial } from '#domain/statistics/special/log-gamma.ts'
import { compareProportions } from '#domain/statistics/two-proportions.ts'

const yes = (k: number, n: number, l: number, m: number) => [
  [k, n - k],
  [l, m - l],
]
const four = (p: number) => Number(p.toFixed(4))

describe('Fisher’s exact test', () => {
  it('gives the p-values behind the published table of the trial', () => {
    const printed = [
      [19, 22, 0.2549],
      [24, 24, 0.7316],
      [16, 20, 0.1844],
      [28, 25, 0.6651],
      [8, 10, 0.5729],
      [7, 3, 0.3007],
      [4, 7, 0.3248],
      [24, 21, 0.7569],
      [15, 14, 1],
    ] as const
    for (const [k, l, p] of printed) expect(four(fisherExact(yes(k, 30, l, 28)).p)).toBe(p)
  })

  it('estimates the conditional odds ratio with exact limits', () => {
    const result = fisherExact([
      [19, 11],
      [22, 6],
    ])
    expect(result.oddsRatio).toBeCloseTo(0.4772563125657, 12)
    expect(result.lower).toBeCloseTo(0.120207175991014, 12)
    expect(result.upper).toBeCloseTo(1.73392645604021, 12)
    expect(result.midP).toBeCloseTo(0.202857958778293, 12)
  })

  it('keeps equally probable tables in spite of rounding, and both limits of an empty cell', () => {
    expect(
      fisherExact([
        [3, 0],
        [0, 3],
      ]),
    ).toMatchObject({ oddsRatio: Infinity, upper: Infinity })
    expect(
      fisherExact([
        [3, 0],
        [0, 3],
      ]).p,
    ).toBeCloseTo(0.1, 14)
    expect(
      fisherExact([
        [0, 10],
        [0, 12],
      ]),
    ).toMatchObject({ p: 1, oddsRatio: 0, lower: 0, upper: Infinity })
  })

  it('has one-sided p-values that share the observed table', () => {
    const result = fisherExact(
      [
        [6, 7],
        [0, 5],
      ],
      { alternative: 'greater' },
    )
    expect(result.p).toBeCloseTo(0.0924369747899159, 13)
    expect(result.smallerTail).toBe(result.greater)
    expect(result.upper).toBe(Infinity)
  })

  it('gives the p-values of all tables of the same margins at once', () => {
    const count = fc.integer({ min: 0, max: 15 })
    fc.assert(
      fc.property(count, count, count, count, (a, b, c, d) => {
        fc.pre(a + b + c + d > 0)
        const { from, p } = fisherByMargins(a + c, b + d, a + b)
        expect(p[a - from]).toBeCloseTo(
          fisherExact([
            [a, b],
            [c, d],
          ]).p,
          12,
        )
      }),
    )
    expect(fisherByMargins(3, 3, 3).p[0]).toBeCloseTo(0.1, 14)
  })

  it('keeps the digits of a tiny p-value', () => {
    const { p } = fisherExact([
      [500, 0],
      [0, 500],
    ])
    expect(
      Math.abs(p / (2 * Math.exp(2 * logFactorial(500) - logFactorial(1000))) - 1),
    ).toBeLessThan(1e-11)
  })
})

/** Freeman-Halton by listing every table: slow and obviously right. */
function listedFisher(table: number[][]): number {
  const rows = table.map((r) => r.reduce((a, b) => a + b, 0))
  const columns = (table[0] as number[]).map((_, j) =>
    table.reduce((sum, r) => sum + (r[j] as number), 0),
  )
  const value = (cells: readonly number[]) => -cells.reduce((sum, x) => sum + logFactorial(x), 0)
  const observed = value(table.flat())
  let all = 0
  let extreme = 0
  const walk = (i: number, j: number, rowLeft: number, left: number[], log: number) => {
    if (i === rows.length) {
      const weight = Math.exp(log - observed)
      all += weight
      if (log <= observed + 1e-7) extreme += weight
      return
    }
    if (j === columns.length - 1) {
      if (rowLeft > (left[j] as number)) return
      const rest = left.map((c, k) => (k === j ? c - rowLeft : c))
      if (i === rows.length - 1 && rest.some((c) => c > 0)) return
      walk(i + 1, 0, rows[i + 1] ?? 0, rest, log - logFactorial(rowLeft))
      return
    }
    for (let x = 0; x <= Math.min(rowLeft, left[j] as number); x++) {
      walk(
        i,
        j + 1,
        rowLeft - x,
        left.map((c, k) => (k === j ? c - x : c)),
        log - logFactorial(x),
      )
    }
  }
  walk(0, 0, rows[0] as number, columns, 0)
  return extreme / all
}

describe('Fisher-Freeman-Halton', () => {
  it('equals the 2 × 2 test', () => {
    const count = fc.integer({ min: 0, max: 40 })
    fc.assert(
      fc.property(count, count, count, count, (a, b, c, d) => {
        fc.pre(a + b + c + d > 0)
        expect(
          fisherFreemanHalton([
            [a, b],
            [c, d],
          ]).p,
        ).toBeCloseTo(
          fisherExact([
            [a, b],
            [c, d],
          ]).p,
          9,
        )
      }),
    )
  })

  it('equals the sum over all listed tables, whatever the order of rows and columns', () => {
    const count = fc.integer({ min: 0, max: 5 })
    const table = fc
      .tuple(fc.integer({ min: 2, max: 3 }), fc.integer({ min: 2, max: 4 }))
      .chain(([r, c]) =>
        fc.array(fc.array(count, { minLength: c, maxLength: c }), { minLength: r, maxLength: r }),
      )
    fc.assert(
      fc.property(table, (t) => {
        fc.pre(t.flat().some((x) => x > 0))
        const p = fisherFreemanHalton(t).p
        expect(p).toBeCloseTo(listedFisher(t), 9)
        expect(
          fisherFreemanHalton([...t].reverse().map((row) => [...row].reverse())).p,
        ).toBeCloseTo(p, 10)
      }),
      { numRuns: 60 },
    )
  })

  it('computes the published job satisfaction table', () => {
    expect(
      fisherFreemanHalton([
        [1, 3, 10, 6],
        [2, 3, 10, 7],
        [1, 6, 14, 12],
        [0, 1, 9, 11],
      ]).p,
    ).toBeCloseTo(0.782684938965675, 10)
  })
})

describe('chi-square tests', () => {
  it('gives the p-value of the disease types of the trial', () => {
    const result = chiSquareTest([
      [6, 10, 14],
      [4, 13, 11],
    ])
    expect(four(result.p)).toBe(0.5817)
    expect(result).toMatchObject({ degreesOfFreedom: 2, corrected: false })
  })

  it('corrects by min(0.5, |O − E|) and only a 2 × 2 table', () => {
    expect(
      chiSquareTest(
        [
          [10, 10],
          [10, 11],
        ],
        { correction: true },
      ),
    ).toMatchObject({ statistic: 0, p: 1 })
    expect(
      chiSquareTest(
        [
          [19, 11],
          [22, 6],
        ],
        { correction: true },
      ).p,
    ).toBeCloseTo(0.324449241238728, 13)
    expect(
      chiSquareTest(
        [
          [6, 10, 14],
          [4, 13, 11],
        ],
        { correction: true },
      ).corrected,
    ).toBe(false)
  })

  it('tests a trend, which for two columns is the chi-square test itself', () => {
    expect(
      trendTest([
        [15, 10, 5],
        [5, 10, 15],
      ]).chiSquare,
    ).toBeCloseTo(10, 12)
    expect(
      trendTest([
        [19, 11],
        [22, 6],
      ]).p,
    ).toBeCloseTo(
      chiSquareTest([
        [19, 11],
        [22, 6],
      ]).p,
      13,
    )
  })
})

describe('pairs and strata', () => {
  it('computes McNemar’s tests', () => {
    const result = mcNemarTest([
      [20, 5],
      [15, 60],
    ])
    expect(result.chiSquare).toBeCloseTo(5, 14)
    expect(result.p).toBeCloseTo(0.0253473186774683, 13)
    expect(result.pExact).toBeCloseTo(0.0413894653320313, 13)
    expect(
      mcNemarTest([
        [4, 0],
        [0, 3],
      ]),
    ).toMatchObject({ chiSquare: 0, p: 1, pExact: 1 })
  })

  it('computes the Cochran-Mantel-Haenszel test and the common odds ratio', () => {
    const result = mantelHaenszel([
      [
        [2, 3],
        [5, 6],
      ],
      [
        [4, 9],
        [6, 6],
      ],
      [
        [5, 8],
        [2, 6],
      ],
    ])
    expect(result.p).toBeCloseTo(0.704708980411885, 12)
    expect(result.oddsRatio).toBeCloseTo(0.813226811437737, 12)
    expect(result.upper).toBeCloseTo(2.32284893125649, 11)
    const one = mantelHaenszel([
      [
        [10, 5],
        [3, 12],
      ],
    ])
    expect(one.oddsRatio).toBeCloseTo(8, 12)
  })
})

describe('proportions', () => {
  it('gives the intervals of 26 of 30', () => {
    const limits = (method: Parameters<typeof proportionInterval>[2]) => {
      const { lower, upper } = proportionInterval(26, 30, method)
      return [four(lower), four(upper)]
    }
    expect(limits('clopper-pearson')).toEqual([0.6928, 0.9624])
    expect(limits('wilson')).toEqual([0.7032, 0.9469])
    expect(limits('wilson-corrected')).toEqual([0.6836, 0.9564])
    expect(limits('jeffreys')).toEqual([0.7135, 0.9533])
    expect(limits('mid-p')).toEqual([0.709, 0.9562])
    expect(proportionInterval(0, 10, 'clopper-pearson').lower).toBe(0)
  })

  it('inverts exactly: a Clopper-Pearson limit has a tail of 2.5 %', () => {
    fc.assert(
      fc.property(
        fc
          .integer({ min: 1, max: 200 })
          .chain((n) => fc.tuple(fc.integer({ min: 1, max: n }), fc.constant(n))),
        ([k, n]) => {
          const { lower } = proportionInterval(k, n, 'clopper-pearson')
          expect(binomialTest(k, n, lower, 'greater').p).toBeCloseTo(0.025, 10)
        },
      ),
    )
  })

  it('compares 56/70 with 48/80 as Newcombe printed it in 1998', () => {
    const result = compareProportions(56, 70, 48, 80)
    expect(result.differenceIntervals.newcombe.map(four)).toEqual([0.0524, 0.3339])
    expect(result.differenceIntervals.newcombeCorrected.map(four)).toEqual([0.0428, 0.3422])
    expect(result.differenceIntervals.miettinenNurminen.map(four)).toEqual([0.0528, 0.3382])
    expect(result.riskRatio).toBeCloseTo(4 / 3, 14)
  })

  it('has score limits that turn around when the groups change places, up to no event at all', () => {
    const n = fc.integer({ min: 1, max: 60 })
    const pair = n.chain((size) => fc.tuple(fc.integer({ min: 0, max: size }), fc.constant(size)))
    fc.assert(
      fc.property(pair, pair, ([k1, n1], [k2, n2]) => {
        const there = compareProportions(k1, n1, k2, n2).differenceIntervals
        const back = compareProportions(k2, n2, k1, n1).differenceIntervals
        for (const key of ['newcombe', 'miettinenNurminen', 'farringtonManning'] as const) {
          if (n1 + n2 === 2 && key !== 'newcombe') continue
          expect(there[key][0]).toBeCloseTo(-back[key][1], 6)
          expect(there[key][0]).toBeLessThanOrEqual(there[key][1])
          expect(there[key].every((x) => x >= -1 && x <= 1)).toBe(true)
        }
      }),
    )
  })

  it('leaves a ratio without denominator out', () => {
    expect(compareProportions(3, 10, 0, 10)).toMatchObject({
      riskRatio: null,
      oddsRatio: null,
      riskRatioInterval: null,
    })
  })

  it('refuses tables that are none', () => {
    expect(() =>
      fisherExact([
        [1, 2],
        [3, -1],
      ]),
    ).toThrow(StatisticsProblem)
    expect(() =>
      fisherExact([
        [1, 2.5],
        [3, 1],
      ]),
    ).toThrow(StatisticsProblem)
    expect(() =>
      chiSquareTest([
        [0, 0],
        [3, 1],
      ]),
    ).toThrow(StatisticsProblem)
    expect(() =>
      fisherFreemanHalton([
        [0, 0],
        [0, 0],
      ]),
    ).toThrow(StatisticsProblem)
    expect(() =>
      mantelHaenszel([
        [
          [1, 0],
          [0, 0],
        ],
      ]),
    ).toThrow(StatisticsProblem)
    expect(() => compareProportions(5, 4, 1, 2)).toThrow(StatisticsProblem)
  })
})
