/** A casebook that can be looked behind: what its rules read, as far as the asking person may see it. */
import type { ReportParameters } from '#domain/analysis/report-parameters.ts'
import { concealedOf } from '#domain/casebook/concealed.ts'
import { casebookUntil } from '#domain/casebook/cut-off.ts'
import { type Conceals, ValueTracer } from '#domain/casebook/read-values.ts'
import { Problem } from '#domain/problem.ts'
import { carriedTo } from '../amendment/carry-casebooks.ts'
import type { Asker } from '../blinding/policy.ts'
import { concealedFrom } from '../blinding/sight.ts'
import { type PublishedStudy, publishedStudy } from '../study/published.ts'
import { casebookOf, recordsOf, referencesFor, type SubjectRow } from './load.ts'

export type TracedCasebook = {
  published: PublishedStudy
  tracer: ValueTracer
  /** Null for a reader from whom nothing is concealed. */
  conceals: Conceals | null
}

/**
 * The subject under the newest published version, as analyses read it; the choices of a run of a report are followed. Throws
 * `not-found` for a subject who was not there yet on the day of a cut-off.
 */
export async function tracedCasebook(
  asker: Asker,
  subject: SubjectRow,
  now: string,
  { values, cutOff }: Pick<ReportParameters, 'values' | 'cutOff'> = {},
): Promise<TracedCasebook> {
  const { tx, study } = asker
  const { studyId } = study
  const published = await publishedStudy(tx, studyId, study.latestVersion)
  const records = await recordsOf(tx, studyId, subject.subjectId)
  const references = await referencesFor(tx, studyId, subject.siteId)
  const whole = casebookOf(subject, records, references, now)
  const [carried = whole] = await carriedTo(tx, published, [whole])
  const compiled = values
    ? {
        ...published.compiled,
        parameters: new Map([...published.compiled.parameters, ...Object.entries(values)]),
      }
    : published.compiled
  const casebook = cutOff === undefined ? carried : casebookUntil(compiled, carried, cutOff)
  if (!casebook) throw new Problem('not-found')
  const conceals = await concealsFor(asker, published)
  return { published, tracer: new ValueTracer(compiled, casebook, conceals), conceals }
}

async function concealsFor(asker: Asker, published: PublishedStudy): Promise<Conceals | null> {
  const hidden = await concealedFrom(asker)
  if (!hidden) return null
  const known = concealedOf(published.definition, [...hidden.items, ...hidden.forms])
  return {
    item: (form, item) => known.forms.has(form) || known.items.has(`${form}.${item}`),
    variable: (oid) => known.variables.has(oid),
    reads: (text) => known.reads(text),
  }
}
