/** `casebook study test`: the tests of a definition, and what no test shows. */
import { compileStudy } from '#domain/casebook/compile-study.ts'
import { isFullyTested, runStudyTests } from '#domain/casebook/study-tests.ts'
import { findingText, type StudyFinding } from '#domain/definition/finding.ts'
import type { Say } from './say.ts'
import type { LoadedStudy } from './study-files.ts'

export type TestOptions = {
  json: boolean
  /** Coverage is told and does not decide the exit status. */
  reportOnly: boolean
  /** Tells every excused state and not only how many there are. */
  excused: boolean
}

/** Exit status 0: every test passes and everything is covered. */
export function testStudy(loaded: LoadedStudy, options: TestOptions, say: Say): number {
  const { definition, findings } = loaded
  if (definition === null) {
    for (const finding of findings.filter(({ severity }) => severity === 'error')) {
      say.error(findingText(finding))
    }
    return 1
  }
  const report = runStudyTests(compileStudy(definition))
  const { coverage } = report
  const failed = [
    ...report.checks
      .filter(({ ok }) => !ok)
      .map(({ check, name, message, place }) => ({ text: `${check}: ${name}: ${message}`, place })),
    ...report.derivations
      .filter(({ ok }) => !ok)
      .map(({ test, message, place }) => ({ text: `${test}: ${message}`, place })),
  ]
  const ok = options.reportOnly ? failed.length === 0 : isFullyTested(report)
  const where = (place: StudyFinding['place']) => {
    const blank: StudyFinding = { code: 'test', severity: 'error', message: '', place }
    const { file, line, column } = loaded.locate(blank)
    return { file: file ?? place.join('.'), line: line ?? 1, column: column ?? 1 }
  }
  if (options.json) {
    const located = <T extends { place: StudyFinding['place'] }>(one: T) => ({
      ...one,
      ...where(one.place),
    })
    const full = {
      ok,
      checks: report.checks.map(located),
      derivations: report.derivations.map(located),
      coverage: {
        ...coverage,
        gaps: coverage.gaps.map(located),
        excused: coverage.excused.map(located),
      },
    }
    say.out(JSON.stringify(full, null, 2))
    return ok ? 0 : 1
  }
  const at = (place: StudyFinding['place']): string => {
    const { file, line, column } = where(place)
    return `${file}:${line}:${column}`
  }
  for (const { text, place } of failed) say.out(`${at(place)}: failed: ${text}`)
  for (const gap of coverage.gaps) {
    const verb = gap.kind === 'check' ? 'no test in which it' : 'no test in which it is'
    const states = gap.lacks.map((state) => (state === 'silent' ? 'stays silent' : state))
    say.out(`${at(gap.place)}: not covered: ${gap.name}: ${verb} ${states.join(', ')}`)
  }
  if (options.excused) {
    for (const { name, state, reason, place } of coverage.excused) {
      say.out(`${at(place)}: excused: ${name} is never ${state}: ${reason}`)
    }
  }
  const passed = (all: readonly { ok: boolean }[]): string =>
    `${all.filter((one) => one.ok).length} of ${all.length}`
  const part = ({ covered, total }: { covered: number; total: number }): string => {
    // 1999 of 2000 is not 100 %.
    const percent = total === 0 ? 100 : Math.floor((100 * covered) / total)
    return `${covered} of ${total} (${percent} %)`
  }
  say.out(`${passed(report.checks)} check tests pass.`)
  say.out(`${passed(report.derivations)} expectations of derivation tests hold.`)
  const excuses = coverage.excused.length
  const more = excuses === 0 ? '' : `; ${excuses} states excused by construction`
  const hint = more === '' || options.excused ? '' : ' (--excused lists them)'
  say.out(
    `Coverage: checks ${part(coverage.checks)}, derivations ${part(coverage.derivations)}${more}${hint}.`,
  )
  return ok ? 0 : 1
}
