/** The printed figures of the report (Sharma et al., J Rheumatol 2017) as data, cell by cell, with what they are computed from here. */

export const variables = {
  age: 'F_DM.AGEONSET',
  CK: 'CK_IDX',
  aldolase: 'ALD_IDX',
  FVC: 'FVC_IDX',
  TLC: 'TLC_IDX',
  DLCO: 'DLCO_IDX',
}
/** Lung function of the second stage was measured at start of tacrolimus. */
export const atTacrolimus = { ...variables, FVC: 'FVC_TAC0', TLC: 'TLC_TAC0', DLCO: 'DLCO_TAC0' }
export type Measure = keyof typeof variables

/** Rows of counts: rule, Table 1, Table 2 (responders, failures), Table 3 (responders, non-responders). */
export const counted: [
  rule: string,
  table1: number,
  table2: [number, number],
  table3: [number, number],
][] = [
  ["F_DM.SEX == 'M'", 16, [6, 10], [6, 2]],
  ["F_DM.SEX == 'F'", 38, [25, 13], [7, 3]],
  ["F_DM.RACE4 == 'BLACK'", 26, [14, 12], [5, 4]],
  ["F_DM.RACE4 == 'WHITE'", 22, [13, 9], [7, 1]],
  // Table 1 prints Hispanic 4 and Asian 2, the reverse of Table 2; Table 3 agrees with Table 2.
  ["F_DM.RACE4 == 'ASIAN'", 4, [4, 0], [0, 0]],
  ["F_DM.RACE4 == 'HISPANIC'", 2, [0, 2], [1, 0]],
  ["F_SU.SUSTAT == 'NEVER'", 38, [20, 18], [10, 4]],
  ["F_SU.SUSTAT == 'FORMER'", 12, [10, 2], [2, 0]],
  ["F_SU.SUSTAT == 'CURRENT'", 4, [1, 3], [1, 1]],
  ["F_IIM.IIMTYPE == 'PM'", 30, [20, 10], [6, 3]],
  ["F_IIM.IIMTYPE == 'DM'", 20, [7, 13], [7, 2]],
  ["F_IIM.IIMTYPE == 'CADM'", 4, [4, 0], [0, 0]],
  ['ANAPOS', 32, [16, 16], [10, 2]],
  ['MSA_JO1', 27, [18, 9], [6, 0]],
  ['MSA_SSA', 22, [13, 9], [5, 2]],
  ['MSA_MI2', 3, [1, 2], [2, 0]],
  ['MSA_PL7', 1, [0, 1], [0, 1]],
  ['MSA_SRP', 2, [1, 1], [1, 0]],
  ['MSA_KU', 1, [0, 1], [1, 0]],
  ["HC_IDX == 'Y'", 16, [10, 6], [4, 0]],
  ["HC_IDX == 'N'", 38, [21, 17], [9, 5]],
  ["BXGRP == 'OP'", 5, [3, 2], [2, 0]],
  ["BXGRP == 'UIP'", 3, [1, 2], [2, 0]],
  ["BXGRP == 'NSIP'", 3, [0, 3], [2, 0]],
  ["BXGRP == 'OTH'", 3, [1, 2], [1, 0]],
  ['AZA_EVER', 35, [19, 16], [8, 5]],
  ['MTX_EVER', 17, [8, 9], [4, 4]],
  ['MMF_EVER', 11, [6, 5], [3, 1]],
]

/** Table 1: mean and standard deviation of the 54. */
export const table1: readonly [Measure, number, number][] = [
  ['age', 44.9, 14.9],
  ['CK', 2933.4, 4724.8],
  ['aldolase', 31.6, 32.2],
  ['FVC', 61.7, 19.6],
  ['TLC', 68.6, 17.1],
  ['DLCO', 57.9, 24.1],
]

