/**
 * From plain objects that YAML gave to what a schema wants: scalars that YAML read as numbers are put back as written where a
 * text is wanted, labels in one language are spelt out, and what the schema refuses becomes findings with their places.
 */
import type { z } from 'zod'
import type { StudyFinding } from './finding.ts'
import { memberOf, type Origins, type Plain, type PlainObject } from './yaml-source.ts'

const labelKeys = new Set([
  'label',
  'hint',
  'message',
  'footnote',
  'note',
  'meaning',
  'name',
  'title',
])

/** Validates against the schema; puts back what YAML read too cleverly and tries again, at most once per issue. */
export function readShape<Schema extends z.ZodType>(
  schema: Schema,
  root: PlainObject,
  origins: Origins,
  findings: StudyFinding[],
): z.output<Schema> | null {
  for (let round = 0; ; round++) {
    const result = schema.safeParse(root)
    if (result.success) {
      const broken = findings.some((finding) => finding.severity === 'error')
      return broken ? null : result.data
    }
    const issues = flatten(result.error.issues)
    const repaired = round < 8 && issues.map((issue) => repair(root, issue, origins)).some(Boolean)
    if (repaired) continue
    for (const issue of issues.slice(0, 200)) findings.push(...schemaFindings(issue))
    return null
  }
}

type Issue = z.core.$ZodIssue

/** Issues inside unions: those of the alternative that came furthest, so that the message is about the value. */
function flatten(issues: readonly Issue[], prefix: readonly PropertyKey[] = []): Issue[] {
  return issues.flatMap((issue) => {
    const path = [...prefix, ...issue.path]
    if (issue.code === 'invalid_union' && issue.errors.length > 0) {
      const deepest = [...issue.errors].sort((a, b) => depthOf(b) - depthOf(a))[0] ?? []
      if (depthOf(deepest) > 0) return flatten(deepest, path)
    }
    return [{ ...issue, path }]
  })
}

function depthOf(issues: readonly Issue[]): number {
  return Math.max(0, ...issues.map((issue) => issue.path.length))
}

function repair(root: PlainObject, issue: Issue, origins: Origins): boolean {
  const path = issue.path.filter((key) => typeof key !== 'symbol')
  const last = path.at(-1)
  if (last === undefined) return false
  let container: Plain | undefined = root
  for (const key of path.slice(0, -1)) container = memberOf(container, key)
  if (container === null || typeof container !== 'object') return false
  const value = memberOf(container, last)
  let replacement: Plain | undefined
  const wantsText = issue.code === 'invalid_type' && issue.expected === 'string'
  const wantsExpression =
    issue.code === 'invalid_union' && (typeof value === 'number' || typeof value === 'boolean')
  if ((wantsText || wantsExpression) && (typeof value === 'number' || typeof value === 'boolean')) {
    replacement = origins.get(container, last)?.text ?? String(value)
  } else if (wantsText && value === null) {
    replacement = origins.get(container, last)?.text
  } else if (
    issue.code === 'invalid_type' &&
    issue.expected === 'object' &&
    typeof value === 'string' &&
    labelKeys.has(String(last))
  ) {
    const label: PlainObject = { en: value }
    origins.move(container, last, label, 'en')
    replacement = label
  }
  if (replacement === undefined || replacement === value) return false
  if (Array.isArray(container)) container[Number(last)] = replacement
  else container[String(last)] = replacement
  return true
}

function schemaFindings(issue: Issue): StudyFinding[] {
  const place = issue.path.filter((key) => typeof key !== 'symbol')
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      code: 'unknown-key',
      severity: 'error',
      message: `“${key}” is not known here.`,
      place: [...place, key],
    }))
  }
  const name = place.at(-1)
  const message = name === undefined ? issue.message : `${String(name)}: ${issue.message}`
  return [{ code: 'shape', severity: 'error', message, place }]
}

/** Adds file, line and column to a finding about a place of `root`. */
export function withPosition(
  finding: StudyFinding,
  root: PlainObject,
  origins: Origins,
): StudyFinding {
  if (finding.file !== undefined || finding.place.length === 0) return finding
  const position = origins.locate(root, finding.place)
  if (position === undefined) return finding
  const located = { ...finding, file: position.file, line: position.line, column: position.column }
  if (finding.offset === undefined) return located
  if (!position.block) return { ...located, column: position.column + finding.offset }
  let text: Plain | undefined = root
  for (const key of finding.place) text = memberOf(text, key)
  const before = typeof text === 'string' ? text.slice(0, finding.offset) : ''
  return { ...located, line: position.line + 1 + (before.match(/\n/g)?.length ?? 0), column: 1 }
}
