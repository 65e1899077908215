/**
 * Answers to the rules of endpoints that outlive the process. A job keeps them in the database once subjects have changed; a
 * process that does not know them takes them into its memory before it asks (`recalled-answers.ts`). They hold only for the state of the
 * subject that they were worked out from: `rowHolds` compares the stamp, so what is out of date is worked out anew and never shown.
 */
import type { Transaction } from '#db/client.ts'
import { endpointVerdict } from '#domain/analysis/endpoint-verdict.ts'
import { engineVersion } from '#domain/analysis/run-report.ts'
import { populationRule } from '#domain/definition/population-rule.ts'
import type { Value } from '#domain/expression/types.ts'
import { publishedStudy } from '../study/published.ts'
import { type AnswerRow, answerTable, liveKey, placeOf } from './answers.ts'
import { studyAnalysis } from './study-analysis.ts'

/** Rows in one message to the database. */
const batch = 1000

/** Works out what has changed and keeps it; gives the number of rows written. Wants a snapshot of one moment and every site. */
export async function keepAnswers(
  tx: Transaction,
  { studyId, version }: { studyId: string; version: number },
): Promise<number> {
  const { definition } = await publishedStudy(tx, studyId, version)
  const analysis = await studyAnalysis(tx, {
    studyId,
    version,
    now: tx.now,
    arms: 'pooled',
    recall: true,
  })
  const asked = new Set<string>()
  await analysis.ask((subjects) => {
    for (const subject of subjects) {
      const value = (expression: string) => {
        asked.add(expression)
        return subject.value(expression)
      }
      for (const endpoint of definition.endpoints) {
        value(populationRule(definition, endpoint.population))
        endpointVerdict({ value }, endpoint)
      }
    }
  })
  const table = answerTable(liveKey(studyId, version))
  const places = [...asked].map((expression) => [expression, placeOf(table, expression)] as const)
  const stale = (await subjectsKept(tx, { studyId, version })).flatMap((subject) => {
    const row = table.rows.get(subject.subjectId)
    return row && !isKept(subject, row) ? [{ subject, row }] : []
  })
  let written = 0
  for (let start = 0; start < stale.length; start += batch) {
    const rows = stale.slice(start, start + batch).map(({ subject, row }) => ({
      subjectId: subject.subjectId,
      siteId: subject.siteId,
      changes: subject.changes,
      stamp: row.stamp,
      day: row.day,
      dayMatters: row.dayMatters,
      answers: answersOf(row, places),
    }))
    written += await write(tx, studyId, version, rows)
  }
  return written
}

type KeptSubject = {
  subjectId: string
  siteId: string
  changes: number
  /** These of what is kept under this version by this engine; null: nothing. */
  keptChanges: number | null
  stamp: string | null
  day: string | null
  dayMatters: boolean | null
}

function subjectsKept(
  tx: Transaction,
  { studyId, version }: { studyId: string; version: number },
): Promise<KeptSubject[]> {
  return tx.query<KeptSubject>(
    `select c.subject_id as "subjectId", c.site_id as "siteId", c.changes,
       k.changes as "keptChanges", k.stamp, k.day, k.day_matters as "dayMatters"
     from casebook.subject_changes c
     left join casebook.kept_answers k on k.study_id = c.study_id and k.subject_id = c.subject_id
       and k.version_number = $2 and k.engine = $3
     where c.study_id = $1`,
    [studyId, version, engineVersion],
  )
}

const isKept = (
  { changes, keptChanges, stamp, day, dayMatters }: KeptSubject,
  row: AnswerRow,
): boolean =>
  changes === keptChanges && stamp === row.stamp && !(dayMatters && day !== null && day < row.day)

function answersOf(
  { values }: AnswerRow,
  places: readonly (readonly [string, number])[],
): Record<string, Value> {
  return Object.fromEntries(
    places.flatMap(([expression, place]) => {
      const value = values[place]
      return value === undefined || (typeof value === 'object' && value !== null)
        ? []
        : [[expression, value] as const]
    }),
  )
}

async function write(
  tx: Transaction,
  studyId: string,
  version: number,
  rows: readonly object[],
): Promise<number> {
  const written = await tx.query(
    `insert into casebook.kept_answers as k
       (study_id, subject_id, site_id, version_number, engine, changes, stamp, day, day_matters, answers)
     select $1, n."subjectId", n."siteId", $2, $4, n.changes, n.stamp, n.day, n."dayMatters", n.answers
     from jsonb_to_recordset($3::jsonb) n("subjectId" uuid, "siteId" uuid, changes bigint, stamp text, day date,
       "dayMatters" boolean, answers jsonb)
     on conflict (study_id, subject_id) do update set version_number = excluded.version_number,
       engine = excluded.engine, changes = excluded.changes, stamp = excluded.stamp, day = excluded.day, day_matters = excluded.day_matters,
       answers = excluded.answers
     where (k.version_number, k.engine, k.changes, k.stamp, k.answers)
         is distinct from (excluded.version_number, excluded.engine, excluded.changes, excluded.stamp, excluded.answers)
       or (k.day_matters and k.day < excluded.day)
     returning subject_id`,
    [studyId, version, JSON.stringify(rows), engineVersion],
  )
  return written.length
}
