/**
 * What the interim report prints (Kuwana et al., J Rheumatol, accepted April 2022), cell by cell, for the tests of the demo
 * cohort. Columns of Table 1: total, PM, overall DM, CADM, classic DM.
 */
export const table1: readonly (readonly string[])[] = [
  ['Female sex', '117 (68.8)', '32 (69.6)', '85 (68.5)', '42 (68.9)', '43 (68.3)'],
  ['Age, years', '59.4 (12.4)', '62.7 (11.8)', '58.2 (12.5)', '56.2 (13.1)', '60.2 (11.6)'],
  ['Initial onset (primary)', '134 (78.8)', '34 (73.9)', '100 (80.6)', '53 (86.9)', '47 (74.6)'],
  ['Relapse', '36 (21.2)', '12 (26.1)', '24 (19.4)', '8 (13.1)', '16 (25.4)'],
  ['Acute/subacute', '73 (42.9)', '14 (30.4)', '59 (47.6)', '39 (63.9)', '20 (31.7)'],
  ['Acute exacerbation of chronic', '23 (13.5)', '7 (15.2)', '16 (12.9)', '5 (8.2)', '11 (17.5)'],
  ['Chronic', '46 (27.1)', '15 (32.6)', '31 (25.0)', '12 (19.7)', '19 (30.2)'],
  ['Asymptomatic', '28 (16.5)', '10 (21.7)', '18 (14.5)', '5 (8.2)', '13 (20.6)'],
  ['NSIP', '130 (76.5)', '36 (78.3)', '94 (75.8)', '39 (63.9)', '55 (87.3)'],
  ['UIP', '12 (7.1)', '6 (13.0)', '6 (4.8)', '2 (3.3)', '4 (6.3)'],
  ['OP', '17 (10.0)', '2 (4.3)', '15 (12.1)', '12 (19.7)', '3 (4.8)'],
  ['DAD', '5 (2.9)', '0 (0.0)', '5 (4.0)', '5 (8.2)', '0 (0.0)'],
  ['Other', '6 (3.5)', '2 (4.3)', '4 (3.2)', '3 (4.9)', '1 (1.6)'],
  ['Anti-Jo-1 performed', '139 (81.8)', '38 (82.6)', '101 (81.5)', '54 (88.5)', '47 (74.6)'],
  ['positive (of performed)', '27 (19.4)', '13 (34.2)', '14 (13.9)', '5 (9.3)', '9 (19.1)'],
  ['negative', '112 (80.6)', '25 (65.8)', '87 (86.1)', '49 (90.7)', '38 (80.9)'],
  ['Anti-Jo-1 not performed', '31 (18.2)', '8 (17.4)', '23 (18.5)', '7 (11.5)', '16 (25.4)'],
  ['Anti-ARS performed', '133 (78.2)', '34 (73.9)', '99 (79.8)', '55 (90.2)', '44 (69.8)'],
  ['positive (of performed)', '74 (55.6)', '21 (61.8)', '53 (53.5)', '22 (40.0)', '31 (70.5)'],
  ['negative', '59 (44.4)', '13 (38.2)', '46 (46.5)', '33 (60.0)', '13 (29.5)'],
  ['Anti-ARS not performed', '37 (21.8)', '12 (26.1)', '25 (20.2)', '6 (9.8)', '19 (30.2)'],
  ['Anti-MDA5 performed', '50 (29.4)', '3 (6.5)', '47 (37.9)', '34 (55.7)', '13 (20.6)'],
  ['positive (of performed)', '29 (58.0)', '0 (0.0)', '29 (61.7)', '28 (82.4)', '1 (7.7)'],
  ['negative', '21 (42.0)', '3 (100.0)', '18 (38.3)', '6 (17.6)', '12 (92.3)'],
  ['Anti-MDA5 not performed', '120 (70.6)', '43 (93.5)', '77 (62.1)', '27 (44.3)', '50 (79.4)'],
  ['Oral corticosteroids', '168 (98.8)', '46 (100.0)', '122 (98.4)', '59 (96.7)', '63 (100.0)'],
  ['High-dose corticosteroids', '28 (16.5)', '3 (6.5)', '25 (20.2)', '19 (31.1)', '6 (9.5)'],
  ['Cyclophosphamide', '42 (24.7)', '2 (4.3)', '40 (32.3)', '29 (47.5)', '11 (17.5)'],
  ['Pulse and cyclophosphamide', '12 (7.1)', '1 (2.2)', '11 (8.9)', '10 (16.4)', '1 (1.6)'],
]

