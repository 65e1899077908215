/** The doors of the allocation lists, typed. Refusals come as SQLSTATEs, see `refusals` in `db/errors.ts`. */
import type { AllocationSlot } from '#domain/allocation/permuted-blocks.ts'
import type { Transaction } from './client.ts'

export type IssuedAllocation = {
  number: string
  arm: string
  issuedAt: string
  /** Rows left in the stratum, for a warning to the allocation statistician; never shown at a site. */
  remaining: number
}

/**
 * Issues the next row of the stratum's list to a subject, in list order under the list's lock, until the transaction ends.
 * `snapshot` is what eligibility, consent and stratum read now.
 * @throws database errors CB001 to CB004, CB008; P0002 when the subject is not within the transaction's study and sites
 */
export async function issueAllocation(
  tx: Transaction,
  subjectId: string,
  stratum: string,
  snapshot: unknown,
): Promise<IssuedAllocation> {
  const [row] = await tx.query<IssuedAllocation>(
    `select number, arm, issued_at as "issuedAt", remaining
     from allocation.issue($1, $2, $3, $4)`,
    [tx.settings.studyId, subjectId, stratum, JSON.stringify(snapshot ?? {})],
  )
  return row as IssuedAllocation
}

/** Whether a frozen list with a free row exists for the stratum; false says no more than that. */
export async function isRandomisationOpen(tx: Transaction, stratum: string): Promise<boolean> {
  const [row] = await tx.query<{ open: boolean }>('select allocation.is_open($1, $2) as open', [
    tx.settings.studyId,
    stratum,
  ])
  return row?.open === true
}

export type ListContent = {
  listId: string
  stratum: string
  seed: string
  blockSizes: readonly number[]
  slots: readonly (AllocationSlot & { number: string })[]
}

/**
 * Lays down the list of a stratum, or replaces one that is not frozen. Returns its SHA-256.
 * @throws database errors CB005 frozen, CB006 not the allocation statistician, CB007, CB008
 */
export async function generateList(tx: Transaction, list: ListContent): Promise<string> {
  const [row] = await tx.query<{ hash: string }>(
    'select allocation.generate($1, $2, $3, $4, $5, $6, $7, $8) as hash',
    [
      tx.settings.studyId,
      list.listId,
      list.stratum,
      list.seed,
      list.blockSizes,
      list.slots.map((slot) => slot.number),
      list.slots.map((slot) => slot.arm),
      list.slots.map((slot) => slot.block),
    ],
  )
  return (row as { hash: string }).hash
}

/** Freezes a list for ever and returns its SHA-256, which is also in the audit trail. @throws CB004 to CB006 */
export async function freezeList(tx: Transaction, listId: string): Promise<string> {
  const [row] = await tx.query<{ hash: string }>('select allocation.freeze($1, $2) as hash', [
    tx.settings.studyId,
    listId,
  ])
  return (row as { hash: string }).hash
}

export type AllocationList = {
  listId: string
  stratum: string
  frozenAt: string | null
  sha256: string | null
  size: number
  issued: number
}

/** The lists of the study without their arms, for the allocation statistician. @throws CB006 */
export function allocationLists(tx: Transaction): Promise<AllocationList[]> {
  return tx.query<AllocationList>(
    `select list_id as "listId", stratum, frozen_at as "frozenAt", sha256, size, issued
     from allocation.lists($1)`,
    [tx.settings.studyId],
  )
}

export type RevealedSlot = {
  position: number
  number: string
  arm: string
  block: number
  issuedTo: string | null
  seed: string
  blocks: number[]
}

/** A whole list with arms; every call is an audit record. @throws CB006 */
export function revealList(tx: Transaction, listId: string): Promise<RevealedSlot[]> {
  return tx.query<RevealedSlot>(
    `select place as position, number, arm, block, issued_to as "issuedTo", seed, blocks
     from allocation.reveal($1, $2)`,
    [tx.settings.studyId, listId],
  )
}
