import { z } from 'zod'
import { command, wholeStudy } from '../command.ts'
import { commandKey, id } from '../input.ts'

/** Seals a list before its first use; from then on nobody can change it, and its hash may be published. */
export const freezeList = command({
  name: 'allocation.freeze',
  permission: 'allocation.manage',
  input: z.strictObject({ studyId: id, listId: id, key: commandKey }),
  states: ['draft', 'open'],
  target: wholeStudy,
  run: async ({ tx, input, now }): Promise<{ sha256: string; frozenAt: string }> => {
    const [row] = await tx.query<{ sha256: string }>('select allocation.freeze($1, $2) as sha256', [
      input.studyId,
      input.listId,
    ])
    return { sha256: row?.sha256 ?? '', frozenAt: now }
  },
})
