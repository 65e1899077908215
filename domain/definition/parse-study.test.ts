import { describe, expect, test } from 'vitest'
import { sampleFiles, sampleSources } from '#domain/casebook/testing/sample-study.ts'
import { findingText } from './finding.ts'
import { parseStudy, type SourceFile } from './parse-study.ts'

const library: SourceFile[] = [
  {
    path: 'library/forms/F_PE.yaml',
    text: `
oid: F_PE
label: Examination
groups:
  - oid: PE
    items:
      - { oid: PEA, label: A, type: integer, soft: [1, 5] }
      - { oid: PEB, label: B, type: code, codeList: CL_LIB }
      - { oid: PEC, label: C, type: text }
  - oid: PR
    repeats: fixed
    rows: [{ key: ONE, label: One }, { key: TWO, label: Two }]
    items: [{ oid: PRX, label: X, type: decimal }]
`,
  },
  {
    path: 'library/forms/F_LL.yaml',
    text: `
oid: F_LL
label: Panel
groups: [{ oid: LL, repeats: fixed, rows: labs, items: [{ oid: LLX, label: X, type: decimal, unit: row }] }]
`,
  },
  {
    path: 'library/codelists.yaml',
    text: `
- { oid: CL_LIB, codes: [{ code: 1, label: One }, { code: 02, label: Two }, { code: Y, label: Yes }] }
- { oid: CL_UNUSED, codes: [{ code: X, label: X }] }
`,
  },
  {
    path: 'library/labs.yaml',
    text: `
- { key: K, label: Potassium, unit: mmol/L, soft: [2.5, 6.5] }
- { key: MG, label: Magnesium, unit: mmol/L }
`,
  },
  {
    path: 'library/checks.yaml',
    text: `
- { id: L-01, form: F_PE, item: PEA, level: soft, rule: PEA > 4, message: High }
- { id: L-02, form: F_PE, item: PEA, level: soft, rule: F_XX.Q == 'Y', message: Never }
- { id: L-03, form: F_PE, item: PEA, level: soft, rule: "F_PE.exists(r, r.NOWHERE == 1)", message: Never }
`,
  },
]

function parsed(changes: Record<string, string | null> = {}, shelf: SourceFile[] = []) {
  const { definition, findings } = parseStudy(sampleSources(changes), shelf)
  const errors = findings.filter(({ severity }) => severity === 'error').map(findingText)
  return { definition, findings, errors }
}
const withForms = (more: string) => ({ 'forms.yaml': `${sampleFiles['forms.yaml']}\n${more}` })

describe('reading', () => {
  test('labels in short, numbers as written, forms by name alone', () => {
    const { definition, errors } = parsed()
    expect(errors).toEqual([])
    expect(definition?.title).toEqual({ en: 'A sample study' })
    expect(definition?.version).toBe('1.0')
    expect(definition?.plannedSites).toEqual([{ code: '01', name: { en: 'First' } }])
    expect(definition?.events[0]?.forms[0]).toEqual({ form: 'F_SV', required: true })
    expect(definition?.codeLists[0]?.codes[1]).toEqual({ code: 'N', label: { en: 'No' } })
    expect(definition?.checks[0]?.tests?.[0]?.given).toEqual({
      'SCR/F_VS.WEIGHT': 80,
      'W4/F_VS.WEIGHT': 69,
    })
  })

  test('unknown keys, wrong shapes and bad OIDs name file, line and column', () => {
    const { definition, errors } = parsed({
      'variables.yaml': `
- oid: tzero
  label: Zero
  type: date
  value: today()
  colour: red
`,
    })
    expect(definition).toBeNull()
    expect(errors.join('\n')).toContain('variables.yaml:2:8: error: oid: Invalid string')
    expect(errors.join('\n')).toContain('variables.yaml:6:11: error: “colour” is not known here.')
  })

  test('a study without study.yaml, or with a stray file, says so', () => {
    expect(parsed({ 'study.yaml': null }).errors).toEqual([
      'study: error: The folder has no study.yaml. [no-study]',
    ])
    expect(parsed({ 'form.yaml': 'x: 1' }).errors[0]).toContain('form.yaml:1:1: error: Not one of')
    expect(parsed({ 'demo/cohort.yaml': 'x: 1', 'notes.txt': '[' }).errors).toEqual([])
  })
})

