import { describe, expect, it } from 'vitest'
import { evaluateForm, populationMember, variableValue } from '#domain/casebook/evaluate.ts'
import type { StoredValue } from '#domain/casebook/record.ts'
import type { Entered } from '#studies/testing/made-casebook.ts'
import { casebook, compiled, definition, derived } from './test-definition.ts'

const visit = (date: string) => ({ SVOCCUR: 'Y', SVSTDTC: date })
const randomised: Entered = {
  'W0/F_RAND': {
    RANDNO: 'R001',
    RANDSTR: 'CADM',
    ARMCD: 'TAC',
    RANDDTC: '2015-03-02T08:30:00+09:00',
  },
  'SCR/F_SV': visit('2015-02-24'),
  'W0/F_SV': visit('2015-03-02'),
  'SCR/F_PFT': { PFTPERF: 'Y', PFTDTC: '2015-02-24', FVCPP: '75.0', DLCOPP: '60' },
  'SCR/F_ABG': { ABGPERF: 'Y', ABGDTC: '2015-02-24', FIO2: '0.21', PO2: '80' },
}

describe('derivations', () => {
  const bp = (BPWEAK: string, BPBIOP: string, BPENZ: string, BPEMG: string, BPRASH: string) =>
    derived(
      { 'SCR/F_IIM': { BPWEAK, BPBIOP, BPENZ, BPEMG, BPRASH, BPHELIO: 'N', BPGOTT: 'N' } },
      'SCR/F_IIM',
    ).BPCLASS

  it('gives the Bohan-Peter class (D-LIB-01)', () => {
    expect(bp('Y', 'Y', 'Y', 'Y', 'N')).toBe('DEF_PM')
    expect(bp('Y', 'N', 'Y', 'Y', 'N')).toBe('PROB_PM')
    expect(bp('Y', 'ND', 'Y', 'ND', 'N')).toBe('POSS_PM')
    expect(bp('Y', 'N', 'Y', 'Y', 'Y')).toBe('DEF_DM')
    expect(bp('Y', 'N', 'Y', 'N', 'Y')).toBe('PROB_DM')
    expect(bp('N', 'ND', 'Y', 'N', 'Y')).toBe('POSS_DM')
    expect(bp('N', 'N', 'N', 'ND', 'Y')).toBe('NONE')
    expect(derived({ 'SCR/F_IIM': { BPWEAK: 'Y' } }, 'SCR/F_IIM').BPCLASS).toBeUndefined()
  })

  it('converts to prednisolone and to doses per kg', () => {
    const entered: Entered = {
      ...randomised,
      'SCR/F_VS': { VSPERF: 'Y', WEIGHT: '50.0', HEIGHT: '160' },
      'W0/F_VS': { VSPERF: 'Y', WEIGHT: '54.0' },
      'LOG/F_GC': {
        GCTRT: 'METHYLPREDNISOLONE',
        GCSTDTC: '2015-02-26',
        GCDOSE: '32',
        GCROUTE: 'ORAL',
      },
      'LOG/F_GC#2': { GCTRT: 'PREDNISOLONE', GCSTDTC: '2015-04-02', GCDOSE: '35', GCROUTE: 'ORAL' },
      'LOG/F_EC': {
        ECTRT: 'TACROLIMUS',
        ECSTDTC: '2015-03-02',
        ECONGO: 'Y',
        ECDOSE: '2.0',
        ECDOSFRQ: 'BID',
      },
    }
    expect(derived(entered, 'LOG/F_GC')).toMatchObject({ GCPSL: '40.00', GCPSLKG: '0.8000' })
    expect(derived(entered, 'LOG/F_GC#2')).toMatchObject({ GCPSL: '35.00', GCTAPER: '12.5' })
    expect(derived(entered, 'LOG/F_EC')).toMatchObject({ ECDTOT: '4.00', ECDKG: '0.0741' })
    expect(derived(entered, 'SCR/F_VS').BMI).toBe('19.5')
    expect(variableValue(compiled, casebook(entered), 'INIT_PSL')).toBe(40)
  })

  it('grades laboratory results in the unit of the site', () => {
    const result = derived(
      {
        ...randomised,
        'SCR/F_LB': { 'LB[CREAT].LBORRES': '0.60', 'LB[CREAT].LBORRESU': 'mg/dL' },
        'W4/F_SV': visit('2015-03-30'),
        'W4/F_LB': {
          'LB[CREAT].LBDTC': '2015-03-30',
          'LB[CREAT].LBORRES': '0.96',
          'LB[CREAT].LBORRESU': 'mg/dL',
          'LB[ALT].LBORRES': '121',
          'LB[ALT].LBORRESU': 'U/L',
        },
      },
      'W4/F_LB',
    )
    expect(result).toMatchObject({
      'LB[CREAT].LBSTRESN': '84.8640',
      'LB[CREAT].LBXBASE': '1.60',
      'LB[CREAT].LBNRIND': 'NORMAL',
      'LB[CREAT].LBTOXGR': '2',
      'LB[ALT].LBNRIND': 'HIGH',
      'LB[ALT].LBTOXGR': '2',
    })
  })
})

