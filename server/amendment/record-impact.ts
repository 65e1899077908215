import type {
  FallingSignature,
  ItemImpact,
  RecordImpact,
} from '#domain/casebook/amendment-views.ts'
import type { StoredValue } from '#domain/casebook/record.ts'
import type { ForeseenRecord } from './foresee.ts'
import { nameOf, recordName, shown } from './names.ts'
import type { StudyPlan } from './plan.ts'

/** Everything that would happen to one record, with labels and values in words. */
export function recordImpact(
  plan: StudyPlan,
  after: ForeseenRecord,
  signature: FallingSignature | null,
  language: string,
): RecordImpact {
  const { record, key } = after
  const item = (path: string, before = path): ItemImpact => ({
    path,
    label: nameOf([
      { study: plan.target, key, path },
      { study: plan.before, key: record.key, path: before },
    ]),
  })
  const old = (path: string, value: StoredValue) =>
    shown(plan.before, record.key.form, path, value, language)
  const now = (path: string, value: StoredValue) =>
    shown(plan.target, key.form, path, value, language)
  return {
    ...recordName(plan.before, record),
    before: record.state,
    after: after.state,
    moves: after.moves.map((move) => ({
      ...item(move.to, move.from),
      from: move.from,
      why: move.why,
      old: old(move.from, move.old),
      value: now(move.to, move.value),
    })),
    retired: after.retired
      .filter((path) => !after.retiredBefore.has(path))
      .map((path) => ({ ...item(path), value: old(path, after.data[path] as StoredValue) })),
    refused: after.refused.map((path) => ({
      ...item(path),
      value: old(path, after.data[path] as StoredValue),
      text: after.evaluation.findings.find((finding) => finding.path === path)?.message ?? {
        en: '',
      },
    })),
    derived: after.derivedChanges.map(({ path, old: before, value }) => ({
      ...item(path),
      old: before === null ? null : old(path, before),
      value: value === null ? null : now(path, value),
    })),
    opens: after.opens.map((path) => item(path)),
    queries: after.queries.flatMap((change) => {
      if (change.kind === 'reword') return []
      const path = change.kind === 'close' ? change.query.path : change.finding.path
      const text = change.kind === 'close' ? change.query.text : change.text
      return [{ ...item(path), kind: change.kind, text }]
    }),
    signature,
  }
}
