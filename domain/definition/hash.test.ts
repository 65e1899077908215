import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalJson, definitionHash } from './hash.ts'

const sha256 = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex')

test('the order of keys does not matter, the order of lists does', () => {
  expect(canonicalJson({ b: [1, 2], a: { d: null, c: 'é' } })).toBe(
    '{"a":{"c":"é","d":null},"b":[1,2]}',
  )
  expect(canonicalJson([2, 1])).not.toBe(canonicalJson([1, 2]))
  expect(canonicalJson({ a: undefined, b: 1 })).toBe('{"b":1}')
  expect(definitionHash({ a: 1, b: 2 }, sha256)).toBe(definitionHash({ b: 2, a: 1 }, sha256))
  expect(definitionHash({ a: 1 }, sha256)).toBe(
    '015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862',
  )
})

test('what has no canonical form is refused', () => {
  expect(() => canonicalJson({ a: Number.NaN })).toThrow(TypeError)
  expect(() => canonicalJson({ a: () => 1 })).toThrow(TypeError)
})

test('reads back as the same value', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)))
    }),
  )
})
