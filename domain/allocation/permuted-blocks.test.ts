import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type BlockScheme,
  blockSchemeFinding,
  permutedBlocks,
  shuffled,
  uniformIntegers,
} from './permuted-blocks.ts'

const sha256Hex = (text: string) => createHash('sha256').update(text).digest('hex')
const seed = 'f3b1c0d4e5a697887766554433221100'
const equal = [
  { arm: 'CSA', share: 1 },
  { arm: 'TAC', share: 1 },
]
const scheme: BlockScheme = { seed, stratum: 'DM', arms: equal, blockSizes: [4, 6], size: 60 }

/**
 * Upper tail of chi-square at p = 0.0001 by Wilson and Hilferty (1931), accurate to 1 % for 2 or more degrees of freedom.
 */
const chiSquareLimit = (degrees: number) =>
  degrees * (1 - 2 / (9 * degrees) + 3.719 * Math.sqrt(2 / (9 * degrees))) ** 3

/** The statistic of equally likely outcomes, and the counts. */
function chiSquare(outcomes: readonly string[], expectedKinds: number) {
  const counts = new Map<string, number>()
  for (const outcome of outcomes) counts.set(outcome, (counts.get(outcome) ?? 0) + 1)
  const expected = outcomes.length / expectedKinds
  const found = [...counts.values()].reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0)
  return { kinds: counts.size, statistic: found + (expectedKinds - counts.size) * expected }
}

function blocksOf(list: readonly { arm: string; block: number }[]): string[][] {
  const blocks: string[][] = []
  for (const slot of list) {
    blocks[slot.block - 1] = [...(blocks[slot.block - 1] ?? []), slot.arm]
  }
  return blocks
}

describe('structure', () => {
  it('is balanced in every block, with allowed sizes and rows in order, over 10,000 lists', () => {
    const anyScheme = fc
      .record({
        seed: fc.string({ minLength: 32, maxLength: 40 }),
        stratum: fc.constantFrom('PM', 'DM', 'CADM', '皮膚筋炎'),
        shares: fc.constantFrom([1, 1], [2, 1], [1, 1, 1], [3, 2, 1]),
        multiples: fc.uniqueArray(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 }),
        size: fc.integer({ min: 1, max: 40 }),
      })
      .map(({ shares, multiples, ...rest }): BlockScheme => {
        const unit = shares.reduce((sum, share) => sum + share, 0)
        return {
          ...rest,
          arms: shares.map((share, index) => ({ arm: `ARM${index}`, share })),
          blockSizes: multiples.map((multiple) => multiple * unit),
        }
      })
    fc.assert(
      fc.property(anyScheme, (given) => {
        const list = permutedBlocks(given, sha256Hex)
        const unit = given.arms.reduce((sum, each) => sum + each.share, 0)
        const blocks = blocksOf(list)
        return (
          list.length >= given.size &&
          list.length - (blocks.at(-1)?.length ?? 0) < given.size &&
          list.every((slot, index) => slot.position === index + 1) &&
          blocks.every(
            (block) =>
              given.blockSizes.includes(block.length) &&
              given.arms.every(
                ({ arm, share }) =>
                  block.filter((each) => each === arm).length === (block.length * share) / unit,
              ),
          )
        )
      }),
      { numRuns: 10_000, seed: 20261121 },
    )
  })

  it('is the same again from the same scheme, however its arms and sizes are ordered', () => {
    const again = { ...scheme, arms: [...equal].reverse(), blockSizes: [6, 4] }
    expect(permutedBlocks(again, sha256Hex)).toEqual(permutedBlocks(scheme, sha256Hex))
  })

  // the two hashes come from a second implementation of the same rules, in another language
  it('keeps its first lists for ever', () => {
    const text = (given: BlockScheme) =>
      permutedBlocks(given, sha256Hex)
        .map((slot) => `${slot.position} ${slot.arm} ${slot.block}`)
        .join('\n')
    expect(sha256Hex(text(scheme))).toBe(
      'f4630dbee183258ab7225453720934f3a1ed9a66f08eae2957dfb9b273a271f5',
    )
    expect(sha256Hex(text({ ...scheme, stratum: 'PM', blockSizes: [6] }))).toBe(
      'e64156faec7e60ad555e7df30852bfb3e776d9b590a1c5015aadf0dd870a3a25',
    )
  })

  it('differs by stratum and by seed', () => {
    const arms = (given: Partial<BlockScheme>) =>
      permutedBlocks({ ...scheme, ...given }, sha256Hex)
        .map((slot) => slot.arm)
        .join('')
    expect(arms({ stratum: 'PM' })).not.toBe(arms({}))
    expect(arms({ seed: `${seed}0` })).not.toBe(arms({}))
  })
})

