import { describe, expect, it } from 'vitest'
import { runCheckTests } from '#domain/casebook/check-tests.ts'
import { studyChecks } from '#domain/casebook/study-checks.ts'
import { runStudyTests } from '#domain/casebook/study-tests.ts'
import { checkStudy } from '#domain/definition/check-study.ts'
import { findingText } from '#domain/definition/finding.ts'
import { compiled, definition, parsed } from './test-definition.ts'

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
  const checks = studyChecks(definition).map(({ check }) => check)

  it('include the core checks and the checks of the trial', () => {
    const ids = checks.map((check) => check.id)
    for (const n of [2, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]) {
      expect(ids).toContain(`EC-C${String(n).padStart(2, '0')}`)
    }
    for (let n = 1; n <= 13; n++) expect(ids).toContain(`EC-${String(n).padStart(2, '0')}`)
    expect(ids).toContain('EC-03b')
  })

  for (const check of checks) {
    it(`${check.id} fires and stays silent as its tests say`, () => {
      const expectations = (check.tests ?? []).map((test) => test.expect)
      expect(expectations).toContain('fires')
      expect(expectations).toContain('silent')
      expect(runCheckTests(compiled, check).filter((result) => !result.ok)).toEqual([])
    })
  }
})

describe('the derivations', () => {
  it('are each shown decided, undecided and missing by tests that hold', () => {
    const { derivations, coverage } = runStudyTests(compiled)
    expect(derivations.filter(({ ok }) => !ok)).toEqual([])
    expect(coverage.derivations).toEqual({ covered: 113, total: 113 })
    expect(coverage.gaps).toEqual([])
  })
})
