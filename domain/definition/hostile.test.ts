/** Whatever is uploaded gives findings: nothing throws, nothing hangs, and no broken definition looks whole. */
import { describe, expect, test } from 'vitest'
import { compileStudy } from '#domain/casebook/compile-study.ts'
import { evaluateForm, subjectReader } from '#domain/casebook/evaluate.ts'
import { indexStudy } from '#domain/casebook/study-index.ts'
import { runStudyTests } from '#domain/casebook/study-tests.ts'
import {
  casebookOf,
  keyOf,
  sampleFiles,
  sampleSources,
} from '#domain/casebook/testing/sample-study.ts'
import { scopeAt } from '#domain/casebook/type-scope.ts'
import { emitSql } from '#domain/expression/emit-sql.ts'
import { parseExpression } from '#domain/expression/parser.ts'
import { findingText, hasErrors, type StudyFinding } from './finding.ts'
import { parseStudy, type SourceFile } from './parse-study.ts'
import { upload } from './testing/upload.ts'

const changed = (changes: Record<string, string | null>) => upload(sampleSources(changes))
const errorCodes = (findings: readonly StudyFinding[]) => [
  ...new Set(findings.filter(({ severity }) => severity === 'error').map(({ code }) => code)),
]
const file = (name: string) => sampleFiles[name] as string

