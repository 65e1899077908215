/** R calls for flows, curves, Cox models, visits and listings. */
import type { ReportResult } from '#domain/analysis/report-result.ts'
import { daysPer } from '#domain/analysis/survival-report.ts'
import { itemAt } from '#domain/analysis/visit-means-report.ts'
import type { ReportDef, StudyDefinition } from '#domain/definition/definition.ts'
import { populationRule } from '#domain/definition/population-rule.ts'
import { rComment, rNamed, rNumber, rNumbers, rString, rStrings } from './r-text.ts'
import { endpointOf, type ReportData, standingText } from './report-data.ts'
import { readerOf } from './table-script.ts'

type Of<Kind extends ReportDef['kind']> = Extract<ReportDef, { kind: Kind }>

export function otherScript(
  report: ReportDef,
  result: ReportResult,
  data: ReportData,
  definition: StudyDefinition,
): string[] {
  if (report.kind === 'flow') return flowScript(report, result, data, definition)
  if (report.kind === 'survival') return survivalScript(report, data, definition)
  if (report.kind === 'cox') return coxScript(report, data)
  if (report.kind === 'visit-means' || report.kind === 'visit-values')
    return visitScript(report, data)
  if (report.kind === 'listing') return listingScript(report, data)
  if (report.kind === 'incidence') return incidenceScript(report, definition)
  throw new Error(`There is no script for reports of kind ${report.kind}`)
}

/** The lines of a flow say themselves which step of the report, and which exclusion of its population, they are. */
function flowScript(
  report: Of<'flow'>,
  result: ReportResult,
  data: ReportData,
  definition: StudyDefinition,
): string[] {
  const read = readerOf(data)
  const lines = result.body.kind === 'flow' ? result.body.steps : []
  return lines.flatMap((line, at) => {
    const step = line.origin ? report.steps[line.origin.step] : undefined
    const met = step ? metBy(step, line.origin?.exclusion ?? null) : null
    const call =
      met === null
        ? `left_out(${at})`
        : `step_row(${at}, population & ${met}, ${step?.byArm ? 'TRUE' : 'FALSE'})`
    return [rComment(line.label.en), call]
  })

  function metBy(
    { rule, population, excludedFrom }: Of<'flow'>['steps'][number],
    exclusion: number | null,
  ): string | null {
    if (excludedFrom !== undefined) {
      const variable = data.standingOf(excludedFrom)
      if (variable === null) return null
      return exclusion === null
        ? `startsWith(d$${variable}, ${rString(`excluded ${excludedFrom} `)})`
        : `d$${variable} == ${rString(standingText('excluded', excludedFrom, exclusion))}`
    }
    const text =
      population === undefined ? (rule ?? 'false') : populationRule(definition, population)
    const x = read(text)
    return x === null ? null : `is_true(yes(${x}))`
  }
}

function survivalScript(
  report: Of<'survival'>,
  data: ReportData,
  definition: StudyDefinition,
): string[] {
  const endpoint = endpointOf(report, definition)
  if (!endpoint) return []
  const ticks = rNumbers(report.ticks.map((tick) => tick * daysPer[report.unit]))
  const read = readerOf(data)
  const parts = (report.subgroups ?? []).flatMap(({ label, rule }, index) => {
    const x = read(rule)
    const call =
      x === null
        ? `left_out(${index + 1})`
        : `survival_part(${index + 1}, is_true(yes(${x})), horizon, ticks)`
    return [rComment(label.en), call]
  })
  return [
    rComment(
      `${endpoint.label.en}: days from STARTDT to EVENTDT, else to CENSDT, at most the horizon`,
    ),
    `horizon <- ${rNumber(endpoint.horizon)}`,
    `ticks <- ${ticks}`,
    'survival_part(0, rep(TRUE, nrow(d)), horizon, ticks)',
    ...parts,
  ]
}

function incidenceScript(report: Of<'incidence'>, definition: StudyDefinition): string[] {
  const endpoint = endpointOf(report, definition)
  if (!endpoint) return []
  const ticks = report.ticks.map((tick) => tick * daysPer[report.unit])
  return [
    rComment(`${endpoint.label.en} and what competes with it, in days from STARTDT`),
    `horizon <- ${rNumber(endpoint.horizon)}`,
    `ticks <- ${rNumbers(ticks)}`,
    `incidence_rows(${1 + (endpoint.competing?.length ?? 0)}, horizon, ticks)`,
  ]
}

