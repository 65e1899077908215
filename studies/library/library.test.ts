import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { runCheckTests } from '#domain/casebook/check-tests.ts'
import { compileStudy } from '#domain/casebook/compile-study.ts'
import { runStudyTests } from '#domain/casebook/study-tests.ts'
import { checkStudy } from '#domain/definition/check-study.ts'
import { findingText } from '#domain/definition/finding.ts'
import { parseStudy } from '#domain/definition/parse-study.ts'

/** A study that hides nothing: every form of the library with all its items, rows and core checks. */
const library = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => ({
    path: `library/${name}`,
    text: readFileSync(join(import.meta.dirname, name), 'utf8'),
  }))
const forms = library
  .map(({ path }) => /forms\/(F_\w+)\.yaml$/.exec(path)?.[1])
  .filter((form) => form !== undefined)
const logs =
  'F_EC F_GC F_PULSE F_IS F_CM F_AE F_INF F_PROG F_HO F_DTH F_DSTRT F_DSSTDY F_DV F_BX F_PR F_RPILD F_REL F_HRREAD F_HRADJ'.split(
    ' ',
  )
const visits =
  'F_SV F_CF F_VS F_LB F_ABG F_PFT F_IMG F_TDM F_HRACQ F_6MWT F_PRO F_MMT8 F_MYOACT F_MITAX F_MDI F_CAT F_HAMA F_HAMD'.split(
    ' ',
  )
const once = forms.filter((form) => ![...logs, ...visits, 'F_RAND', 'F_VSTAT'].includes(form))

const study = {
  'study.yaml': `
oid: WHOLE
name: { en: Whole library, ja: 全, zh: 全 }
title: { en: Whole library, ja: 全, zh: 全 }
protocol: { version: '1' }
version: '1'
languages: [en, ja, zh]
mode: prospective
anchor: dateOf(F_RAND.RANDDTC)
visitDate: F_SV.SVSTDTC
visitOccurred: F_SV.SVOCCUR
parameters:
  - { oid: CADM_WAIVE_6M, label: { en: CADM, ja: CADM, zh: CADM }, type: boolean, value: true }
  - { oid: MMT_BILATERAL, label: { en: MMT, ja: MMT, zh: MMT }, type: boolean, value: true }
  - { oid: MYOACT_MUSCLE, label: { en: MYOACT, ja: MYOACT, zh: MYOACT }, type: boolean, value: true }
  - { oid: MDI_SEVERITY, label: { en: MDI, ja: MDI, zh: MDI }, type: boolean, value: true }
  - { oid: HRADJ_LOBE, label: { en: Lobe, ja: 肺葉, zh: 肺叶 }, type: number, value: 2 }
  - { oid: HRADJ_TOTAL, label: { en: Total, ja: 総, zh: 总 }, type: number, value: 4 }
`,
  'codelists.yaml': ['CL_SITE', 'CL_STRATUM', 'CL_ARM', 'CL_GRP', 'CL_IETEST']
    .map(
      (oid) => `- { oid: ${oid}, codes: [{ code: '01', label: { en: One, ja: 一, zh: 一 } }] }\n`,
    )
    .join(''),
  'forms.yaml': forms
    .map((form) =>
      form === 'F_IE'
        ? "- use: F_IE\n  items: { IEELIG: { derive: \"'Y'\" } }\n  groups: { IE: { rows: [{ key: '01', label: { en: One, ja: 一, zh: 一 } }] } }\n"
        : `- use: ${form}\n`,
    )
    .join(''),
  'schedule.yaml': `
- { oid: SCR, label: { en: Screening, ja: 検, zh: 筛 }, kind: screening, forms: [${[...visits, ...once].join(', ')}] }
- { oid: W0, label: { en: Week 0, ja: 零, zh: 零 }, kind: baseline, day: 1, window: [0, 0], forms: [${visits.join(', ')}, F_RAND] }
- { oid: W2, label: { en: Week 2, ja: 二, zh: 二 }, kind: scheduled, day: 15, window: [-3, 3], forms: [${visits.join(', ')}] }
- { oid: W4, label: { en: Week 4, ja: 四, zh: 四 }, kind: scheduled, day: 29, window: [-3, 3], forms: [${visits.join(', ')}] }
- { oid: W12, label: { en: Week 12, ja: 十, zh: 十 }, kind: scheduled, day: 85, window: [-7, 7], forms: [${visits.join(', ')}, F_VSTAT] }
- { oid: LOG, label: { en: Logs, ja: 記, zh: 记 }, kind: log, forms: [${logs.join(', ')}, F_VSTAT] }
`,
  // What only a study has: an anchor, and criteria that decide.
  'derivations.yaml': `
- name: two days late
  given: { F_RAND.RANDDTC: '2015-03-02T10:00:00+09:00', W2/F_SV.SVOCCUR: 'Y', W2/F_SV.SVSTDTC: '2015-03-18' }
  expect: { W2/F_SV.SVDEV: 2, F_IE.IEELIG: 'Y' }
`,
}
const parsed = parseStudy(
  Object.entries(study).map(([path, text]) => ({ path, text })),
  library,
)

it('holds together; only rules that belong to a study are missing', () => {
  const { definition, findings, locate } = parsed
  if (!definition) throw new Error(findings.map(findingText).join('\n'))
  const all = [...findings, ...checkStudy(definition).map(locate)]
  const problems = all.filter((finding) => finding.severity !== 'note').map(findingText)
  const lacking = problems.map(
    (text) => / (\w+) has entry but no derivation/.exec(text)?.[1] ?? text,
  )
  expect(lacking).toEqual(
    'GRPCD INFDEF INFDAY PRGFVC PRGPO2 PRGAADO2 PRGILD PRGFL RELLAB RELGC RELFL RELRFL RSDUR RSCK REFMYO RSMYO RSFVC RSTLC RSDLCO REFILD RSILD RSPFL RPILD'.split(
      ' ',
    ),
  )
  expect(definition.forms).toHaveLength(forms.length)
})

it('has core checks whose tests pass', () => {
  const { definition } = parsed
  if (!definition) throw new Error('The library does not parse.')
  const compiled = compileStudy(definition)
  expect(definition.checks.length).toBeGreaterThan(50)
  for (const check of definition.checks) {
    expect(runCheckTests(compiled, check).filter((result) => !result.ok)).toEqual([])
  }
})

it('shows every derivation decided, undecided and missing, and every check firing and silent', () => {
  const { definition } = parsed
  if (!definition) throw new Error('The library does not parse.')
  const { checks, derivations, coverage } = runStudyTests(compileStudy(definition))
  expect(checks.filter(({ ok }) => !ok)).toEqual([])
  expect(derivations.filter(({ ok }) => !ok)).toEqual([])
  expect(coverage.gaps.map(({ name, lacks }) => `${name}: ${lacks.join(', ')}`)).toEqual([])
})
