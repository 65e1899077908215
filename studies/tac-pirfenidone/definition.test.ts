import { describe, expect, it } from 'vitest'
import { isFullyTested, runStudyTests } from '#domain/casebook/study-tests.ts'
import { checkStudy } from '#domain/definition/check-study.ts'
import { findingText } from '#domain/definition/finding.ts'
import { studyDefinition } from '#studies/demo/study-definition.ts'

const { parsed, definition, compiled } = studyDefinition('tac-pirfenidone', { asDemo: false })

/**
 * Items per form as the protocol lists them, with these differences: IESIGN is the system's signature; patterned items stand as grids (lobes,
 * muscle groups, organ systems) or once per drug; F_SUBJ has the protocol and the link to the other one, the reads and the adjudication the
 * key of their scan (one OID per scan), F_IE the malignancy waiver, ratings a rater of their own, F_PRO the way of entry, F_6MWT the reason not done. The questions inside
 * MITAX and CAT belong to licensed instruments and are left out.
 */
const itemsPerForm: Record<string, number> = {
  F_6MWT: 7,
  F_ABG: 10,
  F_AE: 24,
  F_CAT: 3,
  F_CF: 11,
  F_CHART: 6,
  F_CM: 11,
  F_DM: 4,
  F_DSSTDY: 3,
  F_DSTRT: 4,
  F_DTH: 6,
  F_DV: 4,
  F_EC: 9,
  F_GC: 10,
  F_GRP: 5,
  F_HAMA: 17,
  F_HAMD: 20,
  F_HRACQ: 6,
  F_HRADJ: 9,
  F_HRREAD: 15,
  F_ICF: 4,
  F_IE: 6,
  F_IIM: 20,
  F_ILD: 4,
  F_INF: 10,
  F_IS: 7,
  F_LB: 14,
  F_MDI: 6,
  F_MH: 5,
  F_MITAX: 8,
  F_MMT8: 7,
  F_MSA: 6,
  F_MYOACT: 10,
  F_PFT: 10,
  F_PR: 4,
  F_PRO: 3,
  F_PULSE: 5,
  F_REL: 9,
  F_SU: 3,
  F_SUBJ: 8,
  F_SV: 5,
  F_TDM: 6,
  F_VS: 13,
  F_VSTAT: 4,
}

describe('the definition', () => {
  it('has no error and no warning', () => {
    const findings = [...parsed.findings, ...checkStudy(definition).map(parsed.locate)]
    expect(findings.filter((finding) => finding.severity !== 'note').map(findingText)).toEqual([])
  })

  it('has the 44 forms of both protocols with all their items', () => {
    expect(
      Object.fromEntries(
        definition.forms.map((form) => [
          form.oid,
          form.groups.reduce((sum, group) => sum + group.items.length, 0),
        ]),
      ),
    ).toEqual(itemsPerForm)
    expect(definition.forms).toHaveLength(44)
  })

  it('uses every form in the schedule', () => {
    const used = new Set(definition.events.flatMap((event) => event.forms.map((f) => f.form)))
    expect([...used].sort()).toEqual(Object.keys(itemsPerForm).sort())
  })

  it('keeps the protocols apart: charts have no windows, visits have the calendar of the report', () => {
    const day = (oid: string) => {
      const event = definition.events.find((one) => one.oid === oid)
      return [event?.when, event?.day, event?.window]
    }
    expect(day('IDX')).toEqual(['COHORT_R', undefined, undefined])
    expect(day('BL')).toEqual(['COHORT_P', 1, [-14, 0]])
    expect(day('M1')).toEqual(['COHORT_P', 31, [-7, 7]])
    expect(day('M3')).toEqual(['COHORT_P', 92, [-14, 14]])
    expect(day('M6')).toEqual(['COHORT_P', 184, [-21, 21]])
    expect(day('M12')).toEqual(['COHORT_P', 366, [-30, 30]])
  })

  it('speaks English, Japanese and Chinese everywhere', () => {
    const without: string[] = []
    const labels = (what: unknown, path: string): void => {
      if (Array.isArray(what)) for (const [n, one] of what.entries()) labels(one, `${path}/${n}`)
      else if (typeof what === 'object' && what !== null) {
        const entries = Object.entries(what)
        if ('en' in what)
          for (const tongue of ['ja', 'zh'])
            if (!(tongue in what)) without.push(`${path} ${tongue}`)
        for (const [key, value] of entries) labels(value, `${path}/${key}`)
      }
    }
    labels(definition, '')
    expect(without).toEqual([])
  })

  it('reads scans by two readers, five lobes and four findings', () => {
    const form = definition.forms.find((one) => one.oid === 'F_HRREAD')
    expect(form?.reading).toEqual({
      reader: 'HRREADER',
      image: 'HRKEY',
      readers: 2,
      adjudication: 'F_HRADJ',
    })
    const grid = form?.groups.find((group) => group.oid === 'HRL')
    expect(grid?.rows?.map((row) => row.key)).toEqual(['RUL', 'RML', 'RLL', 'LUL', 'LLL'])
    expect(grid?.items.map((item) => item.oid)).toEqual(
      'HRLOBE HR_GGA HR_CONS HR_RETIC HR_TBX'.split(' '),
    )
  })

  it('keeps no silent choice: what the report does not say is an assumed parameter', () => {
    const assumed = definition.parameters.filter((one) => one.assumed).map((one) => one.oid)
    expect(assumed).toEqual(
      'CADM_WAIVE_6M CREAT_ULN_MAX FVC_RESTR REL_GC_KG REL_LOOK MMT_BILATERAL MYOACT_MUSCLE MDI_SEVERITY HRADJ_LOBE HRADJ_TOTAL HR_MEAN PFD_DAYS'.split(
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
    for (let n = 1; n <= 14; n++) expect(ids).toContain(`EC-${String(n).padStart(2, '0')}`)
    for (const n of ['02', '05', '06', '07', '08', '09', '10', '11', '12', '13', '14', '15'])
      expect(ids).toContain(`EC-C${n}`)
  })
})