/** Table 2: subjects with the reaction, and with a serious one. */
export const table2: readonly (readonly [label: string, all: string, serious: string])[] = [
  ['Infections', '48 (28.2)', '23 (13.5)'],
  ['Pneumonia', '9 (5.3)', '7 (4.1)'],
  ['Herpes zoster', '8 (4.7)', '3 (1.8)'],
  ['Cytomegalovirus infection', '11 (6.5)', '6 (3.5)'],
  ['Oral candidiasis', '6 (3.5)', '1 (0.6)'],
  ['Pneumonia bacterial', '3 (1.8)', '3 (1.8)'],
  ['Nasopharyngitis', '3 (1.8)', '0 (0.0)'],
  ['Pneumocystis jirovecii pneumonia', '2 (1.2)', '2 (1.2)'],
  ['Upper respiratory tract infection', '2 (1.2)', '1 (0.6)'],
  ['Oesophageal candidiasis', '2 (1.2)', '0 (0.0)'],
  ['Pharyngitis', '2 (1.2)', '0 (0.0)'],
  ['Renal impairment', '29 (17.1)', '2 (1.2)'],
  ['Impaired glucose tolerance', '29 (17.1)', '6 (3.5)'],
  ['Psychiatric and nervous system disorders', '26 (15.3)', '1 (0.6)'],
  ['Insomnia', '13 (7.6)', '0 (0.0)'],
  ['Tremor', '13 (7.6)', '0 (0.0)'],
  ['Hypoaesthesia', '2 (1.2)', '0 (0.0)'],
  ['Cardiac dysfunction', '5 (2.9)', '2 (1.2)'],
  ['Atrial fibrillation', '2 (1.2)', '1 (0.6)'],
]

export const table3Visits = ['D0', 'M1', 'M3', 'M6', 'M12', 'M24'] as const
/** Table 3: under observation, then by variable the number, mean and standard deviation at each visit. */
export const table3Patients = [169, 168, 148, 142, 131, 108] as const
export const table3: Readonly<
  Record<string, readonly (readonly [n: number, mean: string, sd: string])[]>
> = {
  FVC: [
    [114, '78.0', '19.2'],
    [52, '77.6', '21.2'],
    [24, '81.3', '17.2'],
    [36, '85.0', '15.9'],
    [42, '88.8', '23.2'],
    [18, '92.7', '17.2'],
  ],
  DLCO: [
    [56, '70.0', '31.9'],
    [26, '77.0', '41.5'],
    [12, '86.9', '45.0'],
    [20, '72.7', '28.7'],
    [20, '69.9', '22.1'],
    [10, '66.5', '14.9'],
  ],
  PO2: [
    [100, '83.5', '16.5'],
    [41, '86.0', '15.9'],
    [18, '88.2', '18.4'],
    [22, '88.8', '15.4'],
    [15, '88.1', '13.3'],
    [6, '87.4', '10.4'],
  ],
  AADO2: [
    [63, '22.0', '18.7'],
    [28, '19.1', '18.8'],
    [10, '19.7', '26.4'],
    [14, '20.1', '25.5'],
    [12, '14.2', '11.5'],
    [4, '19.6', '12.8'],
  ],
  FER: [
    [118, '371.0', '506.6'],
    [78, '428.5', '572.0'],
    [63, '258.3', '397.6'],
    [61, '146.4', '278.4'],
    [62, '95.6', '117.9'],
    [43, '75.5', '72.8'],
  ],
  KL6: [
    [154, '1203.2', '915.2'],
    [124, '1135.7', '901.7'],
    [118, '867.7', '802.1'],
    [112, '882.9', '1187.5'],
    [107, '817.2', '771.6'],
    [85, '627.2', '580.6'],
  ],
  SPD: [
    [80, '197.7', '234.2'],
    [54, '115.6', '78.9'],
    [44, '122.5', '96.4'],
    [38, '137.6', '132.0'],
    [42, '108.1', '102.3'],
    [27, '73.7', '40.5'],
  ],
}

