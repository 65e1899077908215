/** The data of a report as CSV. */
import type { Language } from '#domain/definition/definition.ts'
import { labelText } from '#domain/definition/label-text.ts'
import { csvCell } from '#domain/exchange/csv.ts'
import type { ReportColumn, ReportResult, TableLine } from './report-result.ts'

/** One line of CSV without its end; texts that a spreadsheet would run are guarded, numbers stay as they are. */
export function csvLine(cells: readonly (string | number | null)[]): string {
  return cells
    .map((cell) => (typeof cell === 'string' ? csvCell(cell) : cell === null ? '' : String(cell)))
    .join(',')
}

/** The data of a report: subject-level for survival, the printed cells otherwise. */
export function reportCsv(result: ReportResult, language: Language): string {
  const { body } = result
  const lines: string[] = []
  if (body.kind === 'survival') {
    lines.push('subject,group,time_days,event')
    for (const row of body.data)
      lines.push(csvLine([row.subject, row.group, row.time, row.event ? 1 : 0]))
  } else if (body.kind === 'incidence') {
    lines.push('subject,group,time_days,status')
    for (const row of body.data)
      lines.push(csvLine([row.subject, row.group, row.time, row.status || 'CENSORED']))
  } else if (body.kind === 'table') {
    const hasMore = body.lines.some((line) => line.also || line.paired)
    lines.push(
      csvLine([
        'row',
        ...body.columns.map((column) => `${column.key} (n = ${column.n})`),
        'test',
        'p',
        ...(hasMore ? ['further_tests'] : []),
      ]),
    )
    for (const line of body.lines) {
      const cells = line.heading ? body.columns.map(() => '') : line.cells.map((cell) => cell.text)
      lines.push(
        csvLine([
          labelText(line.label, language),
          ...cells,
          line.test?.name ?? '',
          line.test?.p ?? null,
          ...(hasMore ? [furtherTests(line, body.columns)] : []),
        ]),
      )
    }
  } else if (body.kind === 'flow') {
    lines.push('step,arm,n')
    for (const step of body.steps) {
      const label = labelText(step.label, language)
      if (step.byArm.length === 0) lines.push(csvLine([label, '', step.total.text]))
      for (const arm of step.byArm) lines.push(csvLine([label, arm.key, arm.cell.text]))
    }
  } else if (body.kind === 'cox') {
    const columns = body.models.flatMap((model) => [`${model}_hr`, 'lower', 'upper', 'p'])
    lines.push(csvLine(['covariate', 'level', 'reference', 'n', 'events', ...columns]))
    for (const covariate of body.covariates)
      for (const line of covariate.lines)
        lines.push(
          csvLine([
            labelText(covariate.label, language),
            line.level,
            line.reference ? 1 : 0,
            line.n.text,
            line.events.text,
            ...body.models.flatMap((model) => {
              const found = line[model]
              return found
                ? [found.hazardRatio, found.lower, found.upper, found.p]
                : [null, null, null, null]
            }),
          ]),
        )
  } else if (body.kind === 'visit-values') {
    lines.push('group,visit,subject,value')
    for (const group of body.groups)
      group.points.forEach((point, at) => {
        point.cell.subjects.forEach((subject, index) => {
          const visit = body.visits[at]?.oid ?? ''
          lines.push(csvLine([group.key, visit, subject, point.sample[index] ?? null]))
        })
      })
  } else if (body.kind === 'listing') {
    lines.push(csvLine(['subject', ...body.columns.map((label) => labelText(label, language))]))
    for (const row of body.rows)
      lines.push(csvLine([row.subject, ...row.cells.map((cell) => labelText(cell, language))]))
  } else {
    lines.push('group,visit,n,mean,sd,p')
    for (const group of body.groups) {
      group.points.forEach((point, at) => {
        lines.push(
          csvLine([
            group.key,
            body.visits[at]?.oid ?? '',
            point.cell.n,
            point.mean,
            point.sd,
            point.test?.p ?? null,
          ]),
        )
      })
    }
  }
  return `${lines.join('\r\n')}\r\n`
}

/** `fisher 0.114; mcnemar TAC 0.02`: the tests beside the first, paired ones with their column. */
function furtherTests(line: TableLine, columns: readonly ReportColumn[]): string {
  const between = (line.also ?? []).map((test) => `${test.name} ${test.p ?? 'NA'}`)
  const paired = (line.paired ?? []).map(
    (test, at) => `${test.name} ${columns[at]?.key ?? ''} ${test.p ?? 'NA'}`,
  )
  return [...between, ...paired].join('; ')
}