describe('the library', () => {
  test('forms are used, hidden, changed and added to', () => {
    const { definition, errors } = parsed(
      withForms(`
- use: F_PE
  label: Our examination
  hide: [PEC]
  items: { PEA: { soft: null, hard: [0, 9] } }
  add: [{ after: PEA, oid: PEZ, label: Z, type: text }, { group: PR, oid: PRZ, label: Z, type: text }]
  groups: { PR: { rows: [TWO, { use: ONE, label: First }] } }
- use: F_LL
  groups: { LL: { rows: [MG, { use: K, soft: [3, 6] }] } }
`),
      library,
    )
    expect(errors).toEqual([])
    const form = definition?.forms.find(({ oid }) => oid === 'F_PE')
    expect(form?.label.en).toBe('Our examination')
    expect(form?.groups[0]?.items.map(({ oid }) => oid)).toEqual(['PEA', 'PEZ', 'PEB'])
    expect(form?.groups[0]?.items[0]).toEqual({
      oid: 'PEA',
      label: { en: 'A' },
      type: 'integer',
      hard: [0, 9],
    })
    expect(form?.groups[1]?.rows?.map((row) => `${row.key} ${row.label.en}`)).toEqual([
      'TWO Two',
      'ONE First',
    ])
    expect(form?.groups[1]?.items.map(({ oid }) => oid)).toEqual(['PRX', 'PRZ'])
    const panel = definition?.forms.find(({ oid }) => oid === 'F_LL')
    expect(panel?.groups[0]?.rows?.map(({ key, soft }) => [key, soft])).toEqual([
      ['MG', undefined],
      ['K', [3, 6]],
    ])
  })

  test('only named code lists come along, codes as written', () => {
    const { definition } = parsed(withForms('- use: F_PE'), library)
    const list = definition?.codeLists.find(({ oid }) => oid === 'CL_LIB')
    expect(list?.codes.map(({ code }) => code)).toEqual(['1', '02', 'Y'])
    expect(definition?.codeLists.some(({ oid }) => oid === 'CL_UNUSED')).toBe(false)
  })

  test('code lists are subset, extended and relabelled', () => {
    const { definition, errors } = parsed(
      {
        ...withForms('- use: F_PE'),
        'codelists.yaml': `${sampleFiles['codelists.yaml']}
- use: CL_LIB
  hide: ['1']
  codes: { Y: { label: Oui } }
  add: [{ code: Z, label: Zed }]
`,
      },
      library,
    )
    expect(errors).toEqual([])
    const list = definition?.codeLists.find(({ oid }) => oid === 'CL_LIB')
    expect(list?.codes.map(({ code, label }) => `${code} ${label.en}`)).toEqual([
      '02 Two',
      'Y Oui',
      'Z Zed',
    ])
  })

  test('checks are used where their names exist, changed or switched off', () => {
    const used = parsed(withForms('- use: F_PE'), library)
    const ids = used.definition?.checks.map(({ id }) => id) ?? []
    expect(ids).toContain('L-01')
    expect(ids).not.toContain('L-02')
    const notes = used.findings.filter(({ severity }) => severity === 'note').map((f) => f.message)
    expect(notes).toEqual([
      "The library's check L-02 is not used: the study has no F_XX.",
      "The library's check L-03 is not used: the study has no NOWHERE.",
    ])
    const checks = (more: string) =>
      parsed(
        { ...withForms('- use: F_PE'), 'checks.yaml': `${sampleFiles['checks.yaml']}\n${more}` },
        library,
      )
    expect(checks('- off: L-01').definition?.checks.some(({ id }) => id === 'L-01')).toBe(false)
    const info = checks('- { use: L-01, level: info }').definition
    expect(info?.checks.find(({ id }) => id === 'L-01')?.level).toBe('info')
    expect(checks('- { use: L-09 }').errors[0]).toContain('The library has no check “L-09”')
  })

  test('what does not exist is named where it was written', () => {
    const { errors } = parsed(
      withForms(`
- use: F_NONE
- use: F_PE
  hide: [NOPE]
  items: { NADA: { soft: [1, 2] } }
  groups: { PR: { rows: [THREE] } }
`),
      library,
    )
    expect(errors.map((text) => text.replace(/^forms.yaml:\d+:\d+: error: /, ''))).toEqual([
      'No form “F_NONE” in study or library. [unknown-form]',
      'The form has no item “NADA” to change. [unknown-item]',
      'The form has no item or group “NOPE”. [unknown-item]',
      'The library has no row “THREE”. [unknown-row]',
    ])
    expect(errors.every((text) => /^forms.yaml:\d+:\d+:/.test(text))).toBe(true)
  })

  test('two uses of one library form do not share changes', () => {
    const first = parsed(withForms('- { use: F_PE, items: { PEA: { soft: [2, 3] } } }'), library)
    const second = parsed(withForms('- use: F_PE'), library)
    const soft = (result: typeof first) =>
      result.definition?.forms.find(({ oid }) => oid === 'F_PE')?.groups[0]?.items[0]?.soft
    expect(soft(first)).toEqual([2, 3])
    expect(soft(second)).toEqual([1, 5])
  })
})

