import { z } from 'zod'
import type { Label, ReportDef } from '#domain/definition/definition.ts'
import { reportText } from '#domain/definition/report-text.ts'
import { type ReportVocabulary, reportVocabulary } from '#domain/definition/report-vocabulary.ts'
import { Problem } from '#domain/problem.ts'
import { reading } from '../command.ts'
import { id, oid } from '../input.ts'
import { publishedStudy } from '../study/published.ts'
import { type AddedRevision, addedReports, revisionsOf } from './added-reports.ts'

export type ReportSource = {
  oid: string
  title: Label
  kind: ReportDef['kind']
  /** YAML: as it was written, or (of a report of the definition) as it reads when written out. */
  text: string
  /** Newest revision of an added report; 0 for one of the definition, which can be copied and not changed here. */
  revision: number
  revisions: readonly AddedRevision[]
}

/** A report as text, to be changed or to begin another one from. */
export const reportSource = reading({
  name: 'report.source',
  permission: 'report.write',
  input: z.strictObject({ studyId: id, report: oid }),
  run: async ({ tx, input, study }): Promise<ReportSource> => {
    if (study.latestVersion === 0) throw new Problem('not-found')
    const { definition } = await publishedStudy(tx, input.studyId, study.latestVersion)
    const own = definition.reports.find((one) => one.oid === input.report)
    if (own) {
      const { oid, title, kind } = own
      return { oid, title, kind, text: reportText(own), revision: 0, revisions: [] }
    }
    const added = (await addedReports(tx, input.studyId)).find((one) => one.oid === input.report)
    if (!added) throw new Problem('not-found')
    const { title, kind } = added.report
    const { source: text, revision } = added
    const revisions = await revisionsOf(tx, input.studyId, input.report)
    return { oid: added.oid, title, kind, text, revision, revisions }
  },
})

/** Everything that a report of this study can name, for completion while it is written. */
export const reportWords = reading({
  name: 'report.words',
  permission: 'report.write',
  input: z.strictObject({ studyId: id }),
  run: async ({ tx, input, study }): Promise<ReportVocabulary> => {
    if (study.latestVersion === 0) throw new Problem('not-found')
    const { definition } = await publishedStudy(tx, input.studyId, study.latestVersion)
    return reportVocabulary(definition)
  },
})
