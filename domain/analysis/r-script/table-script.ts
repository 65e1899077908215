/** R calls for the rows of tables, in the order of the lines that the engine makes of them. */
import type { TableBody } from '#domain/analysis/report-result.ts'
import type { ReportDef, StudyDefinition, TableRowDef } from '#domain/definition/definition.ts'
import { rComment, rString, rStrings } from './r-text.ts'
import { type ReportData, standingText } from './report-data.ts'

/** How a script writes the values of an expression; null where they are left out because they tell the arm. */
export type Reader = (expression: string, visit?: string) => string | null

/** Reads variables of the data set; `VISIT` of a value stands for the visit of a column. */
export function readerOf(data: ReportData): Reader {
  return (expression, visit) => {
    const text = visit === undefined ? expression : expression.replaceAll(/\bVISIT\b/g, visit)
    if (data.concealed.has(text)) return null
    const variable = data.variableOf(text)
    // Nobody was asked: the population is empty.
    return variable === null ? 'none' : `d$${variable}`
  }
}

type TableReportDef = Extract<ReportDef, { kind: 'table' | 'visit-table' }>

export function tableScript(
  report: TableReportDef,
  body: TableBody,
  data: ReportData,
  definition: StudyDefinition,
): string[] {
  const read = readerOf(data)
  const lines: string[] = ['columns_row()']
  let at = 0
  for (const row of report.rows) {
    const codes = codesOf(row)
    const size = row.statistic === 'count-per-code' ? 1 + codes.length : 1
    lines.push('', rComment(row.label.en), ...rowScript(at))
    at += size

    function rowScript(from: number): string[] {
      const { value, against, pairedTest } = row
      if (row.statistic === 'size') return [sizeCall(from)]
      if (row.statistic === 'heading' || value === undefined) return []
      const x = writtenValue(value)
      const y = against === undefined ? undefined : writtenValue(against)
      if (x === null || y === null) return [`left_out(${from}:${from + size - 1})`]
      const tests = testsOf(row)
      const plain = row.plain ? ', plain = TRUE' : ''
      const calls = [mainCall(from, x, y, tests, plain)]
      if (y !== undefined && pairedTest !== undefined)
        calls.push(`paired_row(${from}, ${x}, ${y}, ${rString(pairedTest)})`)
      return calls
    }
    function mainCall(
      from: number,
      x: string,
      y: string | undefined,
      tests: string,
      plain: string,
    ): string {
      if (row.statistic === 'fall') return `fall_row(${from}, ${x}, ${y ?? 'none'})`
      if (row.statistic === 'n') return `known_row(${from}, ${x})`
      if (row.statistic === 'count') return `count_row(${from}, ${x}${plain}${tests})`
      if (row.statistic === 'count-per-code')
        return `code_rows(${from}, ${x}, ${rStrings(codes)}${plain}${tests})`
      const type = row.quantileType === undefined ? '' : `, type = ${row.quantileType}`
      return `number_row(${from}, ${x}, ${rString(row.statistic)}${tests}${type})`
    }
    function sizeCall(from: number): string {
      const wholes = body.columns.map(({ key }) => `${rString(key)} = ${wholeOf(key)}`)
      return `size_row(${from}, list(${wholes.join(', ')})${row.plain ? ', plain = TRUE' : ''})`
    }
  }
  return lines

  /** One vector, or one a visit. */
  function writtenValue(expression: string): string | null {
    if (report.kind === 'table' || !/\bVISIT\b/.test(expression)) return read(expression)
    const each = report.visits.map((visit) => [visit, read(expression, visit)] as const)
    if (each.some(([, text]) => text === null)) return null
    return `list(${each.map(([visit, text]) => `${rString(visit)} = ${text}`).join(', ')})`
  }

  function wholeOf(key: string): string {
    if (report.kind === 'visit-table') return 'sum(columns[[1]])'
    const grouping = definition.groupings?.find(({ oid }) => oid === report.columns)
    const of = grouping?.groups.find(({ code }) => code === key)?.of
    return of === undefined ? 'sum(population)' : `sum(columns[[${rString(of)}]])`
  }

  function codesOf(row: TableRowDef): readonly string[] {
    if (row.statistic !== 'count-per-code') return []
    return row.codes ?? data.labelsOf(row.value ?? '')?.map(([code]) => code) ?? []
  }
}

function testsOf({ test, alsoTests = [] }: TableRowDef): string {
  const names = [...(test === 'none' ? [] : [test]), ...alsoTests]
  return names.length === 0 ? '' : `, tests = ${rStrings(names)}`
}

/** Populations and, below each, how many every exclusion took. */
export function populationsScript(
  report: Extract<ReportDef, { kind: 'populations' }>,
  body: TableBody,
  data: ReportData,
  definition: StudyDefinition,
): string[] {
  const lines: string[] = ['columns_row()']
  const shown = report.populations ?? definition.populations.map(({ oid }) => oid)
  let at = 0
  for (const oid of shown) {
    const population = definition.populations.find((one) => one.oid === oid)
    const variable = data.standingOf(oid)
    if (!population || variable === null) continue
    lines.push('', rComment(population.label.en))
    const add = (test: string) => {
      lines.push(`standing_row(${at}, d$${variable}, function(x) is_true(${test}))`)
      at++
    }
    add('x == "member"')
    for (const [index] of (population.exclude ?? []).entries())
      add(`x == ${rString(standingText('excluded', oid, index))}`)
    // The last lines are printed only where they hold somebody.
    for (const state of ['outside', 'undecided']) {
      const pattern = `x == ${rString(`${state} ${oid}`)} | startsWith(x, ${rString(`${state} ${oid} `)})`
      if (isPrinted(state, population, oid)) add(pattern)
    }
  }
  return lines

  function isPrinted(
    state: string,
    population: StudyDefinition['populations'][number],
    oid: string,
  ): boolean {
    if (state === 'outside' && (population.rule === undefined || population.of === undefined))
      return false
    const at = data.set.variables.findIndex(({ name }) => name === data.standingOf(oid))
    const start = `${state} ${oid}`
    const keys = new Set(body.columns.flatMap(({ subjects }) => subjects))
    const key = data.set.variables.findIndex(({ name }) => name === 'SUBJID')
    return data.set.rows.some((row) => {
      const standing = String(row[at] ?? '')
      return (standing === start || standing.startsWith(`${start} `)) && keys.has(String(row[key]))
    })
  }
}

/** Two readings of the same subjects. A line that could not be computed has a sentence below it. */
export function agreementScript(
  report: Extract<ReportDef, { kind: 'agreement' }>,
  body: TableBody,
  data: ReportData,
): string[] {
  const read = readerOf(data)
  const lines: string[] = ['columns_row()']
  let at = 0
  for (const { label, first, second, statistic, codes } of report.rows) {
    const x = read(first)
    const y = read(second)
    const own = codes ? `, ${rStrings(codes)}` : ''
    lines.push(
      '',
      rComment(label.en),
      x === null || y === null
        ? `left_out(${at})`
        : `agreement_row(${at}, ${x}, ${y}, ${rString(statistic)}${own})`,
    )
    at += body.lines[at + 1]?.heading ? 2 : 1
  }
  return lines
}
