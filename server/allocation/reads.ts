import { z } from 'zod'
import type { Label } from '#domain/definition/definition.ts'
import { reading } from '../command.ts'
import { id } from '../input.ts'

export type AllocationListRow = {
  stratum: string
  label: Label
  listId: string | null
  size: number
  frozenAt: string | null
  sha256: string | null
}

/** Which strata have a list and whether it is frozen; never how far it is used. */
export const allocationLists = reading({
  name: 'allocation.lists',
  permission: 'allocation.manage',
  input: z.strictObject({ studyId: id }),
  run: async (): Promise<readonly AllocationListRow[]> => {
    throw new Error('unwritten')
  },
})
