/**
 * Allocation lists of randomly permuted blocks (Matts & Lachin, Control Clin Trials 1988;9:327-344; ICH E9 2.3.2). All chance
 * comes from one seed through SHA-256 in counter mode, so a list can be made again from its kept parameters, byte by byte,
 * and nobody can tell its next row from the rows before. Whole numbers are drawn by rejection (no modulo bias) and blocks
 * shuffled by Fisher and Yates (Durstenfeld, CACM 1964;7:420). Changing anything here breaks frozen lists: make a new
 * `scheme` instead.
 */

/** SHA-256 of the UTF-8 bytes of a text, as 64 lower-case hex digits. */
export type Sha256Hex = (text: string) => string

export type BlockScheme = {
  /** At least 32 characters from a cryptographic source; whoever knows it knows the list. */
  seed: string
  /** Separates the lists of one seed. */
  stratum: string
  /** Arms with their share, whole numbers of 1 or more: 1:1 is two arms of share 1. */
  arms: readonly { arm: string; share: number }[]
  /** Sizes a block may have, each drawn equally often; multiples of the sum of shares. */
  blockSizes: readonly number[]
  /** Rows wanted; the last block is always whole, so the list may be longer. */
  size: number
}

export type AllocationSlot = {
  /** 1-based place in the list: the order of issue. */
  position: number
  arm: string
  /** 1-based number of the block within the list. */
  block: number
}

const scheme = 'casebook/permuted-blocks/1'
const shortestSeed = 32
const longestList = 10_000

/** What is wrong with a scheme, in words for the allocation statistician; null when a list can be made. */
export function blockSchemeFinding(given: BlockScheme): string | null {
  const { seed, stratum, arms, blockSizes, size } = given
  if (seed.length < shortestSeed) return `The seed has fewer than ${shortestSeed} characters.`
  if (stratum === '') return 'The stratum has no name.'
  if (arms.length < 2) return 'An allocation needs two arms or more.'
  if (new Set(arms.map((each) => each.arm)).size < arms.length) return 'An arm is named twice.'
  if (arms.some((each) => !Number.isInteger(each.share) || each.share < 1)) {
    return 'Shares of arms are whole numbers of 1 or more.'
  }
  const unit = arms.reduce((sum, each) => sum + each.share, 0)
  if (blockSizes.length === 0) return 'No block size is given.'
  if (new Set(blockSizes).size < blockSizes.length) return 'A block size is given twice.'
  const odd = blockSizes.find((each) => !Number.isInteger(each) || each < unit || each % unit > 0)
  if (odd !== undefined) return `Block size ${odd} is not a multiple of ${unit}.`
  if (!Number.isInteger(size) || size < 1 || size > longestList) {
    return `A list has 1 to ${longestList} rows.`
  }
  return null
}

/**
 * The list of a scheme: the same for the same scheme, always.
 * @throws RangeError when `blockSchemeFinding` has something to say
 */
export function permutedBlocks(given: BlockScheme, sha256Hex: Sha256Hex): AllocationSlot[] {
  const finding = blockSchemeFinding(given)
  if (finding) throw new RangeError(finding)
  const below = uniformIntegers(JSON.stringify([scheme, given.seed, given.stratum]), sha256Hex)
  const unit = given.arms.reduce((sum, each) => sum + each.share, 0)
  // the order in which sizes and arms were written down must not matter, only which there are
  const sizes = [...given.blockSizes].sort((a, b) => a - b)
  const arms = [...given.arms].sort((a, b) => (a.arm < b.arm ? -1 : 1))
  const slots: AllocationSlot[] = []
  for (let block = 1; slots.length < given.size; block += 1) {
    const size = sizes[below(sizes.length)] as number
    const content = arms.flatMap((each) =>
      Array.from({ length: (each.share * size) / unit }, () => each.arm),
    )
    for (const arm of shuffled(content, below)) {
      slots.push({ position: slots.length + 1, arm, block })
    }
  }
  return slots
}

/** A source of whole numbers in [0, limit), each equally likely; limit is 1 to 2^32. */
export type UniformInteger = (limit: number) => number

/** Uniform integers from a key: SHA-256 in counter mode, 32 bits at a time, rejected above the last whole multiple. */
export function uniformIntegers(key: string, sha256Hex: Sha256Hex): UniformInteger {
  const range = 2 ** 32
  let counter = 0
  const words: number[] = []
  const nextWord = () => {
    if (words.length === 0) {
      const hex = sha256Hex(`${key}:${counter}`)
      counter += 1
      for (let at = 0; at < 64; at += 8) words.push(Number.parseInt(hex.slice(at, at + 8), 16))
    }
    return words.shift() as number
  }
  return (limit) => {
    if (!Number.isInteger(limit) || limit < 1 || limit > range) {
      throw new RangeError(`A limit of ${limit} is outside 1 to 2^32.`)
    }
    const usable = range - (range % limit)
    for (;;) {
      const word = nextWord()
      if (word < usable) return word % limit
    }
  }
}

/** All orders equally likely. */
export function shuffled<T>(items: readonly T[], below: UniformInteger): T[] {
  const order = [...items]
  for (let last = order.length - 1; last > 0; last -= 1) {
    const other = below(last + 1)
    const moved = order[last] as T
    order[last] = order[other] as T
    order[other] = moved
  }
  return order
}
