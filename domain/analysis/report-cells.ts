/** Every number of a report by its row and column, the address under which an oracle, a person or a test names it. */
import type { Label } from '#domain/definition/definition.ts'
import type {
  ReportBody,
  ReportResult,
  TableLine,
  TestResult,
  TracedCell,
} from './report-result.ts'

export type ReportCell = {
  /** Position of the row in the report; labels may repeat. */
  at: number
  row: string
  column: string
  text: string
  /** The numbers of the text before rounding, where the report keeps them. */
  values: readonly number[] | null
  subjects: readonly string[]
  note: Label | null
}

/**
 * The cells of a report. Rows are named by their English label; columns: table - the group (row `n`: its size),
 * `GROUP.n` for the subjects with a value, `p`, `p2` and on for further tests,
 * `GROUP.p` for paired ones; flow - `n` and the arms; survival - the group (at the horizon), `GROUP.n`, `GROUP.events`, `p`;
 * cox - `n`, `events`, `hr`, `p`, and `hr.multi`, `p.multi` of the model with all covariates; by visit - the visit, `VISIT.n`,
 * `VISIT.p`, and the row `between`; listing - the number of the column, the row being the subject.
 */
export function reportCells({ body }: Pick<ReportResult, 'body'>): ReportCell[] {
  const cells: ReportCell[] = []
  const add = (
    at: number,
    row: string,
    column: string,
    cell: Partial<ReportCell> & { text: string },
  ) => cells.push({ at, row, column, values: null, subjects: [], note: null, ...cell })
  const traced = ({ text, values, subjects }: TracedCell) => ({
    text,
    values: values ?? null,
    subjects,
  })
  const tested = (test: TestResult) => ({
    text: test.text,
    values: test.p === null ? null : [test.p],
    note: test.note,
  })
  readers[body.kind](body as never, add, traced, tested)
  return cells
}

type Add = (
  at: number,
  row: string,
  column: string,
  cell: Partial<ReportCell> & { text: string },
) => void
type Traced = (cell: TracedCell) => Partial<ReportCell> & { text: string }
type Tested = (test: TestResult) => Partial<ReportCell> & { text: string }
type Readers = {
  [Kind in ReportBody['kind']]: (
    body: Extract<ReportBody, { kind: Kind }>,
    add: Add,
    traced: Traced,
    tested: Tested,
  ) => void
}

const readers: Readers = {
  flow(body, add, traced) {
    body.steps.forEach((step, at) => {
      add(at, step.label.en, 'n', traced(step.total))
      for (const arm of step.byArm) add(at, step.label.en, arm.key, traced(arm.cell))
    })
  },
  table(body, add, traced, tested) {
    for (const { key, n, subjects } of body.columns)
      add(-1, 'n', key, { text: String(n), values: [n], subjects })
    body.lines.forEach((line: TableLine, at) => {
      const row = line.label.en
      line.cells.forEach((cell, c) => {
        const key = body.columns[c]?.key ?? ''
        add(at, row, key, traced(cell))
        add(at, row, `${key}.n`, { text: String(cell.n), values: [cell.n] })
      })
      if (line.test) add(at, row, 'p', tested(line.test))
      line.also?.forEach((test, t) => {
        add(at, row, `p${t + 2}`, tested(test))
      })
      line.paired?.forEach((test, c) => {
        add(at, row, `${body.columns[c]?.key ?? ''}.p`, tested(test))
      })
      // A row without any number still has its place.
      if (line.cells.length === 0 && !line.test) add(at, row, '', { text: '' })
    })
  },
  survival(body, add, _, tested) {
    body.parts.forEach((part, at) => {
      const row = part.label?.en ?? 'All'
      for (const group of part.groups) {
        const { atHorizon } = group
        add(at, row, group.key, {
          text: atHorizon?.text ?? '–',
          values: atHorizon && [100 * atHorizon.survival],
          subjects: group.subjects,
        })
        add(at, row, `${group.key}.n`, { text: String(group.n), subjects: group.subjects })
        const { eventSubjects } = group
        add(at, row, `${group.key}.events`, { text: String(group.events), subjects: eventSubjects })
      }
      if (part.test) add(at, row, 'p', tested(part.test))
    })
  },
  incidence(body, add, _, tested) {
    body.causes.forEach((cause, at) => {
      const row = cause.label.en
      for (const group of body.groups) {
        const found = group.causes[at]
        const { subjects } = group
        add(at, row, group.key, {
          text: found?.atHorizon?.text ?? '–',
          values: found?.atHorizon ? [100 * found.atHorizon.incidence] : null,
          subjects,
        })
        add(at, row, `${group.key}.n`, { text: String(group.n), subjects })
        add(at, row, `${group.key}.events`, {
          text: String(found?.subjects.length ?? 0),
          subjects: found?.subjects ?? [],
        })
      }
      const test = body.tests[at]?.test
      if (test) add(at, row, 'p', tested(test))
    })
  },
  cox(body, add, traced) {
    let at = 0
    for (const covariate of body.covariates) {
      if (covariate.lines.length > 1) add(at++, covariate.label.en, '', { text: '' })
      for (const line of covariate.lines) {
        const row = line.label.en
        add(at, row, 'n', traced(line.n))
        add(at, row, 'events', traced(line.events))
        for (const model of body.models) {
          const found = line[model]
          const suffix = model === 'multivariable' ? '.multi' : ''
          const { hazardRatio, lower, upper, p } = found ?? {}
          const numbers = [hazardRatio, lower, upper].filter((one) => typeof one === 'number')
          add(at, row, `hr${suffix}`, {
            text: found?.text ?? (line.reference ? 'reference' : 'NA'),
            values: numbers.length === 3 ? numbers : null,
            note: found?.note ?? null,
          })
          if (found)
            add(at, row, `p${suffix}`, {
              text: found.pText,
              values: typeof p === 'number' ? [p] : null,
            })
        }
        at++
      }
    }
  },
  'visit-means'(body, add, traced, tested) {
    body.groups.forEach((group, at) => {
      group.points.forEach((point, v) => {
        const visit = body.visits[v]?.oid ?? ''
        const values = [point.mean, point.sd].filter((one) => one !== null)
        add(at, group.label.en, visit, { ...traced(point.cell), values })
        add(at, group.label.en, `${visit}.n`, { text: String(point.cell.n) })
        if (point.test) add(at, group.label.en, `${visit}.p`, tested(point.test))
      })
    })
  },
  'visit-values'(body, add, traced, tested) {
    body.groups.forEach((group, at) => {
      group.points.forEach((point, v) => {
        const visit = body.visits[v]?.oid ?? ''
        add(at, group.label.en, visit, traced(point.cell))
        add(at, group.label.en, `${visit}.n`, { text: String(point.cell.n) })
        if (point.test) add(at, group.label.en, `${visit}.p`, tested(point.test))
      })
    })
    body.between.forEach((test, v) => {
      add(body.groups.length, 'between', `${body.visits[v]?.oid ?? ''}.p`, tested(test))
    })
  },
  listing(body, add) {
    body.rows.forEach((row, at) => {
      row.cells.forEach((cell, c) => {
        add(at, row.subject, String(c + 1), { text: cell.en, subjects: [row.subject] })
      })
    })
  },
}
