/** What a report looks like, in the width of a terminal: the first rows of tables, every estimate of the rest. English only. */
import type {
  CoxBody,
  FlowBody,
  IncidenceBody,
  ListingBody,
  ReportBody,
  ReportResult,
  SurvivalBody,
  TableBody,
} from '#domain/analysis/report-result.ts'

/** Rows below a head; `more` says how many rows were left out, `notes` come below. */
type Grid = {
  head: readonly string[]
  rows: readonly (readonly string[])[]
  more: number
  notes: readonly string[]
}

const width = 80
const indent = 4
const mostRows = 8
const mostLines = 3
const widestCell = 22
/** What the first column keeps when there are many others. */
const narrowestLabel = 22

/** The lines of a report, none longer than 80 characters. */
export function reportLines({ body, problem }: Pick<ReportResult, 'body' | 'problem'>): string[] {
  if (problem) return wrapped(problem.en)
  return gridLines(gridOf(body))
}

function gridOf(body: ReportBody): Grid {
  switch (body.kind) {
    case 'table':
      return tableGrid(body)
    case 'flow':
      return flowGrid(body)
    case 'survival':
      return survivalGrid(body)
    case 'incidence':
      return incidenceGrid(body)
    case 'cox':
      return coxGrid(body)
    case 'listing':
      return listingGrid(body)
    case 'visit-means':
    case 'visit-values':
      return whole(
        ['', ...body.visits.map(({ oid }) => oid)],
        body.groups.map(({ label, points }) => [label.en, ...points.map(({ cell }) => cell.text)]),
      )
  }
}

const whole = (
  head: readonly string[],
  rows: readonly (readonly string[])[],
  notes: readonly string[] = [],
): Grid => ({ head, rows, more: 0, notes })

function tableGrid({ columns, lines }: TableBody): Grid {
  const hasTests = lines.some(({ test }) => test !== null)
  const rows = lines
    .slice(0, mostRows)
    .map((line) => [
      `${'  '.repeat(line.indent)}${line.label.en}`,
      ...columns.map((_, at) => (line.heading ? '' : (line.cells[at]?.text ?? ''))),
      ...(hasTests ? [line.test?.text ?? ''] : []),
    ])
  const head = ['', ...columns.map(({ key, n }) => `${key} n=${n}`), ...(hasTests ? ['p'] : [])]
  return { head, rows, more: Math.max(0, lines.length - mostRows), notes: [] }
}

function flowGrid({ steps }: FlowBody): Grid {
  const arms = steps.find(({ byArm }) => byArm.length > 0)?.byArm ?? []
  return whole(
    arms.length > 0 ? ['', 'all', ...arms.map(({ key }) => key)] : [],
    steps.map(({ label, exclusion, detail, total, byArm }) => [
      `${exclusion ? '  ' : ''}${detail ? '  ' : ''}${label.en}`,
      total.text,
      ...arms.map(({ key }) => byArm.find((one) => one.key === key)?.cell.text ?? ''),
    ]),
  )
}

function survivalGrid({ parts, horizon, daysPerUnit, unit }: SurvivalBody): Grid {
  const inUnits = (days: number | null) =>
    days === null ? 'not reached' : `${(days / daysPerUnit).toFixed(1)} ${unit}s`
  const rows = parts.flatMap(({ label, groups }) => [
    ...(label ? [[label.en]] : []),
    ...groups.map((group) => [
      group.label.en,
      String(group.n),
      String(group.events),
      group.atHorizon?.text ?? '–',
      inUnits(group.median.time),
    ]),
  ])
  const notes = parts.flatMap(({ test }) => (test ? [`${test.name} p ${test.text}`] : []))
  return whole(['', 'n', 'events', `at day ${horizon}`, 'median'], rows, notes)
}

function incidenceGrid({ groups, causes, horizon, tests }: IncidenceBody): Grid {
  const labelOf = (key: string) => causes.find((cause) => cause.key === key)?.label.en ?? key
  return whole(
    ['', 'n', 'had it', `at day ${horizon}`],
    groups.flatMap((group) =>
      group.causes.map(({ key, subjects, atHorizon }) => [
        `${group.label.en}, ${labelOf(key)}`,
        String(group.n),
        String(subjects.length),
        atHorizon?.text ?? '–',
      ]),
    ),
    tests.flatMap(({ cause, test }) =>
      test ? [`${labelOf(cause)}: ${test.name} p ${test.text}`] : [],
    ),
  )
}

function coxGrid({ covariates, models, n, events, multivariable }: CoxBody): Grid {
  const rows = covariates.flatMap(({ label, lines }) =>
    lines.map((line) => [
      line.level === null ? label.en : `${label.en}: ${line.label.en}`,
      line.n.text,
      line.events.text,
      ...models.map((model) => (line.reference ? '1' : (line[model]?.text ?? '–'))),
    ]),
  )
  const reason = multivariable?.problem?.en
  return {
    head: ['', `n=${n}`, `events=${events}`, ...models.map((model) => `HR ${model}`)],
    rows: rows.slice(0, mostRows),
    more: Math.max(0, rows.length - mostRows),
    notes: reason ? wrapped(reason) : [],
  }
}

function listingGrid({ columns, rows }: ListingBody): Grid {
  return {
    head: ['subject', ...columns.map(({ en }) => en)],
    rows: rows
      .slice(0, mostLines)
      .map(({ subject, cells }) => [subject, ...cells.map((c) => c.en)]),
    more: Math.max(0, rows.length - mostLines),
    notes: rows.length === 0 ? ['no lines'] : [],
  }
}

function gridLines({ head, rows, more, notes }: Grid): string[] {
  const all = head.length > 0 ? [head, ...rows] : rows
  const count = Math.max(0, ...all.map((row) => row.length))
  const widths = Array.from({ length: count }, (_, at) =>
    Math.min(at === 0 ? width : widestCell, Math.max(...all.map((row) => lengthOf(row[at] ?? '')))),
  )
  // As many columns as leave the labels room.
  let room = width - indent - Math.min(widths[0] ?? 0, narrowestLabel)
  let shown = 1
  while (shown < count && room >= (widths[shown] ?? 0) + 2) {
    room -= (widths[shown] ?? 0) + 2
    shown += 1
  }
  const label = Math.min(widths[0] ?? 0, narrowestLabel + room)
  const line = (row: readonly string[]) =>
    `${' '.repeat(indent)}${[
      cut(row[0] ?? '', label).padEnd(label),
      ...row
        .slice(1, shown)
        .map((cell, at) => cut(cell, widestCell).padStart(widths[at + 1] as number)),
    ].join('  ')}`.trimEnd()
  const left = [
    ...(more > 0 ? [`${more} more rows`] : []),
    ...(count > shown ? [`${count - shown} more columns`] : []),
  ]
  return [
    ...all.map(line),
    ...[...(left.length > 0 ? [`… ${left.join(', ')}`] : []), ...notes].map(
      (note) => `${' '.repeat(indent)}${cut(note, width - indent)}`,
    ),
  ]
}

const lengthOf = (text: string): number => [...text].length

function cut(text: string, most: number): string {
  return lengthOf(text) <= most ? text : `${[...text].slice(0, most - 1).join('')}…`
}

function wrapped(text: string): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last === undefined || lengthOf(last) + lengthOf(word) + 1 > width - indent) lines.push(word)
    else lines[lines.length - 1] = `${last} ${word}`
  }
  return lines.map((line) => `${' '.repeat(indent)}${line}`)
}
