import type { Label } from '#domain/definition/definition.ts'
import type { OpenLineId, OpenLines } from './cut-views.ts'
import type { ReportChoices } from './report-choices.ts'

/** The checklist before a cut, with what a cut would fix of the study. */
export type Checklist = OpenLines & {
  /** Addresses after that of the study, only of lists that the reader may open. */
  links: Partial<Record<OpenLineId, string>>
  version: { number: number; label: string }
  allocates: boolean
  /** What a cut may be of: with arms by name, and with arms concealed, where nothing that tells them can be chosen. */
  choices: Record<'shown' | 'concealed', ReportChoices>
}

/** One of the findings that a line counts. */
export type OpenFinding = {
  /** Names the finding in its list. */
  place: string
  siteCode: string
  subjectKey: string
  event: { oid: string; repeat: number; label: Label } | null
  form: { oid: string; repeat: number; label: Label } | null
  /** The question that was asked, the term of an event, the last day of a window (ISO), or what is undecided. */
  detail: Label | null
}
export type OpenFindings = { rows: readonly OpenFinding[]; next: string | null }
