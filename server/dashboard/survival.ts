/** Kaplan-Meier of an endpoint of the definition over the subjects in reach: by arm only where the reader may know arms. */
import type { Transaction } from '#db/client.ts'
import { type AnalysisSubject, members } from '#domain/analysis/analysis-subject.ts'
import { survivalReport } from '#domain/analysis/survival-report.ts'
import type { SurvivalView } from '#domain/dashboard/dashboard-views.ts'
import type { EndpointDef, ReportDef, StudyDefinition } from '#domain/definition/definition.ts'
import { populationRule } from '#domain/definition/population-rule.ts'
import { Problem } from '#domain/problem.ts'
import { reading } from '../command.ts'
import { oid } from '../input.ts'
import { armViewFor } from '../report/arm-view.ts'
import { studyAnalysis } from '../report/study-analysis.ts'
import { publishedStudy } from '../study/published.ts'
import { countedSites, dashboardInput } from './sites.ts'

export const survivalDashboard = reading({
  name: 'dashboard.survival',
  permission: 'report.read',
  input: dashboardInput.extend({
    /** The first of the definition when absent. */
    endpoint: oid.optional(),
  }),
  run: async ({ tx, input, now, study, actor }): Promise<SurvivalView> => {
    const { base, siteIds } = await countedSites(tx, input)
    const none = {
      ...base,
      endpoints: [],
      endpoint: null,
      byArm: false,
      population: null,
      body: null,
    }
    if (study.latestVersion === 0) return none
    const { definition } = await publishedStudy(tx, input.studyId, study.latestVersion)
    const endpoint = input.endpoint
      ? definition.endpoints.find((one) => one.oid === input.endpoint)
      : definition.endpoints[0]
    if (!endpoint && input.endpoint) throw new Problem('not-found')
    if (!endpoint) return none
    const arms = await armViewFor({ tx, actor, study })
    const analysis = await studyAnalysis(tx, {
      studyId: input.studyId,
      version: study.latestVersion,
      now,
      arms,
      recall: true,
    })
    const wanted = siteIds && new Set(siteIds)
    const keys = wanted
      ? new Set(
          analysis.subjects
            .filter(({ siteId }) => wanted.has(siteId))
            .map(({ subjectKey }) => subjectKey),
        )
      : null
    // Rules are those of the whole definition; what a reader is offered is the part that he may know.
    const whole = analysis.published.definition
    const asked = whole.endpoints.find(({ oid }) => oid === endpoint.oid) ?? endpoint
    const report = curveOf(asked, definition)
    const byArm = arms === 'shown' && whole.allocation !== undefined
    const issued = byArm ? await armsIssued(tx, input.studyId) : new Map<string, string>()
    const { body, population } = await analysis.ask((subjects) => {
      const inReach = keys ? subjects.filter(({ subjectKey }) => keys.has(subjectKey)) : subjects
      const population = members(inReach, populationRule(whole, asked.population))
      const groups = byArm
        ? armsOf(whole, population, issued)
        : [{ ...everybody, subjects: population }]
      return { body: survivalReport(report, asked, groups), population: population.length }
    })
    const [part] = body.parts
    return {
      ...base,
      endpoints: definition.endpoints.map(({ oid, label }) => ({ oid, label })),
      endpoint: endpoint.oid,
      byArm,
      population: {
        label: definition.populations.find(({ oid }) => oid === endpoint.population)?.label ?? null,
        n: population,
      },
      // A picture of the whole names no subject: who is behind a number is asked of the reports.
      body: {
        ...body,
        data: [],
        parts: part
          ? [
              {
                ...part,
                groups: part.groups.map((group) => ({ ...group, subjects: [], eventSubjects: [] })),
              },
            ]
          : [],
      },
    }
  },
})

const everybody = { key: 'ALL', label: { en: 'All', ja: '全体', zh: '全部' } }

function armsOf(
  definition: StudyDefinition,
  subjects: readonly AnalysisSubject[],
  issued: ReadonlyMap<string, string>,
) {
  return (definition.allocation?.arms ?? []).map((arm) => ({
    key: arm.code,
    label: arm.label,
    subjects: subjects.filter(({ subjectKey }) => issued.get(subjectKey) === arm.code),
  }))
}

/** Arms by subject key as they were issued: asked of no casebook, so that kept answers are enough for the curves. */
async function armsIssued(tx: Transaction, studyId: string): Promise<Map<string, string>> {
  const rows = await tx.query<{ subjectKey: string; arm: string }>(
    `select b.subject_key as "subjectKey", a.arm from casebook.allocation_issued a
     join casebook.subject b on b.study_id = a.study_id and b.subject_id = a.subject_id
     where a.study_id = $1`,
    [studyId],
  )
  return new Map(rows.map(({ subjectKey, arm }) => [subjectKey, arm]))
}

type SurvivalDef = Extract<ReportDef, { kind: 'survival' }>

/** As a report of the definition draws this endpoint; where none does, with an axis to its horizon. */
function curveOf(endpoint: EndpointDef, { reports }: StudyDefinition): SurvivalDef {
  const like = reports.find(
    (report): report is SurvivalDef =>
      report.kind === 'survival' && report.endpoint === endpoint.oid,
  )
  const { unit, ticks } = like ?? axisOf(endpoint.horizon)
  return {
    kind: 'survival',
    oid: 'KM',
    title: endpoint.label,
    endpoint: endpoint.oid,
    by: 'arm',
    unit,
    ticks,
    test: 'log-rank',
    ...(like?.threshold === undefined ? {} : { threshold: like.threshold }),
  }
}

/** At most seven ticks on round numbers of days, weeks or months. */
export function axisOf(horizon: number): Pick<SurvivalDef, 'unit' | 'ticks'> {
  const [unit, length] =
    horizon <= 28
      ? (['day', 1] as const)
      : horizon <= 182
        ? (['week', 7] as const)
        : (['month', 30.4375] as const)
  const span = Math.max(1, Math.floor(horizon / length + 0.02))
  const step =
    [1, 2, 3, 4, 6, 12, 24, 36, 60, 120].find((one) => span / one <= 6) ?? Math.ceil(span / 6)
  const ticks = Array.from({ length: Math.floor(span / step) + 1 }, (_, at) => at * step)
  return { unit, ticks }
}
