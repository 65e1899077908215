/** Chooses the reference interval of a laboratory test for one sample. */
import type { ReferenceRange } from '#domain/casebook/record.ts'

export type SampleFacts = {
  test: string
  siteId: string
  sex: 'M' | 'F' | null
  /** Whole years at the sample date. */
  age: number | null
  /** ISO date, full. */
  date: string | null
}

/**
 * The range that fits best, or null. A range with a condition (site, sex, age, validity) that cannot be decided does not fit.
 * Among those that fit the more specific wins: own site, then sex, then age, then the one valid from later.
 */
export function chooseRange(
  ranges: readonly ReferenceRange[],
  facts: SampleFacts,
): ReferenceRange | null {
  let best: ReferenceRange | null = null
  for (const range of ranges) {
    if (range.test === facts.test && fits(range, facts) && (best === null || better(range, best))) {
      best = range
    }
  }
  return best
}

function fits(range: ReferenceRange, facts: SampleFacts): boolean {
  if (range.siteId !== null && range.siteId !== facts.siteId) return false
  if (range.sex !== null && range.sex !== facts.sex) return false
  if (range.ageFrom !== null && (facts.age === null || facts.age < range.ageFrom)) return false
  // An upper age bounds the year of life: 18 to 64 holds until the 65th birthday.
  if (range.ageTo !== null && (facts.age === null || facts.age > range.ageTo)) return false
  if (range.validFrom !== null && (facts.date === null || facts.date < range.validFrom))
    return false
  if (range.validTo !== null && (facts.date === null || facts.date > range.validTo)) return false
  return true
}

function better(a: ReferenceRange, b: ReferenceRange): boolean {
  const score = (range: ReferenceRange): number =>
    (range.siteId === null ? 0 : 4) +
    (range.sex === null ? 0 : 2) +
    (range.ageFrom === null && range.ageTo === null ? 0 : 1)
  const difference = score(a) - score(b)
  if (difference !== 0) return difference > 0
  return (a.validFrom ?? '') > (b.validFrom ?? '')
}
