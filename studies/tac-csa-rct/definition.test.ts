import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runCheckTests } from '#domain/casebook/check-tests.ts'
import { compileStudy } from '#domain/casebook/compile-study.ts'
import { evaluateForm, populationMember, variableValue } from '#domain/casebook/evaluate.ts'
import type { Casebook, FormRecordData, StoredValue } from '#domain/casebook/record.ts'
import { checkStudy } from '#domain/definition/check-study.ts'
import { findingText } from '#domain/definition/finding.ts'
import { parseStudy } from '#domain/definition/parse-study.ts'

/** Items per form as the protocol lists them; IESIGN is the system's signature, AEREL and AEACN stand once per drug. */
const itemsPerForm: Record<string, number> = {
  F_SUBJ: 6,
  F_ICF: 4,
  F_DM: 5,
  F_SU: 3,
  F_MH: 5,
  F_SV: 5,
  F_CF: 7,
  F_VS: 13,
  F_IIM: 19,
  F_ILD: 5,
  F_MSA: 6,
  F_LB: 14,
  F_ABG: 10,
  F_PFT: 10,
  F_IMG: 8,
  F_IE: 4,
  F_RAND: 5,
  F_EC: 9,
  F_TDM: 8,
  F_GC: 9,
  F_PULSE: 5,
  F_IS: 6,
  F_CM: 11,
  F_AE: 24,
  F_INF: 6,
  F_PROG: 11,
  F_HO: 3,
  F_DTH: 6,
  F_VSTAT: 4,
  F_DSTRT: 4,
  F_DSSTDY: 3,
  F_DV: 4,
}

function folder(path: string, prefix: string) {
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml') && !name.startsWith('demo'))
    .map((name) => ({ path: prefix + name, text: readFileSync(join(path, name), 'utf8') }))
}

const parsed = parseStudy(
  folder(import.meta.dirname, ''),
  folder(join(import.meta.dirname, '../library'), 'library/'),
)
if (parsed.definition === null) throw new Error(parsed.findings.map(findingText).join('\n'))
const definition = parsed.definition
const compiled = compileStudy(definition)

describe('the definition', () => {
  it('has no error and no warning', () => {
    const findings = [...parsed.findings, ...checkStudy(definition).map(parsed.locate)]
    expect(findings.filter((finding) => finding.severity !== 'note').map(findingText)).toEqual([])
  })

  it('has the 32 forms of the protocol with all their items', () => {
    const counts = Object.fromEntries(
      definition.forms.map((form) => [
        form.oid,
        form.groups.reduce((sum, group) => sum + group.items.length, 0),
      ]),
    )
    expect(counts).toEqual(itemsPerForm)
    expect(definition.forms).toHaveLength(32)
  })

  it('uses every form in the schedule', () => {
    const used = new Set(definition.events.flatMap((event) => event.forms.map((f) => f.form)))
    expect([...used].sort()).toEqual(Object.keys(itemsPerForm).sort())
  })

  it('has the rows of the grids', () => {
    const rows = (form: string, group: string) =>
      definition.forms.find((f) => f.oid === form)?.groups.find((g) => g.oid === group)
    expect(rows('F_LB', 'LB')?.rows).toHaveLength(24)
    expect(rows('F_LB', 'LB')?.rowSets?.safety).toEqual(
      'CREAT ALT AST GLUC WBC LYM K MG'.split(' '),
    )
    expect(
      rows('F_MSA', 'MSA')
        ?.rows?.filter((r) => r.required)
        .map((r) => r.key),
    ).toEqual(['ARS', 'MDA5'])
    expect(rows('F_MSA', 'MSA')?.rows).toHaveLength(11)
    expect(rows('F_MH', 'MH')?.rows).toHaveLength(8)
    expect(rows('F_IE', 'IE')?.rows).toHaveLength(10)
  })

  it('says nothing of the size of blocks', () => {
    expect(JSON.stringify(definition)).not.toMatch(/block/i)
  })

  it('has 12 sites, three strata and two arms', () => {
    expect(definition.plannedSites).toHaveLength(12)
    expect(definition.allocation?.strata.map((stratum) => stratum.code)).toEqual([
      'PM',
      'DM',
      'CADM',
    ])
    expect(definition.allocation?.arms.map((arm) => arm.code)).toEqual(['TAC', 'CSA'])
  })
})

describe('the checks', () => {
  it('include the core checks and the checks of the trial', () => {
    const ids = definition.checks.map((check) => check.id)
    for (const n of [2, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]) {
      expect(ids).toContain(`EC-C${String(n).padStart(2, '0')}`)
    }
    for (let n = 1; n <= 13; n++) expect(ids).toContain(`EC-${String(n).padStart(2, '0')}`)
    expect(ids).toContain('EC-03b')
  })

  for (const check of definition.checks) {
    it(`${check.id} fires and stays silent as its tests say`, () => {
      const expectations = (check.tests ?? []).map((test) => test.expect)
      expect(expectations).toContain('fires')
      expect(expectations).toContain('silent')
      expect(runCheckTests(compiled, check).filter((result) => !result.ok)).toEqual([])
    })
  }
})

type Entered = Record<string, Record<string, StoredValue>>

/** A casebook from `EVENT/FORM` or `LOG/FORM#2` to values. */
function casebook(entered: Entered): Casebook {
  const records = Object.entries(entered).map(([address, data]): FormRecordData => {
    const [event = '', rest = ''] = address.split('/')
    const [form = '', repeat = '1'] = rest.split('#')
    return {
      recordId: address,
      key: { event, eventRepeat: 1, form, formRepeat: Number(repeat) },
      versionNumber: 1,
      revision: 1,
      state: 'complete',
      data,
      derived: {},
    }
  })
  return {
    subject: { subjectId: 's', subjectKey: '07-013', siteCode: '07', siteId: 'x' },
    records,
    references: [],
    today: '2026-11-21',
  }
}

function derived(entered: Entered, address: string) {
  const book = casebook(entered)
  const record = book.records.find((r) => r.recordId === address)
  if (!record) throw new Error(`${address} is not entered.`)
  return evaluateForm(compiled, book, record.key).derived
}

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

describe('progression', () => {
  const progression = (values: Record<string, string>, visits: Entered = {}) => {
    const entered: Entered = {
      ...randomised,
      ...visits,
      'LOG/F_PROG': { PRGDTC: '2015-05-25', PRGSYS: 'ILD', PRGTRT: 'Y', ...values },
    }
    return {
      ...derived(entered, 'LOG/F_PROG'),
      date: variableValue(compiled, casebook(entered), 'PFSDT'),
      event: variableValue(compiled, casebook(entered), 'PFSEV'),
      time: variableValue(compiled, casebook(entered), 'PFSTIME'),
    }
  }
  const at = (fvc: string): Entered => ({
    'W12/F_SV': visit('2015-05-25'),
    'W12/F_PFT': { PFTPERF: 'Y', PFTDTC: '2015-05-25', FVCPP: fvc },
  })

  it('needs two of three criteria, and stays undecided with tests not done', () => {
    expect(progression({ PRGSYMP: 'Y', PRGOPAC: 'Y' })).toMatchObject({
      PRGILD: 'Y',
      PRGFL: 'Y',
      date: '2015-05-25',
      event: true,
      time: 84,
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
