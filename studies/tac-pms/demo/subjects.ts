/**
 * Reads the synthetic subjects of the demo surveillance. They belong to no person: they were made so that the figures the paper
 * prints come out of them (survival, prognostic factors, baseline, markers by visit, reactions, reasons for stopping). Days count
 * from the first dose, day 0.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export const bins = ['D0', 'M1', 'M3', 'M6', 'M12', 'M24'] as const
export type Bin = (typeof bins)[number]

export type Measurements = {
  fvc: string
  dlco: string
  po2: string
  pco2: string
  fio2: string
  ferritin: string
  kl6: string
  spd: string
  ct: string
}

export type AdverseEvent = {
  day: number
  preferredTerm: string
  serious: boolean
  related: boolean
  action: string
  fatal: boolean
}

export type Registered = {
  id: string
  site: string
  start: string
  /** Days from the first dose to registration. */
  registeredAfter: number
  diagnosis: 'PM' | 'DM' | 'CADM'
  female: boolean
  age: number
}

export type DemoSubject = Registered & {
  /** Empty where nobody weighed. */
  weight: string
  height: string
  inpatient: boolean
  /** Null where unknown. */
  smoker: boolean | null
  diseaseDays: number | null
  lungDiseaseDays: number | null
  presentation: string
  course: string
  pattern: string
  antibodies: Readonly<Record<'JO1' | 'ARS' | 'MDA5', string>>
  fever: boolean
  dysphagia: boolean
  raynaud: boolean
  arthritis: boolean
  cardiopathy: boolean
  otherSymptoms: boolean
  saturation: string
  oxygen: boolean
  /** Tacrolimus per administration, twice a day: at the start and after the first adjustment. */
  dose: number
  secondDose: number
  /** Oral prednisolone, mg a day; null where none. */
  steroid: { start: number | null; month6: number | null; month24: number | null }
  cyclophosphamide: boolean
  pulse: boolean
  /** MTX, ETN or AZA before tacrolimus. */
  prior: string
  deathDay: number | null
  deathCause: string
  progressionDay: number | null
  lastDay: number
  week1: number | null
  visits: readonly { event: string; day: number }[]
  stop: { day: number; reasons: string[] } | null
  measured: Readonly<Partial<Record<Bin, Measurements>>>
  events: readonly AdverseEvent[]
}

type Row = Readonly<Record<string, string>>

function rows(name: string): Row[] {
  const text = readFileSync(join(import.meta.dirname, name), 'utf8')
  const [head = '', ...lines] = text.trim().split(/\r?\n/)
  const names = head.split(',')
  return lines.map((line) => {
    const cells = line.split(',')
    return Object.fromEntries(names.map((column, at) => [column, cells[at] ?? '']))
  })
}

/** Throws when a column is missing, so that a changed file cannot pass unnoticed. */
function cell(row: Row, column: string): string {
  const value = row[column]
  if (value === undefined) throw new Error(`The cohort has no column ${column}`)
  return value
}

const optional = (row: Row, column: string): number | null =>
  cell(row, column) === '' ? null : Number(cell(row, column))
const flag = (row: Row, column: string): boolean => cell(row, column) === '1'

/** The 170 subjects with data, and the nine who were registered and give none. */
export function readSubjects(): { followed: DemoSubject[]; registeredOnly: Registered[] } {
  const measured = new Map<string, Partial<Record<Bin, Measurements>>>()
  for (const row of rows('measurements.csv')) {
    const id = cell(row, 'id')
    const visits = measured.get(id) ?? {}
    visits[cell(row, 'visit') as Bin] = row as Measurements
    measured.set(id, visits)
  }
  const events = new Map<string, AdverseEvent[]>()
  for (const row of rows('adverse-events.csv')) {
    const id = cell(row, 'id')
    const event = {
      day: Number(cell(row, 'day')),
      preferredTerm: cell(row, 'pt'),
      serious: flag(row, 'serious'),
      related: flag(row, 'related'),
      action: cell(row, 'action'),
      fatal: flag(row, 'fatal'),
    }
    events.set(id, [...(events.get(id) ?? []), event])
  }
  const followed: DemoSubject[] = []
  const registeredOnly: Registered[] = []
  for (const row of rows('subjects.csv')) {
    const registered = registeredOf(row)
    if (cell(row, 'last_day') === '') registeredOnly.push(registered)
    else
      followed.push(
        followedOf(row, registered, measured.get(registered.id), events.get(registered.id)),
      )
  }
  return { followed, registeredOnly }
}

function registeredOf(row: Row): Registered {
  return {
    id: cell(row, 'id'),
    site: cell(row, 'site'),
    start: cell(row, 'start'),
    registeredAfter: Number(cell(row, 'reglag')),
    diagnosis: cell(row, 'dx') as Registered['diagnosis'],
    female: cell(row, 'sex') === 'F',
    age: Number(cell(row, 'age')),
  }
}

function followedOf(
  row: Row,
  registered: Registered,
  measured: DemoSubject['measured'] = {},
  events: readonly AdverseEvent[] = [],
): DemoSubject {
  const stopDay = optional(row, 'stop_day')
  return {
    ...registered,
    weight: cell(row, 'weight'),
    height: cell(row, 'height'),
    inpatient: flag(row, 'inpatient'),
    smoker: cell(row, 'smoking') === '' ? null : flag(row, 'smoking'),
    diseaseDays: optional(row, 'iim_days'),
    lungDiseaseDays: optional(row, 'ip_days'),
    presentation: cell(row, 'presentation'),
    course: cell(row, 'mode'),
    pattern: cell(row, 'histology'),
    antibodies: { JO1: cell(row, 'jo1'), ARS: cell(row, 'ars'), MDA5: cell(row, 'mda5') },
    fever: flag(row, 'fever'),
    dysphagia: flag(row, 'dysphagia'),
    raynaud: flag(row, 'raynaud'),
    arthritis: flag(row, 'arthritis'),
    cardiopathy: flag(row, 'cardiopathy'),
    otherSymptoms: flag(row, 'other'),
    saturation: cell(row, 'spo2'),
    oxygen: flag(row, 'oxygen'),
    dose: Number(cell(row, 'tac0')),
    secondDose: Number(cell(row, 'tac1')),
    steroid: {
      start: optional(row, 'gc0'),
      month6: optional(row, 'gc6'),
      month24: optional(row, 'gc24'),
    },
    cyclophosphamide: flag(row, 'cyc'),
    pulse: flag(row, 'pulse'),
    prior: cell(row, 'prior'),
    deathDay: optional(row, 'death_day'),
    deathCause: cell(row, 'death_cause'),
    progressionDay: optional(row, 'progression_day'),
    lastDay: Number(cell(row, 'last_day')),
    week1: optional(row, 'w1'),
    visits: (['m1', 'm3', 'm6', 'm12', 'm24', 'm36'] as const).flatMap((column) => {
      const day = optional(row, column)
      return day === null ? [] : [{ event: column.toUpperCase(), day }]
    }),
    stop: stopDay === null ? null : { day: stopDay, reasons: cell(row, 'stop_reasons').split(' ') },
    measured,
    events,
  }
}
