/**
 * The seam between the expression language and whatever it is asked about. The language knows nothing of forms: a
 * `TypeScope` tells the checker what a name means, an `Environment` gives a compiled expression its values.
 */

/** Static types. `code` and `codes` carry the list, numbers their UCUM unit ('' is dimensionless, null unknown). */
export type ValueType =
  | { kind: 'number'; unit: string | null }
  | { kind: 'text' }
  | { kind: 'boolean' }
  | { kind: 'date'; partial: boolean }
  | { kind: 'dateTime' }
  | { kind: 'duration' }
  /** `missing`: codes of the list that mean a missing reason; they are null in logic and cannot be compared with. */
  | { kind: 'code'; list: string; codes: readonly string[]; missing?: readonly string[] }
  | { kind: 'codes'; list: string; codes: readonly string[]; missing?: readonly string[] }
  | { kind: 'null' }

/**
 * Run-time values. Dates are ISO text as far as known (`2016`, `2016-03`, `2016-03-15`), codes are text, null is missing
 * or undecided.
 */
export type Value = number | string | boolean | readonly string[] | Duration | null
export type Duration = { months: number; days: number }

/** Which record a reference reads. */
export type Place =
  /** Seen from the current frame: same row, same form, same visit, or the subject's only instance. */
  | { kind: 'here' }
  | { kind: 'event'; event: string }
  /** The value whose date the visit's window takes, whatever visit it was entered under. */
  | { kind: 'nearest'; event: string }
  /** Last non-missing value on or before time zero (the definition's anchor). */
  | { kind: 'base' }
  /** The last non-missing value before the current visit. */
  | { kind: 'previous' }
  /**
   * A row bound by exists(r, ...) and its kin: any row of the collection. Only in the static lists; at run time the
   * environment is asked for the same item `here` with the row's own frame, so it never meets this place.
   */
  | { kind: 'bound'; variable: string }

export type ItemReference = {
  form: string
  group: string
  item: string
  row: string | null
  place: Place
}

/** A set of rows: instances of a form (`group` null) or of a repeating group, over all visits unless `event` is named. */
export type CollectionReference = { form: string; group: string | null; event: string | null }

/** What a name or a member means, asked by the checker. */
export type Meaning =
  | { kind: 'item'; reference: ItemReference; type: ValueType }
  | { kind: 'form'; form: string }
  | { kind: 'group'; form: string; group: string }
  | { kind: 'event'; event: string }
  | { kind: 'variable'; oid: string; type: ValueType }
  | { kind: 'parameter'; oid: string; type: ValueType }

export interface TypeScope {
  /** A bare name: item of the row or form at hand, else form, event, variable or parameter. */
  name(name: string): Meaning | undefined
  /** `FORM.X`, `FORM.GROUP.X`, `r.X`: a member of a form or group. `event`/`eventRepeat` members are codes of the visit. */
  member(form: string, group: string | null, name: string): Meaning | undefined
  /** True when a fixed row of this key exists in the group. */
  hasRow(form: string, group: string, row: string): boolean
  /** Null when the reference can be read from here; else the reason, e.g. that a visit must be named. */
  reachable(reference: ItemReference): string | null
  /** Signature of a function of the field (refHigh, toxicityGrade ...) beyond the language's own. */
  fieldFunction(name: string): FieldFunction | undefined
  /** Names near to a misspelt one, for the message. */
  suggestions(name: string): readonly string[]
  /** True where a code outside its list is let pass with a warning: it just never matches. Absent: it is an error. */
  lenientCodes?: boolean
  /** OIDs of the visits, so that `event == 'W4'` can be checked; absent means any text is accepted. */
  eventCodes?(): readonly string[]
}

export type FieldFunction = {
  name: string
  /** `form`: the argument is the name of a form, handed over as its OID. */
  parameters: readonly { name: string; type: ValueType['kind'] | 'form'; optional?: boolean }[]
  result: ValueType
  /** References the function reads beside its arguments (for dependency tracking), as item OIDs; usually none. */
  doc: string
}

/** A position during evaluation: a record and, in a repeating group, a row of it. Opaque to the language. */
export type Frame = {
  readonly record: number
  readonly row: string | null
  readonly bound?: Readonly<Record<string, Frame>>
}

export interface Environment {
  value(reference: ItemReference, frame: Frame): Value
  /** Why a value is null: a recorded reason, 'BLANK' where nothing was entered, null where there is a value. */
  missing(reference: ItemReference, frame: Frame): string | null
  /** Frames of the rows, in date order where the form has a date, else in order of entry. */
  rows(collection: CollectionReference, frame: Frame): readonly Frame[]
  /** The visit a frame belongs to, for `r.event` and `event`. */
  eventOf(frame: Frame): string
  /** 1-based position of a row or log instance among its siblings in date order, for `r.index` and `index`. */
  indexOf(frame: Frame): number | null
  /** The date of a record (of its visit; in a log, of its form), as far as known, for `r.date` and `date`. */
  recordDate(frame: Frame): string | null
  variable(oid: string): Value
  parameter(oid: string): Value
  call(name: string, values: readonly Value[], frame: Frame): Value
  today: string
}

export type Severity = 'error' | 'warning'
/** A finding of parser or checker; offsets count from the start of the expression text. */
export type ExpressionFinding = {
  code: string
  severity: Severity
  message: string
  /** The code that is not in its list. */
  absent?: string
  start: number
  end: number
}
