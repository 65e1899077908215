import { describe, expect, it } from 'vitest'
import type { FormValues } from '#domain/casebook/record.ts'
import { casebookOf, sampleFiles, sampleStudy } from '#domain/casebook/testing/sample-study.ts'
import { csvRows } from '#domain/exchange/csv.ts'
import { readDatasetJson } from '#domain/exchange/dataset-json.ts'
import type { AnalysisSet, Cell } from './analysis-set.ts'
import { setFiles, setText } from './set-files.ts'
import { populationFlags, SetNames } from './set-names.ts'
import { StudySets } from './study-sets.ts'

const allocation = `
allocation:
  form: F_RAND
  stratum: F_DM.SEX
  strata: [{ code: M, label: Men }, { code: F, label: Women }]
  arms: [{ code: A, label: Arm A, ratio: 1 }, { code: B, label: Arm B, ratio: 1 }]
  openLabel: false
  preconditions: []
`
const withArms = {
  'study.yaml': `${sampleFiles['study.yaml']}${allocation}`,
  'codelists.yaml': `${sampleFiles['codelists.yaml']}- { oid: CL_ARM, codes: [{ code: A, label: Arm A }, { code: B, label: Arm B }] }\n`,
  'forms.yaml': (sampleFiles['forms.yaml'] as string).replace(
    '[{ oid: RANDDTC, label: When, type: dateTime }]',
    '[{ oid: RANDDTC, label: When, type: dateTime }, { oid: ARMCD, label: Arm, type: code, codeList: CL_ARM }]',
  ),
  'variables.yaml': `${sampleFiles['variables.yaml']}- { oid: IS_IN_ARM_A, label: Arm A, type: boolean, value: "F_RAND.ARMCD == 'A'" }\n- { oid: A_VERY_LONG_NAME, label: Zero again, type: date, value: TZERO }\n`,
}
const plain = { 'variables.yaml': withArms['variables.yaml'].replace(/- \{ oid: IS_IN.*\n/, '') }

const hostile = '=HYPERLINK("http://evil"),\n被験者 𠮷 \'x'
const entered: Record<string, FormValues> = {
  'SCR/F_DM': { SEX: 'F', BRTHDTC: '1956', CONSENT: '2020-01-02', PREG: 'N' },
  'SCR/F_SV': { SVOCCUR: 'Y', SVDTC: '2020-01-03' },
  'SCR/F_VS': { WEIGHT: '70.5', HEIGHT: { missing: 'ND' } },
  'SCR/F_LB': { LBDTC: '2020-01-04', 'LB[CREAT].LBORRES': '1', 'LB[CREAT].LBORRESU': 'mg/dL' },
  'W0/F_SV': { SVOCCUR: 'Y', SVDTC: '2020-01-10' },
  'W0/F_RAND': { RANDDTC: '2020-01-10T09:00:00+09:00', ARMCD: 'A' },
  'W0/F_VS': { WEIGHT: { missing: 'UNK' } },
  'W4/F_SV': { SVOCCUR: 'Y', SVDTC: '2020-02-07' },
  'W4/F_VS': { WEIGHT: '70.8' },
  'W4/F_LB': { 'LB[CREAT].LBORRES': '100', 'LB[CREAT].LBORRESU': 'umol/L' },
  'LOG/F_AE': { AETERM: hostile, AEDTC: '2020-02', AESER: 'N', 'TX[a1].TXDRUG': 'Drug' },
  'LOG/F_AE#2': { AETERM: { missing: 'UNK' }, AEDTC: '2020' },
  'LOG/F_DTH': { DTHDTC: '2020-05' },
}

function setsOf(
  changes: Record<string, string>,
  conceals: readonly string[] | null = null,
  records = entered,
): Map<string, AnalysisSet> {
  const sets = new StudySets(sampleStudy(changes), { conceals })
  sets.add(casebookOf(records))
  return new Map(sets.sets().map((set) => [set.name, set]))
}
function rowsOf(set: AnalysisSet | undefined): Record<string, Cell>[] {
  return (set?.rows ?? []).map((row) =>
    Object.fromEntries(set?.variables.map(({ name }, at) => [name, row[at] as Cell]) ?? []),
  )
}

describe('ADSL', () => {
  const [row] = rowsOf(setsOf(withArms).get('ADSL'))
  it('has who the subject is, populations, dates, arms and variables', () => {
    expect(row).toMatchObject({
      STUDYID: 'SAMPLE',
      USUBJID: 'SAMPLE-01-007',
      SUBJID: '01-007',
      SITEID: '01',
      SBJSTAT: 'dead',
      AGE: 63,
      SEX: 'F',
      RFICDT: '2020-01-02',
      DAY1DT: '2020-01-10',
      RANDDT: '2020-01-10',
      DTHDT: '2020-05-15',
      DTHFL: 'Y',
      STRATAR: 'F',
      ARMCD: 'A',
      ARM: 'Arm A',
      TRT01P: 'Arm A',
      ALLFL: 'Y',
      TZERO: '2020-01-10',
      MAXALT: null,
      ISINARMA: 'Y',
      AVERYLON: '2020-01-10',
    })
    // The date of birth stays in the casebook.
    expect(JSON.stringify(row)).not.toContain('1956')
  })

  it('tells no arm where arms are concealed, nor what reads it', () => {
    const [concealed] = rowsOf(setsOf(withArms, []).get('ADSL'))
    const names = Object.keys(concealed ?? {})
    expect(names).toContain('STRATAR')
    for (const name of ['ARM', 'ARMCD', 'TRT01P', 'ISINARMA']) expect(names).not.toContain(name)
    for (const set of setsOf(withArms, []).values())
      expect(JSON.stringify(set)).not.toMatch(/Arm A|TRTP/)
    for (const name of ['ADTTE', 'ADAE', 'ADVS', 'ADLB'])
      expect(rowsOf(setsOf(withArms).get(name))[0]).toMatchObject({ TRTP: 'Arm A' })
  })

  it('leaves out forms and items that are named as concealed', () => {
    const sets = setsOf(withArms, ['F_LB', 'F_VS.HEIGHT', 'F_AE.AESER'])
    expect([...sets.keys()]).not.toContain('ADLB')
    expect(rowsOf(sets.get('ADVS')).map((one) => one.PARAMCD)).not.toContain('HEIGHT')
    expect(sets.get('ADAE')?.variables.map(({ name }) => name)).not.toContain('AESER')
    // A variable that reads what is concealed goes with it.
    const [adsl] = rowsOf(setsOf(withArms, ['F_LB']).get('ADSL'))
    expect(Object.keys(adsl ?? {})).not.toContain('MAXALT')
  })
})

describe('ADTTE', () => {
  it('has a row per endpoint of the subject’s populations', () => {
    expect(rowsOf(setsOf(plain).get('ADTTE'))).toEqual([
      expect.objectContaining({
        PARAMCD: 'OS',
        PARAM: 'Survival',
        STARTDT: '2020-01-10',
        ADT: null,
        AVAL: null,
        CNSR: null,
        EVNTDESC: 'Undecided: A date is partial or before time zero',
        HORIZON: 364,
      }),
    ])
    const dead = { ...entered, 'LOG/F_DTH': { DTHDTC: '2020-05-01' } }
    expect(rowsOf(setsOf(plain, null, dead).get('ADTTE'))[0]).toMatchObject({
      ADT: '2020-05-01',
      AVAL: 112,
      CNSR: 0,
      EVNTDESC: 'Survival',
      CNSDTDSC: null,
    })
    const { 'LOG/F_DTH': _, ...alive } = entered
    expect(rowsOf(setsOf(plain, null, alive).get('ADTTE'))[0]).toMatchObject({
      ADT: '2021-01-01',
      AVAL: 357,
      CNSR: 1,
      CNSDTDSC: 'End of follow-up',
    })
  })
})

describe('parameters by visit', () => {
  const vs = rowsOf(setsOf(plain).get('ADVS'))
  const weight = vs.filter((row) => row.PARAMCD === 'WEIGHT')
  it('has baseline and change as the definition means them', () => {
    expect(
      weight.map(({ VISIT, AVISITN, ADT, ADY, AVAL, BASE, CHG, ABLFL, AVALMISS }) => [
        [VISIT, AVISITN, ADT, ADY],
        [AVAL, BASE, CHG, ABLFL, AVALMISS],
      ]),
    ).toEqual([
      [
        ['Screening', 1, '2020-01-03', -7],
        [70.5, 70.5, null, 'Y', null],
      ],
      [
        ['Week 0', 2, '2020-01-10', 1],
        [null, 70.5, null, null, 'UNK'],
      ],
      // 70.8 - 70.5 is 0.29999999999999716 in binary.
      [
        ['Week 4', 3, '2020-02-07', 29],
        [70.8, 70.5, 0.3, null, null],
      ],
    ])
    expect(weight.map((row) => row.ANL01FL)).toEqual(['Y', null, 'Y'])
    expect(new Set(weight.map((row) => row.PARAM))).toEqual(new Set(['Weight (kg)']))
  })

  it('keeps a recorded reason as a row without a value', () => {
    expect(vs.filter((row) => row.PARAMCD === 'HEIGHT')).toEqual([
      expect.objectContaining({ AVAL: null, AVALMISS: 'ND', VISIT: 'Screening' }),
    ])
  })

  it('has grid rows in standard units, dated by the sample', () => {
    const lb = rowsOf(setsOf(plain).get('ADLB'))
    expect(
      lb.map(({ PARAMCD, PARAM, AVAL, AVALU, BASE, CHG, ADT, ABLFL }) => [
        [PARAMCD, PARAM, AVALU],
        [AVAL, BASE, CHG, ADT, ABLFL],
      ]),
    ).toEqual([
      [
        ['CREAT', 'Creatinine (umol/L)', 'umol/L'],
        [88.4, 88.4, null, '2020-01-04', 'Y'],
      ],
      [
        ['CREAT', 'Creatinine (umol/L)', 'umol/L'],
        [100, 88.4, 11.6, '2020-02-07', null],
      ],
    ])
  })

  it('takes the visit whose window takes the value, where windows are bins', () => {
    const bins = {
      ...plain,
      'study.yaml': (sampleFiles['study.yaml'] as string).replace('prospective', 'registry'),
    }
    const late = { ...entered, 'W4/F_SV': { SVOCCUR: 'Y', SVDTC: '2020-03-05' } }
    const rows = rowsOf(setsOf(bins, null, late).get('ADVS')).filter((row) => row.AVAL === 70.8)
    expect(rows[0]).toMatchObject({ VISIT: 'Week 4', AVISIT: 'Week 8', ANL01FL: 'Y' })
    const nowhere = { ...entered, 'W4/F_SV': { SVOCCUR: 'Y', SVDTC: '2020-04-05' } }
    expect(
      rowsOf(setsOf(bins, null, nowhere).get('ADVS')).filter((row) => row.AVAL === 70.8)[0],
    ).toMatchObject({ VISIT: 'Week 4', AVISIT: null, ANL01FL: null })
  })

  it('has nothing for a form without a value, and one key per row', () => {
    const sets = setsOf(plain, null, { 'SCR/F_DM': { SEX: 'M' } })
    for (const set of sets.values()) if (set.name !== 'ADSL') expect(set.rows).toEqual([])
    for (const set of setsOf(plain).values()) {
      const key = set.variables.filter((one) => one.key !== null).map((one) => one.name)
      const keys = rowsOf(set).map((row) => key.map((name) => row[name]).join('|'))
      expect(new Set(keys).size, set.name).toBe(keys.length)
    }
  })
})

describe('ADAE', () => {
  it('has every item, full dates beside the partial ones, and reasons', () => {
    const rows = rowsOf(setsOf(plain).get('ADAE'))
    expect(rows).toHaveLength(2)
    expect(rows.find((row) => row.AESPID === '1')).toMatchObject({
      AETERM: hostile,
      AEDTC: '2020-02',
      AESER: 'N',
    })
    expect(rows.find((row) => row.AESPID === '2')).toMatchObject({ AETERM: null, AETERMR: 'UNK' })
  })

  it('has start and end with what was imputed, study days, and what began under treatment', () => {
    const changes = {
      ...plain,
      'forms.yaml': (sampleFiles['forms.yaml'] as string).replaceAll('AEDTC', 'AESTDTC'),
      'variables.yaml': `${plain['variables.yaml']}- { oid: TRTSDT, label: First dose, type: date, value: TZERO }\n`,
    }
    const records = {
      ...entered,
      'LOG/F_AE': { AETERM: 'A', AESTDTC: '2020-02' },
      'LOG/F_AE#2': { AETERM: 'B', AESTDTC: '2020' },
      'LOG/F_AE#3': { AETERM: 'C', AESTDTC: '2020-01-09' },
      'LOG/F_AE#4': { AETERM: 'D' },
    }
    const rows = rowsOf(setsOf(changes, null, records).get('ADAE'))
    const found = rows.map(({ AETERM, ASTDT, ASTDTF, ASTDY, TRTEMFL }) => [
      AETERM,
      ASTDT,
      ASTDTF,
      ASTDY,
      TRTEMFL,
    ])
    expect(found).toEqual(
      expect.arrayContaining([
        ['A', '2020-02-15', 'D', 37, 'Y'],
        ['B', '2020-07-01', 'M', 174, 'Y'],
        ['C', '2020-01-09', null, -1, null],
        ['D', null, null, null, null],
      ]),
    )
  })
})

describe('names', () => {
  it('are short, unique, and the same each time', () => {
    const names = () => {
      const short = new SetNames(['AGE'])
      return ['AE_INFECTION', 'AE_INFECTED', 'AGE', 'MSA_ARS', 'M_S_A_ARS', '__', 'X'].map((oid) =>
        short.shorten(oid),
      )
    }
    expect(names()).toEqual(['AEINFECT', 'AEINFEC2', 'AGE2', 'MSA_ARS', 'MSAARS', 'X', 'X2'])
    expect(names()).toEqual(names())
    const many = new SetNames()
    const all = Array.from({ length: 1200 }, () => many.shorten('LONG_POPULATION', 'FL'))
    expect(new Set(all).size).toBe(1200)
    expect(all.every((name) => name.length <= 8 && name.endsWith('FL'))).toBe(true)
  })

  it('of populations are those that reviewers know', () => {
    const flags = populationFlags(
      ['ITT', 'SAFETY', 'PP', 'SAF', 'ARSPOS', 'MDA5_POSITIVE'].map((oid) => ({ oid })),
    )
    expect(Object.fromEntries(flags)).toEqual({
      ITT: 'ITTFL',
      SAFETY: 'SAFFL',
      PP: 'PPROTFL',
      SAF: 'SAF2FL',
      ARSPOS: 'ARSPOSFL',
      MDA5_POSITIVE: 'MDA5POFL',
    })
  })
})

describe('files', () => {
  const source = {
    studyOid: 'SAMPLE',
    studyName: 'Sample',
    version: { number: 1, label: '1.0', hash: 'abc' },
    dataAsOf: '2021-01-01T00:00:00.000Z',
    createdAt: '2021-01-02T00:00:00.000Z',
    engineVersion: '1',
    hasArms: true,
    cut: null,
  }
  const huge = { ...entered, 'W4/F_VS': { WEIGHT: '70.8', HEIGHT: '170' } }
  const sets = [...setsOf(plain, null, huge).values()]

  it('hold every value in every format', () => {
    for (const set of sets) {
      const text = (format: 'csv' | 'json' | 'ndjson') => [...setText(set, format, source)].join('')
      const [head, ...rows] = csvRows(text('csv'))
      expect(head).toEqual(set.variables.map(({ name }) => name))
      expect(rows).toEqual(set.rows.map((row) => row.map((cell) => String(cell ?? ''))))
      // No cell begins as a formula does.
      expect(text('csv')).not.toMatch(/(^|,)"?[=@]/m)
      const read = readDatasetJson(text('json'))
      expect(read.rows).toEqual(set.rows)
      expect(readDatasetJson(text('ndjson'))).toEqual(read)
      expect(read.columns.map(({ name }) => name)).toEqual(head)
      for (const [at, { dataType, length, targetDataType }] of read.columns.entries()) {
        const cells = set.rows.map((row) => row[at]).filter((cell) => cell !== null)
        if (dataType === 'string') {
          expect(Math.max(1, ...cells.map((cell) => [...String(cell)].length))).toBe(length)
        } else if (dataType === 'date') {
          expect(targetDataType).toBe('integer')
          for (const cell of cells) expect(cell).toMatch(/^\d{4}-\d{2}-\d{2}$/)
        } else if (dataType !== 'datetime') {
          for (const cell of cells) expect(typeof cell, read.columns[at]?.name).toBe('number')
        }
      }
    }
  })

  it('come with the list of variables and a page that explains them', () => {
    const files = setFiles(sets, 'csv', source)
    expect(files.map(({ name }) => name)).toEqual([
      'README.txt',
      'variables.csv',
      'adsl.csv',
      'adtte.csv',
      'adae.csv',
      'advs.csv',
      'adlb.csv',
    ])
    const [head, ...rows] = csvRows([...(files[1]?.text ?? [])].join(''))
    expect(head).toEqual(['SET', 'NUMBER', 'NAME', 'LABEL', 'TYPE', 'LENGTH', 'KEY', 'ORIGIN'])
    expect(rows).toHaveLength(sets.reduce((sum, set) => sum + set.variables.length, 0))
    expect(rows.find((row) => row[0] === 'ADSL' && row[2] === 'ALLFL')?.at(-1)).toBe(
      'Population ALL: known(TZERO)',
    )
    for (const [, , name] of rows) expect(name).toMatch(/^[A-Z][A-Z0-9_]{0,7}$/)
  })
})
