import type { CaseReader, Recompute } from '#domain/statistics/reference/read-case.ts'
import {
  exactPowerTwoProportions,
  sampleSizeLogRank,
  sampleSizeTTest,
  sampleSizeTwoProportions,
  type TwoProportionsMethod,
  wholeSubjects,
} from '#domain/statistics/sample-size.ts'

/** R's power functions say `sig.level` and `alternative = "one.sided"`. */
function designOf(r: CaseReader) {
  const sides = /^one/.test(r.text('alternative', 'two.sided')) ? 1 : 2
  return {
    alpha: r.number(r.named('alpha', 'sig_level')),
    power: r.number('power', 0.8),
    sided: r.number('sided', sides) as 1 | 2,
    ratio: r.number(r.named('allocation_ratio', 'ratio'), 1),
  }
}

export const twoProportionsSizeCase: Recompute = (r) => {
  const size = (method: TwoProportionsMethod) =>
    sampleSizeTwoProportions(r.number('p1'), r.number('p2'), method, designOf(r)).perGroup
  const result = {
    unpooled: size('unpooled'),
    pooled: size('pooled'),
    unpooled_cc: size('unpooled-corrected'),
    fleiss_cc: size('fleiss'),
    arcsine: size('arcsine'),
  }
  return {
    ...result,
    n: result.pooled,
    per_arm_ceiling: Object.fromEntries(
      Object.entries(result).map(([name, n]) => [name, wholeSubjects(n)]),
    ),
  }
}

export const logRankSizeCase: Recompute = (r) => {
  const survival = r.has('surv1')
    ? ([r.number('surv1'), r.number('surv2')] as [number, number])
    : undefined
  const design = { ...designOf(r), hazardRatio: r.number('hr'), survival }
  const schoenfeld = sampleSizeLogRank(design, 'schoenfeld')
  const freedman = sampleSizeLogRank(design, 'freedman')
  return {
    events_schoenfeld: schoenfeld.events,
    events_freedman: freedman.events,
    events_schoenfeld_ceiling: schoenfeld.eventsCeiling,
    events_freedman_ceiling: freedman.eventsCeiling,
    n_total_schoenfeld: schoenfeld.total,
    n_total_freedman: freedman.total,
  }
}

export const tSizeCase: Recompute = (r) => {
  const result = sampleSizeTTest(r.number('delta'), r.number('sd', 1), designOf(r))
  return {
    n_per_arm_noncentral_t: result.perGroup,
    n: result.perGroup,
    n_normal_approx: result.normal,
  }
}

export const exactPowerCase: Recompute = (r) => {
  const [n1, n2] = r.has('n_per_arm')
    ? [r.number('n_per_arm'), r.number('n_per_arm')]
    : [r.number('n1'), r.number('n2')]
  const result = exactPowerTwoProportions(n1, n2, r.number('p1'), r.number('p2'), r.number('alpha'))
  return { pearson_chisq: result.chiSquare, fisher_two_sided: result.fisher }
}