describe('uniformity', () => {
  const shares = (text: string) => {
    const counts: Record<string, number> = {}
    for (const arm of text) counts[arm] = (counts[arm] ?? 0) + 1
    return Object.entries(counts).map(([arm, share]) => ({ arm, share }))
  }
  it.each([
    ['AABB', 6],
    ['AAABBB', 20],
    ['AAB', 3],
    ['AAAABB', 15],
    ['ABC', 6],
    ['AABBCC', 90],
  ])('reaches every order of %s equally often', (content, orders) => {
    const arms = shares(content)
    const unit = arms.reduce((sum, each) => sum + each.share, 0)
    for (const repeat of [1, 2, 3]) {
      const list = permutedBlocks(
        { seed: `${seed}${repeat}`, stratum: content, arms, blockSizes: [unit], size: 9_990 },
        sha256Hex,
      )
      const { kinds, statistic } = chiSquare(
        blocksOf(list).map((block) => block.join('')),
        orders,
      )
      expect(kinds).toBe(orders)
      expect(statistic).toBeLessThan(chiSquareLimit(orders - 1))
    }
  })

  it('draws block sizes equally often, and each arm equally often first and last', () => {
    const blocks = blocksOf(
      permutedBlocks({ ...scheme, blockSizes: [4, 6, 8], size: 10_000 }, sha256Hex),
    )
    const limit = chiSquareLimit(2)
    expect(
      chiSquare(
        blocks.map((block) => String(block.length)),
        3,
      ).statistic,
    ).toBeLessThan(limit)
    expect(
      chiSquare(
        blocks.map((block) => block[0] as string),
        2,
      ).statistic,
    ).toBeLessThan(limit)
    expect(
      chiSquare(
        blocks.map((block) => block.at(-1) as string),
        2,
      ).statistic,
    ).toBeLessThan(limit)
  })

  it.each([3, 5, 6, 7, 10, 100])('has no modulo bias below %i', (limit) => {
    const below = uniformIntegers('modulo', sha256Hex)
    const draws = Array.from({ length: 20_000 }, () => String(below(limit)))
    expect(chiSquare(draws, limit).statistic).toBeLessThan(chiSquareLimit(limit - 1))
  })

  it('rejects words above the last whole multiple', () => {
    const words = ['ffffffff', '00000007']
    const below = uniformIntegers('', () => words.join('').padEnd(64, '0'))
    expect(below(10)).toBe(7)
  })

  it('shuffles without losing or doubling anything', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), (items) => {
        const order = shuffled(items, uniformIntegers('shuffle', sha256Hex))
        return JSON.stringify([...order].sort()) === JSON.stringify([...items].sort())
      }),
    )
  })
})

describe('a scheme that makes no list', () => {
  it.each<[Partial<BlockScheme>, RegExp]>([
    [{ seed: 'short' }, /seed/],
    [{ stratum: '' }, /stratum/],
    [{ arms: [{ arm: 'A', share: 1 }] }, /two arms/],
    [{ arms: [...equal, { arm: 'TAC', share: 1 }] }, /twice/],
    [
      {
        arms: [
          { arm: 'A', share: 1.5 },
          { arm: 'B', share: 1 },
        ],
      },
      /whole/,
    ],
    [{ blockSizes: [] }, /No block size/],
    [{ blockSizes: [4, 4] }, /twice/],
    [{ blockSizes: [4, 5] }, /5 is not a multiple of 2/],
    [{ blockSizes: [0] }, /0 is not a multiple/],
    [{ size: 0 }, /1 to/],
    [{ size: 2.5 }, /1 to/],
  ])('is refused: %j', (change, message) => {
    expect(blockSchemeFinding({ ...scheme, ...change })).toMatch(message)
    expect(() => permutedBlocks({ ...scheme, ...change }, sha256Hex)).toThrow(RangeError)
  })
})