describe('text that is meant to harm', () => {
  test('a bomb of anchors, nested lists and nested maps', () => {
    const levels = Array.from({ length: 30 }, (_, i) =>
      i === 0 ? 'a0: &a0 [x, x]' : `a${i}: &a${i} [*a${i - 1}, *a${i - 1}]`,
    )
    const begun = performance.now()
    expect(errorCodes(changed({ 'study.yaml': levels.join('\n') }))).toContain('anchor')
    const maps = `${'{a: '.repeat(5000)}1${'}'.repeat(5000)}`
    expect(errorCodes(changed({ 'study.yaml': maps }))).toEqual(['too-deep'])
    const blocks = Array.from({ length: 60 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')
    expect(errorCodes(changed({ 'study.yaml': `${blocks} 1` }))).toContain('too-deep')
    expect(performance.now() - begun).toBeLessThan(2000)
  })

  test('ten megabytes, in one file and in many', () => {
    const big = `# ${'x'.repeat(10_000_000)}\n${file('study.yaml')}`
    expect(errorCodes(changed({ 'study.yaml': big }))).toContain('study-too-large')
    const half = `# ${'x'.repeat(1_000_001)}\n${file('study.yaml')}`
    expect(errorCodes(changed({ 'study.yaml': half }))).toContain('file-too-large')
    const many = Object.fromEntries(
      Array.from({ length: 9 }, (_, i) => [`forms/F_${i}.yaml`, `# ${'x'.repeat(950_000)}`]),
    )
    expect(errorCodes(changed(many))).toContain('study-too-large')
  })

  test('other YAML than data: tags, merge keys, several documents, binary', () => {
    for (const text of [
      '!!js/function "x"',
      '<<: { a: 1 }',
      'a: 1\n---\nb: 2',
      'a: !!binary aGk=',
      '\u0000',
      '? [a]\n: b',
    ]) {
      expect(errorCodes(changed({ 'study.yaml': text })).length, text).toBeGreaterThan(0)
    }
  })
})

describe('includes that come back to themselves', () => {
  const library: SourceFile[] = [
    {
      path: 'library/forms/F_A.yaml',
      text: 'oid: F_A\nuse: F_A\nlabel: A\ngroups: [{ oid: G, rows: labs, repeats: fixed, items: [{ oid: X, label: X, type: text }] }]\n',
    },
    {
      path: 'library/codelists.yaml',
      text: '- { use: CL_Z, oid: CL_Z, codes: [{ code: A, label: A }] }\n',
    },
    { path: 'library/labs.yaml', text: '- { key: K1, use: K1, label: One }\n- { use: K1 }\n' },
    {
      path: 'library/checks.yaml',
      text: '- { use: L-1, id: L-1, form: F_A, item: X, level: soft, rule: known(X), message: M }\n',
    },
    {
      path: 'library/derivations.yaml',
      text: '- { off: itself, name: itself, given: {}, missing: [TZERO] }\n',
    },
  ]
  test('end with findings about the keys that do not belong there', () => {
    const findings = upload(
      sampleSources({
        'forms.yaml': `${file('forms.yaml')}- use: F_A\n- { use: F_A, oid: F_B, add: [{ use: F_A, oid: Y, label: Y, type: code, codeList: CL_Z }] }\n`,
        'codelists.yaml': `${file('codelists.yaml')}- { use: CL_Z }\n- { use: CL_Z }\n`,
        'checks.yaml': '- use: L-1\n- use: L-1\n',
        'derivations.yaml': '- off: itself\n- off: itself\n',
      }),
      library,
    )
    expect(errorCodes(findings)).toContain('unknown-key')
    expect(
      findings.some(
        ({ message, file: path }) => message.includes('“use”') && path?.startsWith('library/'),
      ),
    ).toBe(true)
  })

  test('a form that is used twice is there twice, and said so', () => {
    const twice = [
      {
        path: 'library/forms/F_T.yaml',
        text: 'oid: F_T\nlabel: T\ngroups: [{ oid: G, items: [{ oid: X, label: X, type: text }] }]\n',
      },
    ]
    const forms = `${file('forms.yaml')}- use: F_T\n- use: F_T\n`
    expect(errorCodes(upload(sampleSources({ 'forms.yaml': forms }), twice))).toEqual([
      'duplicate-oid',
    ])
  })
})

describe('doubled and unknown', () => {
  test.each([
    [
      'forms.yaml',
      '- { oid: F_DM, label: D, groups: [{ oid: G, items: [{ oid: X, label: X, type: text }] }] }\n',
    ],
    ['codelists.yaml', '- { oid: CL_NY, codes: [{ code: A, label: A }] }\n'],
    ['schedule.yaml', '- { oid: W4, label: W, kind: scheduled, day: 400, forms: [] }\n'],
    ['variables.yaml', '- { oid: TZERO, label: T, type: date, value: today() }\n'],
    ['variables.yaml', '- { oid: F_DM, label: T, type: date, value: today() }\n'],
    [
      'checks.yaml',
      '- { id: C-01, form: F_DM, item: SEX, level: info, rule: known(SEX), message: M }\n',
    ],
    [
      'derivations.yaml',
      '- { name: a, given: {}, missing: [TZERO] }\n- { name: a, given: {}, missing: [TZERO] }\n',
    ],
  ])('%s: a second one', (name, text) => {
    expect(errorCodes(changed({ [name]: `${sampleFiles[name] ?? ''}${text}` }))).toContain(
      'duplicate-oid',
    )
  })

  test('a stranger among the keys of every mapping', () => {
    let told = 0
    for (const name of Object.keys(sampleFiles)) {
      for (const [at, match] of [...file(name).matchAll(/\{ /g)].entries()) {
        if (at % 4 !== 0) continue
        const text = `${file(name).slice(0, match.index)}{ stranger: 1, ${file(name).slice(match.index + 2)}`
        const findings = changed({ [name]: text })
        // `given` and row sets are maps whose keys are names.
        const isSaid = hasErrors(findings) || findings.length > 0
        expect(isSaid, `${name} at ${match.index}`).toBe(true)
        told += 1
      }
    }
    expect(told).toBeGreaterThan(20)
  })
})

describe('expressions', () => {
  const inCheck = (text: string) =>
    changed({
      'checks.yaml': `- { id: X-1, form: F_VS, item: WEIGHT, level: soft, rule: ${JSON.stringify(text)}, message: M }`,
    })

  test.each([
    ['brackets', `${'('.repeat(1000)}WEIGHT${')'.repeat(1000)}`],
    ['not', `${'!'.repeat(1000)}known(WEIGHT)`],
    ['minus', `${'-'.repeat(1000)}WEIGHT > 1`],
    ['calls', `${'abs('.repeat(900)}WEIGHT${')'.repeat(900)} > 1`],
    ['choices', `${'true ? '.repeat(500)}WEIGHT > 1${' : false'.repeat(500)}`],
    ['sums', `WEIGHT${' + 1'.repeat(990)} > 1`],
    ['lists', `WEIGHT in [${'['.repeat(1000)}`],
    ['collections', `${'F_AE.exists(a, '.repeat(200)}true${')'.repeat(200)}`],
    ['members', `F_AE${'.X'.repeat(1500)}`],
    ['too long', `WEIGHT > 1 ${'|| WEIGHT > 1 '.repeat(400)}`],
  ])('of a thousand levels: %s', (_, text) => {
    const begun = performance.now()
    expect(errorCodes(inCheck(text)).length).toBeGreaterThan(0)
    expect(performance.now() - begun).toBeLessThan(1500)
  })

  test('wide ones are fine as long as they are short enough', () => {
    const wide = `WEIGHT > 60 ${'|| WEIGHT > 61 '.repeat(250)}`
    expect(errorCodes(inCheck(wide))).toEqual([])
    const nested = `${'(WEIGHT > 20 && '.repeat(90)}WEIGHT > 30${')'.repeat(90)}`
    expect(errorCodes(inCheck(nested))).toEqual([])
  })
})

describe('names that mean something elsewhere', () => {
  const words =
    'CONSTRUCTOR PROTOTYPE TOSTRING VALUEOF HASOWNPROPERTY SELECT USER TABLE ORDER GROUP NULL TRUE FALSE IN EVENT INDEX DATE UNDEFINED NAN CASE END ALL AND OR NOT AT BASE NEAREST'.split(
      ' ',
    )

  test('are names like others', () => {
    const items = words
      .map((oid) => `        - { oid: ${oid}, label: "${oid}", type: decimal }`)
      .join('\n')
    const sum = words.slice(0, 20).join(' + ')
    const files = sampleSources({
      'forms.yaml': `${file('forms.yaml')}- oid: SELECT_FORM\n  label: S\n  groups:\n    - oid: CONSTRUCTOR_G\n      items:\n${items}\n        - { oid: TOTAL, label: T, type: decimal, derive: ${sum} }\n`,
      'schedule.yaml': file('schedule.yaml').replace('F_SV, F_DM,', 'F_SV, SELECT_FORM, F_DM,'),
      'codelists.yaml': `${file('codelists.yaml')}- { oid: CL_ODD, codes: [{ code: constructor, label: C }, { code: __proto__, label: P }, { code: toString, label: T }, { code: 'null', label: N }] }\n`,
      'variables.yaml': `${file('variables.yaml')}- { oid: HASOWN, label: H, type: number, value: SELECT_FORM.TOSTRING }\n- { oid: ODD, label: O, type: code, codeList: CL_ODD, value: "known(TZERO) ? '__proto__' : 'constructor'" }\n`,
      'derivations.yaml': `- { name: __proto__, given: { SELECT_FORM.TOSTRING: 3 }, expect: { HASOWN: 3, ODD: constructor } }\n- { name: constructor, given: { F_RAND.RANDDTC: '2020-03-02T09:00:00+09:00' }, expect: { ODD: __proto__ } }\n`,
    })
    const findings = upload(files)
    expect(findings.filter(({ severity }) => severity !== 'note').map(findingText)).toEqual([])
    const { definition } = parseStudy(files)
    if (!definition) throw new Error('no definition')
    const compiled = compileStudy(definition)
    const data = Object.fromEntries(words.map((word) => [word, '1']))
    const casebook = casebookOf({ 'SCR/SELECT_FORM': data })
    expect(evaluateForm(compiled, casebook, keyOf('SCR/SELECT_FORM')).derived.TOTAL).toBe('20')
    const reader = subjectReader(compiled, casebook)
    expect(reader.variable('HASOWN')).toBe(1)
    expect(reader.variable('constructor')).toBeNull()
    const report = runStudyTests(compiled)
    expect(report.derivations.filter(({ ok }) => !ok)).toEqual([])
    // Written as SQL, only what the caller names as a column appears; texts stay texts.
    const scope = scopeAt(indexStudy(definition), { form: 'SELECT_FORM', group: null })
    const written = emitSql(
      parseExpression("USER + NULL > 1 || 'x\\'; drop table t; --' == 'y'").ast,
      scope,
      {
        item: ({ item }) => `v."${item.toLowerCase()}"`,
      },
    )
    expect('sql' in written && written.sql).toContain('v."user"')
    expect('sql' in written && written.sql).toContain("'x''; drop table t; --'")
  })

  test('what is no OID is refused', () => {
    for (const oid of [
      '__PROTO__',
      '_A',
      'a',
      'A-B',
      'A B',
      "A'; drop table subject; --",
      'A'.repeat(41),
      '1A',
      '',
    ]) {
      const text = `- { oid: ${JSON.stringify(oid)}, label: T, type: date, value: today() }\n`
      expect(errorCodes(changed({ 'variables.yaml': text })).length, oid).toBeGreaterThan(0)
    }
    for (const key of ['__proto__', 'constructor', 'prototype']) {
      const text = `- { name: x, given: { ${key}: 1 }, missing: [TZERO] }\n`
      expect(errorCodes(changed({ 'derivations.yaml': text }))).toEqual(['key'])
    }
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })
})