/** Survival at two years in percent, by report and group. */
export const figure2: readonly (readonly [report: string, group: string, percent: number])[] = [
  ['R5_OS', 'ALL', 90.3],
  ['R5_OS_DX', 'PM', 97.5],
  ['R5_OS_DX', 'CADM', 81.1],
  ['R5_PFS', 'ALL', 62.5],
  ['R5_PFS_DX', 'PM', 76.1],
  ['R5_PFS_DX', 'CADM', 57.9],
  ['R5_OS_MDA5', 'POS', 66.7],
  ['R5_OS_MDA5', 'NEG', 100],
  ['R5_PFS_MDA5', 'POS', 44.3],
  ['R5_PFS_MDA5', 'NEG', 62],
  ['R5_OS_ARS', 'POS', 98.6],
  ['R5_OS_ARS', 'NEG', 77.4],
  ['R5_PFS_ARS', 'POS', 70.5],
  ['R5_PFS_ARS', 'NEG', 55.7],
]

export type Factor = {
  name: string
  /** What is read of each subject. */
  value: string
  reference: readonly [level: string, n: number]
  /** Level, number, hazard ratio and limits; null where no subject of the level died. */
  levels: readonly (readonly [
    level: string,
    n: number,
    ratio: readonly [number, number, number] | null,
  ])[]
}

