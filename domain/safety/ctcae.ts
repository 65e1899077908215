/** Grades laboratory values by CTCAE v4.03 (see `ctcae-table.ts`) and says how. */
import { type Limit, type ToxicityTerm, toxicityTerms } from './ctcae-table.ts'

export const ctcaeVersion = '4.03'

/** All in the standard unit of the test; null where unknown. */
export type GradeInputs = {
  value: number | null
  uln: number | null
  lln: number | null
  baseline: number | null
}

const termsByTest = new Map<string, ToxicityTerm[]>()
for (const term of toxicityTerms) {
  termsByTest.set(term.test, [...(termsByTest.get(term.test) ?? []), term])
}

/** Terms that grade a test; empty where CTCAE v4.03 has no numbers for it. */
export function termsOf(test: string): readonly ToxicityTerm[] {
  return termsByTest.get(test) ?? []
}

/** Products such as 1.1 × 3 carry binary noise; twelve digits decide a boundary as a person would. */
function clean(value: number): number {
  return Number(value.toPrecision(12))
}

function threshold(limit: Limit, inputs: GradeInputs): number | null {
  if (limit.of === 'number') return limit.value
  const base = inputs[limit.of]
  return base === null ? null : clean(base * limit.times)
}

type Verdict = { low: number; high: number }

/** Lowest and highest grade that the known limits leave possible; equal when decided. */
function verdict(term: ToxicityTerm, inputs: GradeInputs & { value: number }): Verdict {
  const value = clean(inputs.value)
  let low = 0
  let high = 0
  for (const { grade, limits } of term.steps) {
    for (const limit of limits) {
      const at = threshold(limit, inputs)
      if (at === null) high = Math.max(high, grade)
      else if (term.direction === 'above' ? value > at : value < at) {
        low = Math.max(low, grade)
        high = Math.max(high, grade)
      }
    }
  }
  return { low, high }
}

/**
 * The grade 0 to 4 of a value (0: none of the test's terms applies); null where the value or a limit that would decide is
 * missing, or where CTCAE v4.03 does not grade the test. A test with two terms (potassium) has the higher of both.
 */
export function toxicityGrade(test: string, inputs: GradeInputs): number | null {
  const terms = termsByTest.get(test)
  const { value } = inputs
  if (terms === undefined || value === null || !Number.isFinite(value)) return null
  let low = 0
  let high = 0
  for (const term of terms) {
    const found = verdict(term, { ...inputs, value })
    low = Math.max(low, found.low)
    high = Math.max(high, found.high)
  }
  return low === high ? low : null
}

export type GradeExplanation = {
  grade: number | null
  /** The CTCAE term, null for grade 0 or an undecided one. */
  term: string | null
  version: string
  /** One line a person can check by hand. */
  text: string
}

/** The arithmetic behind `toxicityGrade`, in words and numbers (English; numbers and terms are those of CTCAE). */
export function explainGrade(test: string, inputs: GradeInputs): GradeExplanation {
  const grade = toxicityGrade(test, inputs)
  const terms = termsOf(test)
  const say = (term: string | null, text: string): GradeExplanation => ({
    grade,
    term,
    version: ctcaeVersion,
    text,
  })
  const [first] = terms
  if (first === undefined)
    return say(null, `CTCAE v${ctcaeVersion} has no numeric grades for ${test}.`)
  const { value } = inputs
  if (value === null) return say(null, `${test} has no value.`)
  const shown = `${test} ${clean(value)} ${first.unit}`
  if (grade === null) {
    const lacking = missingLimits(terms, inputs)
    return say(null, `${shown}: not decided, because ${lacking.join(' and ')} is not known.`)
  }
  if (grade === 0) {
    const bounds = terms.flatMap((term) => {
      const step = term.steps[0]
      return step === undefined
        ? []
        : step.limits.map((limit) => `not ${sign(term)} ${limitText(limit, inputs)}`)
    })
    return say(null, `${shown}: ${bounds.join(', ')}; no toxicity.`)
  }
  const term = terms.find((t) => verdict(t, { ...inputs, value }).low === grade) ?? first
  const step = term.steps.find((s) => s.grade === grade)
  const next = term.steps.find((s) => s.grade > grade)
  const passed = (step?.limits ?? [])
    .filter((limit) => {
      const at = threshold(limit, inputs)
      return at !== null && (term.direction === 'above' ? clean(value) > at : clean(value) < at)
    })
    .map((limit) => `${sign(term)} ${limitText(limit, inputs)}`)
  const notPassed = (next?.limits ?? []).map(
    (limit) => `not ${sign(term)} ${limitText(limit, inputs)}`,
  )
  const reasons = [passed.join(' and '), ...notPassed].join(', ')
  const remark = term.remark === undefined ? '' : ` (${term.remark})`
  return say(term.term, `${shown}: ${reasons}; ${term.term}, grade ${grade}${remark}.`)
}

const limitNames = { uln: 'ULN', lln: 'LLN', baseline: 'baseline' } as const

function sign(term: ToxicityTerm): string {
  return term.direction === 'above' ? '>' : '<'
}

function limitText(limit: Limit, inputs: GradeInputs): string {
  if (limit.of === 'number') return String(limit.value)
  const at = threshold(limit, inputs)
  const name = limitNames[limit.of]
  const base = inputs[limit.of]
  const product = limit.times === 1 ? name : `${limit.times} × ${name}`
  if (at === null || base === null) return `${product} (unknown)`
  return limit.times === 1
    ? `${product} ${at}`
    : `${product} (${limit.times} × ${clean(base)} = ${at})`
}

function missingLimits(terms: readonly ToxicityTerm[], inputs: GradeInputs): string[] {
  const names = new Set<string>()
  for (const term of terms) {
    for (const { limits } of term.steps) {
      for (const limit of limits) {
        if (limit.of !== 'number' && inputs[limit.of] === null)
          names.add(`the ${limitNames[limit.of]}`)
      }
    }
  }
  return [...names]
}
