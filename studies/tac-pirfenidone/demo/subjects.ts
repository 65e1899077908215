/** Facts of the demo subjects at the level of the analysis, read from the two tables beside this file. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export type Diagnosis = 'DM' | 'PM' | 'CADM'
export type Scores = readonly [gga: number, cons: number, retic: number, tbx: number]

/** A subject of the prospective part. Days count from the first dose of tacrolimus. */
export type ProspectiveSubject = {
  id: string
  group: 'TAC' | 'TACPFD'
  end: 'COMPLETED' | 'DEATH' | 'LTFU' | 'PREMATURE_DISC' | 'OTHER'
  female: boolean
  age: number
  type: Diagnosis
  mda5: boolean
  durationDays: number
  smoked: boolean
  heliotrope: boolean
  gottron: boolean
  weakness: boolean
  hypertension: boolean
  /** Y, N, or U where the chart does not say. */
  diabetes: string
  malignancy: string
  pattern: string
  scores: Scores
  finalScores: Scores | null
  ck: number
  ldh: number
  ferritin: number
  esr: number
  crp: number
  prednisolone: number
  highDose: boolean
  ivig: boolean
  exchange: boolean
  infection: boolean
  /** Lung function could be measured at baseline. */
  lungFunction: boolean
  lastDay: number
  relapseDay: number | null
}

/** A chart of the retrospective part. Days count from the start of treatment. */
export type ChartSubject = {
  id: string
  /** Tacrolimus or the first conventional drug. */
  drug: string
  age: number
  female: boolean
  type: Diagnosis
  prednisolone: number
  lastDay: number
  died: boolean
  relapseDay: number | null
}

export function prospectiveSubjects(): ProspectiveSubject[] {
  return table('subjects.csv').map((row) => ({
    id: row.text('id'),
    group: row.text('group') as ProspectiveSubject['group'],
    end: row.text('end') as ProspectiveSubject['end'],
    female: row.yes('female'),
    age: row.number('age'),
    type: row.text('type') as Diagnosis,
    mda5: row.yes('mda5'),
    durationDays: row.number('durationDays'),
    smoked: row.yes('smoked'),
    heliotrope: row.yes('heliotrope'),
    gottron: row.yes('gottron'),
    weakness: row.yes('weakness'),
    hypertension: row.yes('hypertension'),
    diabetes: row.text('diabetes'),
    malignancy: row.text('malignancy'),
    pattern: row.text('pattern'),
    scores: [row.number('gga'), row.number('cons'), row.number('retic'), row.number('tbx')],
    finalScores:
      row.text('finalGga') === ''
        ? null
        : [
            row.number('finalGga'),
            row.number('finalCons'),
            row.number('finalRetic'),
            row.number('finalTbx'),
          ],
    ck: row.number('ck'),
    ldh: row.number('ldh'),
    ferritin: row.number('ferritin'),
    esr: row.number('esr'),
    crp: row.number('crp'),
    prednisolone: row.number('prednisolone'),
    highDose: row.yes('highDose'),
    ivig: row.yes('ivig'),
    exchange: row.yes('exchange'),
    infection: row.yes('infection'),
    lungFunction: row.yes('lungFunction'),
    lastDay: row.number('lastDay'),
    relapseDay: row.text('relapseDay') === '' ? null : row.number('relapseDay'),
  }))
}

export function chartSubjects(): ChartSubject[] {
  return table('charts.csv').map((row) => ({
    id: row.text('id'),
    drug: row.text('drug'),
    age: row.number('age'),
    female: row.yes('female'),
    type: row.text('type') as Diagnosis,
    prednisolone: row.number('prednisolone'),
    lastDay: row.number('lastDay'),
    died: row.yes('died'),
    relapseDay: row.text('relapseDay') === '' ? null : row.number('relapseDay'),
  }))
}

type Row = {
  text: (column: string) => string
  number: (column: string) => number
  yes: (column: string) => boolean
}

/** Rows of a table by column name; a column that does not exist or a number that is none is an error. */
function table(file: string): Row[] {
  const [head = '', ...lines] = readFileSync(join(import.meta.dirname, file), 'utf8')
    .trim()
    .split('\n')
  const columns = head.split(',')
  return lines.map((line) => {
    const cells = line.split(',')
    const text = (column: string) => {
      const value = cells[columns.indexOf(column)]
      if (value === undefined) throw new Error(`${file}: ${line} has no ${column}`)
      return value
    }
    const number = (column: string) => {
      const value = Number(text(column))
      if (text(column) === '' || Number.isNaN(value))
        throw new Error(`${file}: ${column} of ${line} is no number`)
      return value
    }
    return { text, number, yes: (column) => text(column) === '1' }
  })
}
