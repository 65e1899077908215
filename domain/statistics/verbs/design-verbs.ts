/* Sample size and power: every formula of a design at once, because a protocol's figure is traced to its formula. */
import { ensure } from '#domain/statistics/problem.ts'
import {
  exactPowerTwoProportions,
  powerLogRank,
  powerTTest,
  powerTwoProportions,
  sampleSizeLogRank,
  sampleSizeTTest,
  sampleSizeTwoProportions,
} from '#domain/statistics/sample-size.ts'
import type { Verb, VerbInput } from '#domain/statistics/verbs/verb.ts'

const formulas = ['unpooled', 'pooled', 'unpooled-corrected', 'fleiss', 'arcsine'] as const
const logRankFormulas = ['schoenfeld', 'freedman'] as const

function pair(v: VerbInput, option: string): [number, number] {
  const values = v.numbers(option)
  ensure(values.length === 2, 'bad-option', `--${option} takes two numbers`)
  return values as [number, number]
}

function sidedOf(v: VerbInput): 1 | 2 {
  return v.choice('sided', ['1', '2'], '2') === '1' ? 1 : 2
}

export const samplesize: Verb = {
  usage:
    '--rates 0.65,0.35 | --hazard-ratio 0.5 [--survival 0.5,0.7] | --difference 1 --sd 2  --alpha 0.2 --power 0.8 [--sided 2] [--ratio 1]',
  options: [
    'rates',
    'hazard-ratio',
    'survival',
    'difference',
    'sd',
    'alpha',
    'power',
    'sided',
    'ratio',
  ],
  required: ['alpha', 'power'],
  needsData: false,
  run: (v) => {
    const design = {
      alpha: v.number('alpha'),
      power: v.number('power'),
      sided: sidedOf(v),
      ratio: v.number('ratio', 1),
    }
    if (v.has('rates')) {
      v.refuse(['hazard-ratio', 'survival', 'difference', 'sd'], '--rates')
      const [p1, p2] = pair(v, 'rates')
      return formulas.map((method) => {
        const { perGroup, n } = sampleSizeTwoProportions(p1, p2, method, design)
        return { method, perGroup, n1: n[0], n2: n[1] }
      })
    }
    if (v.has('difference')) {
      v.refuse(['hazard-ratio', 'survival'], '--difference')
      ensure(design.ratio === 1, 'bad-option', 'the t test is planned with groups of one size')
      const { perGroup, n, normal } = sampleSizeTTest(
        v.number('difference'),
        v.number('sd'),
        design,
      )
      return { method: 'non-central t', perGroup, n1: n[0], n2: n[1], perGroupNormal: normal }
    }
    v.refuse(['sd'], '--hazard-ratio')
    const survival = v.has('survival') ? pair(v, 'survival') : undefined
    const hazardRatio = v.number('hazard-ratio')
    return logRankFormulas.map((method) => ({
      method,
      ...sampleSizeLogRank({ ...design, hazardRatio, survival }, method),
    }))
  },
}

export const power: Verb = {
  usage:
    '--rates 0.65,0.35 --n 25,25 | --hazard-ratio 0.5 --events 60 [--ratio 1] | --difference 1 --sd 2 --n 64  --alpha 0.2 [--sided 2]',
  options: ['rates', 'n', 'hazard-ratio', 'events', 'ratio', 'difference', 'sd', 'alpha', 'sided'],
  required: ['alpha'],
  needsData: false,
  run: (v) => {
    const design = { alpha: v.number('alpha'), sided: sidedOf(v) }
    if (v.has('rates')) {
      v.refuse(['hazard-ratio', 'events', 'ratio', 'difference', 'sd'], '--rates')
      const [p1, p2] = pair(v, 'rates')
      const [n1, n2] = pair(v, 'n')
      const approximate = formulas.map((method) => ({
        method: method as string,
        power: powerTwoProportions(n1, n2, p1, p2, method, design),
      }))
      if (design.sided === 1) return approximate
      const exact = exactPowerTwoProportions(n1, n2, p1, p2, design.alpha)
      return [
        ...approximate,
        { method: 'exact, Pearson chi-square', power: exact.chiSquare },
        { method: 'exact, Fisher two-sided', power: exact.fisher },
      ]
    }
    if (v.has('difference')) {
      v.refuse(['hazard-ratio', 'events', 'ratio'], '--difference')
      return {
        method: 'non-central t',
        power: powerTTest(v.number('n'), v.number('difference'), v.number('sd'), design),
      }
    }
    v.refuse(['n', 'sd'], '--hazard-ratio')
    return logRankFormulas.map((method) => ({
      method,
      power: powerLogRank(v.number('events'), v.number('hazard-ratio'), method, {
        ...design,
        ratio: v.number('ratio', 1),
      }),
    }))
  },
}
