/** The arithmetic behind a computed value: its rule, what the rule read, and for a grade the CTCAE step in words. */
import { explain } from '#domain/expression/explain.ts'
import type { Frame, Value } from '#domain/expression/types.ts'
import { explainGrade } from '#domain/safety/ctcae.ts'
import { formatValue } from '#domain/values/format.ts'
import type { CompiledStudy } from './compile-study.ts'
import { CasebookEnvironment } from './environment.ts'
import { type Casebook, type ItemPath, parseItemPath, type RecordKey } from './record.ts'

export type DerivedExplanation = {
  rule: string
  reads: readonly { name: string; value: string }[]
  /** For grades: `CREAT 256 µmol/L: > 1.5 x ULN (157.5) up to ...`. */
  grade: string | null
}

/** Remembers what a rule asks of `toxicityGrade`, so that the step can be told. */
class GradeListener extends CasebookEnvironment {
  asked: readonly Value[] | null = null

  override call(name: string, values: readonly Value[], frame: Frame): Value {
    if (name === 'toxicityGrade') this.asked = values
    return super.call(name, values, frame)
  }
}

/** Null for a path that is no derived item of the form. */
export function explainDerived(
  compiled: CompiledStudy,
  casebook: Casebook,
  key: RecordKey,
  path: ItemPath,
): DerivedExplanation | null {
  const parts = parseItemPath(path)
  const environment = new GradeListener(compiled, casebook)
  const record = environment.recordAt(key)
  if (!parts || !record) return null
  const group = record.plan.groups.find((one) =>
    parts.group === null
      ? !one.repeating && one.items.some((item) => item.indexed.item.oid === parts.item)
      : one.group.oid === parts.group,
  )
  const plan = group?.items.find((item) => item.indexed.item.oid === parts.item)
  const rule = plan?.indexed.item.derive
  if (!plan?.derive || rule === undefined) return null
  const frame = { record: record.index, row: parts.row }
  plan.derive.evaluate(environment, frame)
  const reads = explain(plan.derive, environment, frame).map(({ name, value }) => ({
    name,
    value: value === null ? '–' : formatValue(value, 'en'),
  }))
  return { rule, reads, grade: gradeText(environment.asked) }
}

function gradeText(asked: readonly Value[] | null): string | null {
  if (asked === null || typeof asked[0] !== 'string') return null
  const [value, uln, lln, baseline] = asked
    .slice(1)
    .map((one) => (typeof one === 'number' ? one : null))
  return explainGrade(asked[0], {
    value: value ?? null,
    uln: uln ?? null,
    lln: lln ?? null,
    baseline: baseline ?? null,
  }).text
}
