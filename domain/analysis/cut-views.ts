/** What people see of data cuts: what one fixed, what was open in the data, and whether it still gives what it gave. */
import type { Label, ReportDef } from '#domain/definition/definition.ts'
import type { NamesOf } from './printed/conditions.ts'
import type { ArmView, ReportParameters } from './report-parameters.ts'

export const cutPurposes = ['interim', 'dsmb', 'final', 'other'] as const
export type CutPurpose = (typeof cutPurposes)[number]

/** One report of a cut: the salted SHA-256 (hex) of its canonical JSON on the day the cut was taken. */
export type CutReport = { oid: string; sha256: string }

/** What cleaning looks for, in the order in which it is listed. */
export const openLineIds = [
  'queriesOpen',
  'queriesAnswered',
  'ruleQueries',
  'visitsOverdue',
  'formsMissing',
  'formsInProgress',
  'formsUnsigned',
  'signaturesFallen',
  'eventsWithoutEnd',
  'olderVersions',
  'populationsUndecided',
  'endpointsUndecided',
] as const
export type OpenLineId = (typeof openLineIds)[number]

export type OpenLine = {
  id: OpenLineId
  count: number
  bySite: readonly { site: string; count: number }[]
  /** What the count is made of: ages of queries in days, names of populations and endpoints. */
  parts: readonly { part: string; label: Label | null; count: number }[]
}

/** What was open at a moment. A line that a study has no use for is not there. */
export type OpenLines = { at: string; sites: readonly string[]; lines: readonly OpenLine[] }

export type CutSummary = {
  number: number
  name: string
  purpose: CutPurpose
  asOf: string
  takenAt: string
  takenBy: string
  subjects: number
  arms: ArmView
  version: { number: number; label: string; hash: string }
  sha256: string
  parameters: ReportParameters
  /** Names of what the parameters point to, from the definition of the cut. */
  names: NamesOf
  /** How many findings of the cleaning checklist were open. */
  open: number
}

export type CutFacts = Omit<CutSummary, 'open'> & {
  cutId: string
  reason: string
  /** The day that `today` means in the rules. */
  today: string
  engineVersion: string
  takenRole: string
  openLines: OpenLines
  reports: readonly (CutReport & { title: Label; kind: ReportDef['kind'] | null })[]
}

/** What a report of a cut carries, so that no print of it can be taken for a live one. */
export type CutMark = { number: number; name: string; asOf: string; hash: string }

/** Why a report of a cut comes out differently: what is known to change numbers, or nothing that is known. */
export const cutCauses = ['engine', 'redaction', 'gone', 'unknown'] as const
export type CutCause = (typeof cutCauses)[number]

export type CutVerdict = {
  number: number
  name: string
  identical: boolean
  was: { sha256: string; engine: string }
  is: { sha256: string; engine: string }
  reports: readonly {
    oid: string
    title: Label
    was: string
    /** Null: the report cannot be run any more. */
    is: string | null
    cause: CutCause | null
  }[]
}
