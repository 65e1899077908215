import type { OpenLineId, OpenLines } from './cut-views.ts'
import type { ReportChoices } from './report-choices.ts'

/** The checklist before a cut, with what a cut would fix of the study. */
export type Checklist = OpenLines & {
  /** Addresses after that of the study, only of lists that the reader may open. */
  links: Partial<Record<OpenLineId, string>>
  version: { number: number; label: string }
  allocates: boolean
  /** Study parameters that a cut may set otherwise. */
  values: ReportChoices['values']
}
