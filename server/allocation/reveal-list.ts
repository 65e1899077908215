import { z } from 'zod'
import { command } from '../command.ts'
import { commandKey, id, reasonText } from '../input.ts'

export type AllocationList = {
  listId: string
  stratum: string
  seed: string
  blocks: readonly number[]
  frozenAt: string | null
  sha256: string | null
  rows: readonly { position: number; number: string; arm: string; block: number; issued: boolean }[]
}

/** A command although it only looks: every look at concealed rows leaves an audit row. */
export const revealList = command({
  name: 'allocation.reveal',
  permission: 'allocation.reveal',
  input: z.strictObject({ studyId: id, stratum: z.string().max(60), reason: reasonText, key: commandKey }),
  states: ['draft', 'open', 'locked', 'archived'],
  reason: (input) => input.reason,
  target: async () => ({ siteId: null }),
  run: async (): Promise<AllocationList> => {
    throw new Error('unwritten')
  },
})
