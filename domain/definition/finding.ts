/** What is wrong, or worth knowing, in a study definition; findings are returned, never thrown. */
export type StudyFindingSeverity = 'error' | 'warning' | 'note'

export type StudyFinding = {
  /** Kebab-case, stable: tests and tools may rely on it. */
  code: string
  severity: StudyFindingSeverity
  message: string
  /** Path into the definition (`['forms', 3, 'groups', 0, 'items', 2, 'derive']`); empty where it is about a file. */
  place: readonly (string | number)[]
  /** Offset within the expression text at `place`, where the finding is about a part of it. */
  offset?: number
  /** Where the text was written, when it came from files. Lines and columns count from 1. */
  file?: string
  line?: number
  column?: number
}

/** `studies/x/forms.yaml:12:5: error: text [code]`, as compilers print it. */
export function findingText(finding: StudyFinding): string {
  const where =
    finding.file === undefined
      ? finding.place.join('.') || 'study'
      : `${finding.file}:${finding.line ?? 1}:${finding.column ?? 1}`
  return `${where}: ${finding.severity}: ${finding.message} [${finding.code}]`
}

export function hasErrors(findings: readonly StudyFinding[]): boolean {
  return findings.some((finding) => finding.severity === 'error')
}
