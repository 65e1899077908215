import { describe, expect, it } from 'vitest'
import { isFullyTested, runStudyTests } from '#domain/casebook/study-tests.ts'
import { checkStudy } from '#domain/definition/check-study.ts'
import { findingText } from '#domain/definition/finding.ts'
import { studyDefinition } from '#studies/demo/study-definition.ts'

const { compiled, definition, parsed } = studyDefinition('tac-pms', { asDemo: false })

/**
 * Items per form as the protocol lists them, of the library; the causal relation and the action stand once, there is one drug.
 * Behind the plus what the surveillance adds.
 */
const itemsPerForm: Record<string, number> = {
  F_SUBJ: 7,
  F_REG: 5 + 3,
  F_ICF: 1,
  F_DM: 5,
  F_SU: 3,
  F_MH: 5,
  F_IIM: 17,
  F_ILD: 8,
  F_CF: 9,
  F_MSA: 6,
  F_SV: 4,
  F_VS: 7,
  F_LB: 14,
  F_PFT: 9,
  F_ABG: 10,
  F_IMG: 8,
  F_IE: 3,
  F_EC: 9,
  F_TDM: 6,
  F_GC: 10,
  F_PULSE: 5,
  F_IS: 7,
  F_CM: 11,
  F_AE: 20 + 3,
  F_PROG: 11,
  F_HO: 3,
  F_DTH: 6,
  F_VSTAT: 4,
  F_DSTRT: 4,
  F_DSSTDY: 3,
}
const ownForms = { F_BOOK: 7, F_EVAL: 4 }

describe('the definition', () => {
  it('has no error and no warning', () => {
    const findings = [...parsed.findings, ...checkStudy(definition).map(parsed.locate)]
    expect(findings.filter((finding) => finding.severity !== 'note').map(findingText)).toEqual([])
  })

  it('has the 30 forms of the protocol with all their items, and two of its own', () => {
    const counts = Object.fromEntries(
      definition.forms.map((form) => [
        form.oid,
        form.groups.reduce((sum, group) => sum + group.items.length, 0),
      ]),
    )
    expect(counts).toEqual({ ...itemsPerForm, ...ownForms })
    expect(Object.keys(itemsPerForm)).toHaveLength(30)
  })

  it('uses every form in the schedule', () => {
    const used = new Set(definition.events.flatMap((event) => event.forms.map(({ form }) => form)))
    expect([...used].sort()).toEqual(definition.forms.map(({ oid }) => oid).sort())
  })

  it('is a registry without consent form, in 51 departments: 32 rheumatology, 17 pulmonology, 2 dermatology', () => {
    expect(definition.mode).toBe('registry')
    expect(definition.consent).toBeUndefined()
    expect(definition.plannedSites).toHaveLength(51)
    expect(definition.plannedSites.reduce((sum, site) => sum + (site.planned ?? 0), 0)).toBe(179)
    const departments = definition.plannedSites.map(({ name }) => name.en.split(', ')[1])
    const inDepartment = (name: string) => departments.filter((one) => one === name).length
    expect(['rheumatology', 'pulmonology', 'dermatology'].map(inDepartment)).toEqual([32, 17, 2])
  })

  it('knows the contract and the department of every institution', () => {
    const rule = definition.variables.find(({ oid }) => oid === 'CONTRACT')?.value ?? ''
    for (const { code } of definition.plannedSites) expect(rule.split(`'${code}'`)).toHaveLength(2)
  })

  it('has bins instead of windows: none of them asks for a date', () => {
    const bins = definition.events.filter((event) => event.window !== undefined)
    expect(
      bins.map(({ oid, day = 0, window = [0, 0] }) => [
        oid,
        day - 1,
        day - 1 + window[0],
        day - 1 + window[1],
      ]),
    ).toEqual([
      ['D0', 0, -30, 0],
      ['W1', 7, 4, 13],
      ['M1', 30, 14, 60],
      ['M3', 91, 61, 136],
      ['M6', 183, 137, 273],
      ['M12', 365, 274, 547],
      ['M24', 730, 548, 912],
      ['M36', 1096, 913, 1277],
    ])
    for (const bin of bins) expect(bin.windowMode ?? 'bin').toBe('bin')
    expect(definition.checks.map(({ rule }) => rule).join()).not.toContain('windowLow')
  })

  it('asks for anti-Jo-1, anti-ARS and anti-MDA5, 18 tests and the five criteria', () => {
    const rows = (form: string, group: string) =>
      definition.forms
        .find(({ oid }) => oid === form)
        ?.groups.find(({ oid }) => oid === group)
        ?.rows?.map(({ key }) => key)
    expect(rows('F_MSA', 'MSA')).toEqual(['JO1', 'ARS', 'MDA5'])
    expect(rows('F_LB', 'LB')).toHaveLength(18)
    expect(rows('F_IE', 'IE')).toEqual(['IN01', 'IN02', 'IN03', 'IN04', 'IN05'])
  })

  it('marks what the report does not say as assumed parameters', () => {
    const assumed = definition.parameters.filter((one) => one.assumed).map(({ oid }) => oid)
    expect(assumed).toEqual([
      'DATA_CUT',
      'FVC_MODE',
      'PRG_LOOK',
      'BASE_LOOK',
      'PFS_CENSOR',
      'COX_FOLLOWUP',
      'PULSE_LOOK',
      'DTH_DOSE_DAYS',
      'CADM_WAIVE_6M',
      'INFECTION_BY_SOC',
      'SAE_HOURS',
      'SAFETY_NEEDS_DOSE',
      'SAFETY_NEEDS_CONTACT',
    ])
  })
})

describe('its tests', () => {
  const report = runStudyTests(compiled)

  it('has the checks EC-01 to EC-12', () => {
    const ids = definition.checks.map(({ id }) => id)
    for (let n = 1; n <= 12; n++) expect(ids).toContain(`EC-${String(n).padStart(2, '0')}`)
  })

  it('pass: every check fires and stays silent, every derivation is decided, undecided and missing', () => {
    const failed = [...report.checks, ...report.derivations].filter((result) => !result.ok)
    expect(failed).toEqual([])
    expect(report.coverage.gaps).toEqual([])
    expect(isFullyTested(report)).toBe(true)
  })
})
