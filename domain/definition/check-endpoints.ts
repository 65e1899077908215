/** What endpoints name must exist and be of the right kind: population, event forms, the items of an adjudication. */
import type { IndexedItem, StudyIndex } from '#domain/casebook/study-index.ts'
import type { StudyDefinition } from './definition.ts'
import { criteriaOf } from './endpoint-rule.ts'
import type { AdjudicationDef, EndpointDef, EventFormDef } from './endpoint-schema.ts'
import type { Place, Report } from './finding.ts'

export function checkEndpoints(
  definition: StudyDefinition,
  index: StudyIndex,
  report: Report,
): void {
  const populations = new Set(definition.populations.map(({ oid }) => oid))
  definition.endpoints.forEach((endpoint, e) => {
    const place = ['endpoints', e]
    if (!populations.has(endpoint.population)) {
      const message = `There is no population ${endpoint.population}.`
      report('error', 'unknown-population', message, [...place, 'population'])
    }
    checkEventForms(endpoint, place, index, report)
    if (endpoint.adjudication)
      checkAdjudication(endpoint, endpoint.adjudication, [...place, 'adjudication'], index, report)
  })
}

function checkEventForms(
  endpoint: EndpointDef,
  place: Place,
  index: StudyIndex,
  report: Report,
): void {
  const found = criteriaOf(endpoint)
  const seen = new Set<string>()
  const names = [
    ...(found?.criteria ?? []).map(({ oid }, c) => ({ oid, at: ['event', found?.key ?? '', c] })),
    ...(endpoint.competing ?? []).map(({ oid }, c) => ({ oid, at: ['competing', c] })),
  ]
  for (const { oid, at } of names) {
    if (seen.has(oid))
      report('error', 'duplicate-oid', `${oid} exists twice in ${endpoint.oid}.`, [...place, ...at])
    seen.add(oid)
  }
  const formOf = (eventForm: EventFormDef | undefined, at: Place) => {
    if (eventForm && !index.forms.has(eventForm.form)) {
      const message = `There is no form ${eventForm.form}.`
      report('error', 'unknown-form', message, [...at, 'form'])
    }
  }
  found?.criteria.forEach((criterion, c) => {
    formOf(criterion.eventForm, [...place, 'event', found.key, c, 'eventForm'])
  })
  formOf(endpoint.eventForm, [...place, 'eventForm'])
  if (found && endpoint.eventForm) {
    const message = 'With criteria, each criterion has its own eventForm.'
    report('error', 'event-form', message, [...place, 'eventForm'])
  }
}

function checkAdjudication(
  endpoint: EndpointDef,
  adjudication: AdjudicationDef,
  place: Place,
  index: StudyIndex,
  report: Report,
): void {
  const form = index.forms.get(adjudication.form)
  if (!form) {
    const message = `There is no form ${adjudication.form}.`
    report('error', 'unknown-form', message, [...place, 'form'])
    return
  }
  const needs: Record<'decision' | 'date' | 'reason' | 'about', (item: IndexedItem) => boolean> = {
    decision: ({ codes }) => codes?.has('Y') === true && codes.has('N'),
    date: ({ item }) => item.type === 'date' || item.type === 'partialDate',
    reason: ({ item }) => item.type === 'text' || item.type === 'code',
    about: ({ codes }) => codes?.has(endpoint.oid) === true,
  }
  const words = {
    decision: 'a code with Y and N',
    date: 'a date',
    reason: 'a text or code',
    about: `a code with ${endpoint.oid}`,
  }
  for (const key of ['decision', 'date', 'reason', 'about'] as const) {
    const oid = adjudication[key]
    if (oid === undefined) continue
    const item = form.items.get(oid)
    if (!item) {
      const message = `${adjudication.form} has no item ${oid}.`
      report('error', 'unknown-item', message, [...place, key])
    } else if (!needs[key](item) || item.repeating) {
      const message = `${adjudication.form}.${oid} is not ${words[key]} that stands once in its form.`
      report('error', 'adjudication', message, [...place, key])
    }
  }
  const reason = form.items.get(adjudication.reason)
  if (reason && !reason.item.required) {
    const message = `${adjudication.form}.${adjudication.reason} is not required: a decision could stand without a reason.`
    report('warning', 'adjudication', message, [...place, 'reason'])
  }
}
