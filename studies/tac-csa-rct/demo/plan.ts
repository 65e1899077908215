/** The shape of the demo cohort's work: what is typed, where, in which order. */
export type DemoValue = string | string[] | { missing: 'ND' | 'NA' | 'UNK' | 'NASK' }
export type DemoForm = {
  event: string
  form: string
  values: Record<string, DemoValue>
  repeat?: 'new'
  reason?: string
}
export type DemoPlan = {
  site: string
  screenedOn: string
  /** Null for a screen failure. */
  randomisedOn: string | null
  stratum: string | null
  arm: string | null
  before: readonly DemoForm[]
  after: readonly DemoForm[]
}

export type Build = { weight: number; height: number; predicted: number }
