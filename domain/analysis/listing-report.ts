import type { CodeListDef, Label, ReportDef } from '#domain/definition/definition.ts'
import type { Value } from '#domain/expression/types.ts'
import { type AnalysisSubject, members } from './analysis-subject.ts'
import type { ListingBody } from './report-result.ts'

/** One row a subject, in the order of the subjects; a value that is not there is a dash, a code is its label. */
export function listingReport(
  report: Extract<ReportDef, { kind: 'listing' }>,
  inPopulation: readonly AnalysisSubject[],
  listOf: (value: string) => CodeListDef | null,
): ListingBody {
  const listed = report.rule === undefined ? inPopulation : members(inPopulation, report.rule)
  return {
    kind: 'listing',
    columns: report.shows.map((column) => column.label),
    rows: listed.map((subject) => ({
      subject: subject.subjectKey,
      cells: report.shows.map(({ value, each = [] }) =>
        value === undefined
          ? joined(
              each.filter(({ rule }) => subject.value(rule) === true).map(({ label }) => label),
            )
          : shown(subject.value(value), listOf(value)),
      ),
    })),
  }
}

function joined(labels: readonly Label[]): Label {
  if (labels.length === 0) return { en: '–' }
  const inLanguage = (language: 'ja' | 'zh') =>
    labels.map((label) => label[language] ?? label.en).join('、')
  return {
    en: labels.map(({ en }) => en).join(', '),
    ja: inLanguage('ja'),
    zh: inLanguage('zh'),
  }
}

function shown(value: Value, list: CodeListDef | null): Label {
  if (value === null) return { en: '–' }
  if (value === true) return { en: 'Yes', ja: 'はい', zh: '是' }
  if (value === false) return { en: 'No', ja: 'いいえ', zh: '否' }
  return list?.codes.find(({ code }) => code === value)?.label ?? { en: String(value) }
}
