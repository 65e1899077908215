/** The paper of a study against its reports, from the values as they are now. */
import { z } from 'zod'
import { checkPaper } from '#domain/analysis/paper-check.ts'
import type { PaperPart, PaperView } from '#domain/analysis/paper-views.ts'
import type { ReportResult } from '#domain/analysis/report-result.ts'
import { reading } from '../command.ts'
import { id } from '../input.ts'
import { publishedStudy } from '../study/published.ts'
import { armViewFor } from './arm-view.ts'
import { studyAnalysis } from './study-analysis.ts'

/** Whether there is a paper to compare with, and which; for a link to it. */
export const paperKnown = reading({
  name: 'report.paperKnown',
  permission: 'report.read',
  input: z.strictObject({ studyId: id }),
  run: async ({ tx, input, study }): Promise<{ paper: string | null }> => {
    if (study.latestVersion === 0) return { paper: null }
    const { definition } = await publishedStudy(tx, input.studyId, study.latestVersion)
    return { paper: definition.paper?.paper ?? null }
  },
})

/** Compares every printed cell with the report it belongs to; null without a paper. */
export const paperVersus = reading({
  name: 'report.paper',
  permission: 'report.read',
  snapshot: true,
  input: z.strictObject({ studyId: id }),
  run: async ({ tx, input, now, study, actor }): Promise<PaperView | null> => {
    if (study.latestVersion === 0) return null
    const arms = await armViewFor({ tx, actor, study })
    const analysis = await studyAnalysis(tx, {
      studyId: input.studyId,
      version: study.latestVersion,
      now,
      arms,
    })
    const { definition, number, label, hash } = analysis.published
    const { paper } = definition
    if (!paper) return null
    const facts = {
      paper: paper.paper,
      dataAsOf: analysis.dataAsOf,
      version: { number, label, hash },
      subjects: analysis.subjects.length,
      notCompared: paper.notCompared ?? [],
    }
    if (arms !== 'shown') return { ...facts, passed: 0, failed: 0, parts: null }
    const named = new Set(paper.parts.map(({ report }) => report))
    const reports = definition.reports.filter(({ oid }) => named.has(oid))
    await analysis.expect(reports)
    const results: ReportResult[] = []
    for (const report of reports) results.push(await analysis.run(report))
    const parts = paper.parts.map((part): PaperPart => {
      const result = results.find(({ oid }) => oid === part.report)
      return {
        what: part.what,
        report: { oid: part.report, title: result?.title ?? { en: part.report } },
        problem: result?.problem ?? null,
        cells: checkPaper({ ...paper, parts: [part] }, results).map(
          ({ what: _what, report: _report, ...cell }) => cell,
        ),
      }
    })
    const cells = parts.flatMap((part) => part.cells)
    const passed = cells.filter((cell) => cell.passed).length
    return { ...facts, passed, failed: cells.length - passed, parts }
  },
})
