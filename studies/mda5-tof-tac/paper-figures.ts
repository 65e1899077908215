/**
 * What the report prints (Fan et al., J Rheumatol, accepted August 2022), cell by cell, for the tests of the demo cohort. Brackets
 * of means are standard errors in Table 1 and in the times of follow-up, standard deviations in Table 2; brackets of medians are
 * quartiles in Table 1 and the extremes in Table 2.
 */
type Count = readonly [label: string, rule: string, tof: string, tac: string, p: number | null]
type Measure = readonly [
  label: string,
  value: string,
  tof: readonly [n: number, centre: number, ...spread: number[]],
  tac: readonly [n: number, centre: number, ...spread: number[]],
  test: 'welch' | 'mann-whitney',
  p: number | null,
]

/** Table 1, numbers and percentages; p by Fisher's exact test, null where the printed one is in `impossible`. */
export const table1Counts: readonly Count[] = [
  ['Female', "F_DM.SEX == 'F'", '15 (57.7)', '22 (62.9)', 0.79],
  ['Smoking', "F_SU.SMKHIST == 'Y'", '4 (15.4)', '7 (20.0)', null],
  ['CADM', 'CADMFL', '17 (65.4)', '26 (74.3)', 0.57],
  ['RP-ILD', 'RPILDFL', '13 (50.0)', '22 (62.9)', null],
  ['Weak titre', "MDA5CLS == 'WEAK'", '16 (61.5)', '9 (25.7)', null],
  ['Moderate titre', "MDA5CLS == 'MOD'", '6 (23.1)', '9 (25.7)', null],
  ['Strong titre', "MDA5CLS == 'STRONG'", '4 (15.4)', '17 (48.6)', null],
  ['Anti-Ro52', 'RO52FL', '18 (69.2)', '17 (48.6)', 0.12],
  ['OP', "HRPATFIN == 'OP'", '16 (61.5)', '23 (69.7)', null],
  ['NSIP', "HRPATFIN == 'NSIP'", '2 (7.7)', '5 (15.2)', 0.45],
  ['UIP', "HRPATFIN == 'UIP'", '0 (0.0)', '1 (3.0)', 1],
  ['DAD', "HRPATFIN == 'DAD'", '2 (7.7)', '0 (0.0)', 0.19],
  ['DAD/OP', "HRPATFIN == 'DADOP'", '5 (19.2)', '4 (12.1)', 0.49],
  ['OP/NSIP', "HRPATFIN == 'NSIPOP'", '1 (3.8)', '0 (0.0)', 0.44],
  ['Other steroid-sparing', 'CONCSSA', '16 (61.5)', '23 (65.7)', 0.79],
  ['Discontinuation', 'DISCFL', '6 (23.1)', '5 (14.3)', 0.5],
  ['6-month mortality', 'MORT6', '10 (38.5)', '22 (62.9)', null],
  ['1-year mortality', 'MORT12', '11 (44.0)', '23 (65.7)', null],
]

/** Table 1, mean (standard error). */
export const table1Means: readonly Measure[] = [
  ['Age of onset', 'F_DM.AGEONSET', [26, 55.42, 2.2], [35, 55.94, 1.72], 'welch', 0.85],
  ['PaO2', 'PAO2_B', [26, 77.28, 4.16], [33, 74.28, 3.68], 'mann-whitney', 0.68],
  ['P/F', 'PF_B', [26, 265.77, 19.01], [33, 277.57, 18.49], 'welch', 0.66],
  ['LDH', 'LDH_B', [26, 354.85, 20.44], [34, 388.62, 24.81], 'welch', 0.3],
  ['CRP', 'CRP_B', [25, 20.89, 5.17], [33, 18.6, 4.65], 'welch', 0.74],
  ['CK', 'CK_B', [26, 70.62, 9.53], [32, 74.88, 11.3], 'welch', 0.77],
  ['ESR', 'ESR_B', [25, 44.36, 5.05], [30, 37.53, 4.04], 'welch', 0.3],
  ['FVC', 'FVC_B', [12, 2.2, 0.35], [16, 1.91, 0.19], 'welch', 0.48],
  ['FVC %', 'FVCPP_B', [12, 60.41, 5.6], [16, 57.16, 4.42], 'welch', 0.65],
  ['DLCO', 'DLCO_B', [9, 4.65, 0.87], [13, 3.98, 0.49], 'welch', 0.51],
  ['DLCO %', 'DLCOPP_B', [9, 59.86, 9.76], [13, 54.55, 6.39], 'welch', 0.66],
  ['Initial GC', 'INITGC', [26, 152.88, 19.04], [35, 185.86, 26.05], 'mann-whitney', 0.88],
  ['Maintenance GC', 'MNTGC', [14, 6.69, 1.49], [12, 5.42, 1.06], 'welch', 0.5],
  ['Taper, months', 'TAPERMO', [14, 12.06, 1.74], [12, 15.96, 2.36], 'welch', 0.2],
]

