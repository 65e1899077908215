/** What a simulation found, as numbers for machines and as a page of text for people. */
import { studyChecks } from '#domain/casebook/study-checks.ts'
import type { StudyDefinition } from '#domain/definition/definition.ts'
import { mean, quantiles } from '#domain/statistics/descriptive.ts'
import { reportLines } from './report-text.ts'
import type { SimulatedStudy } from './run-simulation.ts'
import type { PlannedForm } from './simulated-casebook.ts'

/** Seconds to type one value, by what it is: a choice, a number or date, a text; and to find and complete a form. */
const secondsPer = { choice: 4, number: 6, text: 15, form: 12 }

export type SimulationSummary = {
  study: string
  subjects: number
  allocated: number | null
  fates: Record<string, number>
  visits: { missed: number; late: number }
  forms: { entered: number; open: { place: string; why: string; count: number }[] }
  entry: {
    /** Items typed, minutes of typing and days from screening to the last form, for a subject who was followed. */
    items: Spread
    minutes: Spread
    days: Spread
    lateForms: number
  }
  slips: { dirty: number; unit: number; refused: number; refusals: Record<string, number> }
  checks: { fired: { check: string; subjects: number; queries: number }[]; never: string[] }
  queriesPerSubject: Spread
  /** `lines`: what each report looks like in 80 characters; `problem`: why it has no numbers. */
  reports: { oid: string; title: string; problem: string | null; lines: string[] }[]
}
type Spread = { median: number; low: number; high: number; mean: number }

export function summaryOf(definition: StudyDefinition, run: SimulatedStudy): SimulationSummary {
  const { subjects, outcomes } = run
  const followed = subjects.filter(
    ({ allocation }) => !definition.allocation || allocation !== null,
  )
  const fates: Record<string, number> = {}
  for (const { fate } of followed) fates[fate] = (fates[fate] ?? 0) + 1
  const all = subjects.flatMap(({ forms }) => forms)
  const slips = all.flatMap((form) => form.slips)
  const itemTypes = new Map(
    definition.forms.flatMap((form) =>
      form.groups.flatMap((group) =>
        group.items.map((item) => [`${form.oid}.${item.oid}`, item.type] as const),
      ),
    ),
  )
  const seconds = (form: PlannedForm) =>
    Object.keys(form.values).reduce((sum, path) => {
      const type = itemTypes.get(`${form.form}.${path.split('.').at(-1)}`)
      const kind =
        type === 'code' || type === 'codes' ? 'choice' : type === 'text' ? 'text' : 'number'
      return sum + secondsPer[kind]
    }, secondsPer.form)
  const sumOf = (forms: readonly PlannedForm[], of: (form: PlannedForm) => number) =>
    forms.reduce((sum, form) => sum + of(form), 0)
  return {
    study: `${definition.oid} ${definition.version}`,
    subjects: subjects.length,
    allocated: definition.allocation ? run.allocated : null,
    fates,
    visits: {
      missed: subjects.reduce((sum, one) => sum + one.missedVisits, 0),
      late: subjects.reduce((sum, one) => sum + one.lateVisits, 0),
    },
    forms: {
      entered: outcomes.reduce((sum, one) => sum + one.forms, 0),
      open: counted(outcomes.flatMap(({ open }) => open)),
    },
    entry: {
      items: spread(followed.map(({ forms }) => sumOf(forms, (f) => Object.keys(f.values).length))),
      minutes: spread(followed.map(({ forms }) => sumOf(forms, seconds) / 60)),
      days: spread(followed.map(({ forms }) => Math.max(0, ...forms.map((f) => f.enteredOnDay)))),
      lateForms: all.filter((form) => form.lag > 30).length,
    },
    slips: {
      dirty: slips.filter(({ slip }) => slip === 'dirty').length,
      unit: slips.filter(({ slip }) => slip === 'unit').length,
      refused: outcomes.reduce((sum, one) => sum + one.refusals.length, 0),
      refusals: tally(outcomes.flatMap((one) => one.refusals)),
    },
    checks: checksOf(definition, run),
    queriesPerSubject: spread(run.queriesBySubject),
    reports: run.reports.map(({ oid, result, problem }) => ({
      oid,
      title: result?.title.en ?? oid,
      problem: problem ?? result?.problem?.en ?? null,
      lines: result && !result.problem ? reportLines(result) : [],
    })),
  }
}