/** Means of the two groups and the p-value (rank-sum). */
export type MeansRow = readonly [Measure, number, number, number]
export const table2Means: readonly MeansRow[] = [
  ['age', 46.8, 42.2, 0.34],
  ['CK', 2588.9, 3431.0, 0.2],
  ['aldolase', 29.6, 34.4, 0.29],
  ['FVC', 62.5, 60.4, 0.39],
  ['TLC', 68.8, 68.3, 0.46],
  ['DLCO', 58.3, 57.3, 0.62],
]
export const table3Means: readonly MeansRow[] = [
  ['age', 41.8, 43.0, 1],
  ['CK', 4353.5, 1975.7, 0.6],
  ['aldolase', 31.0, 43.8, 0.64],
  ['FVC', 63.7, 42.4, 0.01],
  ['TLC', 65.9, 45.0, 0.042],
  ['DLCO', 52.2, 56.4, 0.49],
]

type RuleAndP = readonly [rule: string, p: number]
export const table2ChiSquare: readonly RuleAndP[] = [
  ['ANAPOS', 0.18],
  ['MSA_JO1', 0.17],
  ['MSA_SSA', 0.84],
  ["HC_IDX == 'Y'", 0.62],
  ['AZA_EVER', 0.53],
  ['MTX_EVER', 0.3],
]
export const table2OneSided: readonly RuleAndP[] = [
  ['MSA_MI2', 0.39],
  ['MSA_PL7', 0.43],
  ['MSA_SRP', 0.68],
  ['MSA_KU', 0.43],
  ['MMF_EVER', 0.55],
]
export const table3OneSided: readonly RuleAndP[] = [
  ["F_DM.SEX == 'M'", 0.62],
  ["F_IIM.IIMTYPE == 'PM'", 0.5],
  ['ANAPOS', 0.18],
  ['MSA_JO1', 0.09],
  ['MSA_SSA', 0.68],
  ['MSA_MI2', 0.51],
  ['MSA_PL7', 0.28],
  ['MSA_SRP', 0.72],
  ['MSA_KU', 0.72],
  ["HC_IDX == 'Y'", 0.23],
  ['AZA_EVER', 0.15],
  ['MMF_EVER', 0.7],
]

/** Doses of those who took the drug at start of tacrolimus: mean and SD then, at 3 to 6 months and at 1 year; the two p-values. */
export const doses: readonly {
  drug: string
  n: number
  cells: readonly [number, number][]
  p: readonly { value: number; digits: number }[]
}[] = [
  {
    drug: 'AZA',
    n: 11,
    cells: [
      [143.2, 28.6],
      [89.6, 67.8],
      [84.1, 69.2],
    ],
    p: [
      { value: 0.04, digits: 2 },
      { value: 0.01, digits: 3 },
    ],
  },
  {
    drug: 'MTX',
    n: 5,
    cells: [
      [25, 3.5],
      [17.5, 16.8],
      [23, 14.4],
    ],
    p: [
      { value: 0.3, digits: 2 },
      { value: 0.7, digits: 2 },
    ],
  },
  {
    drug: 'MMF',
    n: 3,
    cells: [
      [2166.7, 288.7],
      [1333.3, 1258.3],
      [0, 0],
    ],
    p: [
      { value: 0.3, digits: 2 },
      { value: 0.006, digits: 3 },
    ],
  },
]

/** What remains of Table 2 less Table 3: the five failures outside analysis 2. */
export const remaining: readonly [rule: string, n: number][] = [
  ["F_DM.SEX == 'F'", 3],
  ["F_DM.RACE4 == 'BLACK'", 3],
  ["F_DM.RACE4 == 'WHITE'", 1],
  ["F_DM.RACE4 == 'HISPANIC'", 1],
  ["F_SU.SUSTAT == 'NEVER'", 4],
  ["F_SU.SUSTAT == 'CURRENT'", 1],
  ["F_IIM.IIMTYPE == 'PM'", 1],
  ["F_IIM.IIMTYPE == 'DM'", 4],
  ['ANAPOS', 4],
  ['MSA_JO1', 3],
  ['MSA_SSA', 2],
  ['MSA_MI2 || MSA_PL7 || MSA_SRP || MSA_KU', 0],
  ["HC_IDX == 'Y'", 2],
  ["BXGRP == 'OP' || BXGRP == 'UIP'", 0],
  ["BXGRP == 'NSIP'", 1],
  ["BXGRP == 'OTH'", 1],
  ['AZA_EVER', 3],
  ['MTX_EVER', 1],
  ['MMF_EVER', 1],
]
