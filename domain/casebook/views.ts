/** What the screens receive: the shapes that reads return. Every one carries what its reader may do (`abilities`). */
import type { Role } from '#domain/access/permissions.ts'
import type { CodeListDef, FormDef, Label, StudyEventDef } from '#domain/definition/definition.ts'
import type { subjectStates } from '#domain/definition/subject-states.ts'
import type { ProblemMessage } from '#domain/problem.ts'
import type {
  Finding,
  FormEvaluation,
  FormRecordData,
  FormState,
  FormValues,
  ItemPath,
  RecordKey,
  ReferenceRange,
  StoredValue,
} from './record.ts'

export type SubjectState = (typeof subjectStates)[number]

export type SessionView = {
  user: {
    userId: string
    userName: string
    displayName: string
    isSystemAdministrator: boolean
    language: string
    /** True while the password is a temporary one: nothing but changing it is possible. */
    mustChangePassword: boolean
  }
  demo: boolean
  studies: readonly {
    studyId: string
    oid: string
    name: Label
    title: Label
    state: string
    roles: readonly Role[]
    sites: readonly { siteId: string; code: string; name: string }[]
    permissions: readonly string[]
  }[]
}

/** What a cell of the matrix shows; the glyph follows `state`, the marks follow the rest. */
export const cellStates = [
  'none',
  'notStarted',
  'inProgress',
  'complete',
  'verified',
  'signed',
  'locked',
  'missed',
] as const
export type CellState = (typeof cellStates)[number]
export type MatrixCell = {
  event: string
  state: CellState
  queries: number
  overdue: boolean
  outsideWindow: boolean
  /** Visit date as entered, target date, window, ISO; null where unknown. */
  date: string | null
  target: string | null
  from: string | null
  to: string | null
  /** False where the visit is a bin that dated records are sorted into: nothing is due, and no window is shown. */
  enforced: boolean
  done: number
  expected: number
}
export type MatrixRow = {
  subjectId: string
  subjectKey: string
  siteId: string
  siteCode: string
  state: SubjectState
  /** Values of the definition's subjectColumns, codes; null where unknown or concealed. */
  columns: Readonly<Record<string, string | null>>
  queries: number
  cells: readonly MatrixCell[]
}
export type MatrixView = {
  events: readonly { oid: string; label: Label; kind: StudyEventDef['kind'] }[]
  columns: readonly { oid: string; label: Label; codes: Readonly<Record<string, Label>> }[]
  rows: readonly MatrixRow[]
  next: string | null
  total: number
  totals: Readonly<Record<string, { complete: number; inProgress: number; notStarted: number }>>
  sites: readonly { siteId: string; code: string; name: string }[]
  /** The states that subjects of this study can be in. */
  states: readonly SubjectState[]
  abilities: { screen: boolean }
}

export type SubjectHeader = {
  subjectId: string
  subjectKey: string
  siteId: string
  siteCode: string
  siteName: string
  state: SubjectState
  /** Day of a withdrawal of consent, ISO; data up to it may still be entered. Null: consent stands. */
  withdrawnOn: string | null
  columns: readonly {
    oid: string
    label: Label
    code: string | null
    text: Label | null
  }[]
  anchor: string | null
  /** Day of the study, day 1 = anchor. */
  day: number | null
}

export type VisitFormView = {
  form: string
  label: Label
  recordId: string | null
  state: FormState
  queries: number
  required: boolean
  formRepeat: number
  open: number
}
export type VisitView = MatrixCell & {
  label: Label
  kind: StudyEventDef['kind']
  eventRepeat: number
  forms: readonly VisitFormView[]
}
export type LogView = {
  form: string
  label: Label
  instances: readonly {
    recordId: string
    formRepeat: number
    title: string
    date: string | null
    state: FormState
    queries: number
    summary: readonly { label: Label; text: string }[]
  }[]
}
export type TimelineEntry = {
  kind:
    | 'visit'
    | 'dose'
    | 'trough'
    | 'adverseEvent'
    | 'progression'
    | 'death'
    | 'randomisation'
    | 'medication'
    | 'infection'
    | 'admission'
    | 'relapse'
    | 'anchor'
  label: string
  from: string
  to: string | null
  detail: string
  severity: number | null
  form: string
  recordId: string | null
}
/** A lifting of the blinding, by whom and why; the arm is not part of it. */
export type UnblindingView = { at: string; by: string; role: string; reason: string; mine: boolean }

export type CasebookView = {
  subject: SubjectHeader
  /** Emergency unblindings of the subject, the oldest first. */
  unblindings: readonly UnblindingView[]
  visits: readonly VisitView[]
  logs: readonly LogView[]
  timeline: readonly TimelineEntry[]
  asOf: string | null
  /** Day of a withdrawal as recorded in the step, which can be mended; forms may tell an earlier one. */
  recordedWithdrawal: string | null
  abilities: {
    enter: boolean
    withdraw: boolean
    /** The day that was recorded in the step can be mended, or the step taken back. */
    correctWithdrawal: boolean
    randomise: boolean
    /** Emergency unblinding: there is an arm, and it is concealed from the reader. */
    unblind: boolean
    raiseQuery: boolean
    readAudit: boolean
    export: boolean
  }
}

export type QuerySummary = {
  queryId: string
  recordId: string
  path: ItemPath
  check: string | null
  state: QueryState
  text: string
  openedAt: string
  openedBy: string
  answer: string | null
}
export const queryStates = ['open', 'answered', 'closed', 'cancelled'] as const
export type QueryState = (typeof queryStates)[number]

