/** What is wrong, or worth knowing, in a study definition; findings are returned, never thrown. */
export type StudyFindingSeverity = 'error' | 'warning' | 'note'

/** Path into the definition. */
export type Place = readonly (string | number)[]

/** How the parts of the checker hand in what they find. */
export type Report = (
  severity: StudyFindingSeverity,
  code: string,
  message: string,
  place: Place,
) => void

export type StudyFinding = {
  /** Kebab-case, stable: tests and tools may rely on it. */
  code: string
  severity: StudyFindingSeverity
  message: string
  /** Path into the definition (`['forms', 3, 'groups', 0, 'items', 2, 'derive']`); empty where it is about a file. */
  place: Place
  /** Offset within the expression text at `place`, where the finding is about a part of it. */
  offset?: number
  /** The code that is not in its list, where that is what was found. */
  absent?: string
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
