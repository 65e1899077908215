import type { Label } from '#domain/definition/definition.ts'
import { reportFigureSpec } from '../figures/spec-from-report.ts'
import type {
  ReportBody,
  TestResult,
  TracedCell,
  VisitMeansBody,
  VisitValuesBody,
} from '../report-result.ts'
import { cell, type PrintedBlock, type PrintedRow } from './printed-report.ts'
import { Notes, quietTest, type Say } from './say.ts'

/** Means by visit: the figure, what its marks mean, and groups down with visits across. */
export function printVisitMeans(body: VisitMeansBody, title: Label, say: Say): PrintedBlock[] {
  return [
    ...figureOf(body, title),
    ...(hasTests(body.groups)
      ? [{ kind: 'sentence' as const, text: say.words.marks(body.level), quiet: true }]
      : []),
    grid(body, say.words.meanSd, false, [], say),
  ]
}

/** Medians by visit, with tests within the groups and, in the last row, between them. */
export function printVisitValues(body: VisitValuesBody, title: Label, say: Say): PrintedBlock[] {
  return [
    ...figureOf(body, title),
    ...(hasTests(body.groups)
      ? [{ kind: 'sentence' as const, text: say.words.marksLevel(body.level), quiet: true }]
      : []),
    grid(body, say.words.medianIqr, true, body.between, say),
  ]
}

type Groups = readonly {
  label: Label
  points: readonly { cell: TracedCell; test: TestResult | null }[]
}[]

function hasTests(groups: Groups): boolean {
  return groups.some((group) => group.points.some((point) => point.test !== null))
}

function figureOf(body: ReportBody, title: Label): PrintedBlock[] {
  const spec = reportFigureSpec(body, title)
  return spec ? [{ kind: 'figure', spec }] : []
}

function grid(
  body: { visits: readonly { label: Label }[]; groups: Groups },
  statistic: string,
  named: boolean,
  between: readonly TestResult[],
  say: Say,
): PrintedBlock {
  const { words, label } = say
  const notes = new Notes()
  const rows: PrintedRow[] = body.groups.map((group) => ({
    heading: false,
    cells: [
      cell(label(group.label), statistic),
      ...group.points.map((point) => ({
        lines: [
          { text: point.cell.text, quiet: '' },
          { text: '', quiet: `n = ${point.cell.n}` },
          ...(point.test ? [quietTest(point.test, say, notes, named)] : []),
        ],
      })),
    ],
  }))
  if (between.length > 0) {
    rows.push({
      heading: false,
      cells: [
        cell(words.between),
        ...between.map((test) => ({ lines: [quietTest(test, say, notes)] })),
      ],
    })
  }
  return {
    kind: 'table',
    columns: [{ align: 'start' }, ...body.visits.map(() => ({ align: 'end' as const }))],
    head: [
      {
        heading: true,
        cells: [cell(words.arm), ...body.visits.map((visit) => cell(label(visit.label)))],
      },
    ],
    rows,
    notes: notes.all(),
  }
}
