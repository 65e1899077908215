import { z } from 'zod'
import { command } from '../command.ts'
import { commandKey, id, plainText } from '../input.ts'

export const generateList = command({
  name: 'allocation.generate',
  permission: 'allocation.manage',
  input: z.strictObject({
    studyId: id,
    stratum: plainText(60).min(1),
    /** Rows of the list; a multiple of no particular block, the last block is completed. */
    size: z.int().min(1).max(5000),
    seed: plainText(200).min(16),
    /** Block sizes to draw from, each a multiple of the sum of the ratios. */
    blocks: z.array(z.int().min(2).max(64)).min(1).max(8),
    key: commandKey,
  }),
  states: ['draft', 'open'],
  target: async () => ({ siteId: null }),
  run: async (): Promise<{ listId: string; size: number }> => {
    throw new Error('unwritten')
  },
})
