/** The lists behind the lines of the cleaning checklist: exactly the findings that a line counts, a page at a time. */
import { z } from 'zod'
import type { OpenFinding, OpenFindings } from '#domain/analysis/cut-checklist.ts'
import { type OpenLineId, openLineIds } from '#domain/analysis/cut-views.ts'
import type { Label } from '#domain/definition/definition.ts'
import { Problem } from '#domain/problem.ts'
import { reading } from '../command.ts'
import { paged, placeOf } from '../cursor.ts'
import { cursor, id, pageSize, plainText } from '../input.ts'
import { armViewFor } from '../report/arm-view.ts'
import { type StudyAnalysis, studyAnalysis } from '../report/study-analysis.ts'
import type { PublishedStudy } from '../study/published.ts'
import { requireAllSites } from './cut-reports.ts'
import { type FindingRow, openFindings } from './open-findings.ts'
import { askedOf, undecidedOf } from './open-lines.ts'

const queryLines: readonly OpenLineId[] = ['queriesOpen', 'queriesAnswered', 'ruleQueries']

type Row = Omit<FindingRow, 'detail'> & { detail: Label | null }
type Page = { site: string | null; after: string | null; limit: number }

/** The findings of one line, of all sites or of one, in the order of sites, subjects and visits. */
export const cutFindings = reading({
  name: 'cut.findings',
  permission: 'cut.take',
  input: z.strictObject({
    studyId: id,
    line: z.enum(openLineIds),
    /** Code of a site. */
    site: plainText(40).optional(),
    cursor,
    limit: pageSize,
  }),
  snapshot: true,
  run: async ({ tx, input, now, study, actor, may }): Promise<OpenFindings> => {
    requireAllSites(tx)
    // Who takes cuts without reading casebooks sees counts, not subjects.
    if (!may('casebook.read')) throw new Problem('not-found')
    if (study.latestVersion === 0) throw new Problem('cut-unpublished')
    const { studyId, line } = input
    const arms = await armViewFor({ tx, actor, study })
    const analysis = await studyAnalysis(tx, { studyId, version: study.latestVersion, now, arms })
    const asked = await askedOf(tx, analysis.published, now)
    const after = placeOf(input.cursor, z.tuple([z.string().max(300)]))?.[0] ?? null
    const page = { site: input.site ?? null, after, limit: input.limit + 1 }
    const found = await openFindings(line, asked, page)
    // That a form has a question is told with its casebook; what was asked, only to who reads queries.
    const isTold = !queryLines.includes(line) || may('query.read')
    const detailOf = ({ detail }: FindingRow) =>
      detail === null || !isTold ? null : { en: detail }
    const rows: readonly Row[] = found
      ? found.map((row) => ({ ...row, detail: detailOf(row) }))
      : await undecidedRows(analysis, line, page)
    const { rows: shown, next } = paged(rows, input.limit, ({ place }) => [place])
    return { rows: shown.map((row) => named(row, asked.versions)), next }
  },
})

/** Subjects of whom a population or endpoint is undecided, with its name. */
async function undecidedRows(
  analysis: StudyAnalysis,
  line: keyof Awaited<ReturnType<typeof undecidedOf>>,
  { site, after, limit }: Page,
): Promise<Row[]> {
  const siteOf = new Map(analysis.subjects.map((one) => [one.subjectKey, one.siteCode]))
  const undecided = (await undecidedOf(analysis))[line] ?? []
  const nowhere = { event: null, eventRepeat: null, form: null, formRepeat: null }
  return undecided
    .flatMap(({ part, label, subjectKeys }) =>
      subjectKeys.map((subjectKey) => {
        const siteCode = siteOf.get(subjectKey) ?? ''
        const place = `${siteCode}/${subjectKey}/${part}`
        return { ...nowhere, place, siteCode, subjectKey, detail: label }
      }),
    )
    .filter((row) => (site === null || row.siteCode === site) && row.place > (after ?? ''))
    .sort((a, b) => (a.place < b.place ? -1 : 1))
    .slice(0, limit)
}

/** With the names of visit and form, from the newest version that has them. */
function named(row: Row, versions: readonly PublishedStudy[]): OpenFinding {
  const { event, eventRepeat, form, formRepeat, ...rest } = row
  const label = (kind: 'events' | 'forms', oid: string): Label =>
    versions.findLast((version) => version[kind].has(oid))?.[kind].get(oid)?.label ?? { en: oid }
  return {
    ...rest,
    event:
      event === null
        ? null
        : { oid: event, repeat: eventRepeat ?? 1, label: label('events', event) },
    form:
      form === null ? null : { oid: form, repeat: formRepeat ?? 1, label: label('forms', form) },
  }
}
