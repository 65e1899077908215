import { z } from 'zod'
import { Problem } from '#domain/problem.ts'
import { command, wholeStudy } from '../command.ts'
import { id, plainText, reasonText } from '../input.ts'

export type AllocationList = {
  listId: string
  stratum: string
  seed: string
  blocks: readonly number[]
  frozenAt: string | null
  sha256: string | null
  rows: readonly { position: number; number: string; arm: string; block: number; issued: boolean }[]
}
type Head = Pick<AllocationList, 'listId' | 'stratum' | 'frozenAt' | 'sha256'>
type Row = Omit<AllocationList['rows'][number], 'issued'> & {
  issuedTo: string | null
  seed: string
  blocks: number[]
}

/**
 * A command although it only looks: every look at concealed rows leaves an audit row. It carries no key, because an answer
 * kept for a repeated request would be a second copy of the list.
 */
export const revealList = command({
  name: 'allocation.reveal',
  permission: 'allocation.reveal',
  input: z.strictObject({ studyId: id, stratum: plainText(60), reason: reasonText }),
  states: ['draft', 'open', 'locked', 'archived'],
  reason: (input) => input.reason,
  target: wholeStudy,
  run: async ({ tx, input }): Promise<AllocationList> => {
    const [head] = await tx.query<Head>(
      `select list_id as "listId", stratum, frozen_at as "frozenAt", sha256
       from allocation.lists($1) where stratum = $2`,
      [input.studyId, input.stratum],
    )
    if (!head) throw new Problem('not-found')
    const rows = await tx.query<Row>(
      `select place as position, number, arm, block, issued_to as "issuedTo", seed, blocks
       from allocation.reveal($1, $2)`,
      [input.studyId, head.listId],
    )
    return {
      ...head,
      seed: rows[0]?.seed ?? '',
      blocks: rows[0]?.blocks ?? [],
      rows: rows.map(({ position, number, arm, block, issuedTo }) => ({
        position,
        number,
        arm,
        block,
        issued: issuedTo !== null,
      })),
    }
  },
})
