import { expect, test } from 'vitest'
import { reportVocabulary } from '#domain/definition/report-vocabulary.ts'
import { studyDefinition } from '#studies/demo/study-definition.ts'
import { completeReport } from './complete-report.ts'

const words = reportVocabulary(studyDefinition('tac-csa-rct').definition)

/** What is suggested at the bar, and the word that is replaced. */
function at(marked: string) {
  const position = marked.indexOf('|')
  const text = marked.replace('|', '')
  const found = completeReport(text, position, words, (label) => label.en)
  return {
    texts: found?.suggestions.map((one) => one.text) ?? [],
    infos: found?.suggestions.map((one) => one.info) ?? [],
    word: found ? text.slice(found.from, position) : null,
  }
}

test('an empty report begins with its kind', () => {
  expect(at('|').texts).toEqual(['kind: ', 'oid: ', 'title: '])
  expect(at('kind: |').texts).toEqual(expect.arrayContaining(['table', 'survival', 'cox']))
  expect(at('kind: sur|').word).toBe('sur')
})

test('keys are those of the kind that are not there yet', () => {
  const { texts } = at('kind: survival\noid: X\n|')
  expect(texts).toEqual(expect.arrayContaining(['endpoint: ', 'by: ', 'ticks: ']))
  expect(texts).not.toContain('rows: ')
})

test('populations, endpoints, groupings and visits are those of the study', () => {
  expect(at('kind: table\npopulation: |').texts).toEqual(expect.arrayContaining(['ITT', 'PP']))
  expect(at('kind: survival\nendpoint: P|').texts).toEqual(expect.arrayContaining(['PFS', 'OS']))
  expect(at('kind: table\ncolumns: |').texts[0]).toBe('arm')
  expect(at('kind: visit-means\nvisits: [SCR, |').texts).toEqual(
    expect.arrayContaining(['SCR', 'W52']),
  )
})

test('keys of a row, in one line and over several', () => {
  const flow = at('kind: table\nrows:\n  - { label: Age, |')
  expect(flow.texts).toEqual(expect.arrayContaining(['value: ', 'statistic: ', 'test: ']))
  expect(flow.texts).not.toContain('label: ')
  const block = at('kind: table\nrows:\n  - label: Age\n    |')
  expect(block.texts).toEqual(expect.arrayContaining(['value: ', 'statistic: ']))
})

test('values of a closed list', () => {
  expect(at('kind: table\nrows:\n  - { label: Age, statistic: me|').texts).toContain('mean-sd')
  expect(at('kind: table\nrows:\n  - { label: Age, test: |').texts).toContain('fisher-one-sided')
})

test('items in an expression, with label, type and unit', () => {
  const { texts, infos, word } = at('kind: table\nrows:\n  - { label: FVC, value: F_PFT.FV|')
  expect(word).toBe('F_PFT.FV')
  const index = texts.indexOf('F_PFT.FVCPP')
  expect(index).toBeGreaterThan(-1)
  expect(infos[index]).toMatch(/decimal, %/)
  expect(texts).toContain('coalesce(')
})

test('codes where an item is compared, quoted once', () => {
  const open = at('kind: table\nrows:\n  - { label: Women, value: "F_DM.SEX == |')
  expect(open.texts).toEqual(["'M'", "'F'"])
  const quoted = at(`kind: table\nrows:\n  - { label: Women, value: "F_DM.SEX == 'F|`)
  expect(quoted).toMatchObject({ texts: ['M', 'F'], word: 'F' })
})

test('codes of a count per code are those of the row', () => {
  const row =
    'kind: table\nrows:\n  - { label: IIM, value: F_IIM.IIMTYPE, statistic: count-per-code, codes: [|'
  expect(at(row).texts).toEqual(expect.arrayContaining(['PM', 'DM', 'CADM']))
})

test.each(['|', '{|', '}}}|', ':::|', 'rows:\n\n\n  |', `${'  '.repeat(500)}|`, '\u0000|', '"|'])(
  'whatever stands there (%j), nothing throws',
  (text) => {
    expect(() => at(text)).not.toThrow()
  },
)
