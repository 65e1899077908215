/**
 * Every check of a study: those it writes, and those that follow from its endpoints: where a criterion is met and the form that
 * records the event is not there, the site is asked for it. Nobody else reads `definition.checks` to run or list checks.
 */
import type { CheckDef, Label, StudyDefinition } from '#domain/definition/definition.ts'
import { criteriaOf } from '#domain/definition/endpoint-rule.ts'
import type { CriterionDef, EndpointDef, EventFormDef } from '#domain/definition/endpoint-schema.ts'

export type StudyCheck = {
  check: CheckDef
  /** Where it is written; of one that follows from an endpoint, the ask. */
  place: readonly (string | number)[]
  /** Where its rule and message are written, and how far into the rule the written text begins. */
  rulePlace: readonly (string | number)[]
  ruleOffset: number
  endpoint: string | null
}

export function studyChecks(definition: StudyDefinition): StudyCheck[] {
  const written = definition.checks.map(
    (check, c): StudyCheck => ({
      check,
      place: ['checks', c],
      rulePlace: ['checks', c, 'rule'],
      ruleOffset: 0,
      endpoint: null,
    }),
  )
  return [...written, ...definition.endpoints.flatMap((one, e) => askedBy(definition, one, e))]
}

type Source = {
  eventForm: EventFormDef
  criterion: Pick<CriterionDef, 'label' | 'rule' | 'date'>
  place: readonly (string | number)[]
}

function askedBy(definition: StudyDefinition, endpoint: EndpointDef, e: number): StudyCheck[] {
  const found = criteriaOf(endpoint)
  const sources: Source[] = []
  if (endpoint.eventForm && typeof endpoint.event === 'string') {
    const { label, event } = endpoint
    const criterion = { label, rule: `known(${event})`, date: event }
    const place = ['endpoints', e, 'eventForm']
    sources.push({ eventForm: endpoint.eventForm, criterion, place })
  }
  found?.criteria.forEach((criterion, c) => {
    const { eventForm } = criterion
    const place = ['endpoints', e, 'event', found.key, c, 'eventForm']
    if (eventForm) sources.push({ eventForm, criterion, place })
  })
  return sources.flatMap((source) => checksOf(definition, endpoint, source))
}

function checksOf(
  definition: StudyDefinition,
  endpoint: EndpointDef,
  { eventForm, criterion, place }: Source,
): StudyCheck[] {
  return eventForm.asks.map((ask, a) => {
    const [form = '', item = ''] = ask.item.split('.')
    // Of several records of a form only the one dated as the criterion is asked about.
    const isSingle = isFilledOnce(definition, form)
    const own = isSingle ? criterion.rule : `(${criterion.rule}) && date == (${criterion.date})`
    const rule = ask.rule ?? own
    const date = ask.rule === undefined ? `(${criterion.date})` : 'date'
    const recorded = recordedRule(eventForm, date)
    const at = [...place, 'asks', a]
    return {
      check: {
        id: ask.id,
        form,
        item,
        level: 'soft',
        at: 'complete',
        rule: `(${rule}) && !${recorded}`,
        message: ask.message ?? standardMessage(definition, criterion.label, eventForm),
        source: ask.source ?? `endpoint ${endpoint.oid}`,
        ...(ask.tests ? { tests: ask.tests } : {}),
      },
      place: at,
      rulePlace: ask.rule === undefined ? at : [...at, 'rule'],
      ruleOffset: ask.rule === undefined ? 0 : -1,
      endpoint: endpoint.oid,
    }
  })
}

/** Whether the form of an event is there, as an expression; `date`: the text of the criterion's date. */
export function recordedRule({ form, within }: EventFormDef, date: string): string {
  if (within === undefined) return `${form}.exists()`
  const near = `abs(days(${date}, impute(recorded.date))) <= ${within}`
  return `${form}.exists(recorded, coalesce(${near}, false))`
}

function isFilledOnce(definition: StudyDefinition, oid: string): boolean {
  const form = definition.forms.find((one) => one.oid === oid)
  const events = definition.events.filter((event) => event.forms.some((one) => one.form === oid))
  return form?.repeats !== true && events.length <= 1
}

function standardMessage(
  definition: StudyDefinition,
  criterion: Label,
  { form: oid, within }: EventFormDef,
): Label {
  const form = definition.forms.find((one) => one.oid === oid)?.label ?? { en: oid }
  // Braces would be read as marks.
  const plain = (label: Label, language: 'en' | 'ja' | 'zh') =>
    (label[language] ?? label.en).replace(/[{}]/g, '')
  const days = within === undefined
  return {
    en: `"${plain(criterion, 'en')}" is met, but the form "${plain(form, 'en')}" is not recorded${days ? '' : ` within ${within} days`}.`,
    ja: `「${plain(criterion, 'ja')}」に該当しますが、${days ? '' : `${within}日以内の`}フォーム「${plain(form, 'ja')}」がありません。`,
    zh: `“${plain(criterion, 'zh')}”已符合，但${days ? '' : ` ${within} 天内`}没有“${plain(form, 'zh')}”表。`,
  }
}