/** Table 1, median (quartiles). */
export const table1Medians: readonly Measure[] = [
  [
    'Ferritin',
    'FERRITIN_B',
    [8, 1425.9, 764, 1650],
    [10, 1305.55, 508.63, 1641.38],
    'mann-whitney',
    0.55,
  ],
  ['D-dimer', 'DDIMER_B', [26, 0.64, 0.43, 1.21], [31, 0.96, 0.48, 1.6], 'mann-whitney', 0.19],
]

/** Printed p-values that do not follow from the printed counts, and what does. */
export const impossible: readonly (readonly [label: string, printed: string, ours: number])[] = [
  ['Smoking', '> 0.99', 0.745],
  ['RP-ILD', '0.60', 0.433],
  ['OP', '0.56', 0.585],
]

/** Table 2: rapidly progressive ILD. Smoking is printed 2 (25.4), which is a misprint of 15.4; 12 of 22 is printed 54.6. */
export const table2Counts: readonly Count[] = [
  ['Female', "F_DM.SEX == 'F'", '8 (61.5)', '13 (59.1)', 1],
  ['Smoking', "F_SU.SMKHIST == 'Y'", '2 (15.4)', '6 (27.3)', 0.68],
  ['CADM', 'CADMFL', '8 (61.5)', '15 (68.2)', 0.73],
  ['Weak titre', "MDA5CLS == 'WEAK'", '8 (61.5)', '6 (27.3)', null],
  ['Moderate titre', "MDA5CLS == 'MOD'", '4 (30.8)', '4 (18.2)', null],
  ['Strong titre', "MDA5CLS == 'STRONG'", '1 (7.7)', '12 (54.5)', null],
  ['Anti-Ro52', 'RO52FL', '9 (69.2)', '11 (50.0)', 0.31],
  ['OP', "HRPATFIN == 'OP'", '5 (38.5)', '14 (70.0)', 0.15],
  ['NSIP', "HRPATFIN == 'NSIP'", '1 (7.7)', '1 (5.0)', 1],
  ['UIP', "HRPATFIN == 'UIP'", '0 (0.0)', '1 (5.0)', 1],
  ['DAD', "HRPATFIN == 'DAD'", '2 (15.4)', '0 (0.0)', 0.15],
  ['DAD/OP', "HRPATFIN == 'DADOP'", '4 (30.8)', '4 (20.0)', 0.68],
  ['OP/NSIP', "HRPATFIN == 'NSIPOP'", '1 (7.7)', '0 (0.0)', 0.39],
  ['Other steroid-sparing', 'CONCSSA', '8 (61.5)', '14 (63.6)', 1],
  ['Discontinuation', 'DISCFL', '2 (15.4)', '3 (13.6)', 1],
  ['6-month mortality', 'MORT6', '10 (76.9)', '21 (95.5)', null],
  ['1-year mortality', 'MORT12', '11 (84.6)', '22 (100.0)', null],
]