describe('eligibility', () => {
  const screening = (changes: Entered = {}): Entered => ({
    'SCR/F_SV': visit('2015-02-24'),
    'SCR/F_ICF': { ICFREQ: 'Y', RFICDTC: '2015-02-24' },
    'SCR/F_DM': { BRTHDTC: '1956', SEX: 'F' },
    'SCR/F_IIM': {
      BPWEAK: 'N',
      SONRASH: 'Y',
      SONRASHM: '2',
      SONEXCL: 'N',
      IIMCANC: 'N',
      IIMOVLP: 'N',
    },
    'SCR/F_ILD': { ILDHRCT: 'Y' },
    'SCR/F_LB': {
      'LB[CREAT].LBDTC': '2015-02-24',
      'LB[CREAT].LBORRES': '0.70',
      'LB[CREAT].LBORRESU': 'mg/dL',
    },
    'SCR/F_MH': { 'MH[TB].MHOCCUR': 'N' },
    'SCR/F_IE': { EXPREG: 'N' },
    ...changes,
  })
  const suggested = (entered: Entered) => {
    const { suggested } = evaluateForm(compiled, casebook(entered), {
      event: 'SCR',
      eventRepeat: 1,
      form: 'F_IE',
      formRepeat: 1,
    })
    return Object.fromEntries(
      Object.entries(suggested).map(([path, value]) => [path.slice(3, 7), value]),
    )
  }

  it('proposes what the other forms decide and leaves active infection to the investigator', () => {
    expect(suggested(screening())).toEqual({
      IN01: 'Y',
      IN02: 'Y',
      IN03: 'Y',
      IN04: 'Y',
      IN05: 'Y',
      EX01: 'N',
      EX03: 'N',
      EX04: 'N',
      EX05: 'N',
    })
  })

  it('sees what excludes', () => {
    const changed = screening({
      'SCR/F_DM': { BRTHDTC: '1998-06', SEX: 'M' },
      'SCR/F_ICF': { ICFREQ: 'Y', RFICDTC: '2014-10-31' },
      'LOG/F_IS': { ISTRT: 'CICLOSPORIN', ISPURP: 'PRIOR' },
      'SCR/F_MH': { 'MH[TB].MHOCCUR': 'Y' },
      'SCR/F_LB': { 'LB[CREAT].LBORRES': '2.00', 'LB[CREAT].LBORRESU': 'mg/dL' },
      'SCR/F_IIM': { BPWEAK: 'N', SONRASH: 'N', IIMCANC: 'Y', IIMOVLP: 'U' },
    })
    expect(suggested(changed)).toMatchObject({
      IN01: 'N',
      IN05: 'N',
      EX01: 'Y',
      EX02: 'Y',
      EX03: 'Y',
      EX04: 'N',
      EX05: 'Y',
    })
  })

  it('is undecided until every criterion is confirmed', () => {
    const inclusion = ['IN01', 'IN02', 'IN03', 'IN04', 'IN05']
    const exclusion = ['EX01', 'EX02', 'EX03', 'EX04', 'EX05']
    const answers: Record<string, StoredValue> = {}
    for (const code of inclusion) answers[`IE[${code}].IEORRES`] = 'Y'
    for (const code of exclusion) answers[`IE[${code}].IEORRES`] = 'N'
    const eligible = (values: Record<string, StoredValue>) =>
      derived(screening({ 'SCR/F_IE': values }), 'SCR/F_IE').IEELIG
    expect(eligible(answers)).toBe('Y')
    const { 'IE[EX02].IEORRES': _, ...open } = answers
    expect(eligible(open)).toBeUndefined()
    expect(eligible({ ...open, 'IE[IN01].IEORRES': 'N' })).toBe('N')
  })
})

