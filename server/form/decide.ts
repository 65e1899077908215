/**
 * The second half of deciding a save: the rules look at the record with all acceptable changes made at once (a gate and what it
 * opens may come together) and refuse those that may never stand. What is left is looked at again until nothing is refused.
 */
import { evaluateAffected, evaluateForm } from '#domain/casebook/evaluate.ts'
import {
  type Casebook,
  type Finding,
  type FormEvaluation,
  type FormRecordData,
  parseItemPath,
  type RecordKey,
} from '#domain/casebook/record.ts'
import { Problem } from '#domain/problem.ts'
import { sameKey } from '../casebook/consequences.ts'
import { inLanguage } from '../display.ts'
import { type Accepted, applied, type FormPlace, labelOf, type Refused } from './apply-changes.ts'

export type Decision = {
  accepted: readonly Accepted[]
  refused: readonly Refused[]
  record: FormRecordData
  evaluation: FormEvaluation
  others: readonly { key: RecordKey; evaluation: FormEvaluation }[]
}

/** `casebook` holds every other record that counts, but not this one. */
export function decide(
  place: FormPlace,
  casebook: Casebook,
  base: FormRecordData,
  wanted: readonly Accepted[],
): Decision {
  const { compiled } = place.study
  const look = (accepted: readonly Accepted[]) => {
    const record = { ...base, data: applied(base.data, accepted) }
    const seen = { ...casebook, records: [...casebook.records, record] }
    // No paths: the record comes into being, which rules about its coming must hear of too.
    const paths = base.revision === 0 ? [] : accepted.map(({ path }) => path)
    const changed = [{ key: base.key, paths }]
    const { evaluations } = evaluateAffected(compiled, seen, changed)
    const own = evaluations.find(({ key }) => sameKey(key, base.key))
    return {
      record,
      evaluation: own?.evaluation ?? evaluateForm(compiled, seen, base.key),
      others: evaluations.filter(({ key }) => !sameKey(key, base.key)),
    }
  }
  let before: FormEvaluation | undefined
  const earlier = (): FormEvaluation => {
    before ??= look([]).evaluation
    return before
  }
  let accepted = wanted
  const refused: Refused[] = []
  for (;;) {
    const seen = look(accepted)
    const bad = refusals(place, seen.evaluation, accepted, earlier, (rest) => look(rest).evaluation)
    if (bad.length === 0) return { ...seen, accepted, refused }
    refused.push(...bad)
    const out = new Set(bad.map(({ path }) => path))
    accepted = accepted.filter(({ path }) => !out.has(path))
  }
}

function refusals(
  place: FormPlace,
  evaluation: FormEvaluation,
  accepted: readonly Accepted[],
  before: () => FormEvaluation,
  without: (rest: readonly Accepted[]) => FormEvaluation,
): Refused[] {
  const refused = new Map<string, Refused>()
  const closed = new Set(evaluation.closed)
  const paths = new Set(accepted.map(({ path }) => path))
  for (const { path, to } of accepted) {
    if (to !== null && isClosed(closed, path)) {
      const why = 'another answer closes it.'
      const problem = new Problem('item-not-open', { label: labelOf(place, path), why }, path)
      refused.set(path, { path, problem })
    }
  }
  const elsewhere: Finding[] = []
  for (const finding of evaluation.findings) {
    if (finding.level !== 'hard' || finding.at !== 'save') continue
    if (paths.has(finding.path)) {
      const { path } = finding
      if (!refused.has(path)) refused.set(path, { path, problem: problemOf(place, finding) })
    } else {
      elsewhere.push(finding)
    }
  }
  if (refused.size > 0 || elsewhere.length === 0 || accepted.length === 0) {
    return [...refused.values()]
  }
  const known = new Set(before().findings.map(mark))
  const fresh = elsewhere.filter((finding) => !known.has(mark(finding)))
  const [first] = fresh
  if (!first) return []
  const problem = problemOf(place, first)
  const guilty = accepted.filter((change) => {
    const rest = accepted.filter((other) => other !== change)
    return !without(rest).findings.some((finding) => mark(finding) === mark(first))
  })
  return (guilty.length > 0 ? guilty : accepted).map(({ path }) => ({ path, problem }))
}

const mark = (finding: Finding) => `${finding.check}\n${finding.path}`

function isClosed(closed: ReadonlySet<string>, path: string): boolean {
  if (closed.has(path)) return true
  const parts = parseItemPath(path)
  if (!parts?.group) return false
  return closed.has(parts.group) || closed.has(`${parts.group}[${parts.row}]`)
}

/** A finding as the refusal a person reads, at the place where the rule speaks. */
export function problemOf(place: FormPlace, finding: Finding): Problem {
  const { path } = finding
  const label = labelOf(place, path)
  const value = finding.reads[0]?.value ?? ''
  switch (finding.check) {
    case 'HARD':
      return new Problem(
        'outside-hard-limits',
        { label, value, range: hardRange(place, path) },
        path,
      )
    case 'FUTURE':
      return new Problem('future-date', { label, value }, path)
    default:
      return new Problem(
        'check-refused',
        { message: inLanguage(finding.message, place.language) },
        path,
      )
  }
}

function hardRange(place: FormPlace, path: string): string {
  const parts = parseItemPath(path)
  const found = parts ? place.study.items.get(place.form)?.get(parts.item) : undefined
  const hard =
    found?.item.hard === 'row'
      ? found.group.rows?.find((row) => row.key === parts?.row)?.hard
      : found?.item.hard
  return hard ? `${hard[0] ?? ''} – ${hard[1] ?? ''}`.trim() : '–'
}
