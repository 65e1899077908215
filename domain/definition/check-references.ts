/** What checks, allocation, endpoints, groupings, reports and declarations name must exist. */
import { studyChecks } from '#domain/casebook/study-checks.ts'
import type { StudyIndex } from '#domain/casebook/study-index.ts'
import { maxLength } from '#domain/expression/ast.ts'
import { checkEndpoints } from './check-endpoints.ts'
import type { StudyDefinition } from './definition.ts'
import type { Report } from './finding.ts'
import { populationRule } from './population-rule.ts'

export function checkReferences(
  definition: StudyDefinition,
  index: StudyIndex,
  report: Report,
): void {
  for (const key of ['visitDate', 'visitOccurred'] as const) {
    const text = definition[key]
    if (text !== undefined && index[key] === null) {
      report('error', 'unknown-item', `${text} is no item (FORM.ITEM).`, [key])
    }
  }
  const visit = index.visitDate
  if (visit && index.forms.get(visit.form)?.items.get(visit.item)?.item.type !== 'date') {
    report('error', 'date-type', `${definition.visitDate} is no full date.`, ['visitDate'])
  }
  for (const { check, place, endpoint } of studyChecks(definition)) {
    const at = (key: string) => [...place, endpoint === null ? key : 'item']
    const form = index.forms.get(check.form)
    if (!form) {
      report('error', 'unknown-form', `There is no form ${check.form}.`, at('form'))
    } else if (!form.items.has(check.item)) {
      const message = `${check.form} has no item ${check.item}.`
      report('error', 'unknown-item', message, at('item'))
    }
    const fires = check.tests?.some((test) => test.expect === 'fires') ?? false
    if (!fires) {
      const message = `No test shows that ${check.id} fires.`
      report('warning', 'untested-check', message, [...place, 'id'])
    }
  }
  const { allocation } = definition
  if (allocation) {
    if (!index.forms.has(allocation.form)) {
      const message = `There is no form ${allocation.form}.`
      report('error', 'unknown-form', message, ['allocation', 'form'])
    }
    allocation.preconditions.forEach((condition, i) => {
      if (!index.forms.has(condition.form)) {
        const place = ['allocation', 'preconditions', i, 'form']
        report('error', 'unknown-form', `There is no form ${condition.form}.`, place)
      }
    })
  }
  checkDeclarations(definition, index, report)
  checkGroupings(definition, report)
  const populations = new Set(definition.populations.map(({ oid }) => oid))
  checkPopulations(definition, populations, report)
  const endpoints = new Set(definition.endpoints.map(({ oid }) => oid))
  checkEndpoints(definition, index, report)
  definition.reports.forEach((entry, r) => {
    if ('population' in entry && !populations.has(entry.population)) {
      const message = `There is no population ${entry.population}.`
      report('error', 'unknown-population', message, ['reports', r, 'population'])
    }
    if ('endpoint' in entry && !endpoints.has(entry.endpoint)) {
      const message = `There is no endpoint ${entry.endpoint}.`
      report('error', 'unknown-endpoint', message, ['reports', r, 'endpoint'])
    }
    if ('visits' in entry) {
      const baseline = 'baseline' in entry && entry.baseline ? [entry.baseline] : []
      ;[...entry.visits, ...baseline].forEach((oid, i) => {
        if (index.events.has(oid)) return
        const place = i < entry.visits.length ? ['visits', i] : ['baseline']
        report('error', 'unknown-event', `There is no event ${oid}.`, ['reports', r, ...place])
      })
    }
  })
}

/** A population is taken from another one, and from itself by no detour; what reports name of them exists. */
function checkPopulations(
  definition: StudyDefinition,
  known: ReadonlySet<string>,
  report: Report,
): void {
  const missing = (oid: string | undefined, place: readonly (string | number)[]): void => {
    if (oid === undefined || known.has(oid)) return
    report('error', 'unknown-population', `There is no population ${oid}.`, place)
  }
  definition.populations.forEach(({ oid, of }, p) => {
    missing(of, ['populations', p, 'of'])
    const above = new Set<string>()
    let at = of
    while (at !== undefined && at !== oid && !above.has(at)) {
      above.add(at)
      const next = at
      at = definition.populations.find((one) => one.oid === next)?.of
    }
    if (at === oid) {
      const message = `${oid} is taken from itself.`
      report('error', 'cycle', message, ['populations', p, 'of'])
    } else if (populationRule(definition, oid).length > maxLength) {
      const message = `The rules of ${oid} and of the populations it is taken from have more than ${maxLength} characters together.`
      report('error', 'too-long', message, ['populations', p])
    }
  })
  definition.reports.forEach((entry, r) => {
    if (entry.kind === 'populations') {
      entry.populations?.forEach((oid, i) => {
        missing(oid, ['reports', r, 'populations', i])
      })
    }
    if (entry.kind !== 'flow') return
    entry.steps.forEach(({ population, excludedFrom }, s) => {
      const place = ['reports', r, 'steps', s]
      missing(population, [...place, 'population'])
      missing(excludedFrom, [...place, 'excludedFrom'])
      const from = definition.populations.find(({ oid }) => oid === excludedFrom)
      if (!from || from.exclude) return
      const message = `${from.oid} excludes nobody for a reason.`
      report('error', 'no-exclusions', message, [...place, 'excludedFrom'])
    })
  })
}

