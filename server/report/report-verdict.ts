import type { ReportResult } from '#domain/analysis/report-result.ts'
import { checkReport } from '#domain/definition/check-report.ts'
import type { Label, ReportDef } from '#domain/definition/definition.ts'
import type { PublishedStudy } from '../study/published.ts'

/** By version and text of the report: checking takes a moment and neither ever changes. */
const verdicts = new Map<string, Label | null>()
const mostVerdicts = 500

/**
 * Why a report cannot be computed under a version, null when it can: a report added under an older version may name what this one
 * does not have. The definition's own reports were checked when it was published.
 */
export function reportVerdict(published: PublishedStudy, report: ReportDef): Label | null {
  if (published.definition.reports.includes(report)) return null
  const key = `${published.studyId}/${published.number} ${JSON.stringify(report)}`
  const before = verdicts.get(key)
  if (before !== undefined) return before
  // A reader from whom parts are concealed names reports of a definition of his own: the same OID is no error here.
  const wrong = checkReport(published.definition, report).find(
    ({ severity, code }) => severity === 'error' && code !== 'duplicate-oid',
  )
  const verdict = wrong ? sentence(published.label, wrong.message) : null
  if (verdicts.size >= mostVerdicts) verdicts.clear()
  verdicts.set(key, verdict)
  return verdict
}

const sentence = (version: string, what: string): Label => ({
  en: `This report does not fit version ${version} of the study, so nothing was computed: ${what}`,
  ja: `この報告書は試験の版 ${version} に合わないため、計算していません：${what}`,
  zh: `此报告与研究版本 ${version} 不符，未作计算：${what}`,
})

/** A report with a sentence in place of all numbers. */
export function refusedReport(
  report: ReportDef,
  problem: Label,
  facts: Pick<ReportResult, 'dataAsOf' | 'studyVersion' | 'engineVersion' | 'parameters' | 'arms'>,
): ReportResult {
  return {
    ...facts,
    oid: report.oid,
    title: report.title,
    footnote: null,
    population: null,
    body: { kind: 'listing', columns: [], rows: [] },
    problem,
  }
}
