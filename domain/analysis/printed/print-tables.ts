import type { FlowBody, ListingBody, TableBody, TableLine } from '../report-result.ts'
import {
  blank,
  cell,
  type PrintedBlock,
  type PrintedCell,
  type PrintedLine,
} from './printed-report.ts'
import { Notes, quietTest, type Say, testLine } from './say.ts'

/** Characteristics down, groups across, tests in the last column. */
export function printTable(body: TableBody, say: Say): PrintedBlock[] {
  const { words, label } = say
  const notes = new Notes()
  const hasTests = body.lines.some((line) => line.test !== null)
  const head: PrintedCell[] = [
    cell(words.characteristic),
    ...body.columns.map((column) => ({
      lines: [
        { text: label(column.label), quiet: '' },
        { text: '', quiet: `n = ${column.n}` },
      ],
    })),
    ...(hasTests ? [cell('p')] : []),
  ]
  const rowOf = (line: TableLine) => ({
    heading: line.heading,
    cells: [
      {
        ...cell(label(line.label), line.statistic ? label(line.statistic) : ''),
        indent: line.indent,
        strong: line.heading,
      },
      ...body.columns.map((_, at) => {
        const found = line.heading ? undefined : line.cells[at]
        if (!found) return blank
        const lines: PrintedLine[] = [{ text: found.text, quiet: '' }]
        if (found.missing > 0) lines.push({ text: '', quiet: words.missing(found.missing) })
        const paired = line.paired?.[at]
        if (paired) lines.push(quietTest(paired, say, notes))
        return { lines }
      }),
      ...(hasTests
        ? [
            {
              lines: [...(line.test ? [line.test] : []), ...(line.also ?? [])].map((test) =>
                testLine(test, say, notes),
              ),
            },
          ]
        : []),
    ],
  })
  const rows = body.lines.map(rowOf)
  return [
    {
      kind: 'table',
      columns: head.map((_, at) => ({ align: at === 0 ? 'start' : 'end' })),
      head: [{ heading: true, cells: head }],
      rows,
      notes: notes.all(),
    },
  ]
}

/** The steps with their numbers, under the diagram; by group where the step is. */
export function printFlow(body: FlowBody, say: Say): PrintedBlock[] {
  const { words, label } = say
  return [
    {
      kind: 'table',
      columns: [{ align: 'start' }, { align: 'end' }],
      head: [{ heading: true, cells: [cell(words.step), cell('n')] }],
      rows: body.steps.map((step) => ({
        heading: false,
        cells: [
          cell(label(step.label)),
          step.byArm.length === 0
            ? cell(step.total.text)
            : {
                lines: step.byArm.map((arm) => ({
                  text: `${label(arm.label)} ${arm.cell.text}`,
                  quiet: '',
                })),
              },
        ],
      })),
      notes: [],
    },
  ]
}

/** One line a subject, under how many there are. */
export function printListing(body: ListingBody, say: Say): PrintedBlock[] {
  const { words, label } = say
  const count: PrintedBlock = {
    kind: 'sentence',
    text: words.listed(body.rows.length),
    quiet: true,
  }
  if (body.rows.length === 0) return [count]
  return [
    count,
    {
      kind: 'table',
      columns: [{ align: 'start' }, ...body.columns.map(() => ({ align: 'start' as const }))],
      head: [
        {
          heading: true,
          cells: [cell(words.subject), ...body.columns.map((column) => cell(label(column)))],
        },
      ],
      rows: body.rows.map((row) => ({
        heading: false,
        cells: [cell(row.subject), ...row.cells.map((one) => cell(label(one)))],
      })),
      notes: [],
    },
  ]
}
