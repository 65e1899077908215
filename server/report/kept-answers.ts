/**
 * Answers to the rules of endpoints that outlive the process. A job keeps them in the database once subjects have changed; a
 * process that knows nothing yet takes them into its memory before it asks. They hold only for the state of the subject that they
 * were worked out from: `rowThatHolds` compares the stamp, so what is out of date is worked out anew and never shown.
 */
import type { Transaction } from '#db/client.ts'
import { endpointVerdict } from '#domain/analysis/endpoint-verdict.ts'
import { engineVersion } from '#domain/analysis/run-report.ts'
import { populationRule } from '#domain/definition/population-rule.ts'
import type { Value } from '#domain/expression/types.ts'
import { publishedStudy } from '../study/published.ts'
import { type AnswerTable, answerTable, kept, liveKey, placeOf } from './answers.ts'
import { studyAnalysis } from './study-analysis.ts'

/** Whose rows a table has been given already, by the sites that the transaction could see. */
const recalled = new WeakMap<AnswerTable, Set<string>>()

/** Takes what is kept of the reader's sites into memory, once a process. */
export async function recallAnswers(
  asked: Transaction,
  { studyId, version }: { studyId: string; version: number },
): Promise<void> {
  const table = answerTable(liveKey(studyId, version))
  const reach = asked.settings.siteIds === null ? '*' : (asked.settings.siteIds ?? []).join()
  const known = recalled.get(table) ?? new Set()
  if (known.has('*') || known.has(reach)) return
  recalled.set(table, known.add(reach))
  const rows = await asked.knowing.query<{
    subjectId: string
    stamp: string
    day: string
    dayMatters: boolean
    answers: Record<string, Value>
  }>(
    `select subject_id as "subjectId", stamp, day, day_matters as "dayMatters", answers from casebook.kept_answers
     where study_id = $1 and version_number = $2 and engine = $3`,
    [studyId, version, engineVersion],
  )
  for (const { subjectId, answers, ...row } of rows) {
    if (table.rows.has(subjectId)) continue
    const values: (Value | undefined)[] = []
    for (const [expression, value] of Object.entries(answers)) {
      values[placeOf(table, expression)] = kept(table, value)
    }
    table.rows.set(subjectId, { ...row, absent: false, values })
  }
}

/** Works out what has changed and keeps it; gives the number of rows written. Wants a snapshot of one moment and every site. */
export async function keepAnswers(
  tx: Transaction,
  { studyId, version }: { studyId: string; version: number },
): Promise<number> {
  await recallAnswers(tx, { studyId, version })
  const { definition } = await publishedStudy(tx, studyId, version)
  const analysis = await studyAnalysis(tx, { studyId, version, now: tx.now, arms: 'pooled' })
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
  const changes = await tx.query<{ subjectId: string; siteId: string; changes: number }>(
    `select subject_id as "subjectId", site_id as "siteId", changes from casebook.subject_changes where study_id = $1`,
    [studyId],
  )
  const rows = changes.flatMap((subject) => {
    const row = table.rows.get(subject.subjectId)
    if (!row) return []
    const answers = places.flatMap(([expression, place]) => {
      const value = row.values[place]
      return value === undefined || (typeof value === 'object' && value !== null)
        ? []
        : [[expression, value] as const]
    })
    const { stamp, day, dayMatters } = row
    return [{ ...subject, stamp, day, dayMatters, answers: Object.fromEntries(answers) }]
  })
  return write(tx, studyId, version, rows)
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
     where (k.version_number, k.engine, k.stamp, k.answers)
         is distinct from (excluded.version_number, excluded.engine, excluded.stamp, excluded.answers)
       or (k.day_matters and k.day < excluded.day)
     returning subject_id`,
    [studyId, version, JSON.stringify(rows), engineVersion],
  )
  return written.length
}
