/** What checks, allocation, endpoints, groupings, reports and declarations name must exist. */
import type { StudyIndex } from '#domain/casebook/study-index.ts'
import type { StudyDefinition } from './definition.ts'
import type { Report } from './finding.ts'

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
  definition.checks.forEach((check, c) => {
    const form = index.forms.get(check.form)
    if (!form) {
      report('error', 'unknown-form', `There is no form ${check.form}.`, ['checks', c, 'form'])
    } else if (!form.items.has(check.item)) {
      const message = `${check.form} has no item ${check.item}.`
      report('error', 'unknown-item', message, ['checks', c, 'item'])
    }
    const fires = check.tests?.some((test) => test.expect === 'fires') ?? false
    if (!fires) {
      const message = `No test shows that ${check.id} fires.`
      report('warning', 'untested-check', message, ['checks', c, 'id'])
    }
  })
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
  const endpoints = new Set(definition.endpoints.map(({ oid }) => oid))
  definition.endpoints.forEach((endpoint, e) => {
    if (!populations.has(endpoint.population)) {
      const message = `There is no population ${endpoint.population}.`
      report('error', 'unknown-population', message, ['endpoints', e, 'population'])
    }
  })
  definition.reports.forEach((entry, r) => {
    if ('population' in entry && !populations.has(entry.population)) {
      const message = `There is no population ${entry.population}.`
      report('error', 'unknown-population', message, ['reports', r, 'population'])
    }
    if (entry.kind === 'survival' && !endpoints.has(entry.endpoint)) {
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
    if (entry.kind === 'survival' || (entry.kind === 'visit-values' && entry.between)) {
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
