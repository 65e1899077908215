/**
 * Reads the synthetic subjects of the demo cohort. They belong to no person: they were made so that the published tables come out
 * of them (times, margins, laboratory values, listings of infections). Everything else a chart holds is made up around them.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export type Event = 'LIVER' | 'LYMPH' | 'RENAL' | 'DVT' | 'DIARR' | 'ANAEM' | 'PE'

export type DemoSubject = {
  id: string
  /** Day of the first HRCT. */
  index: string
  group: 'TOF' | 'TAC'
  rapidlyProgressive: boolean
  /** Days from the first HRCT to death or last contact. */
  lastDay: number
  died: boolean
  sex: 'M' | 'F'
  ageAtOnset: number
  smoker: boolean
  grayValue: number
  ro52: boolean
  amyopathic: boolean
  /** Pattern both readers settle on; null where the scan was made elsewhere. */
  pattern: string | null
  /** Days from the first HRCT to the study drug. */
  startDay: number
  glucocorticoid: { initial: number; maintenance: number | null; taperDays: number | null }
  /** Milligrams of the study drug a day. */
  dose: number
  /** Steroid-sparing drug beside the study drug. */
  concurrent: string | null
  immunoglobulin: boolean
  /** Sessions of plasma exchange. */
  plasmaExchange: number
  /** Line in the published listing of infections, such as TAC7. */
  listing: string | null
  /** Days from the first dose to the first infection; null without one or where the day is not known. */
  infectionDay: number | null
  events: readonly Event[]
  /** Why the study drug was stopped: for an infection, for another event, or not at all. */
  stop: 'INF' | 'AE' | null
  oxygen: { po2: number; fio2: number } | null
  /** Results at start of treatment by test; absent where not done. */
  laboratory: Readonly<Record<string, number>>
  lung: { fvc: number; fvcPercent: number; dlco: number | null; dlcoPercent: number | null } | null
}

const tests = [
  'WBC',
  'NEUTLE',
  'LYMLE',
  'PLAT',
  'ALT',
  'AST',
  'LDH',
  'ALB',
  'GLOBUL',
  'CRP',
  'CK',
  'CKMB',
  'FERRITIN',
  'ESR',
  'DDIMER',
]

/** The subjects of `subjects.csv`; throws when a column is missing, so that a changed file cannot pass unnoticed. */
export function readSubjects(): DemoSubject[] {
  const csv = readFileSync(join(import.meta.dirname, 'subjects.csv'), 'utf8')
  const [head = '', ...lines] = csv.trim().split(/\r?\n/)
  const names = head.split(',')
  return lines.map((line) => readSubject(names, line.split(',')))
}

function readSubject(names: readonly string[], cells: readonly string[]): DemoSubject {
  const text = (name: string): string => {
    const at = names.indexOf(name)
    if (at < 0) throw new Error(`subjects.csv has no column ${name}`)
    return cells[at] ?? ''
  }
  const number = (name: string) => Number(text(name))
  const optional = (name: string) => (text(name) === '' ? null : number(name))
  const maybe = (name: string) => (text(name) === '' ? null : text(name))
  const isSet = (name: string) => text(name) === '1'
  return {
    id: text('id'),
    index: text('index'),
    group: text('group') as DemoSubject['group'],
    rapidlyProgressive: isSet('rp_ild'),
    lastDay: number('day'),
    died: isSet('died'),
    sex: text('sex') === 'M' ? 'M' : 'F',
    ageAtOnset: number('age'),
    smoker: isSet('smoker'),
    grayValue: number('gray'),
    ro52: isSet('ro52'),
    amyopathic: isSet('cadm'),
    pattern: maybe('pattern'),
    startDay: number('start'),
    glucocorticoid: {
      initial: number('gc'),
      maintenance: optional('maintenance'),
      taperDays: optional('taper_days'),
    },
    dose: number('dose'),
    concurrent: maybe('drug'),
    immunoglobulin: isSet('ivig'),
    plasmaExchange: number('pe'),
    listing: maybe('listing'),
    infectionDay: optional('infection_day'),
    events: text('events')
      .split(' ')
      .filter((event) => event !== '') as Event[],
    stop: maybe('stop') as DemoSubject['stop'],
    oxygen: text('po2') === '' ? null : { po2: number('po2'), fio2: number('fio2') },
    laboratory: Object.fromEntries(
      tests
        .filter((test) => text(test.toLowerCase()) !== '')
        .map((test) => [test, number(test.toLowerCase())]),
    ),
    lung:
      text('fvc') === ''
        ? null
        : {
            fvc: number('fvc'),
            fvcPercent: number('fvcpp'),
            dlco: optional('dlco'),
            dlcoPercent: optional('dlcopp'),
          },
  }
}
