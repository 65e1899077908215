import { z } from 'zod'
import { command } from '../command.ts'
import { commandKey, id } from '../input.ts'

export const freezeList = command({
  name: 'allocation.freeze',
  permission: 'allocation.manage',
  input: z.strictObject({ studyId: id, listId: id, key: commandKey }),
  states: ['draft', 'open'],
  target: async () => ({ siteId: null }),
  run: async (): Promise<{ sha256: string; frozenAt: string }> => {
    throw new Error('unwritten')
  },
})
