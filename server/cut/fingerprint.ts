import { createHash } from 'node:crypto'
import type { CutReport } from '#domain/analysis/cut-views.ts'
import type { ReportResult } from '#domain/analysis/report-result.ts'
import { canonicalJson } from '#domain/definition/hash.ts'

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/**
 * The bytes of a result: its canonical JSON without the names of the engine and of the cut, which say where it came from and
 * not what it says. JSON knows no NaN and no infinity, so both are null in it, as they are for every reader.
 */
export function reportBytes(result: ReportResult): string {
  const { engineVersion: _, cut: __, ...said } = result
  return canonicalJson(JSON.parse(JSON.stringify(said)))
}

/** SHA-256 of `reportBytes`, as lower-case hex. */
export const reportHash = (result: ReportResult): string => sha256(reportBytes(result))

/**
 * The hash that a cut keeps of a report: salted, or a blinded reader could try out allocations until one gives the hash of a
 * report by arm.
 */
export const keptHash = (result: ReportResult, secret: string): string =>
  sha256(`${secret}\n${reportBytes(result)}`)

/** The hash of a whole cut: over its reports by name and hash, in the order of the study. */
export const wholeHash = (reports: readonly CutReport[]): string =>
  sha256(canonicalJson(reports.map(({ oid, sha256 }) => ({ oid, sha256 }))))
