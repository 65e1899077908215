import { expect, test } from 'vitest'
import { languageText, storedWords } from './stored-text.ts'

test.each([
  ['{"en":"Serious","ja":"重篤"}', 'ja', '重篤'],
  ['{"en":"Serious"}', 'zh', 'Serious'],
  ['{"sha256":"00"}', 'en', null],
  ['{broken', 'en', null],
  ['plain', 'en', null],
  [null, 'en', null],
] as const)('a label stored as %s, in %s: %s', (value, language, text) => {
  expect(languageText(value, language)).toBe(text)
})

test('values as they were typed, missing ones by their reason', () => {
  expect(storedWords('3.50', 'en')).toBe('3.50')
  expect(storedWords(['A', 'B'], 'en')).toBe('A, B')
  expect(storedWords({ missing: 'ND' }, 'en')).toBe('Not done')
  expect(storedWords(null, 'en')).toBeNull()
})
