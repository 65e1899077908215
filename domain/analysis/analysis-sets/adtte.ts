/** ADTTE, one row a subject and endpoint of which the subject is analysed: time in days, and why it ends when it does. */
import { type EndpointReason, endpointVerdict } from '#domain/analysis/endpoint-verdict.ts'
import type { EndpointDef } from '#domain/definition/endpoint-schema.ts'
import { populationRule } from '#domain/definition/population-rule.ts'
import { addDays } from '#domain/values/partial-date.ts'
import { SetTable } from './analysis-set.ts'
import { SetNames } from './set-names.ts'
import {
  cellOfValue,
  identity,
  imputed,
  plannedTreatment,
  type SetContext,
  type SetSubject,
} from './set-subject.ts'

type Verdict = ReturnType<typeof endpointVerdict>
type TimeRow = { subject: SetSubject; endpoint: EndpointDef; code: string; verdict: Verdict }

const censored: Partial<Record<EndpointReason, string>> = {
  'end-of-follow-up': 'End of follow-up',
  horizon: 'Horizon of the endpoint',
}

/** Why an endpoint is undecided, and its subject in no analysis of it. */
const undecided: Partial<Record<EndpointReason, string>> = {
  'no-time-zero': 'No time zero',
  'criteria-undecided': 'Values are missing that could decide the event',
  'event-without-date': 'Event without a date',
  'no-follow-up': 'No end of follow-up known',
  'date-not-usable': 'A date is partial or before time zero',
}

export class TimeToEventTable {
  readonly #context: SetContext
  readonly #table: SetTable<TimeRow>
  readonly #codes: ReadonlyMap<string, string>

  constructor(context: SetContext) {
    this.#context = context
    const names = new SetNames()
    const { endpoints } = context.definition
    this.#codes = new Map(endpoints.map(({ oid }) => [oid, names.shorten(oid)]))
    this.#table = new SetTable<TimeRow>(
      {
        name: 'ADTTE',
        label: 'Time-to-Event Analysis Dataset',
        key: ['STUDYID', 'USUBJID', 'PARAMCD'],
      },
      columns(context),
    )
  }

  add(subject: SetSubject): void {
    const { definition, concealed } = this.#context
    for (const endpoint of definition.endpoints) {
      if (concealed?.endpoints.has(endpoint.oid)) continue
      const rule = populationRule(definition, endpoint.population)
      if (subject.value(rule) !== true) continue
      const verdict = endpointVerdict(subject, endpoint)
      const code = this.#codes.get(endpoint.oid) as string
      this.#table.add({ subject, endpoint, code, verdict })
    }
  }

  set() {
    return this.#table.set()
  }
}

function columns(context: SetContext): ConstructorParameters<typeof SetTable<TimeRow>>[1] {
  const subject = ({ subject }: TimeRow) => subject
  return [
    ...identity<TimeRow>(context, subject),
    ...plannedTreatment<TimeRow>(context, subject),
    {
      name: 'PARAMCD',
      label: 'Parameter Code',
      type: 'text',
      origin: 'OID of the endpoint, shortened',
      of: ({ code }) => code,
    },
    {
      name: 'PARAM',
      label: 'Parameter',
      type: 'text',
      origin: 'Label of the endpoint',
      of: ({ endpoint }) => endpoint.label.en,
    },
    {
      name: 'STARTDT',
      label: 'Time-to-Event Origin Date for Subject',
      type: 'date',
      origin: 'timeZero of the endpoint',
      of: ({ verdict }) => imputed(verdict.zero).date,
    },
    {
      name: 'ADT',
      label: 'Analysis Date',
      type: 'date',
      origin: 'Event, competing event, or end of follow-up; at the horizon its last day',
      of: ({ verdict }) => analysisDate(verdict),
    },
    {
      name: 'AVAL',
      label: 'Analysis Value (days)',
      type: 'integer',
      origin: 'ADT - STARTDT',
      of: ({ verdict }) => verdict.days,
    },
    {
      name: 'CNSR',
      label: 'Censor',
      type: 'integer',
      origin: '0 event, 1 censored, 2 competing event; missing: undecided and not analysed',
      of: ({ verdict: { status } }) =>
        status === 'event' ? 0 : status === 'censored' ? 1 : status === 'competing' ? 2 : null,
    },
    {
      name: 'EVNTDESC',
      label: 'Event or Censoring Description',
      type: 'text',
      origin: 'Criteria that were met, the competing event, or the reason of censoring',
      of: description,
    },
    {
      name: 'CNSDTDSC',
      label: 'Censor Date Description',
      type: 'text',
      origin: 'What ADT is, where the subject is censored',
      of: ({ verdict: { status, because } }) =>
        status === 'censored' ? (censored[because] ?? because) : null,
    },
    {
      name: 'ADJFL',
      label: 'Adjudicated Flag',
      type: 'text',
      origin: 'Y where a decision stands in place of the rule',
      of: ({ verdict }) => (verdict.adjudication ? 'Y' : null),
    },
    {
      name: 'ADJREAS',
      label: 'Reason of the Adjudicated Decision',
      type: 'text',
      origin: 'Reason of the decision',
      of: ({ verdict }) => cellOfValue(verdict.adjudication?.reason ?? null),
    },
    {
      name: 'HORIZON',
      label: 'Horizon of the Endpoint (days)',
      type: 'integer',
      origin: 'horizon of the endpoint',
      of: ({ endpoint }) => endpoint.horizon,
    },
  ]
}

function analysisDate({ zero, date, days, because }: Verdict): string | null {
  if (date !== null) return date
  return zero !== null && days !== null && because === 'horizon' ? addDays(zero, days) : null
}

function description({ endpoint, verdict }: TimeRow): string {
  const { status, because, cause, criteria } = verdict
  if (status === 'undecided') return `Undecided: ${undecided[because] ?? because}`
  if (status === 'censored') return censored[because] ?? because
  if (status === 'competing')
    return endpoint.competing?.find(({ oid }) => oid === cause)?.label.en ?? cause ?? ''
  const { event } = endpoint
  const all = typeof event === 'string' ? [] : 'any' in event ? event.any : event.of
  const met = all.filter(({ oid }) => criteria.some((one) => one.oid === oid && one.met === true))
  return met.map(({ label }) => label.en).join('; ') || endpoint.label.en
}
