/**
 * A report written on its own, against a published definition: the same shape and the same checks as a report in
 * `analysis.yaml`, with the places of the findings in its own text. Nothing throws, whatever was written.
 */
import { z } from 'zod'
import { indexStudy } from '#domain/casebook/study-index.ts'
import { reportSchema } from './analysis-schema.ts'
import { checkDuplicates } from './check-duplicates.ts'
import { checkLabels } from './check-labels.ts'
import { checkReferences } from './check-references.ts'
import { checkRules } from './check-rules.ts'
import { checkedRules } from './checked-rules.ts'
import type { ReportDef, StudyDefinition } from './definition.ts'
import { hasErrors, type Place, type Report, type StudyFinding } from './finding.ts'
import { readShape, withPosition } from './read-shape.ts'
import { Origins, type PlainObject, readYaml } from './yaml-source.ts'

/** Longest text of one report, characters. */
export const maximalReportText = 100_000

export type CheckedReport = {
  /** Null where an error stands in the way. */
  report: ReportDef | null
  /** Errors first; lines and columns count from 1 in the text of the report. */
  findings: StudyFinding[]
}

const reportsSchema = z.object({ reports: z.array(reportSchema) })

/** Reads YAML of one report (a mapping, or a list with one) and checks it as part of `definition`. */
export function checkReportText(definition: StudyDefinition, text: string): CheckedReport {
  const origins = new Origins()
  const failed = (findings: StudyFinding[]): CheckedReport => ({ report: null, findings })
  if (text.length > maximalReportText) {
    const message = `The text is longer than ${maximalReportText} characters.`
    return failed([finding('file-too-large', message)])
  }
  const { value, findings } = readYaml({ path: '', text }, origins)
  if (findings.length > 0) return failed(findings.map(bare))
  const written = Array.isArray(value) && value.length === 1 ? value[0] : value
  if (typeof written !== 'object' || written === null || Array.isArray(written)) {
    return failed([finding('shape', 'A report is a mapping: kind, oid, title and so on.')])
  }
  const reports = [written]
  const root: PlainObject = { reports }
  const locate = (found: StudyFinding): StudyFinding => bare(withPosition(found, root, origins))
  const shaped = readShape(reportsSchema, root, origins, findings)?.reports[0]
  if (!shaped) return failed(findings.map(locate))
  const checked = checkReport(definition, shaped).map(locate)
  return { report: hasErrors(checked) ? null : shaped, findings: checked }
}

/** What is wrong with a report as part of `definition`; places are those of `reports[0]`. */
export function checkReport(definition: StudyDefinition, shaped: ReportDef): StudyFinding[] {
  const at = definition.reports.length
  const extended = { ...definition, reports: [...definition.reports, shaped] }
  const found: StudyFinding[] = []
  const report: Report = (severity, code, message, place) => {
    found.push({ severity, code, message, place })
  }
  const index = indexStudy(extended)
  const isOwn = (place: Place) => place[0] === 'reports' && place[1] === at
  checkDuplicates(extended, report)
  checkReferences(extended, index, report)
  const rules = checkedRules(extended, index, (rule) => isOwn(rule.place))
  found.push(...checkRules(rules, extended, index))
  found.push(...checkLabels(extended))
  const weight = { error: 0, warning: 1, note: 2 }
  return found
    .filter(({ place }) => isOwn(place))
    .map((one) => ({ ...one, place: ['reports', 0, ...one.place.slice(2)] }))
    .sort((a, b) => weight[a.severity] - weight[b.severity])
}

function finding(code: string, message: string): StudyFinding {
  return { code, severity: 'error', message, place: [], line: 1, column: 1 }
}

/** Without the file: a report on its own has none. */
function bare({ file: _, ...rest }: StudyFinding): StudyFinding {
  return rest
}