describe('progression', () => {
  const progression = (values: Record<string, string>, visits: Entered = {}) => {
    const entered: Entered = {
      ...randomised,
      ...visits,
      'LOG/F_PROG': { PRGDTC: '2015-05-25', PRGSYS: 'ILD', PRGTRT: 'Y', ...values },
    }
    const result: Record<string, unknown> = { ...derived(entered, 'LOG/F_PROG') }
    for (const oid of ['PFSDT', 'PFSEV', 'PFSTIME']) {
      result[oid] = variableValue(compiled, casebook(entered), oid)
    }
    return result
  }
  const at = (fvc: string): Entered => ({
    'W12/F_SV': visit('2015-05-25'),
    'W12/F_PFT': { PFTPERF: 'Y', PFTDTC: '2015-05-25', FVCPP: fvc },
  })

  it('needs two of three criteria, and stays undecided with tests not done', () => {
    expect(progression({ PRGSYMP: 'Y', PRGOPAC: 'Y' })).toMatchObject({
      PRGILD: 'Y',
      PRGFL: 'Y',
      PFSDT: '2015-05-25',
      PFSEV: true,
      PFSTIME: 84,
    })
    expect(progression({ PRGSYMP: 'Y', PRGOPAC: 'ND' }).PRGILD).toBeUndefined()
    expect(progression({ PRGSYMP: 'N', PRGOPAC: 'N' })).toMatchObject({ PRGILD: 'N', PRGFL: 'N' })
  })

  it('counts a fall of %FVC of more than 10 points, not of 10', () => {
    const values = { PRGSYMP: 'Y', PRGOPAC: 'N', PRGPO2: 'N' }
    expect(progression(values, at('64.9'))).toMatchObject({ PRGFVC: 'Y', PRGILD: 'Y' })
    expect(progression(values, at('65.0'))).toMatchObject({ PRGFVC: 'N', PRGILD: 'N' })
  })

  it('compares PaO2 only at the FiO2 of baseline', () => {
    const gas = (FIO2: string) => ({
      'W12/F_SV': visit('2015-05-25'),
      'W12/F_ABG': { ABGPERF: 'Y', ABGDTC: '2015-05-25', FIO2, PO2: '69.9' },
    })
    expect(progression({ PRGSYMP: 'Y', PRGOPAC: 'N' }, gas('0.21')).PRGPO2).toBe('Y')
    expect(progression({ PRGSYMP: 'Y', PRGOPAC: 'N' }, gas('0.40')).PRGPO2).toBeUndefined()
  })

  it('counts muscle and skin when treatment was needed', () => {
    expect(progression({ PRGSYS: 'MUSCLE', PRGSYMP: 'N', PRGOPAC: 'N' }).PRGFL).toBe('Y')
    expect(progression({ PRGSYS: 'MUSCLE', PRGSYMP: 'N', PRGOPAC: 'N', PRGTRT: 'N' }).PRGFL).toBe(
      'N',
    )
  })
})

describe('analysis variables', () => {
  const finished: Entered = {
    ...randomised,
    'W52/F_SV': visit('2016-02-29'),
    'W52/F_PFT': { PFTPERF: 'Y', PFTDTC: '2016-02-29', FVCPP: '91.9', DLCOPP: '70' },
    'LOG/F_EC': { ECTRT: 'TACROLIMUS', ECSTDTC: '2015-03-02', ECONGO: 'Y' },
    'LOG/F_DSSTDY': { DSSTDTC: '2016-02-29', DSDECOD: 'COMPLETED' },
  }
  const value = (entered: Entered, oid: string) => variableValue(compiled, casebook(entered), oid)

  it('takes the local date of randomisation as time zero', () => {
    expect(value(randomised, 'TZERO')).toBe('2015-03-02')
  })

  it('puts a subject without event who completed into the per-protocol set', () => {
    expect(value(finished, 'PFSEV')).toBe(false)
    expect(value(finished, 'PFSTIME')).toBe(364)
    expect(value(finished, 'OSTIME')).toBe(364)
    expect(value(finished, 'DFVCPP')).toBeCloseTo(16.9)
    const pp = definition.populations.find((population) => population.oid === 'PP')
    if (!pp) throw new Error('There is no population PP.')
    expect(populationMember(compiled, casebook(finished), pp.oid)).toBe(true)
    const major = { ...finished, 'LOG/F_DV': { DVCAT: 'DOSING', DVMAJ: 'Y' } }
    expect(populationMember(compiled, casebook(major), pp.oid)).toBe(false)
    expect(populationMember(compiled, casebook(randomised), pp.oid)).toBe(false)
  })

  it('counts a death as event of both endpoints', () => {
    const dead = { ...randomised, 'LOG/F_DTH': { DTHDTC: '2015-07-20', DTHCAUS: 'ILD' } }
    expect(value(dead, 'PFSDT')).toBe('2015-07-20')
    expect(value(dead, 'OSEV')).toBe(true)
    expect(value(dead, 'OSTIME')).toBe(140)
  })

  it('finds renal and liver dysfunction by the rules of the report', () => {
    const lab = (test: string, before: string, after: string, unit: string): Entered => ({
      ...randomised,
      'SCR/F_LB': {
        [`LB[${test}].LBDTC`]: '2015-02-24',
        [`LB[${test}].LBORRES`]: before,
        [`LB[${test}].LBORRESU`]: unit,
      },
      'W4/F_SV': visit('2015-03-30'),
      'W4/F_LB': {
        [`LB[${test}].LBDTC`]: '2015-03-30',
        [`LB[${test}].LBORRES`]: after,
        [`LB[${test}].LBORRESU`]: unit,
      },
    })
    expect(value(lab('CREAT', '0.60', '0.91', 'mg/dL'), 'RENAL_DYS')).toBe(true)
    expect(value(lab('CREAT', '0.60', '0.90', 'mg/dL'), 'RENAL_DYS')).toBe(false)
    expect(value(lab('ALT', '30', '121', 'U/L'), 'LIVER_DYS')).toBe(true)
    expect(value(lab('ALT', '200', '120', 'U/L'), 'LIVER_DYS')).toBe(false)
    expect(value(lab('GGT', '30', '400', 'U/L'), 'LIVER_DYS')).toBe(false)
  })
})
