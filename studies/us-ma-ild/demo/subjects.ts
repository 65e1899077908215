/**
 * Reads the synthetic subjects of the demo cohort. They belong to no person: they were made so that the published tables come
 * out of them (group, margins, index and tacrolimus values, doses). Everything else a chart holds is made up around them.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Doses at start of tacrolimus, after 3 to 6 months and after 1 year; null for a drug not in use at the start. */
export type DosesAroundTacrolimus = { start: number; months3to6: number; year1: number } | null

export type DemoSubject = {
  id: string
  /** R responders to conventional therapy; A, B failures who did or did not respond to tacrolimus; C other failures. */
  group: 'R' | 'A' | 'B' | 'C'
  sex: 'M' | 'F'
  race: string
  smoking: string
  diagnosis: 'PM' | 'DM' | 'CADM'
  /** Positive rows of the antibody panel. */
  antibodies: readonly string[]
  honeycombing: boolean
  histology: string | null
  /** Drugs of the conventional treatment, ever. */
  drugs: readonly Drug[]
  ageAtOnset: number
  ck: number | null
  aldolase: number | null
  lung: LungFunction
  /** Days from the index date to tacrolimus; null without it. */
  tacrolimusDay: number | null
  /** Lung function at start of tacrolimus; null where the chart is not sufficient. */
  lungAtTacrolimus: LungFunction | null
  prednisone: { index: number; months6to12: number; aroundTacrolimus: DosesAroundTacrolimus }
  doses: Readonly<Record<Drug, DosesAroundTacrolimus>>
  startsMycophenolate: boolean
  cyclophosphamide: boolean
  /** Why conventional therapy counts as failed: weakness or CK, and lung function with symptoms. */
  failed: { myositis: Sign | null; lung: boolean }
  failedTacrolimus: { myositis: Sign | null; lung: boolean }
}
export type Drug = 'AZATHIOPRINE' | 'METHOTREXATE' | 'MYCOPHENOLATE'
export type Sign = 'WEAK' | 'CK'
/** Percent of the predicted value; null where it was not measured. */
export type LungFunction = { fvc: number | null; tlc: number | null; dlco: number | null }

const antibodyColumns = {
  ana: 'ANA',
  jo1: 'JO1',
  ssa: 'SSA',
  mi2: 'MI2',
  pl7: 'PL7',
  srp: 'SRP',
  ku: 'KU',
}
const drugColumns: Readonly<Record<string, Drug>> = {
  aza: 'AZATHIOPRINE',
  mtx: 'METHOTREXATE',
  mmf: 'MYCOPHENOLATE',
}

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
  const around = (column: string): DosesAroundTacrolimus =>
    text(`${column}_tac0`) === ''
      ? null
      : {
          start: number(`${column}_tac0`),
          months3to6: number(`${column}_tac36`),
          year1: number(`${column}_tac12`),
        }
  const sign = (name: string) => (text(name) === '' ? null : (text(name) as Sign))
  return {
    id: text('id'),
    group: text('group') as DemoSubject['group'],
    sex: text('sex') === 'M' ? 'M' : 'F',
    race: text('race'),
    smoking: text('smoking'),
    diagnosis: text('iim') as DemoSubject['diagnosis'],
    antibodies: Object.entries(antibodyColumns)
      .filter(([column]) => text(column) === '1')
      .map(([, row]) => row),
    honeycombing: text('honeycombing') === '1',
    histology: text('histology') === '' ? null : text('histology'),
    drugs: Object.entries(drugColumns)
      .filter(([column]) => text(column) === '1')
      .map(([, drug]) => drug),
    ageAtOnset: number('age'),
    ck: optional('ck'),
    aldolase: optional('aldolase'),
    lung: { fvc: optional('fvc'), tlc: optional('tlc'), dlco: optional('dlco') },
    tacrolimusDay: optional('tac_day'),
    lungAtTacrolimus:
      text('tac_fvc') === ''
        ? null
        : { fvc: number('tac_fvc'), tlc: number('tac_tlc'), dlco: number('tac_dlco') },
    prednisone: {
      index: number('pred0'),
      months6to12: number('pred612'),
      aroundTacrolimus: around('pred'),
    },
    doses: {
      AZATHIOPRINE: around('aza'),
      METHOTREXATE: around('mtx'),
      MYCOPHENOLATE: around('mmf'),
    },
    startsMycophenolate: text('mmf_new') === '1',
    cyclophosphamide: text('second_line') === 'IVCY',
    failed: { myositis: sign('conv_myositis'), lung: text('conv_ild') === 'Y' },
    failedTacrolimus: { myositis: sign('tac_myositis'), lung: text('tac_ild') === 'Y' },
  }
}
