/** The paper of a study against its reports, as a page shows it. */
import type { Label } from '#domain/definition/definition.ts'
import type { Paper } from '#domain/definition/paper-schema.ts'
import type { CheckedCell } from './paper-check.ts'

export type PaperPart = {
  /** As the paper calls it. */
  what: string
  report: { oid: string; title: Label }
  /** Why the report gives no numbers now. */
  problem: Label | null
  cells: readonly Omit<CheckedCell, 'what' | 'report'>[]
}
export type PaperView = {
  paper: string
  dataAsOf: string
  version: { number: number; label: string; hash: string }
  subjects: number
  passed: number
  failed: number
  notCompared: NonNullable<Paper['notCompared']>
  /** Null for readers who must not see numbers by arm: the paper prints little else. */
  parts: readonly PaperPart[] | null
}
