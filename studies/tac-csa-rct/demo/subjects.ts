/**
 * Reads the synthetic subjects of the demo trial. They belong to no person: they were made so that every figure the paper
 * prints comes out of them (arm, diagnosis, antibodies, event days, baseline values, changes, adverse events).
 */
export type DemoSubject = {
  id: string
  arm: 'TAC' | 'CSA'
  diagnosis: 'PM' | 'DM' | 'CADM'
  /** Stratum at randomisation; one subject was randomised as CADM and later verified as DM. */
  stratum: 'PM' | 'DM' | 'CADM'
  antibody: 'ARS' | 'MDA5' | 'none'
  progressionDay: number | null
  progressionSystem: 'ILD' | 'MUSCLE' | 'SKIN_MUSCLE' | null
  deathDay: number | null
  female: boolean
  neverSmoker: boolean
  dyspnoea: boolean
  crackles: boolean
  pulse: boolean
  ildForm: 'ACSUB' | 'CHR'
  age: number
  baseline: {
    ferritin: string
    ck: string
    aldolase: string
    kl6: string
    spd: string
    fvcPercent: number
    dlcoPercent: number
    pao2: string
  }
  fvcChange: number | null
  dlcoChange: number | null
  prednisolone: number
  infection: string | null
  renal: boolean
  liver: boolean
  hyperglycaemia: boolean
  pneumomediastinum: boolean
  thrombosis: boolean
  site: string
}

/** The ciclosporin subject whose diagnosis was revised from CADM to DM after randomisation. */
export const reclassifiedSubject = 'F22'

const systems = { ILD: 'ILD', muscle: 'MUSCLE', 'skin and muscle': 'SKIN_MUSCLE' } as const

/** Parses `subjects.csv`; throws when a column is missing, so that a changed file cannot pass unnoticed. */
export function readSubjects(csv: string): DemoSubject[] {
  const [head = '', ...lines] = csv.trim().split(/\r?\n/)
  const names = head.split(',').map(unquoted)
  return lines.map((line) => {
    const cells = line.split(',').map(unquoted)
    const text = (name: string): string => {
      const at = names.indexOf(name)
      if (at < 0) throw new Error(`subjects.csv has no column ${name}`)
      return cells[at] ?? ''
    }
    const flag = (name: string) => text(name) === '1'
    const number = (name: string) => Number(text(name))
    const optional = (name: string) => (text(name) === '' ? null : number(name))
    const system = text('prog_type')
    const diagnosis = text('iim') as DemoSubject['diagnosis']
    return {
      id: text('id'),
      arm: text('arm') === 'TAC' ? 'TAC' : 'CSA',
      diagnosis,
      stratum: text('id') === reclassifiedSubject ? 'CADM' : diagnosis,
      antibody: text('msa') as DemoSubject['antibody'],
      progressionDay: flag('pfs_event') ? number('pfs_day') : null,
      progressionSystem: system === '' ? null : systems[system as keyof typeof systems],
      deathDay: flag('os_event') ? number('os_day') : null,
      female: flag('female'),
      neverSmoker: flag('never_smoker'),
      dyspnoea: flag('doe'),
      crackles: flag('fine_crackles'),
      pulse: flag('mpsl_pulse'),
      ildForm: text('ild_form') === 'chronic' ? 'CHR' : 'ACSUB',
      age: number('age'),
      baseline: {
        ferritin: text('ferritin'),
        ck: text('cpk'),
        aldolase: text('aldolase'),
        kl6: text('kl6'),
        spd: text('spd'),
        fvcPercent: number('fvc_pct0'),
        dlcoPercent: number('dlco_pct0'),
        pao2: text('pao2'),
      },
      fvcChange: optional('d_fvc_pct_52wk'),
      dlcoChange: optional('d_dlco_pct_52wk'),
      prednisolone: number('psl_mg0'),
      infection: text('infection') === '' ? null : text('infection'),
      renal: flag('renal_dysfunction'),
      liver: flag('liver_dysfunction'),
      hyperglycaemia: flag('hyperglycaemia'),
      pneumomediastinum: flag('pneumomediastinum'),
      thrombosis: flag('dvt'),
      site: text('site').padStart(2, '0'),
    }
  })
}

function unquoted(cell: string): string {
  return cell.replace(/^"(.*)"$/, '$1')
}
