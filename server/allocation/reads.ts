import { z } from 'zod'
import type { Label } from '#domain/definition/definition.ts'
import { reading } from '../command.ts'
import { id } from '../input.ts'
import { publishedStudy } from '../study/published.ts'

export type AllocationListRow = {
  stratum: string
  label: Label
  listId: string | null
  size: number
  issued: number
  frozenAt: string | null
  sha256: string | null
}

/** Which strata have a list and whether it is frozen, for who keeps the lists. */
export const allocationLists = reading({
  name: 'allocation.lists',
  permission: 'allocation.manage',
  input: z.strictObject({ studyId: id }),
  run: async ({ tx, input, study }): Promise<readonly AllocationListRow[]> => {
    if (study.latestVersion === 0) return []
    const { definition } = await publishedStudy(tx, input.studyId, study.latestVersion)
    const lists = await tx.query<Omit<AllocationListRow, 'label'>>(
      `select stratum, list_id as "listId", size, issued, frozen_at as "frozenAt", sha256
       from allocation.lists($1)`,
      [input.studyId],
    )
    return (definition.allocation?.strata ?? []).map(({ code, label }) => {
      const list = lists.find(({ stratum }) => stratum === code)
      const none = { listId: null, size: 0, issued: 0, frozenAt: null, sha256: null }
      return { ...none, ...list, stratum: code, label }
    })
  },
})
