import { createHash } from 'node:crypto'
import { z } from 'zod'
import { uuidv7 } from '#db/uuid.ts'
import {
  blockSchemeFinding,
  permutedBlocks,
  uniformIntegers,
} from '#domain/allocation/permuted-blocks.ts'
import { Problem } from '#domain/problem.ts'
import { command, wholeStudy } from '../command.ts'
import { commandKey, id, plainText } from '../input.ts'
import { publishedStudy } from '../study/published.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

/** Makes the list of a stratum from a seed; it may be made again until it is frozen. The answer holds no row of it. */
export const generateList = command({
  name: 'allocation.generate',
  permission: 'allocation.manage',
  input: z.strictObject({
    studyId: id,
    stratum: plainText(60).min(1),
    /** Rows wanted; the last block is always whole, so the list may be a little longer. */
    size: z.int().min(1).max(5000),
    seed: plainText(200).min(32),
    /** Block sizes to draw from, each a multiple of the sum of the ratios. */
    blocks: z.array(z.int().min(2).max(64)).min(1).max(8),
    key: commandKey,
  }),
  states: ['draft', 'open'],
  target: wholeStudy,
  run: async ({ tx, input, study }): Promise<{ listId: string; size: number }> => {
    if (study.latestVersion === 0) throw new Problem('not-found')
    const { definition } = await publishedStudy(tx, input.studyId, study.latestVersion)
    const { allocation } = definition
    if (!allocation?.strata.some(({ code }) => code === input.stratum)) {
      throw new Problem('stratum-unknown', { what: input.stratum }, 'stratum')
    }
    const scheme = {
      seed: input.seed,
      stratum: input.stratum,
      arms: allocation.arms.map(({ code, ratio }) => ({ arm: code, share: ratio })),
      blockSizes: input.blocks,
      size: input.size,
    }
    const finding = blockSchemeFinding(scheme)
    if (finding) throw new Problem('invalid-input', { where: 'List', what: finding })
    const slots = permutedBlocks(scheme, sha256)
    await tx.query('select allocation.generate($1, $2, $3, $4, $5, $6, $7, $8)', [
      input.studyId,
      uuidv7(),
      input.stratum,
      input.seed,
      input.blocks,
      randomisationNumbers(input.seed, input.stratum, slots.length),
      slots.map(({ arm }) => arm),
      slots.map(({ block }) => block),
    ])
    const [list] = await tx.query<{ listId: string }>(
      `select list_id as "listId" from allocation.lists($1) where stratum = $2`,
      [input.studyId, input.stratum],
    )
    if (!list) throw new Error('A list was made and cannot be found')
    return { listId: list.listId, size: slots.length }
  },
})

/** Numbers that tell the stratum and nothing else: not the place in the list, so not how far the list is used. */
function randomisationNumbers(seed: string, stratum: string, count: number): string[] {
  const below = uniformIntegers(JSON.stringify(['casebook/numbers/1', seed, stratum]), sha256)
  const numbers = new Set<string>()
  while (numbers.size < count) numbers.add(`${stratum}-${10_000 + below(90_000)}`)
  return [...numbers]
}
