import { describe, expect, it } from 'vitest'
import { isFullyTested, runStudyTests } from '#domain/casebook/study-tests.ts'
import { checkStudy } from '#domain/definition/check-study.ts'
import { findingText } from '#domain/definition/finding.ts'
import { studyDefinition } from '#studies/demo/study-definition.ts'

const { parsed, definition, compiled } = studyDefinition('mda5-tof-tac', { asDemo: false })

/**
 * Items per form as the protocol lists them, with these differences: IESIGN is the system's signature; F_IIM has SONSUBC, which the
 * CADM subset hangs on; F_INF has INFSYS, the systemic signs of the definition of sepsis; reads and adjudications name their scan (HRKEY).
 */
const itemsPerForm: Record<string, number> = {
  F_SUBJ: 5,
  F_CHART: 6,
  F_DM: 4,
  F_SU: 2,
  F_IIM: 27,
  F_ILD: 4,
  F_MSA: 7,
  F_CF: 9,
  F_IMG: 5,
  F_HRACQ: 4,
  F_HRREAD: 5,
  F_HRADJ: 4,
  F_IE: 3,
  F_GRP: 4,
  F_VS: 6,
  F_LB: 14,
  F_ABG: 9,
  F_PFT: 9,
  F_RPILD: 6,
  F_EC: 8,
  F_GC: 11,
  F_PULSE: 5,
  F_IS: 7,
  F_PR: 4,
  F_CM: 11,
  F_AE: 24,
  F_INF: 18,
  F_DSTRT: 4,
  F_VSTAT: 4,
  F_DTH: 6,
}

const rows = (form: string, group: string) =>
  definition.forms
    .find((f) => f.oid === form)
    ?.groups.find((g) => g.oid === group)
    ?.rows?.map((row) => row.key)

describe('the definition', () => {
  it('has no error and no warning, so every label is there in three languages', () => {
    const findings = [...parsed.findings, ...checkStudy(definition).map(parsed.locate)]
    expect(findings.filter((finding) => finding.severity !== 'note').map(findingText)).toEqual([])
    expect(definition.languages).toEqual(['en', 'ja', 'zh'])
  })

  it('has the 30 forms of the protocol with all their items', () => {
    expect(
      Object.fromEntries(
        definition.forms.map((form) => [
          form.oid,
          form.groups.reduce((sum, group) => sum + group.items.length, 0),
        ]),
      ),
    ).toEqual(itemsPerForm)
    expect(definition.forms).toHaveLength(30)
  })

  it('uses every form at the time points, around an event or in the logs', () => {
    const used = new Set(definition.events.flatMap((event) => event.forms.map((f) => f.form)))
    expect([...used].sort()).toEqual(Object.keys(itemsPerForm).sort())
    expect(definition.events.map((event) => event.oid)).toEqual(
      'HRCT0 TX0 M6 M12 END EVT LOG'.split(' '),
    )
  })

  it('counts from the first HRCT, treatment from its first dose, and follow-up to the end of 2021', () => {
    expect(definition.anchor).toBe('TZERO')
    const days = definition.events
      .filter((event) => event.window)
      .map(({ oid, day = 1, anchor = 'TZERO', window: [before, after] = [0, 0] }) => [
        oid,
        anchor,
        day - 1 + before,
        day - 1 + after,
      ])
    expect(days).toEqual([
      ['HRCT0', 'TZERO', 0, 0],
      ['TX0', 'TRTSTDT', -14, 3],
      ['M6', 'TZERO', 92, 274],
      ['M12', 'TZERO', 274, 456],
      ['END', 'DATA_CUT', -1552, 0],
    ])
  })

  it('has the rows of the grids', () => {
    expect(rows('F_LB', 'LB')).toEqual(
      'WBC NEUT NEUTLE LYM LYMLE RBC HGB PLAT ALT AST LDH ALB GLOBUL UREAN CREAT CRP CK CKMB FERRITIN ESR DDIMER BDG GMAG CMVDNA EBVDNA'.split(
        ' ',
      ),
    )
    expect(rows('F_MSA', 'MSA')).toEqual(
      'MDA5 MI2A MI2B TIF1G NXP2 SAE1 KU PMSCL100 PMSCL75 SRP RO52 JO1 PL7 PL12 EJ OJ'.split(' '),
    )
    expect(rows('F_IE', 'IE')).toEqual('IN01 IN02 IN03 IN04 IN05 IN06 IN07 IN08 EX01'.split(' '))
  })

  it('keeps no silent choice: what the report does not say is an assumed parameter', () => {
    const assumed = definition.parameters.filter((one) => one.assumed).map((one) => one.oid)
    expect(assumed).toEqual(
      'EARLY_END_OK GRAY_LOW_NEG LIVER_XULN RENAL_XULN LYM_BY_GRADE GC_AS_PSL PULSE_INITIAL MONTH_DAYS'.split(
        ' ',
      ),
    )
    const visits = definition.events.filter((event) => event.assumed).map((event) => event.oid)
    expect(visits).toEqual(['TX0', 'M6', 'M12'])
  })

  it('has two readers for each scan, who are blind to one another', () => {
    const read = definition.forms.find((form) => form.oid === 'F_HRREAD')
    expect(read?.reading).toEqual({
      reader: 'HRREADER',
      image: 'HRKEY',
      readers: 2,
      adjudication: 'F_HRADJ',
    })
  })
})

describe('the tests beside the rules', () => {
  const report = runStudyTests(compiled)

  it('all hold', () => {
    expect(report.checks.filter((result) => !result.ok)).toEqual([])
    expect(report.derivations.filter((result) => !result.ok)).toEqual([])
  })

  it('leave no check and no derivation untried', () => {
    expect(report.coverage.gaps).toEqual([])
    expect(isFullyTested(report)).toBe(true)
  })

  it('include the checks of the protocol', () => {
    const ids = definition.checks.map((check) => check.id)
    for (let n = 1; n <= 12; n++) expect(ids).toContain(`EC-${String(n).padStart(2, '0')}`)
    for (const n of '02 05 06 07b 08 09 10 11 12 13 14 15'.split(' '))
      expect(ids).toContain(`EC-C${n}`)
  })
})
