import type { CodeListDef, Label, ReportDef } from '#domain/definition/definition.ts'
import type { Duration, Value } from '#domain/expression/types.ts'
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
  if (typeof value === 'number') return { en: numberText(value) }
  if (typeof value === 'string') return codeLabel(value, list)
  if ('months' in value) return durationText(value)
  return joined(value.map((code) => codeLabel(code, list)))
}

const codeLabel = (value: string, list: CodeListDef | null): Label =>
  list?.codes.find(({ code }) => code === value)?.label ?? { en: value === '' ? '–' : value }

/** With the digits that a person would write: 0.1 + 0.2 is 0.3. */
const numberText = (value: number): string =>
  Number.isFinite(value) ? String(Number(value.toPrecision(12))) : '–'

function durationText({ months, days }: Duration): Label {
  const parts = (month: string, day: string, between: string) =>
    [months === 0 ? '' : `${months}${month}`, days === 0 && months !== 0 ? '' : `${days}${day}`]
      .filter((part) => part !== '')
      .join(between)
  return {
    en: parts(' mo', ' d', ' '),
    ja: parts('か月', '日', ''),
    zh: parts('个月', '天', ''),
  }
}
