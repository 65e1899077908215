/** A casebook that can be looked behind: what its rules read, as far as the asking person may see it. */
import type { AnalysisSubject } from '#domain/analysis/analysis-subject.ts'
import { parametersProblem, typedParameters } from '#domain/analysis/report-choices.ts'
import type { ReportParameters } from '#domain/analysis/report-parameters.ts'
import { concealedOf } from '#domain/casebook/concealed.ts'
import { casebookUntil } from '#domain/casebook/cut-off.ts'
import { type Conceals, ValueTracer } from '#domain/casebook/read-values.ts'
import { Problem } from '#domain/problem.ts'
import { carriedTo } from '../amendment/carry-casebooks.ts'
import type { Asker } from '../blinding/policy.ts'
import { concealedFrom, concealsArms } from '../blinding/sight.ts'
import { type PublishedStudy, publishedStudy } from '../study/published.ts'
import { casebookOf, recordsOf, referencesFor, type SubjectRow } from './load.ts'

export type TracedCasebook = {
  published: PublishedStudy
  tracer: ValueTracer
  /** Null for a reader from whom nothing is concealed. */
  conceals: Conceals | null
  /** As of an analysis: the day, and the answers from all data. */
  cutOff: NonNullable<AnalysisSubject['cutOff']> | null
}

/**
 * The subject under the newest published version, as analyses read it; the choices of a run of a report are followed. Throws
 * `not-found` for a subject who was not there yet on the day of a cut-off, and the problem of a choice that is none.
 */
export async function tracedCasebook(
  asker: Asker,
  subject: SubjectRow,
  now: string,
  asked: ReportParameters = {},
): Promise<TracedCasebook> {
  const { tx, study } = asker
  const { studyId } = study
  const published = await publishedStudy(tx, studyId, study.latestVersion)
  const { values, cutOff } = typedParameters(published.definition, asked)
  const refused = parametersProblem(published.definition, { ...asked, ...(values && { values }) })
  if (refused) throw refused
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
  const later = new ValueTracer(compiled, carried, conceals)
  return {
    published,
    tracer: new ValueTracer(compiled, casebook, conceals),
    conceals,
    cutOff: cutOff === undefined ? null : { day: cutOff, beyond: (text) => later.ask(text) },
  }
}

async function concealsFor(asker: Asker, published: PublishedStudy): Promise<Conceals | null> {
  const hidden = await concealedFrom(asker)
  if (!hidden) return null
  // Without its allocation a definition brings no arm that is to be concealed.
  const { allocation: _, ...rest } = published.definition
  const definition = concealsArms(hidden) ? published.definition : rest
  const known = concealedOf(definition, [...hidden.items, ...hidden.forms])
  return {
    item: (form, item) => known.forms.has(form) || known.items.has(`${form}.${item}`),
    variable: (oid) => known.variables.has(oid),
    reads: (text) => known.reads(text),
  }
}
