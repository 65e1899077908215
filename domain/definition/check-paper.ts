/** What the figures of a paper are compared with must exist: the reports, and the columns that their kind can have. */
import type { ReportDef, StudyDefinition } from './definition.ts'
import type { Report } from './finding.ts'

export function checkPaper(definition: StudyDefinition, report: Report): void {
  definition.paper?.parts.forEach((part, p) => {
    const place = ['paper', 'parts', p]
    const found = definition.reports.find(({ oid }) => oid === part.report)
    if (!found) {
      report('error', 'unknown-report', `There is no report ${part.report}.`, [...place, 'report'])
      return
    }
    part.columns.forEach((column, c) => {
      if (isColumn(column, found, definition)) return
      const message = `${part.report} has no column ${column}.`
      report('error', 'paper-column', message, [...place, 'columns', c])
    })
    const rows = rowsOf(found, definition)
    part.rows.forEach(([row], r) => {
      if (rows === null || rows.has(row)) return
      const message = `${part.report} has no row “${row}”.`
      report('error', 'paper-row', message, [...place, 'rows', r, 0])
    })
  })
}

/** The names that `reportCells` gives to columns. */
function isColumn(column: string, report: ReportDef, definition: StudyDefinition): boolean {
  const [group = '', suffix, ...more] = column.split('.')
  if (more.length > 0) return false
  const own = (codes: readonly string[], suffixes: readonly string[]) =>
    codes.includes(group) && (suffix === undefined || suffixes.includes(suffix))
  const groups = groupsOf(report, definition)
  switch (report.kind) {
    case 'table':
      return own(groups, ['n', 'p']) || /^p[2-9]?$/.test(column)
    case 'populations':
      return own([...groups, 'ALL'], ['n'])
    case 'agreement':
      return own(['EST'], ['n'])
    case 'flow':
      return column === 'n' || own(groups, [])
    case 'survival':
      return column === 'p' || own(groups, ['n', 'events'])
    case 'cox':
      return ['n', 'events', 'hr', 'p', 'hr.multi', 'p.multi'].includes(column)
    case 'listing':
      return /^[1-9]\d?$/.test(column) && Number(column) <= report.shows.length
    default:
      return 'visits' in report ? own(report.visits, ['n', 'p']) : true
  }
}

function groupsOf(report: ReportDef, definition: StudyDefinition): readonly string[] {
  const by = 'columns' in report ? report.columns : 'by' in report ? report.by : undefined
  const grouping = definition.groupings?.find(({ oid }) => oid === by)
  if (grouping) return grouping.groups.map(({ code }) => code)
  return definition.allocation?.arms.map(({ code }) => code) ?? ['ALL']
}

/** The labels of rows, where the definition says them all; null where they come from elsewhere (subjects, code lists). */
function rowsOf(report: ReportDef, { populations }: StudyDefinition): ReadonlySet<string> | null {
  if (report.kind === 'flow') {
    return new Set(
      report.steps.flatMap(({ label, population, excludedFrom }) => {
        const named = populations.find(({ oid }) => oid === population)
        const from = populations.find(({ oid }) => oid === excludedFrom)
        return [
          ...((label ?? named?.label) ? [(label ?? named?.label)?.en ?? ''] : []),
          ...(from?.exclude ?? []).map((one) => one.label.en),
        ]
      }),
    )
  }
  if (report.kind === 'survival')
    return new Set(['All', ...(report.subgroups ?? []).map(({ label }) => label.en)])
  if (report.kind === 'agreement') return new Set(report.rows.map(({ label }) => label.en))
  const isPlain =
    (report.kind === 'table' || report.kind === 'visit-table') &&
    report.rows.every(({ statistic }) => statistic !== 'count-per-code')
  return isPlain ? new Set(['n', ...report.rows.map(({ label }) => label.en)]) : null
}