/** Table 2, mean (standard deviation). */
export const table2Means: readonly Measure[] = [
  ['Age', 'F_DM.AGEONSET', [13, 59.23, 10.75], [22, 60.05, 9.1], 'welch', 0.82],
  ['P/F', 'PF_B', [13, 202.45, 85.73], [21, 240.13, 96.63], 'welch', 0.25],
  ['Platelets', 'PLAT_B', [13, 247.85, 84.61], [22, 185.18, 79.02], 'welch', 0.04],
  ['LDH', 'LDH_B', [13, 400.92, 118.49], [22, 416.95, 105.42], 'welch', 0.69],
  ['FVC', 'FVC_B', [4, 1.85, 0.94], [6, 1.99, 0.83], 'welch', 0.82],
  ['FVC %', 'FVCPP_B', [4, 52.68, 14.89], [6, 56.73, 20.07], 'welch', 0.72],
  ['DLCO', 'DLCO_B', [2, 6.22, 1.51], [5, 3.61, 1.5], 'welch', 0.18],
  ['DLCO %', 'DLCOPP_B', [2, 80.4, 21.35], [5, 51.6, 20.37], 'welch', 0.26],
]

/** Table 2, median (minimum and maximum). */
export const table2Medians: readonly Measure[] = [
  ['PaO2', 'PAO2_B', [13, 64, 48, 101], [21, 70, 50, 93], 'mann-whitney', 0.94],
  ['CRP', 'CRP_B', [13, 20.3, 1.6, 92], [22, 9.65, 2.1, 107.9], 'mann-whitney', 0.2],
  ['CK', 'CK_B', [13, 57, 20, 169], [20, 62, 20, 346], 'mann-whitney', 0.99],
  ['ESR', 'ESR_B', [13, 64, 23, 95], [19, 30, 8, 80], 'mann-whitney', 0.01],
  [
    'Ferritin',
    'FERRITIN_B',
    [6, 1421.95, 354, 1650],
    [8, 1464.5, 617.7, 1650],
    'mann-whitney',
    0.95,
  ],
  ['D-dimer', 'DDIMER_B', [13, 0.89, 0.25, 2.18], [22, 1.29, 0.42, 8.15], 'mann-whitney', 0.21],
  ['Initial GC', 'INITGC', [13, 160, 40, 500], [22, 160, 20, 500], 'mann-whitney', 0.42],
]

/** Non-survivors against survivors; the tables are not published, the text gives direction and p. */
export const survivors: readonly (readonly [
  group: 'TOF' | 'TAC',
  value: string,
  inNonSurvivors: 'higher' | 'lower',
  test: 'welch' | 'mann-whitney',
  p: number,
])[] = [
  ['TOF', 'F_DM.AGEONSET', 'higher', 'welch', 0.04],
  ['TOF', 'PF_B', 'lower', 'welch', 0.003],
  ['TOF', 'LYMLE_B', 'lower', 'welch', 0.04],
  ['TOF', 'ALB_B', 'lower', 'welch', 0.049],
  ['TOF', 'WBC_B', 'higher', 'mann-whitney', 0.02],
  ['TOF', 'NEUT_B', 'higher', 'mann-whitney', 0.02],
  ['TOF', 'PLAT_B', 'higher', 'welch', 0.01],
  ['TOF', 'CRP_B', 'higher', 'mann-whitney', 0.02],
  ['TOF', 'ESR_B', 'higher', 'welch', 0.001],
  ['TOF', 'MDA5ORD', 'higher', 'mann-whitney', 1],
  ['TAC', 'F_DM.AGEONSET', 'higher', 'welch', 0.001],
  ['TAC', 'NEUTLE_B', 'higher', 'welch', 0.01],
  ['TAC', 'ALT_B', 'higher', 'mann-whitney', 0.02],
  ['TAC', 'AST_B', 'higher', 'mann-whitney', 0.03],
  ['TAC', 'CKMB_B', 'higher', 'mann-whitney', 0.006],
  ['TAC', 'DDIMER_B', 'higher', 'mann-whitney', 0.01],
  ['TAC', 'FERRITIN_B', 'higher', 'mann-whitney', 0.04],
  ['TAC', 'PAO2_B', 'lower', 'mann-whitney', 0.049],
  ['TAC', 'PF_B', 'lower', 'welch', 0.001],
  ['TAC', 'LYMLE_B', 'lower', 'welch', 0.003],
  ['TAC', 'LYM_B', 'lower', 'mann-whitney', 0.001],
  ['TAC', 'GLOBUL_B', 'lower', 'welch', 0.04],
]

