/** Broken files, shapes of every kind and any text as a rule: findings, and nothing else. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { indexStudy } from '#domain/casebook/study-index.ts'
import { sampleFiles, sampleSources } from '#domain/casebook/testing/sample-study.ts'
import { scopeAt } from '#domain/casebook/type-scope.ts'
import { compileText } from '#domain/expression/compile.ts'
import { parseStudy } from './parse-study.ts'
import { upload } from './testing/upload.ts'

describe('fuzz', () => {
  const names = Object.keys(sampleFiles)
  const position = fc.record({
    name: fc.constantFrom(...names, 'derivations.yaml'),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  const scrap = fc.oneof(
    fc.string({ maxLength: 12 }),
    fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ':',
      '- ',
      '\n',
      '\n  ',
      "'",
      '"',
      '&a',
      '*a',
      'null',
      'use: ',
      'oid: F_DM',
      '~',
      '|-',
      '!!',
      '#',
      '\t',
      '\u2028',
      '😀',
      ', when: "',
      'derive: "',
      ', window: [9, -9]',
      'anchor: TZERO',
      'off: ',
    ),
  )

  test('a broken file never throws and never passes as whole by accident', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(position, scrap, fc.integer({ min: 0, max: 40 })), {
          minLength: 1,
          maxLength: 4,
        }),
        (edits) => {
          const files: Record<string, string> = { ...sampleFiles }
          for (const [{ name, at }, text, cut] of edits) {
            const before = files[name] ?? ''
            const from = Math.floor(at * before.length)
            files[name] = `${before.slice(0, from)}${text}${before.slice(from + cut)}`
          }
          upload(Object.entries(files).map(([path, text]) => ({ path, text })))
        },
      ),
      { numRuns: 80 },
    )
  })

  const leaf = fc.oneof(
    fc.constantFrom<unknown>(
      'F_DM',
      'CL_NY',
      'SEX',
      'TZERO',
      'Y',
      'use',
      "SEX == 'F'",
      'known(',
      null,
      true,
      0,
      -1,
      1e308,
      '',
      [],
      {},
    ),
    fc.string({ maxLength: 6 }),
    fc.integer(),
  )
  const key = fc.constantFrom(
    'oid',
    'use',
    'off',
    'hide',
    'only',
    'add',
    'items',
    'groups',
    'addGroups',
    'rows',
    'rowSets',
    'key',
    'codes',
    'code',
    'label',
    'en',
    'type',
    'derive',
    'when',
    'forms',
    'form',
    'given',
    'expect',
    'tests',
    'id',
    'rule',
    'name',
    'value',
    'missing',
    'undecided',
    'after',
    'codeList',
    'window',
    'anchor',
  )
  const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small', maxDepth: 5 },
      leaf,
      fc.array(tie('tree'), { maxLength: 4 }),
      fc.dictionary(key, tie('tree'), { maxKeys: 5 }),
    ),
  }))
  const listName = fc.constantFrom(
    'codelists.yaml',
    'forms.yaml',
    'schedule.yaml',
    'checks.yaml',
    'variables.yaml',
    'derivations.yaml',
    'analysis.yaml',
    'labs.yaml',
    'forms/F_X.yaml',
  )

  test('merging takes any shape, in study and library', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            listName,
            fc.array(fc.oneof(tree, fc.dictionary(key, tree, { maxKeys: 6 })), { maxLength: 3 }),
          ),
          { maxLength: 3 },
        ),
        fc.array(fc.tuple(listName, fc.array(tree, { maxLength: 3 })), { maxLength: 3 }),
        (own, library) => {
          const files: Record<string, string> = { ...sampleFiles }
          for (const [name, value] of own) {
            if (name !== 'labs.yaml')
              files[name] = stringify(name.startsWith('forms/') ? (value[0] ?? null) : value)
          }
          upload(
            Object.entries(files).map(([path, text]) => ({ path, text })),
            library.map(([path, value]) => ({ path: `library/${path}`, text: stringify(value) })),
          )
        },
      ),
      { numRuns: 120 },
    )
  })

  test('any text as a rule gives findings and never throws', () => {
    const { definition } = parseStudy(sampleSources())
    if (!definition) throw new Error('no sample')
    const scope = scopeAt(indexStudy(definition), { form: 'F_VS', group: null })
    const word = fc.constantFrom(
      'WEIGHT',
      'F_AE',
      'exists(',
      'r',
      ',',
      ')',
      '(',
      '&&',
      '||',
      '!',
      '>',
      '==',
      "'Y'",
      '3',
      'base(',
      'nearest(W4,',
      'at(W4,',
      '.',
      "['CREAT']",
      '?',
      ':',
      'in',
      '[',
      ']',
      'null',
      '28d',
      'power(',
      'log(',
      'missing(',
      'TZERO',
      'today()',
      '+',
      '-',
      '/',
      'F_LB.LB',
      'filter(',
      'median(',
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(word, { maxLength: 30 }).map((parts) => parts.join(' ')),
          fc.string({ unit: 'binary', maxLength: 60 }),
        ),
        (text) => {
          const { compiled, findings } = compileText(text, scope)
          expect(compiled !== null || findings.length > 0).toBe(true)
        },
      ),
      { numRuns: 1000 },
    )
  })
})