/** Table 4: univariate Cox models. */
export const table4: readonly Factor[] = [
  {
    name: 'Sex',
    value: 'F_DM.SEX',
    reference: ['M', 52],
    levels: [['F', 117, [0.71, 0.26, 1.94]]],
  },
  {
    name: 'Age',
    value: 'AGECL',
    reference: ['GE65', 66],
    levels: [
      ['LT15', 0, null],
      ['A15_30', 3, null],
      ['A30_40', 6, null],
      ['A40_50', 31, [0.82, 0.22, 3.09]],
      ['A50_65', 63, [0.62, 0.2, 1.91]],
    ],
  },
  {
    name: 'Weight',
    value: 'WTCL',
    reference: ['W30_50', 63],
    levels: [
      ['LT30', 0, null],
      ['W50_70', 80, [0.86, 0.29, 2.56]],
      ['GE70', 21, [1.48, 0.37, 5.92]],
    ],
  },
  {
    name: 'Setting',
    value: 'F_DM.INPAT',
    reference: ['OUTPATIENT', 26],
    levels: [['INPATIENT', 143, [2.89, 0.38, 21.89]]],
  },
  {
    name: 'Smoking',
    value: 'F_SU.SMKHIST',
    reference: ['N', 130],
    levels: [['Y', 38, [1.66, 0.58, 4.78]]],
  },
  { name: 'Dysphagia', value: 'F_CF.CFDYSPHG', reference: ['N', 159], levels: [['Y', 10, null]] },
  {
    name: 'Diagnosis',
    value: 'F_IIM.IIMTYPE',
    reference: ['PM', 46],
    levels: [
      ['CADM', 61, [9.04, 1.18, 69.51]],
      ['DM', 62, [2.09, 0.22, 20.05]],
    ],
  },
  {
    name: 'Disease duration',
    value: 'IIMDURC',
    reference: ['LT1A', 121],
    levels: [
      ['A1_5', 25, null],
      ['GE5A', 11, [0.78, 0.1, 5.99]],
    ],
  },
  {
    name: 'Other symptoms',
    value: 'F_CF.CFOTHER',
    reference: ['N', 64],
    levels: [['Y', 105, [1.35, 0.47, 3.89]]],
  },
  {
    name: 'Raynaud phenomenon',
    value: 'F_CF.CFRAYN',
    reference: ['N', 149],
    levels: [['Y', 20, [0.99, 0.22, 4.34]]],
  },
  {
    name: 'Arthritis or joint pain',
    value: 'F_CF.CFARTH',
    reference: ['N', 100],
    levels: [['Y', 69, [1.12, 0.42, 3.01]]],
  },
  {
    name: 'Cardiopathy',
    value: 'F_CF.CFCARD',
    reference: ['N', 161],
    levels: [['Y', 8, [3.01, 0.68, 13.28]]],
  },
  {
    name: 'Fever',
    value: 'F_CF.CFFEVER',
    reference: ['N', 134],
    levels: [['Y', 35, [2.55, 0.93, 7.03]]],
  },
  {
    name: 'IP duration',
    value: 'F_ILD.ILDDURC',
    reference: ['LT1MO', 26],
    levels: [
      ['M1_3', 40, [0.42, 0.12, 1.48]],
      ['M3_6', 25, null],
      ['M6_12', 20, [0.39, 0.08, 1.92]],
      ['A1_3', 15, null],
      ['GE3A', 19, [0.43, 0.09, 2.13]],
    ],
  },
  {
    name: 'Presentation',
    value: 'F_ILD.ILDPRES',
    reference: ['INIT', 134],
    levels: [['RELAPSE', 35, [0.86, 0.24, 3]]],
  },
  {
    name: 'Histological type',
    value: 'F_ILD.IPHIST',
    reference: ['NSIP', 130],
    levels: [
      ['UIP', 11, null],
      ['OP', 17, [0.51, 0.07, 3.88]],
      ['DAD', 5, [4.58, 1.03, 20.38]],
    ],
  },
  {
    name: 'SaO2',
    value: 'SAO2CL',
    reference: ['GE95', 120],
    levels: [
      ['LT85', 1, null],
      ['S85_90', 2, null],
      ['S90_95', 22, [7.53, 2.73, 20.82]],
    ],
  },
  {
    name: 'Oxygen',
    value: 'BL_O2',
    reference: ['N', 151],
    levels: [['Y', 18, [3.82, 1.23, 11.88]]],
  },
  {
    name: 'Ferritin',
    value: 'FERCL',
    reference: ['LT500', 92],
    levels: [
      ['F500', 21, [8.61, 2.51, 29.45]],
      ['F1500', 3, null],
      ['F2500', 2, null],
      ['GE3500', 0, null],
    ],
  },
  {
    name: 'Anti-Jo-1',
    value: 'MSA_JO1',
    reference: ['NEG', 112],
    levels: [['POS', 27, [0.26, 0.03, 2.01]]],
  },
  {
    name: 'Anti-ARS',
    value: 'MSA_ARS',
    reference: ['NEG', 58],
    levels: [['POS', 74, [0.12, 0.03, 0.53]]],
  },
  {
    name: 'Anti-MDA5',
    value: 'MSA_MDA5',
    reference: ['NEG', 21],
    levels: [['POS', 28, [8.16, 1.03, 64.47]]],
  },
  {
    name: 'KL-6 of 1000 or more',
    value: 'KL6HI',
    reference: ['false', 83],
    levels: [['true', 71, [0.62, 0.21, 1.84]]],
  },
  {
    name: 'SP-D of 100 or more',
    value: 'SPDHI',
    reference: ['false', 30],
    levels: [['true', 50, [0.59, 0.17, 2.05]]],
  },
  {
    name: 'Mode of onset',
    value: 'F_ILD.ILDCRS4',
    reference: ['ACSUB', 73],
    levels: [
      ['AECHR', 22, [1, 0.28, 3.65]],
      ['CHR', 46, [0.48, 0.13, 1.74]],
      ['ASYM', 28, null],
    ],
  },
]