describe('hostile text', () => {
  const hostile = (text: string) => parsed({ 'variables.yaml': text })

  test('anchors and aliases are refused, a bomb costs nothing', () => {
    const bomb = ['a: &a [x, x, x, x, x, x, x, x, x]']
    for (let i = 1; i < 12; i++) {
      const before = String.fromCharCode(96 + i)
      const name = String.fromCharCode(97 + i)
      bomb.push(`${name}: &${name} [${Array(9).fill(`*${before}`).join(', ')}]`)
    }
    const start = performance.now()
    const { definition, errors } = hostile(bomb.join('\n'))
    expect(definition).toBeNull()
    expect(errors[0]).toContain('Anchors and aliases are not allowed here')
    expect(performance.now() - start).toBeLessThan(2000)
  })

  test('size and depth are limited', () => {
    expect(hostile('x'.repeat(1_000_001)).errors[0]).toContain('larger than 1 MB')
    expect(hostile('['.repeat(900_000)).errors[0]).toContain('nested too deeply')
    expect(hostile(`${'- '.repeat(5000)}x`).definition).toBeNull()
    const many = Array.from({ length: 11 }, (_, i) => ({
      path: `forms/f${i}.yaml`,
      text: `# ${'x'.repeat(999_000)}`,
    }))
    const { findings } = parseStudy([...sampleSources(), ...many])
    expect(findings[0]?.code).toBe('study-too-large')
  })

  test('keys that touch prototypes are refused and change nothing', () => {
    for (const key of ['__proto__', 'constructor', 'prototype', '<<']) {
      const { definition, errors } = hostile(`- { ${key}: { polluted: true } }`)
      expect(definition).toBeNull()
      expect(errors[0]).toContain(`“${key}” is not allowed as a key`)
    }
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })

  test('names of the language are no OIDs', () => {
    for (const oid of ['__proto__', 'constructor', 'toString', 'a', 'A-B', `A${'B'.repeat(40)}`]) {
      const { definition } = hostile(`- { oid: ${oid}, label: X, type: number, value: '1' }`)
      expect(definition).toBeNull()
    }
  })

  test('nonsense of every kind gives findings and never throws', () => {
    for (const text of [
      '',
      '42',
      '"x',
      'a: b: c',
      '- \t- x',
      '!!js/function "x"',
      '? [a, b] : c',
      '- .inf',
      '\u0000',
    ]) {
      for (const path of Object.keys(sampleFiles)) {
        const result = parsed({ [path]: text })
        expect(Array.isArray(result.findings)).toBe(true)
        expect(() =>
          parseStudy([{ path, text }], [{ path: `library/${path}`, text }]),
        ).not.toThrow()
      }
    }
  })

  test('tens of thousands of keys are read in the time of their number', () => {
    const keys = Array.from({ length: 30_000 }, (_, at) => `K${at}: 1`).join('\n')
    const started = performance.now()
    expect(hostile(keys).errors.length).toBeGreaterThan(0)
    expect(performance.now() - started).toBeLessThan(5000)
  })

  test('duplicate keys and duplicate forms are errors', () => {
    expect(hostile('- { oid: A, oid: B }').errors[0]).toContain('Map keys must be unique')
    const form =
      'oid: F_X\nlabel: X\ngroups: [{ oid: G, items: [{ oid: I, label: I, type: text }] }]'
    const twice = parsed({ 'forms/a.yaml': form, 'forms/b.yaml': form })
    expect(twice.errors[0]).toBe(
      'forms/b.yaml:1:6: error: Another file has the form F_X. [duplicate-oid]',
    )
  })
})
