/** What a version would make of a subject: the common ground of preview and migration. */
import type { MigratedRecord } from '#domain/casebook/migrate-subject.ts'
import { migrateSubject, retiredPaths } from '#domain/casebook/migrate-subject.ts'
import { casebookOf, type StoredRecord } from '../casebook/load.ts'
import { type KnownQuery, type QueryChange, queryChanges } from '../casebook/query-changes.ts'
import type { WholeSubject } from './load-subjects.ts'
import type { StudyPlan } from './plan.ts'

export type ForeseenRecord = MigratedRecord<StoredRecord> & {
  queries: readonly QueryChange[]
  /** Values that had no item before either. */
  retiredBefore: ReadonlySet<string>
}

export type Foreseen = {
  whole: WholeSubject
  records: readonly ForeseenRecord[]
  /** Questions with the paths that their items have in the new version. */
  known: readonly KnownQuery[]
}

/** `now` decides what "today" is to the rules, as in a save. */
export function foresee(plan: StudyPlan, whole: WholeSubject, now: string): Foreseen {
  const { subject, references, signatures } = whole
  const signed = new Set(signatures.map(({ recordId }) => recordId))
  const casebook = casebookOf(subject, [], references, now)
  const migrated = migrateSubject(plan, casebook, whole.records, signed)
  const known = movedQueries(whole.queries, migrated)
  const language = plan.target.definition.languages[0] ?? 'en'
  return {
    whole,
    known,
    records: migrated.map((record) => ({
      ...record,
      retiredBefore: new Set(
        record.retired.length === 0
          ? []
          : retiredPaths(plan.before.compiled, record.record.key, record.record.data),
      ),
      queries:
        record.record.state === 'removed'
          ? []
          : queryChanges(
              known,
              { recordId: record.record.recordId, state: record.state, data: record.data },
              record.evaluation,
              'other',
              language,
            ),
    })),
  }
}

/** A question goes along with its item, so that a rename does not ask again what was answered. */
function movedQueries(
  queries: readonly KnownQuery[],
  migrated: readonly MigratedRecord<StoredRecord>[],
): readonly KnownQuery[] {
  const paths = new Map<string, string>()
  for (const { record, moves } of migrated) {
    for (const { from, to, why } of moves) {
      if (to !== from && why !== 'calculated') paths.set(`${record.recordId}/${from}`, to)
    }
  }
  if (paths.size === 0) return queries
  return queries.map((query) => {
    const path = paths.get(`${query.recordId}/${query.path}`)
    return path === undefined ? query : { ...query, path }
  })
}