function coxScript(report: Of<'cox'>, data: ReportData): string[] {
  const read = readerOf(data)
  const time = read(report.time)
  const event = read(report.event)
  const values = report.covariates.map(({ value }) => read(value))
  if (time === null || event === null || values.includes(null)) return ['left_out(unique(ours$AT))']
  const covariates = report.covariates.map((covariate, at) => {
    const x = values[at] as string
    const own =
      covariate.codes && covariate.reference !== undefined
        ? `x = ${x}, codes = ${rStrings(covariate.codes)}, reference = ${rString(covariate.reference)}`
        : `x = as_number(${x}) / ${rNumber(covariate.per ?? 1)}`
    return `  ${rComment(covariate.label.en)}\n  x${at + 1} = list(${own})`
  })
  return [
    '# Subjects without time or event are in no model.',
    `followed <- population & !is.na(num(${time})) & num(${time}) >= 0 & !is.na(${event})`,
    `time <- ifelse(followed, num(${time}), NA)`,
    `event <- ifelse(followed, as.numeric(yes(${event})), NA)`,
    'covariates <- list(',
    covariates.join(',\n'),
    ')',
    `cox_rows(covariates, time, event, ${rString(report.ties)}, univariable = ${report.model !== 'multivariable' ? 'TRUE' : 'FALSE'}, multivariable = ${report.model !== 'univariable' ? 'TRUE' : 'FALSE'})`,
  ]
}

function visitScript(report: Of<'visit-means'> | Of<'visit-values'>, data: ReportData): string[] {
  const read = readerOf(data)
  const { baseline } = report
  const values = new Map(
    [...report.visits, ...(baseline === undefined ? [] : [baseline])].map((visit) => [
      visit,
      read(itemAt(report.item, visit)),
    ]),
  )
  if ([...values.values()].includes(null)) return ['left_out(unique(ours$AT))']
  const statistic = report.kind === 'visit-means' ? 'mean-sd' : 'five'
  const within = report.kind === 'visit-means' ? 'signed-rank' : report.within
  const lines = data.groups.flatMap(({ key, label }, at) => [
    rComment(label.en),
    ...report.visits.map((visit) => {
      const isTested = baseline !== undefined && visit !== baseline && within !== undefined
      const test = isTested ? `, ${rString(within)}, ${values.get(baseline)}` : ''
      return `visit_row(${at}, ${rString(key)}, ${rString(visit)}, ${values.get(visit)}, ${rString(statistic)}${test})`
    }),
  ])
  const between = report.kind === 'visit-values' ? report.between : undefined
  if (between === undefined) return lines
  return [
    ...lines,
    '# Between the groups',
    ...report.visits.map(
      (visit) =>
        `visit_between(${data.groups.length}, ${rString(visit)}, ${values.get(visit)}, ${rString(between)})`,
    ),
  ]
}

const yesNo = [
  ['Y', 'Yes'],
  ['N', 'No'],
] as const

function listingScript(report: Of<'listing'>, data: ReportData): string[] {
  const read = readerOf(data)
  const rule = report.rule === undefined ? 'rep("Y", nrow(d))' : read(report.rule)
  if (rule === null) return ['left_out(unique(ours$AT))']
  return [
    `listed <- population & is_true(yes(${rule}))`,
    ...report.shows.flatMap(({ label, value, each = [] }, at) => {
      if (value === undefined) return eachScript(label.en, at, each)
      const x = read(value)
      if (x === null) return [rComment(label.en), `left_out_column(${rString(String(at + 1))})`]
      const codes = data.labelsOf(value) ?? (data.isYesNo(value) ? yesNo : [])
      const labels = codes.length === 0 ? '' : `, ${rNamed(codes)}`
      return [
        rComment(label.en),
        `listing_column(${rString(String(at + 1))}, ${x}[listed]${labels}${data.isSeveral(value) ? ', several = TRUE' : ''})`,
      ]
    }),
  ]

  function eachScript(
    label: string,
    at: number,
    rules: readonly { label: { en: string }; rule: string }[],
  ): string[] {
    const column = rString(String(at + 1))
    const own = rules.map((one) => [one.label.en, read(one.rule)] as const)
    if (own.some(([, x]) => x === null)) return [rComment(label), `left_out_column(${column})`]
    const listed = own.map(([name, x]) => `${rString(name)} = ${x}[listed]`)
    return [rComment(label), `listing_each(${column}, list(${listed.join(', ')}))`]
  }
}