function checksOf(definition: StudyDefinition, { outcomes, queries }: SimulatedStudy) {
  const ids = studyChecks(definition).map(({ check }) => check.id)
  const limits = ['SOFT', 'HARD', 'REQUIRED', 'FUTURE', 'CODE', 'TYPE']
  const fired = [...ids, ...limits]
    .map((check) => ({
      check,
      subjects: outcomes.filter((one) => one.fired.has(check)).length,
      queries: queries.get(check) ?? 0,
    }))
    .filter(({ subjects, queries: raised }) => subjects > 0 || raised > 0)
  const heard = new Set(fired.map(({ check }) => check))
  return { fired, never: ids.filter((id) => !heard.has(id)) }
}

function tally(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const word of words.toSorted()) counts[word] = (counts[word] ?? 0) + 1
  return counts
}

function counted(open: readonly { place: string; why: string }[]) {
  const counts = new Map<string, { place: string; why: string; count: number }>()
  for (const one of open) {
    const key = `${one.place} ${one.why}`
    const known = counts.get(key) ?? { ...one, count: 0 }
    counts.set(key, { ...known, count: known.count + 1 })
  }
  return [...counts.values()].sort((a, b) => b.count - a.count || (a.place < b.place ? -1 : 1))
}

function spread(values: readonly number[]): Spread {
  if (values.length === 0) return { median: 0, low: 0, high: 0, mean: 0 }
  const [low = 0, median = 0, high = 0] = quantiles(values, [0.1, 0.5, 0.9])
  return { median, low, high, mean: mean(values) }
}

/** The summary in sentences and short tables. */
export function summaryText(summary: SimulationSummary): string {
  const { entry, checks, forms, slips, visits, queriesPerSubject: queries } = summary
  const range = ({ median, low, high }: Spread, digits = 0) =>
    `${median.toFixed(digits)} (10th to 90th percentile ${low.toFixed(digits)} to ${high.toFixed(digits)})`
  const fates = Object.entries(summary.fates)
    .sort()
    .map(([fate, count]) => `${count} ${fate}`)
  return [
    `${summary.study}: ${summary.subjects} simulated subjects${summary.allocated === null ? '' : `, ${summary.allocated} allocated`}; of those followed ${fates.join(', ') || 'none'}.`,
    `Visits: ${visits.missed} missed, ${visits.late} outside their window.`,
    `Data: ${forms.entered} forms entered, ${slips.refused} values refused and typed again, ${slips.dirty} implausible values, ${slips.unit} in a wrong unit, ${entry.lateForms} forms entered more than 30 days late.`,
    `Refused: ${
      Object.entries(slips.refusals)
        .map(([code, count]) => `${count} ${code}`)
        .join(', ') || 'nothing'
    }.`,
    `A casebook: ${range(entry.items)} items, about ${range(entry.minutes)} minutes of typing, ${entry.days.high === 0 ? 'abstracted from charts at once' : `the last form ${range(entry.days)} days after screening`}.`,
    `Queries by rule for each subject: mean ${queries.mean.toFixed(1)}, median ${range(queries)}.`,
    '',
    `Checks that fired: ${checks.fired.length}`,
    ...checks.fired
      .toSorted((a, b) => b.subjects - a.subjects || (a.check < b.check ? -1 : 1))
      .map(
        ({ check, subjects, queries: raised }) =>
          `  ${check.padEnd(16)} ${String(subjects).padStart(5)} subjects ${String(raised).padStart(6)} queries`,
      ),
    `Checks that never fired: ${checks.never.length === 0 ? 'none' : checks.never.join(', ')}`,
    '',
    `Forms left open: ${forms.open.reduce((sum, one) => sum + one.count, 0)}`,
    ...forms.open
      .slice(0, 15)
      .map(({ place, why, count }) => `  ${String(count).padStart(5)} ${place}: ${why}`),
    '',
    'Reports',
    ...summary.reports.flatMap(({ oid, title, problem, lines }) => [
      '',
      `  ${oid} ${title}${problem === null ? '' : `: ${problem}`}`,
      ...lines,
    ]),
  ].join('\n')
}
