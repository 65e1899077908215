import type { Transaction } from '#db/client.ts'
import type { CutFacts, CutPurpose, CutReport, OpenLines } from '#domain/analysis/cut-views.ts'
import type { ArmView, ReportParameters } from '#domain/analysis/report-parameters.ts'
import { Problem } from '#domain/problem.ts'

/** A cut as it is stored. `maskSeed` tells which arm has which letter: it is never part of an answer. */
export type CutRow = Omit<CutFacts, 'reports' | 'names'> & {
  studyId: string
  maskSeed: string
  reports: readonly CutReport[]
}

type Stored = {
  studyId: string
  cutId: string
  number: number
  name: string
  purpose: CutPurpose
  reason: string
  asOf: string
  today: string
  versionNumber: number
  versionLabel: string
  versionHash: string
  engineVersion: string
  parameters: ReportParameters
  arms: ArmView
  maskSeed: string
  subjects: number
  reports: readonly CutReport[]
  sha256: string
  openLines: OpenLines
  takenAt: string
  takenBy: string
  takenRole: string
}

const columns = `c.study_id as "studyId", c.cut_id as "cutId", c.number, c.name, c.purpose, c.reason, c.as_of as "asOf",
  c.today, c.version_number as "versionNumber", v.label as "versionLabel", c.version_hash as "versionHash",
  c.engine_version as "engineVersion", c.parameters, c.arms, c.mask_seed as "maskSeed", c.subjects, c.reports, c.sha256,
  c.open_lines as "openLines", c.taken_at as "takenAt", coalesce(u.display_name, 'Casebook') as "takenBy",
  c.taken_role as "takenRole"`

/** The cuts of a study, newest first; of one number, or (null) all. */
async function stored(tx: Transaction, studyId: string, number: number | null): Promise<CutRow[]> {
  const rows = await tx.query<Stored>(
    `select ${columns} from casebook.data_cut c
     join casebook.study_version v on v.study_id = c.study_id and v.number = c.version_number
     left join casebook.app_user u on u.user_id = c.taken_by
     where c.study_id = $1 and ($2::int is null or c.number = $2) order by c.number desc`,
    [studyId, number],
  )
  return rows.map(({ versionNumber, versionLabel, versionHash, ...row }) => ({
    ...row,
    version: { number: versionNumber, label: versionLabel, hash: versionHash },
  }))
}

export const cutsOf = (tx: Transaction, studyId: string): Promise<CutRow[]> =>
  stored(tx, studyId, null)

/** A cut by its number; throws `not-found`. */
export async function cutFor(tx: Transaction, studyId: string, number: number): Promise<CutRow> {
  const [row] = await stored(tx, studyId, number)
  if (!row) throw new Problem('not-found')
  return row
}
