/** All reports of a study, run and timed in this process, as the server runs them. */
import { inTransaction, type Pool } from '#db/client.ts'
import { reportsOf } from '#server/report/report-defs.ts'
import { studyAnalysis } from '#server/report/study-analysis.ts'
import { publishedStudy } from '#server/study/published.ts'
import type { CopiedStudy } from './lay-copies.ts'

export type ReportTime = { oid: string; kind: string; ms: number }
export type BookTime = {
  /** Reading who there is and what changed, and working out what is not known. */
  prepare: number
  reports: ReportTime[]
  total: number
  characters: number
}

const time = async <T>(act: () => Promise<T>): Promise<[T, number]> => {
  const start = performance.now()
  const result = await act()
  return [result, performance.now() - start]
}

/** Every report in one transaction under row security, as a report book asks for them. */
export function bookOf(appPool: Pool, { studyId, userId, today }: CopiedStudy): Promise<BookTime> {
  const settings = {
    actor: userId,
    studyId,
    siteIds: null,
    readOnly: true,
    isolation: 'repeatable read' as const,
    statementTimeout: 600_000,
  }
  return inTransaction(appPool, settings, async (tx) => {
    const begun = performance.now()
    const published = await publishedStudy(tx, studyId, 1)
    const defs = await reportsOf(tx, studyId, published)
    const [analysis, prepare] = await time(async () => {
      const made = await studyAnalysis(tx, {
        studyId,
        version: 1,
        now: tx.now,
        arms: 'shown',
        today,
      })
      await made.expect(defs)
      return made
    })
    const reports: ReportTime[] = []
    let characters = 0
    for (const def of defs) {
      const [result, ms] = await time(() => analysis.run(def))
      characters += JSON.stringify(result).length
      reports.push({ oid: def.oid, kind: def.kind, ms })
    }
    return { prepare, reports, total: performance.now() - begun, characters }
  })
}

/** One report alone, as a page asks for it. */
export function reportAlone(
  appPool: Pool,
  { studyId, userId, today }: CopiedStudy,
  oid: string,
): Promise<number> {
  const settings = {
    actor: userId,
    studyId,
    siteIds: null,
    readOnly: true,
    statementTimeout: 600_000,
  }
  return inTransaction(appPool, settings, async (tx) => {
    const [, ms] = await time(async () => {
      const published = await publishedStudy(tx, studyId, 1)
      const defs = await reportsOf(tx, studyId, published)
      const def = defs.find((one) => one.oid === oid)
      if (!def) throw new Error(`No report ${oid}`)
      const analysis = await studyAnalysis(tx, {
        studyId,
        version: 1,
        now: tx.now,
        arms: 'shown',
        today,
      })
      await analysis.run(def)
    })
    return ms
  })
}
