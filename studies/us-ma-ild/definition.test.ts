import { describe, expect, it } from 'vitest'
import { isFullyTested, runStudyTests } from '#domain/casebook/study-tests.ts'
import { checkStudy } from '#domain/definition/check-study.ts'
import { findingText } from '#domain/definition/finding.ts'
import { studyDefinition } from '#studies/demo/study-definition.ts'

const { parsed, definition, compiled } = studyDefinition('us-ma-ild', { asDemo: false })

/**
 * Items per form as the protocol lists them, with these differences: IESIGN is the system's signature, and F_DM has the second
 * reading of race (RACESRC) that check EC-10 compares with.
 */
const itemsPerForm: Record<string, number> = {
  F_SUBJ: 6,
  F_CHART: 6,
  F_DM: 6,
  F_SU: 2,
  F_IIM: 20,
  F_ILD: 3,
  F_MSA: 7,
  F_GC: 7,
  F_IS: 7,
  F_BX: 4,
  F_CF: 4,
  F_LB: 12,
  F_PFT: 10,
  F_IMG: 5,
  F_IE: 3,
  F_RESP: 13,
  F_GRP: 4,
  F_EC: 8,
  F_TDM: 4,
  F_HO: 3,
  F_VSTAT: 4,
}

describe('the definition', () => {
  it('has no error and no warning', () => {
    const findings = [...parsed.findings, ...checkStudy(definition).map(parsed.locate)]
    expect(findings.filter((finding) => finding.severity !== 'note').map(findingText)).toEqual([])
  })

  it('has the 21 forms of the protocol with all their items', () => {
    expect(
      Object.fromEntries(
        definition.forms.map((form) => [
          form.oid,
          form.groups.reduce((sum, group) => sum + group.items.length, 0),
        ]),
      ),
    ).toEqual(itemsPerForm)
    expect(definition.forms).toHaveLength(21)
  })

  it('uses every form in the schedule, at the six time points and in the logs', () => {
    const used = new Set(definition.events.flatMap((event) => event.forms.map((f) => f.form)))
    expect([...used].sort()).toEqual(Object.keys(itemsPerForm).sort())
    expect(definition.events.map((event) => event.oid)).toEqual(
      'IDX M6 M6_12 TAC0 TAC3_6 TAC12 LOG'.split(' '),
    )
  })

  it('counts windows in days after the anchor as the protocol prints them', () => {
    const days = definition.events
      .filter((event) => event.window)
      .map(({ oid, day = 1, window: [before, after] = [0, 0], choose = 'nearest' }) => [
        oid,
        day - 1 + before,
        day - 1 + after,
        choose,
      ])
    expect(days).toEqual([
      ['IDX', -90, 14, 'nearest'],
      ['M6', 183, 274, 'first'],
      ['M6_12', 183, 365, 'last'],
      ['TAC0', -60, 7, 'nearest'],
      ['TAC3_6', 91, 183, 'nearest'],
      ['TAC12', 304, 426, 'nearest'],
    ])
  })

  it('has the rows of the grids', () => {
    const rows = (form: string, group: string) =>
      definition.forms
        .find((f) => f.oid === form)
        ?.groups.find((g) => g.oid === group)
        ?.rows?.map((row) => row.key)
    expect(rows('F_LB', 'LB')).toEqual('CK ALDOLASE CREAT ALT AST WBC HGB PLAT GLUC K'.split(' '))
    expect(rows('F_MSA', 'MSA')).toEqual('ANA JO1 SSA MI2 PL7 SRP KU'.split(' '))
    expect(rows('F_IE', 'IE')).toEqual(
      'IN01 IN02 IN03 IN04 IN05 EX01 EX02 EX03 EX04 EX05'.split(' '),
    )
  })

  it('keeps no silent choice: what the report does not say is an assumed parameter', () => {
    const assumed = definition.parameters.filter((one) => one.assumed).map((one) => one.oid)
    expect(assumed).toEqual(
      'ICD_NEEDS_ILD CADM_WAIVE_6M CK_NORMAL_BASE CK_NEEDS_BOTH PFT_MODE PFT_AT_LIMIT CONV_DAYS INDETERMINATE DAY_M6_12 DOSES_TO_TAC DAY_TAC3_6 DAY_TAC12 DOUBLE_EVERY'.split(
        ' ',
      ),
    )
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
    for (let n = 1; n <= 10; n++) expect(ids).toContain(`EC-${String(n).padStart(2, '0')}`)
    for (const n of ['02', '05b', '06', '09', '12', '14']) expect(ids).toContain(`EC-C${n}`)
  })
})
