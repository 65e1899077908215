/**
 * Why an endpoint is what it is for one subject: the verdict of `endpointVerdict` with every rule that took part, what each read, and
 * where that was entered. Nothing is decided here; a reader who may not see what a rule reads is told so in place of the verdict.
 */
import type { Answer, ReadPlace, ValueTracer } from '#domain/casebook/read-values.ts'
import { recordedRule } from '#domain/casebook/study-checks.ts'
import type { Label, StudyDefinition } from '#domain/definition/definition.ts'
import { criteriaOf } from '#domain/definition/endpoint-rule.ts'
import type { CriterionDef, EndpointDef } from '#domain/definition/endpoint-schema.ts'
import {
  adjudicationTexts,
  type EndpointReason,
  type EndpointStatus,
  endpointTexts,
  endpointVerdict,
} from './endpoint-verdict.ts'
import { populationStandings } from './population-standing.ts'

export type EventFormState = {
  form: string
  label: Label
  within: number | null
  /** Null: the criterion is not met, so no form is asked for. */
  isRecorded: boolean | null
}

export type CriterionExplanation = {
  oid: string
  label: Label
  source: string | null
  met: boolean | null
  date: string | null
  rule: Answer | null
  dated: Answer | null
  eventForm: EventFormState | null
}

export type EndpointExplanation = {
  oid: string
  label: Label
  source: string | null
  population: { label: Label; state: string; because: Label | null } | null
  /** Whether this reader must not learn it; then nothing else is told. */
  isConcealed: boolean
  status: EndpointStatus
  because: EndpointReason
  days: number | null
  date: string | null
  cause: Label | null
  horizon: number
  timeZero: Answer | null
  censor: Answer | null
  /** Of an event that is one date. */
  event: Answer | null
  eventForm: EventFormState | null
  /** How many criteria must be met; null for an event that is one date. */
  needed: number | null
  ruleMet: boolean | null
  ruleDate: string | null
  criteria: readonly CriterionExplanation[]
  competing: readonly { oid: string; label: Label; date: string | null; answer: Answer | null }[]
  adjudication: {
    form: string
    met: boolean
    date: string | null
    reason: Label
    /** Where the decision was entered. */
    place: ReadPlace | null
  } | null
}

/** Every endpoint of the study for the subject of a tracer, in the order of the definition. */
export function endpointExplanations(
  definition: StudyDefinition,
  tracer: ValueTracer,
  conceals: ((text: string) => boolean) | null = null,
): EndpointExplanation[] {
  const standings = populationStandings(definition, (text) => tracer.ask(text))
  return definition.endpoints.map((endpoint) => {
    const standing = standings.find(({ oid }) => oid === endpoint.population)
    const hides = conceals !== null && endpointTexts(endpoint).some((text) => conceals(text))
    const population = standing
      ? { label: standing.label, state: standing.state, because: standing.because }
      : null
    return explained(definition, tracer, endpoint, population, hides)
  })
}

function explained(
  definition: StudyDefinition,
  tracer: ValueTracer,
  endpoint: EndpointDef,
  population: EndpointExplanation['population'],
  isConcealed: boolean,
): EndpointExplanation {
  const { oid, label, horizon, source = null } = endpoint
  const base = { oid, label, horizon, source, population: isConcealed ? null : population }
  if (isConcealed) return { ...base, ...unsaid }
  const verdict = endpointVerdict({ value: (text) => tracer.ask(text) }, endpoint)
  const found = criteriaOf(endpoint)
  const competing = (endpoint.competing ?? []).map((one) => ({
    oid: one.oid,
    label: one.label,
    date: verdict.competing.find((known) => known.oid === one.oid)?.date ?? null,
    answer: tracer.answer(one.date),
  }))
  return {
    ...base,
    isConcealed,
    status: verdict.status,
    because: verdict.because,
    days: verdict.days,
    date: verdict.date,
    cause: competing.find((one) => one.oid === verdict.cause)?.label ?? null,
    timeZero: tracer.answer(endpoint.timeZero),
    censor: tracer.answer(endpoint.censor),
    event: typeof endpoint.event === 'string' ? tracer.answer(endpoint.event) : null,
    eventForm:
      typeof endpoint.event === 'string'
        ? eventFormState(definition, tracer, endpoint.eventForm, {
            met: verdict.rule.met,
            date: endpoint.event,
          })
        : null,
    needed: found?.needed ?? null,
    ruleMet: verdict.rule.met,
    ruleDate: verdict.rule.date,
    criteria: (found?.criteria ?? []).map((one, at) => {
      const { met = null, date = null } = verdict.criteria[at] ?? {}
      return criterion(definition, tracer, one, { met, date })
    }),
    competing,
    adjudication: decision(tracer, endpoint),
  }
}

const unsaid = {
  isConcealed: true,
  status: 'undecided',
  because: 'criteria-undecided',
  days: null,
  date: null,
  cause: null,
  timeZero: null,
  censor: null,
  event: null,
  eventForm: null,
  needed: null,
  ruleMet: null,
  ruleDate: null,
  criteria: [],
  competing: [],
  adjudication: null,
} satisfies Partial<EndpointExplanation>

function criterion(
  definition: StudyDefinition,
  tracer: ValueTracer,
  def: CriterionDef,
  { met, date }: { met: boolean | null; date: string | null },
): CriterionExplanation {
  return {
    oid: def.oid,
    label: def.label,
    source: def.source ?? null,
    met,
    date,
    rule: tracer.answer(def.rule),
    dated: met === true ? tracer.answer(def.date) : null,
    eventForm: eventFormState(definition, tracer, def.eventForm, { met, date: def.date }),
  }
}

function eventFormState(
  definition: StudyDefinition,
  tracer: ValueTracer,
  eventForm: EndpointDef['eventForm'],
  { met, date }: { met: boolean | null; date: string },
): EventFormState | null {
  if (!eventForm) return null
  const label = definition.forms.find(({ oid }) => oid === eventForm.form)?.label
  const recorded = met === true ? tracer.ask(recordedRule(eventForm, `(${date})`)) : null
  return {
    form: eventForm.form,
    label: label ?? { en: eventForm.form },
    within: eventForm.within ?? null,
    isRecorded: typeof recorded === 'boolean' ? recorded : null,
  }
}

function decision(tracer: ValueTracer, endpoint: EndpointDef): EndpointExplanation['adjudication'] {
  if (!endpoint.adjudication) return null
  const texts = adjudicationTexts(endpoint.adjudication, endpoint.oid)
  const decided = tracer.answer(texts.decision)
  if (decided?.value !== 'Y' && decided?.value !== 'N') return null
  const met = decided.value === 'Y'
  const date = met ? tracer.ask(texts.date) : null
  const { form, decision: item } = endpoint.adjudication
  const index = tracer.ask(texts.index)
  const record = typeof index === 'number' ? tracer.ordered(form)[index - 1] : undefined
  return {
    form,
    met,
    date: typeof date === 'string' ? date : null,
    reason: tracer.answer(texts.reason)?.shown ?? { en: '–' },
    place: record ? { ...record.data.key, recordId: record.data.recordId, path: item } : null,
  }
}
