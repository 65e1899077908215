import type { Label, ReportDef, StudyDefinition } from '#domain/definition/definition.ts'
import { type AnalysisSubject, keysOf } from './analysis-subject.ts'
import { type PopulationStanding, populationStanding } from './population-standing.ts'
import type { TableBody, TableLine } from './report-result.ts'
import type { Arm } from './table-report.ts'

const all: Label = { en: 'All', ja: '全体', zh: '全部' }
const undecided: Label = {
  en: 'Undecided: values are missing',
  ja: '判定不能（値が欠けている）',
  zh: '无法判定（缺少数据）',
}
const outside: Label = { en: 'Not of this subset', ja: '該当しない', zh: '不属于该子集' }

/**
 * How many subjects each population has, and below it how many each of its exclusions took from the population it is
 * taken from. Nobody is counted twice: the first true exclusion is the reason.
 */
export function populationsReport(
  report: Extract<ReportDef, { kind: 'populations' }>,
  definition: StudyDefinition,
  subjects: readonly AnalysisSubject[],
  arms: readonly Arm[],
): TableBody {
  const split = arms.length > 1 ? arms : []
  const columns = [
    ...(split.some(({ key }) => key === 'ALL') ? [] : [{ key: 'ALL', label: all, subjects }]),
    ...split,
  ].map(({ key, label, subjects: own }) => ({ key, label, n: own.length, subjects: keysOf(own) }))
  const shown = report.populations ?? definition.populations.map(({ oid }) => oid)
  const lines = shown.flatMap((oid) => {
    const population = definition.populations.find((one) => one.oid === oid)
    if (!population) return []
    const standings = new Map(
      subjects.map(({ subjectKey, value }) => [
        subjectKey,
        populationStanding(definition, oid, value),
      ]),
    )
    const line = (
      label: Label,
      indent: number,
      counts: (standing: PopulationStanding) => boolean,
    ): TableLine => ({
      label,
      indent,
      heading: false,
      statistic: { en: 'n' },
      test: null,
      cells: columns.map((column) => {
        const keys = column.subjects.filter((key) => {
          const standing = standings.get(key)
          return standing?.wasIn === true && counts(standing)
        })
        return {
          text: String(keys.length),
          values: [keys.length],
          subjects: keys,
          n: column.n,
          missing: 0,
        }
      }),
    })
    const reasons = (population.exclude ?? []).map((exclusion, at) =>
      line(
        exclusion.label,
        1,
        ({ state, by, exclusion: own }) => state === 'excluded' && by === oid && own === at,
      ),
    )
    const rest = [
      ...(population.rule !== undefined && population.of !== undefined
        ? [line(outside, 1, ({ state, by }) => state === 'outside' && by === oid)]
        : []),
      line(undecided, 1, ({ state, by }) => state === 'undecided' && by === oid),
    ].filter(({ cells }) => cells.some(({ subjects: keys }) => keys.length > 0))
    return [line(population.label, 0, ({ state }) => state === 'member'), ...reasons, ...rest]
  })
  return { kind: 'table', columns, lines }
}
