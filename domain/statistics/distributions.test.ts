import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  betaCdf,
  betaDensity,
  betaQuantile,
  binomialCdf,
  binomialDensity,
  binomialQuantile,
  chiSquareCdf,
  chiSquareDensity,
  chiSquareQuantile,
  fCdf,
  fDensity,
  fQuantile,
  gammaCdf,
  gammaQuantile,
  normalCdf,
  normalDensity,
  normalQuantile,
  tCdf,
  tDensity,
  tQuantile,
} from '#domain/statistics/distributions.ts'
import { StatisticsProblem } from '#domain/statistics/problem.ts'
import { hypergeometricCdf, logHypergeometric } from '#domain/statistics/special/hypergeometric.ts'
import { incompleteGamma } from '#domain/statistics/special/incomplete-gamma.ts'
import { logChoose, logFactorial, logGamma } from '#domain/statistics/special/log-gamma.ts'
import { noncentralTCdf } from '#domain/statistics/special/noncentral-t.ts'
import { erfc } from '#domain/statistics/special/normal-tails.ts'
import { studentizedRangeCdf } from '#domain/statistics/special/studentized-range.ts'

const relative = (actual: number, expected: number) => Math.abs(actual / expected - 1)

describe('special functions', () => {
  it('gives log-gamma at whole and half numbers', () => {
    expect(logGamma(5)).toBeCloseTo(Math.log(24), 14)
    expect(relative(logGamma(0.5), 0.5 * Math.log(Math.PI))).toBeLessThan(1e-15)
    expect(relative(logGamma(171), 706.5730622457874)).toBeLessThan(1e-15)
    expect(relative(logGamma(1e10), 220258509288.8113)).toBeLessThan(1e-14)
    expect(logFactorial(1)).toBe(0)
    expect(relative(Math.exp(logChoose(10, 3)), 120)).toBeLessThan(1e-14)
  })

  it('has an error function that agrees with the incomplete gamma function, an independent route', () => {
    expect(erfc(0)).toBe(1)
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 26, noNaN: true }), (x) => {
        expect(relative(erfc(x), incompleteGamma(0.5, x * x).upper)).toBeLessThan(2e-12)
      }),
    )
  })

  it('gives the hypergeometric distribution in the centre and the far tail', () => {
    expect(relative(Math.exp(logHypergeometric(6, 30, 28, 12)), 0.250841108485905)).toBeLessThan(
      1e-13,
    )
    expect(
      relative(Math.exp(logHypergeometric(100, 5000, 5000, 400)), 1.10337153214851e-25),
    ).toBeLessThan(1e-12)
    expect(
      hypergeometricCdf(3, 30, 28, 12) + hypergeometricCdf(3, 30, 28, 12, 'upper'),
    ).toBeCloseTo(1, 14)
    expect(logHypergeometric(13, 30, 28, 12)).toBe(-Infinity)
  })

  it('gives the studentized range and the non-central t by quadrature', () => {
    expect(relative(studentizedRangeCdf(3.5, 3, 20), 0.944108150917941)).toBeLessThan(1e-12)
    // Two means: the range is √2 |t|.
    expect(
      relative(studentizedRangeCdf(2.5 * Math.SQRT2, 2, 17, 'upper'), 2 * tCdf(-2.5, 17)),
    ).toBeLessThan(1e-11)
    expect(relative(noncentralTCdf(1.5, 12, 0), tCdf(1.5, 12))).toBeLessThan(1e-13)
  })
})