/** Readings and booklets: workflow that is declared in the definition. */
function checkDeclarations(definition: StudyDefinition, index: StudyIndex, report: Report): void {
  definition.forms.forEach((form, f) => {
    if (!form.reading) return
    const place = ['forms', f, 'reading']
    for (const key of ['reader', 'image'] as const) {
      if (!index.forms.get(form.oid)?.items.has(form.reading[key])) {
        const message = `${form.oid} has no item ${form.reading[key]}.`
        report('error', 'unknown-item', message, [...place, key])
      }
    }
    const { adjudication } = form.reading
    if (adjudication !== undefined && !index.forms.has(adjudication)) {
      const message = `There is no form ${adjudication}.`
      report('error', 'unknown-form', message, [...place, 'adjudication'])
    }
    if (!form.repeats) {
      const message = `${form.oid} is read by several readers and needs \`repeats: true\`.`
      report('error', 'reading', message, place)
    }
  })
  definition.booklets?.forEach((booklet, b) => {
    booklet.events.forEach((oid, i) => {
      if (index.events.has(oid)) return
      report('error', 'unknown-event', `There is no event ${oid}.`, ['booklets', b, 'events', i])
    })
    booklet.forms?.forEach((oid, i) => {
      const place = ['booklets', b, 'forms', i]
      if (!index.forms.has(oid)) {
        report('error', 'unknown-form', `There is no form ${oid}.`, place)
      } else if (!booklet.events.some((event) => holds(index, event, oid))) {
        report('error', 'booklet', `${oid} is part of no event of ${booklet.oid}.`, place)
      }
    })
  })
}

function holds(index: StudyIndex, event: string, form: string): boolean {
  return index.events.get(event)?.forms.some((entry) => entry.form === form) === true
}

/** Each grouping tells in one way who belongs where; groups that may overlap are not compared. */
function checkGroupings(definition: StudyDefinition, report: Report): void {
  const overlapping = new Set<string>()
  definition.groupings?.forEach((grouping, g) => {
    const place = ['groupings', g]
    const seen = new Set<string>()
    grouping.groups.forEach(({ code, rule }, i) => {
      const at = [...place, 'groups', i]
      if (seen.has(code)) report('error', 'duplicate-oid', `Group ${code} exists twice.`, at)
      seen.add(code)
      if (rule !== undefined) overlapping.add(grouping.oid)
      if ((rule === undefined) === (grouping.value === undefined)) {
        const message =
          rule === undefined
            ? `${code} has no rule, and ${grouping.oid} no value that results in its code.`
            : `${code} has a rule, and ${grouping.oid} a value too; one of them decides.`
        report('error', 'grouping', message, at)
      }
    })
  })
  const known = new Set(definition.groupings?.map(({ oid }) => oid))
  definition.reports.forEach((entry, r) => {
    const key = 'columns' in entry ? 'columns' : 'by'
    const by = 'columns' in entry ? entry.columns : 'by' in entry ? entry.by : undefined
    if (by === undefined) return
    const place = ['reports', r, key]
    if (by === 'arm') {
      if (definition.allocation) return
      const message = 'The study allocates nobody to arms; name a grouping.'
      report('error', 'unknown-grouping', message, place)
      return
    }
    if (!known.has(by)) {
      report('error', 'unknown-grouping', `There is no grouping ${by}.`, place)
      return
    }
    if (!overlapping.has(by)) return
    if (
      entry.kind === 'survival' ||
      entry.kind === 'incidence' ||
      (entry.kind === 'visit-values' && entry.between)
    ) {
      report('error', 'grouping', `The groups of ${by} may overlap and cannot be compared.`, place)
    }
    if (entry.kind !== 'table') return
    entry.rows.forEach((row, i) => {
      if (row.test === 'none' && !row.alsoTests) return
      const message = `The groups of ${by} may overlap and cannot be compared.`
      report('error', 'grouping', message, ['reports', r, 'rows', i, 'test'])
    })
  })
}