export type FormView = {
  /** A reading of an image by a blinded reader, who knows it by this id; null for a form of a casebook. */
  reading: { image: string } | null
  subject: SubjectHeader
  event: { oid: string; label: Label; kind: StudyEventDef['kind']; cell: MatrixCell }
  form: FormDef
  /** Labels of the items that are concealed from the reader; they are not in `form`. */
  keptBack: readonly Label[]
  /** Fixed rows in use for this visit, by group; absent: all rows. */
  rowKeys: Readonly<Record<string, readonly string[]>>
  codeLists: readonly CodeListDef[]
  record: FormRecordData
  studyVersion: { number: number; label: string; hash: string }
  evaluation: FormEvaluation
  /** Other records the rules of this form read, for live evaluation in the browser. */
  context: readonly FormRecordData[]
  /** Reference intervals of the subject's site, and the server's date, for the same rules in the browser. */
  references: readonly ReferenceRange[]
  today: string
  queries: readonly QuerySummary[]
  /** Paths with more than one saved value, and how many changes. */
  changed: Readonly<Record<ItemPath, number>>
  /** `why`: what was written down when it fell. */
  signature: {
    name: string
    at: string
    meaning: string
    valid: boolean
    why: string | null
  } | null
  /** Forms of the same visit, in order, for "save and next". */
  siblings: readonly VisitFormView[]
  abilities: {
    enter: boolean
    complete: boolean
    reopen: boolean
    sign: boolean
    remove: boolean
    raiseQuery: boolean
    answerQuery: boolean
    closeQuery: boolean
    readAudit: boolean
  }
}

export type ItemChange = {
  path: ItemPath
  from: StoredValue | null
  to: StoredValue | null
  reason?: string
}
export type SaveResult = {
  recordId: string
  formRepeat: number
  revision: number
  state: FormState
  savedAt: string
  /** The record's values after the save. */
  data: FormValues
  evaluation: FormEvaluation
  queries: readonly QuerySummary[]
  conflicts: readonly {
    path: ItemPath
    mine: StoredValue | null
    theirs: StoredValue | null
    by: string
    at: string
  }[]
  refused: readonly { path: ItemPath; problem: ProblemMessage }[]
  /** Other form instances whose derived values, findings or signatures changed with this save. */
  alsoChanged: readonly {
    recordId: string
    key: RecordKey
    what: 'derived' | 'query' | 'signature'
  }[]
}

export type HistoryEntry = {
  at: string
  who: string
  role: string
  action: string
  old: StoredValue | null
  new: StoredValue | null
  reason: string | null
  version: number
  seq: number
  /** Where the value was then: an amendment may have renamed the item since. */
  path: ItemPath
}

export type QueryRow = QuerySummary & {
  subjectId: string
  subjectKey: string
  siteCode: string
  event: string
  eventRepeat: number
  form: string
  formRepeat: number
  itemLabel: Label
  formLabel: Label
  eventLabel: Label
  ageDays: number
  valueThen: string | null
  valueNow: string | null
}
export type QueryThread = QueryRow & {
  messages: readonly {
    at: string
    who: string
    role: string
    step: 'opened' | 'answered' | 'closed' | 'reopened' | 'cancelled'
    text: string
  }[]
  abilities: { answer: boolean; close: boolean; reopen: boolean }
}

export type RandomisationView = {
  subject: SubjectHeader
  preconditions: readonly {
    id: string
    label: Label
    met: boolean | null
    form: string
    event: string
    detail: string | null
  }[]
  stratum: { code: string; label: Label; source: Label } | null
  allocation: {
    number: string
    arm: string
    armLabel: Label
    stratum: string
    stratumLabel: Label
    at: string
    by: string
    /** The arm is not told: `arm` is empty. */
    concealed: boolean
  } | null
  unblindings: readonly UnblindingView[]
  abilities: { randomise: boolean; unblind: boolean }
}

export type AdverseEventRow = {
  subjectId: string
  subjectKey: string
  siteCode: string
  recordId: string
  formRepeat: number
  term: string
  from: string | null
  to: string | null
  ongoing: boolean | null
  grade: number | null
  grades: readonly { at: string; grade: number | null }[]
  serious: boolean | null
  outcome: string | null
  related: readonly string[]
  /** For serious events: when it was first recorded and hours since; null otherwise. */
  clock: { since: string; hours: number } | null
  state: FormState
  queries: number
}

export type HomeView = {
  /** False in a study without allocation: subjects are enrolled, not randomised. */
  allocates: boolean
  /** False where no form of the study records adverse events. */
  recordsEvents: boolean
  /** False where visits are only sorted into bins, so that none ever falls due. */
  plansVisits: boolean
  due: readonly {
    subjectId: string
    subjectKey: string
    event: string
    label: Label
    target: string
    from: string
    to: string
    overdue: boolean
  }[]
  queries: { open: number; answered: number }
  toSign: number
  toVerify: number
  serious: readonly AdverseEventRow[]
  recruitment: readonly {
    siteId: string
    code: string
    name: string
    screened: number
    randomised: number
    planned: number | null
  }[]
  monthly: readonly { month: string; randomised: number }[]
  changes: readonly {
    at: string
    who: string
    what: string
    subjectKey: string | null
    subjectId: string | null
  }[]
}

export type ExportRow = {
  exportId: string
  at: string
  who: string
  kind: string
  sha256: string
  bytes: number
  subjects: number
  forms: number
  studyVersion: number
}
export type { Finding, FormEvaluation }
