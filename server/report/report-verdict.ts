import type { ReportResult } from '#domain/analysis/report-result.ts'
import { checkReport } from '#domain/definition/check-report.ts'
import type { Label, ReportDef } from '#domain/definition/definition.ts'
import type { PublishedStudy } from '../study/published.ts'

/** Checking takes a moment and neither side ever changes. */
const verdicts = new WeakMap<ReportDef, Map<string, Label | null>>()

/**
 * Why a report cannot be computed under a version, null when it can: a report added under an older version may name what this one
 * does not have. The definition's own reports were checked when it was published.
 */
export function reportVerdict(published: PublishedStudy, report: ReportDef): Label | null {
  if (published.definition.reports.includes(report)) return null
  let known = verdicts.get(report)
  if (!known) {
    known = new Map()
    verdicts.set(report, known)
  }
  const before = known.get(published.hash)
  if (before !== undefined) return before
  const wrong = checkReport(published.definition, report).find(
    ({ severity }) => severity === 'error',
  )
  const verdict = wrong ? sentence(published.label, wrong.message) : null
  known.set(published.hash, verdict)
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
