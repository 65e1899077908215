/** The shape of a demo cohort's work: what is typed, where, in which order. Loader and tests carry it out. */
export type DemoValue = string | string[] | { missing: 'ND' | 'NA' | 'UNK' | 'NASK' }

/** One form filled once. Paths as in the casebook: `ITEM` or `GROUP[KEY].ITEM`. */
export type DemoForm = {
  event: string
  /** Number of a repeated unscheduled visit; 1 where absent. */
  eventRepeat?: number
  form: string
  values: Readonly<Record<string, DemoValue>>
  /** Another instance of a log form; instances are numbered in the order of the plan. */
  repeat?: 'new'
  /** Stays in work: it is not marked complete. */
  open?: true
}

/** One subject, as the site works on it. */
export type DemoPlan = {
  site: string
  screenedOn: string
  /** Null in a study without allocation, and for subjects who never reach it. */
  randomisedOn: string | null
  stratum: string | null
  arm: string | null
  /** Forms before allocation; all forms of a study without one. */
  before: readonly DemoForm[]
  after: readonly DemoForm[]
  /** Work broke off (a screening failure): forms that are not complete stay so. */
  brokenOff?: true
}

/** The plan of a subject in a study without allocation. */
export function cohortPlan(site: string, screenedOn: string, forms: readonly DemoForm[]): DemoPlan {
  return {
    site,
    screenedOn,
    randomisedOn: null,
    stratum: null,
    arm: null,
    before: forms,
    after: [],
  }
}

/** A change after the form was complete, with the reason that the site gives. */
export type Correction = {
  event: string
  form: string
  reason: string
  changes: readonly { path: string; from: string; to: string }[]
}

/** A monitor's query, and the site's answer where there is one. */
export type Question = {
  event: string
  form: string
  path: string
  text: string
  answer: string | null
}
