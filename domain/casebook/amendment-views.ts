/** What the pages about amendments receive. */
import type { Label } from '#domain/definition/definition.ts'
import type { DefinitionChange } from '#domain/definition/diff.ts'
import type { SignatureFall } from './migrate-subject.ts'
import type { Move } from './migrate-values.ts'
import type { MigrationState } from './migration-state.ts'
import type { FormState } from './record.ts'

export type VersionName = { number: number; label: string; hash: string }

export type ComparisonView = {
  from: VersionName
  to: VersionName
  changes: readonly DefinitionChange[]
}

/** A record by its place, as people call it. */
export type RecordName = {
  recordId: string
  event: Label
  eventRepeat: number
  form: Label
  formRepeat: number
}

export type FallingSignature = RecordName & {
  signer: string
  signedAt: string
  why: SignatureFall['why']
  text: Label
}

/** What a migration would do to one subject, in numbers; its signatures by name. */
export type SubjectImpact = {
  subjectId: string
  subjectKey: string
  siteCode: string
  /** The version it is on. */
  from: number
  /** Whether the site works on the new version already; else the day it goes live, where that is known. */
  live: boolean
  goLiveOn: string | null
  records: number
  signatures: readonly FallingSignature[]
  /** Values that get another name, another code, lose their item, or no longer fit it. */
  renamed: number
  replaced: number
  retired: number
  refused: number
  /** Calculated values that change. */
  derived: number
  /** Forms that fall from complete to open. */
  reopened: number
  queriesOpened: number
  queriesClosed: number
}

export type ImpactPage = {
  rows: readonly SubjectImpact[]
  next: string | null
  /** Subjects that are on an older version, over all pages. */
  total: number
}

export type ItemImpact = { path: string; label: Label }
export type RecordImpact = RecordName & {
  before: FormState
  after: FormState
  moves: readonly (ItemImpact & { from: string; why: Move['why']; old: string; value: string })[]
  /** Kept, shown as of version `version`, and left out of rules and reports. */
  retired: readonly (ItemImpact & { value: string })[]
  refused: readonly (ItemImpact & { value: string; text: Label })[]
  derived: readonly (ItemImpact & { old: string | null; value: string | null })[]
  opens: readonly ItemImpact[]
  queries: readonly (ItemImpact & { kind: 'open' | 'reopen' | 'close'; text: string })[]
  signature: FallingSignature | null
}

export type SubjectImpactDetail = {
  subjectId: string
  subjectKey: string
  siteCode: string
  from: VersionName
  to: VersionName
  /** Records to which something happens; all others only change their version number. */
  records: readonly RecordImpact[]
  untouched: number
}

export type MigrationRun = {
  runId: string
  version: number
  sites: readonly string[]
  state: MigrationState
  reason: string
  total: number
  done: number
  records: number
  failed: readonly { subjectId: string; subjectKey: string | null }[]
  startedAt: string
  startedBy: string
  workedAt: string
  endedAt: string | null
}

export type SiteVersions = {
  siteId: string
  code: string
  name: string
  /** The version new subjects get today. */
  inForce: number
  approvals: readonly {
    version: number
    approvedOn: string
    goLiveOn: string
    at: string
    by: string
  }[]
  /** Subjects by version; empty where the reader may not see subjects. */
  subjects: readonly { version: number; count: number }[]
}

/** A value that the subject's version has no item for. */
export type RetiredValue = RecordName & {
  path: string
  label: Label
  value: string
  /** The last version that had the item. */
  version: number
}
