/**
 * Runs every test of a definition and says what no test shows. A check is covered when a passing test expects it to fire and
 * another expects it to stay silent where it is asked; a derivation when passing tests expect it decided, undecided and missing,
 * as far as it can be so at all.
 */
import type { StudyFinding } from '#domain/definition/finding.ts'
import { type CheckTestResult, runCheckTests } from './check-tests.ts'
import type { CompiledStudy } from './compile-study.ts'
import { byName, type DerivationTestResult, runDerivationTest } from './derivation-tests.ts'
import { excusesOf } from './excuses.ts'
import { studyChecks } from './study-checks.ts'

type Place = StudyFinding['place']
export type Wanted = 'fires' | 'silent' | 'decided' | 'undecided' | 'missing'

const wanted = ['decided', 'undecided', 'missing'] as const

/** Something that no passing test shows. */
export type CoverageGap = {
  kind: 'check' | 'derivation'
  name: string
  lacks: readonly Wanted[]
  place: Place
}
export type CoverageExcuse = { name: string; state: Wanted; reason: string; place: Place }

export type StudyTestReport = {
  checks: readonly (CheckTestResult & { check: string; place: Place })[]
  derivations: readonly (DerivationTestResult & { place: Place })[]
  coverage: {
    checks: { covered: number; total: number }
    derivations: { covered: number; total: number }
    gaps: readonly CoverageGap[]
    excused: readonly CoverageExcuse[]
  }
}

/** Never throws. The definition should be free of errors: rules that do not compile are not derivations. */
export function runStudyTests(compiled: CompiledStudy): StudyTestReport {
  const { definition } = compiled
  const gaps: CoverageGap[] = []
  const excused: CoverageExcuse[] = []
  const all = studyChecks(definition)
  const checks = all.flatMap(({ check, place }) => {
    const results = runCheckTests(compiled, check)
    const lacks = (['fires', 'silent'] as const).filter(
      (expect) => !results.some((one) => one.ok && one.expect === expect && one.asked),
    )
    if (lacks.length > 0) {
      gaps.push({ kind: 'check', name: check.id, lacks, place: [...place, 'id'] })
    }
    return results.map((result, t) => ({
      ...result,
      check: check.id,
      place: check.tests ? [...place, 'tests', t] : place,
    }))
  })
  const uncoveredChecks = gaps.length
  const derivations = byName(compiled)
  const results = (definition.derivationTests ?? []).flatMap((test, t) =>
    runDerivationTest(compiled, test, derivations).map((result) => ({
      ...result,
      place: ['derivationTests', t],
    })),
  )
  const shown = new Map<string, Set<Wanted>>()
  for (const { ok, derivation, state } of results) {
    if (!ok || derivation === null || state === null) continue
    const states = shown.get(derivation)
    if (states) states.add(state)
    else shown.set(derivation, new Set([state]))
  }
  for (const derivation of derivations.values()) {
    const { name, place } = derivation
    const excuses = new Map(
      excusesOf(compiled, derivation, derivations).map((one) => [one.state, one.reason]),
    )
    const lacks = wanted.filter((state) => !shown.get(name)?.has(state))
    for (const state of lacks) {
      const reason = excuses.get(state)
      if (reason !== undefined) excused.push({ name, state, reason, place })
    }
    const open = lacks.filter((state) => !excuses.has(state))
    if (open.length > 0) gaps.push({ kind: 'derivation', name, lacks: open, place })
  }
  return {
    checks,
    derivations: results,
    coverage: {
      checks: {
        covered: all.length - uncoveredChecks,
        total: all.length,
      },
      derivations: {
        covered: derivations.size - (gaps.length - uncoveredChecks),
        total: derivations.size,
      },
      gaps,
      excused,
    },
  }
}

/** Whether all tests pass and nothing is left unshown. */
export function isFullyTested({ checks, derivations, coverage }: StudyTestReport): boolean {
  return (
    checks.every(({ ok }) => ok) && derivations.every(({ ok }) => ok) && coverage.gaps.length === 0
  )
}