describe('distributions', () => {
  it('keeps p-values down to 1e-300', () => {
    expect(relative(normalCdf(-37.0470962993612), 1e-300)).toBeLessThan(1e-11)
    expect(relative(chiSquareCdf(700, 5, 'upper'), 4.9119861035732e-149)).toBeLessThan(1e-12)
    expect(relative(tCdf(-12, 1000), 2.16202869338725e-31)).toBeLessThan(1e-12)
    expect(relative(fCdf(20, 3, 17, 'upper'), 8.15502767173267e-6)).toBeLessThan(1e-12)
    expect(relative(gammaCdf(25, 3, 'upper'), 4.70106899829032e-9)).toBeLessThan(1e-12)
    expect(relative(binomialCdf(3, 30, 0.2), 0.122710806394163)).toBeLessThan(1e-12)
    expect(relative(betaCdf(1e-8, 0.2, 0.3), 0.0162088950622725)).toBeLessThan(1e-12)
    expect(normalCdf(-Infinity)).toBe(0)
    expect(chiSquareCdf(0, 3, 'upper')).toBe(1)
    expect(tCdf(Infinity, 3, 'upper')).toBe(0)
  })

  it('gives the quantiles of the documentation', () => {
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 14)
    expect(normalQuantile(1e-300, 'upper')).toBeCloseTo(37.0470962993612, 12)
    expect(chiSquareQuantile(0.95, 1)).toBeCloseTo(3.841458820694124, 13)
    expect(tQuantile(0.975, 10)).toBeCloseTo(2.228138851986274, 13)
    expect(betaQuantile(0.025, 26, 5)).toBeCloseTo(0.692781649723873, 14)
    expect(binomialQuantile(0.5, 10, 0.5)).toBe(5)
    expect(tQuantile(0, 4)).toBe(-Infinity)
    expect(normalQuantile(1)).toBe(Infinity)
  })

  it('inverts every distribution function', () => {
    const p = fc
      .double({ min: 1e-200, max: 1, noNaN: true, maxExcluded: true })
      .map((x) => Math.max(x, 1e-200))
    const df = fc.double({ min: 0.5, max: 500, noNaN: true })
    const tail = fc.constantFrom('lower' as const, 'upper' as const)
    fc.assert(
      fc.property(p, df, df, tail, (probability, a, b, side) => {
        expect(
          relative(normalCdf(normalQuantile(probability, side), side), probability),
        ).toBeLessThan(1e-10)
        // A quantile beyond the range of doubles is 0 or Infinity; all others must lead back.
        const back = (q: number, cdf: (x: number) => number) => {
          if (q !== 0 && Number.isFinite(q))
            expect(relative(cdf(q), probability)).toBeLessThan(1e-9)
        }
        back(chiSquareQuantile(probability, a, side), (x) => chiSquareCdf(x, a, side))
        back(gammaQuantile(probability, a, side), (x) => gammaCdf(x, a, side))
        back(tQuantile(probability, a, side), (x) => tCdf(x, a, side))
        back(fQuantile(probability, a, b, side), (x) => fCdf(x, a, b, side))
      }),
    )
  })

  it('has densities that are the slopes of the distribution functions', () => {
    const slope = (cdf: (x: number) => number, x: number) => (cdf(x + 1e-5) - cdf(x - 1e-5)) / 2e-5
    for (const x of [0.2, 0.5, 0.8]) {
      expect(betaDensity(x, 2.5, 4)).toBeCloseTo(
        slope((v) => betaCdf(v, 2.5, 4), x),
        7,
      )
      expect(chiSquareDensity(4 * x, 3)).toBeCloseTo(
        slope((v) => chiSquareCdf(v, 3), 4 * x),
        7,
      )
      expect(tDensity(x, 5)).toBeCloseTo(
        slope((v) => tCdf(v, 5), x),
        7,
      )
      expect(fDensity(x, 3, 9)).toBeCloseTo(
        slope((v) => fCdf(v, 3, 9), x),
        7,
      )
    }
    expect(tDensity(0, 5)).toBeCloseTo(0.3796066898224944, 14)
    expect(binomialDensity(2, 4, 0.5)).toBeCloseTo(0.375, 14)
  })

  it('refuses what is not a probability or a number', () => {
    expect(() => normalQuantile(1.5)).toThrow(StatisticsProblem)
    expect(() => chiSquareCdf(Number.NaN, 1)).toThrow(StatisticsProblem)
    expect(() => tCdf(1, -1)).toThrow(StatisticsProblem)
  })

  it('refuses an argument that is not a number in every density', () => {
    const at = Number.NaN
    for (const density of [
      () => normalDensity(at),
      () => chiSquareDensity(at, 3),
      () => betaDensity(at, 2, 5),
      () => tDensity(at, 5),
      () => fDensity(at, 3, 17),
      () => fDensity(2, at, 17),
      () => binomialDensity(at, 30, 0.2),
    ])
      expect(density).toThrow(StatisticsProblem)
  })
})
