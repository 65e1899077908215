import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { digestOf } from './digest.ts'

it('is the SHA-256 that everybody else computes, at every length around a block', () => {
  for (const text of ['', 'abc', '割付', ...Array.from({ length: 140 }, (_, n) => 'q'.repeat(n))]) {
    expect(digestOf(text)).toBe(createHash('sha256').update(text).digest('hex'))
  }
})
