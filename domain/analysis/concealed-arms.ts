/**
 * Reports for readers who must not know arms: all arms together, or each under a letter that only a secret links to its arm.
 * What tells the arm otherwise (dose as a row, a population of one arm) is not computed. Under letters subjects have other
 * names: whoever knew the arm of one subject would know what the letter stands for.
 */
import { concealedIn } from '#domain/casebook/concealed.ts'
import type { Label, ReportDef, StudyDefinition } from '#domain/definition/definition.ts'
import type { AnalysisSubject } from './analysis-subject.ts'
import { digestOf } from './digest.ts'
import type { ArmView, ReportParameters } from './report-parameters.ts'
import type { ReportBody } from './report-result.ts'
import type { Arm } from './table-report.ts'

/** Letters need a secret; without one arms are shown together. */
export const armViewWith = (arms: ArmView | undefined, maskSeed: string | undefined): ArmView =>
  arms === 'masked' && maskSeed === undefined ? 'pooled' : (arms ?? 'shown')

const allArms: Label = { en: 'All arms', ja: '全群', zh: '所有组' }

/** The arms as the reader may see them; `arms` are all of the definition with their subjects. */
export function armsAs(
  view: ArmView,
  arms: readonly Arm[],
  maskSeed: string | undefined,
): readonly Arm[] {
  if (view === 'shown') return arms
  if (view === 'pooled' || maskSeed === undefined) {
    const [first] = arms
    return [
      {
        key: 'ALL',
        label: allArms,
        subjects: arms.flatMap(({ subjects }) => subjects).sort(bySubjectKey),
        ...(first?.whole === undefined ? {} : { whole: first.whole }),
      },
    ]
  }
  return arms
    .map((arm) => ({ arm, rank: digestOf(`${maskSeed} ${arm.key}`) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
    .map(({ arm }, at) => {
      const letter = String.fromCharCode('A'.charCodeAt(0) + at)
      const label = { en: `Arm ${letter}`, ja: `${letter} 群`, zh: `${letter} 组` }
      return { ...arm, key: letter, label }
    })
}

const bySubjectKey = (a: { subjectKey: string }, b: { subjectKey: string }) =>
  a.subjectKey < b.subjectKey ? -1 : a.subjectKey > b.subjectKey ? 1 : 0

/** Subjects under names that say nothing and lead nowhere, in an order that says nothing. */
export function underOtherNames(
  subjects: readonly AnalysisSubject[],
  maskSeed: string,
): readonly AnalysisSubject[] {
  return subjects
    .map((subject) => ({
      ...subject,
      subjectKey: `#${digestOf(`${maskSeed} subject ${subject.subjectKey}`).slice(0, 10)}`,
    }))
    .sort(bySubjectKey)
}

/**
 * Whether a run would tell the arm although arms are no columns, or are pooled or under letters. `also`: what other versions of the
 * study conceal.
 */
export function tellsArm(
  report: ReportDef,
  definition: StudyDefinition,
  { population, subgroup }: ReportParameters,
  also?: readonly string[],
): boolean {
  const concealed = concealedIn(definition, also)
  return (
    concealed.tells(report) ||
    (population !== undefined && concealed.populations.has(population)) ||
    (subgroup !== undefined && concealed.groupings.has(subgroup.grouping))
  )
}

/** All arms together have nothing to be compared with; what is tested within a column stays. */
export function withoutComparisons(body: ReportBody): ReportBody {
  switch (body.kind) {
    case 'table':
      return {
        ...body,
        lines: body.lines.map(({ also: _, ...line }) => ({ ...line, test: null })),
      }
    case 'survival':
      return { ...body, parts: body.parts.map((part) => ({ ...part, test: null })) }
    case 'incidence':
      return { ...body, tests: body.tests.map((one) => ({ ...one, test: null })) }
    case 'visit-values':
      return { ...body, between: [] }
    default:
      return body
  }
}

/** In place of a report that would tell the arm. */
export const withheld: Label = {
  en: 'This report would tell who received what. It is not shown to you while arms are concealed.',
  ja: 'この報告書からは割付群が分かってしまいます。群が隠されている間は表示されません。',
  zh: '此报告会透露受试者的组别。组别隐藏期间不对您显示。',
}
