/**
 * A study as analysis reads it: its subjects as of a moment under one published version, and the reports on them. Reports,
 * books, cuts, dashboards and analysis sets all come from here, so all of them see the same numbers. Work asks subjects synchronously;
 * what is not known yet is collected, worked out from the casebooks of the subjects concerned, batch by batch, and the work is run
 * again. Answers stay in the process (`answers.ts`) until something of their subject changes.
 */
import type { Transaction } from '#db/client.ts'
import type { AnalysisSubject } from '#domain/analysis/analysis-subject.ts'
import { parametersProblem, typedParameters } from '#domain/analysis/report-choices.ts'
import type { ArmView, ReportParameters } from '#domain/analysis/report-parameters.ts'
import type { ReportResult } from '#domain/analysis/report-result.ts'
import { engineVersion, type ReportContext, runReport } from '#domain/analysis/run-report.ts'
import type { CompiledStudy } from '#domain/casebook/compile-study.ts'
import type { Casebook } from '#domain/casebook/record.ts'
import type { ReportDef } from '#domain/definition/definition.ts'
import { concealedNames } from '../blinding/concealed-study.ts'
import { type RosterSubject, rosterOf } from '../casebook/roster.ts'
import { type PublishedStudy, publishedStudy } from '../study/published.ts'
import { dayOf } from '../today.ts'
import { recallAnswers } from './recalled-answers.ts'
import { refusedReport, reportVerdict } from './report-verdict.ts'
import { SubjectAnswers } from './subject-answers.ts'

export type AnalysisRequest = {
  studyId: string
  /** Number of the published version whose rules and names hold. */
  version: number
  /** Moment of the transaction. */
  now: string
  arms: ArmView
  parameters?: ReportParameters
  /** The data as they were at this moment (ISO), from the audit trail; as they are when absent. */
  asOf?: string
  /** The day (ISO) that rules take for today; that of `asOf` or `now` when absent. */
  today?: string
  /** Secret from which masked arms get their letters, so that they keep them. */
  maskSeed?: string
  /** Takes kept answers first (`recalled-answers.ts`): for work on the present that asks endpoints alone. */
  recall?: boolean
}

export type StudyAnalysis = {
  published: PublishedStudy
  /** The definition's rules with the parameters of this run. */
  compiled: CompiledStudy
  /** In the reader's sites, in the order of their keys. */
  subjects: readonly RosterSubject[]
  dataAsOf: string
  run(report: ReportDef): Promise<ReportResult>
  /** What `run` hands to the engine, for work that computes beside it from the same subjects. */
  context(subjects: readonly AnalysisSubject[]): ReportContext
  /** Reads what several reports will ask at once; for books, which would else read the same casebooks report by report. */
  expect(reports: readonly ReportDef[]): Promise<void>
  /**
   * Runs work over all subjects. It must be pure: it is run again, each time with more answers known, until every answer it
   * asked for is; before that an answer may be null without being missing.
   */
  ask<T>(work: (subjects: readonly AnalysisSubject[]) => T): Promise<T>
  /** The casebooks as rules see them, in the order of subjects, read in batches. */
  casebooks(): AsyncGenerator<Casebook>
}

/** What a work asks depends on what it was answered: members first, then what is asked of members. */
const mostPasses = 40

/**
 * Every subject in the reader's sites, ready for reports. Throws `not-found` for a version that was never published, and refuses
 * parameters that name what the version does not have.
 */
export async function studyAnalysis(
  asked: Transaction,
  request: AnalysisRequest,
): Promise<StudyAnalysis> {
  const { studyId, version, now, arms, asOf, maskSeed } = request
  // Numbers come from whole rows; what tells arms is concealed in the results, by `arms`.
  const tx = asked.knowing
  const published = await publishedStudy(tx, studyId, version)
  const parameters = typedParameters(published.definition, request.parameters ?? {})
  const refused = parametersProblem(published.definition, parameters)
  if (refused) throw refused
  const compiled = withValues(published.compiled, parameters.values)
  const roster = await rosterOf(tx, studyId, asOf ?? null)
  const day = request.today ?? dayOf(asOf ?? now)
  if (request.recall && asOf === undefined) await recallAnswers(tx, version, roster, day)
  const variant = variantOf(parameters.values)
  const shared = { tx, published, compiled, roster, day, variant }
  const { cutOff } = parameters
  const seen = new SubjectAnswers({ ...shared, cutOff: cutOff ?? null })
  const beyond = cutOff === undefined ? null : new SubjectAnswers({ ...shared, cutOff: null })
  const views = beyond ? [seen, beyond] : [seen]
  const subjectAt = (at: number): AnalysisSubject => ({
    subjectKey: (roster.subjects[at] as RosterSubject).subjectKey,
    value: (expression) => seen.answer(at, expression),
    ...(beyond && cutOff !== undefined
      ? { cutOff: { day: cutOff, beyond: (expression) => beyond.answer(at, expression) } }
      : {}),
  })

  async function ask<T>(work: (subjects: readonly AnalysisSubject[]) => T): Promise<T> {
    for (let pass = 0; pass < mostPasses; pass += 1) {
      const subjects = seen.present().map(subjectAt)
      const isKnown = () => views.every((view) => view.isKnown)
      try {
        const result = work(subjects)
        if (isKnown()) return result
      } catch (error) {
        // Half the answers may lead anywhere; what fails with all of them fails for good.
        if (isKnown()) throw error
      }
      for (const view of views) await view.learn()
    }
    throw new Error('A work over all subjects asks something else each time')
  }

  async function expect(reports: readonly ReportDef[]): Promise<void> {
    for (const view of views) await view.expect(reports)
  }

  const { number, label, hash, definition } = published
  const facts = {
    dataAsOf: asOf ?? now,
    studyVersion: { number, label, hash },
    arms,
    parameters,
  }
  const seed = maskSeed === undefined ? {} : { maskSeed }
  const conceals = asked.leftOut ? { conceals: concealedNames(asked.leftOut) } : {}
  const context = (of: readonly AnalysisSubject[]): ReportContext => ({
    ...facts,
    ...seed,
    ...conceals,
    definition,
    subjects: of,
  })

  return {
    published,
    compiled,
    context,
    subjects: roster.subjects,
    dataAsOf: asOf ?? now,
    ask,
    expect,
    async run(report) {
      const refusal = reportVerdict(published, report)
      if (refusal) return refusedReport(report, refusal, { ...facts, engineVersion })
      await expect([report])
      return ask((of) => runReport(report, context(of)))
    },
    casebooks: () => seen.casebooks(),
  }
}

/** Rules read parameters when they are evaluated, so other values need no other rules. */
function withValues(compiled: CompiledStudy, values: ReportParameters['values']): CompiledStudy {
  if (values === undefined) return compiled
  return { ...compiled, parameters: new Map([...compiled.parameters, ...Object.entries(values)]) }
}

const variantOf = (values: ReportParameters['values']): string =>
  JSON.stringify(Object.entries(values ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)))