/** Univariate hazard ratios over all follow-up. */
export const univariate: readonly (readonly [
  group: 'TOF' | 'TAC',
  value: string,
  ratio: readonly [estimate: number, lower: number, upper: number],
])[] = [
  ['TOF', 'PF_B', [0.99, 0.98, 0.996]],
  ['TOF', 'WBC_B', [1.28, 1.06, 1.54]],
  ['TOF', 'NEUT_B', [1.31, 1.07, 1.6]],
  ['TOF', 'LYMLE_B', [0.89, 0.8, 0.99]],
  ['TOF', 'CRP_B', [1.03, 1.01, 1.05]],
  ['TOF', 'ESR_B', [1.05, 1.02, 1.07]],
  ['TAC', 'F_DM.AGEONSET', [1.04, 1.01, 1.07]],
  ['TAC', 'PF_B', [0.99, 0.99, 0.997]],
  ['TAC', 'LYMLE_B', [0.88, 0.81, 0.95]],
  ['TAC', 'ALB_B', [0.8, 0.71, 0.91]],
  ['TAC', 'CKMB_B', [1.04, 1.001, 1.08]],
  ['TAC', 'FERRITIN_B', [1.01, 1.001, 1.01]],
  ['TAC', 'RPILDFL', [41.13, 5.24, 322.56]],
]

/** Subjects with an adverse event. */
export const adverseEvents: readonly Count[] = [
  ['Any', 'AE_ANY', '19 (73.1)', '26 (74.3)', 1],
  ['None', '!AE_ANY', '7 (26.9)', '9 (25.7)', 1],
  ['Liver damage', 'AE_LIVER', '16 (61.5)', '23 (65.7)', 0.79],
  ['Infection', 'AE_INF', '11 (42.3)', '11 (31.4)', 0.43],
  ['Lymphocytopenia', 'AE_LYMPH', '10 (38.5)', '5 (14.3)', 0.04],
  ['Renal dysfunction', 'AE_RENAL', '1 (3.8)', '1 (2.9)', null],
  ['Diarrhoea', 'AE_DIARR', '0 (0.0)', '2 (5.7)', null],
  ['Anaemia', 'AE_ANAEM', '0 (0.0)', '1 (2.9)', null],
  ['Thrombosis', 'AE_THROMB', '1 (3.8)', '1 (2.9)', null],
]

/** Tables 3 and 4: sex, age, initial glucocorticoid, daily dose, infections, stopped, outcome. */
export const listings: readonly string[] = [
  'TAC M 54 80 2 FUNGAL_PULM N Died',
  'TAC F 60 40 2 FUNGAL_PULM+ORAL_CANDIDA Y Died',
  'TAC F 70 80 2 HERPES_ZOSTER N Alive',
  'TAC F 48 160 4 FUNGAL_PULM+ORAL_CANDIDA Y Died',
  'TAC F 86 20 2 EBV+ORAL_CANDIDA N Died',
  'TAC M 57 500 2 EBV+FUNGAL_PULM N Died',
  'TAC F 56 160 3 EBV+FUNGAL_PULM Y Died',
  'TAC M 49 500 4 EBV+FUNGAL_PULM N Died',
  'TAC F 54 160 4 FUNGAL_PULM N Died',
  'TAC F 74 160 2 BACTERIAL_PULM N Died',
  'TAC F 68 240 4 BACTERIAL_PULM N Died',
  'TOF M 53 160 10 CMV+EBV+FUNGAL_PULM Y Alive',
  'TOF F 67 80 10 HERPES_ZOSTER+ORAL_CANDIDA N Alive',
  'TOF F 45 160 10 EBV N Alive',
  'TOF M 47 40 5 CMV+HERPES_ZOSTER N Alive',
  'TOF M 41 160 5 FUNGAL_PULM Y Died',
  'TOF F 58 80 10 CMV N Alive',
  'TOF M 57 35 10 ORAL_CANDIDA N Alive',
  'TOF M 46 240 10 SEPSIS N Died',
  'TOF M 65 80 10 FUNGAL_PULM Y Died',
  'TOF F 68 160 10 FUNGAL_PULM N Died',
  'TOF M 48 240 10 FUNGAL_PULM N Died',
]
