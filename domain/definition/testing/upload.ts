/** For tests: all that happens to a definition that somebody uploads. */
import { compileStudy } from '#domain/casebook/compile-study.ts'
import { isFullyTested, runStudyTests } from '#domain/casebook/study-tests.ts'
import { checkStudy } from '../check-study.ts'
import { hasErrors, type StudyFinding } from '../finding.ts'
import { parseStudy, type SourceFile } from '../parse-study.ts'

/**
 * Reads, merges, checks, compiles and tests. Throws where the steps contradict each other: no definition without a finding, a rule
 * that does not compile although nothing was found.
 */
export function upload(
  files: readonly SourceFile[],
  library: readonly SourceFile[] = [],
): StudyFinding[] {
  const { definition, findings, locate } = parseStudy(files, library)
  if (!definition) {
    if (findings.length === 0) throw new Error('No definition and no finding.')
    return findings
  }
  const all = [...findings, ...checkStudy(definition).map(locate)]
  const compiled = compileStudy(definition)
  isFullyTested(runStudyTests(compiled))
  const [broken] = compiled.broken
  if (!hasErrors(all) && broken) throw new Error(`Passed but broken: ${broken.text}`)
  return all
}
