/**
 * What an endpoint comes to for one subject, and from what. The rule's own verdict is three-valued: met, not met, or undecided while
 * what it reads is missing and could still turn it. An adjudicated decision stands in its place; both are kept. A subject whose
 * endpoint is undecided is left out of analyses, with the reason.
 */
import { criteriaOf, eventRule } from '#domain/definition/endpoint-rule.ts'
import type { AdjudicationDef, EndpointDef } from '#domain/definition/endpoint-schema.ts'
import type { Value } from '#domain/expression/types.ts'
import { compareDates, daysBetween, earliestDate, imputeDate } from '#domain/values/partial-date.ts'
import type { AnalysisSubject } from './analysis-subject.ts'

export type EndpointStatus = 'event' | 'competing' | 'censored' | 'undecided'

/** Why the endpoint is what it is; the last five are reasons to be undecided. */
export const endpointReasons = [
  'rule',
  'adjudicated',
  'competing',
  'end-of-follow-up',
  'horizon',
  'no-time-zero',
  'criteria-undecided',
  'event-without-date',
  'no-follow-up',
  'date-not-usable',
] as const
export type EndpointReason = (typeof endpointReasons)[number]

export type CriterionVerdict = { oid: string; met: boolean | null; date: string | null }

export type EndpointVerdict = {
  zero: string | null
  status: EndpointStatus
  because: EndpointReason
  /** Days from time zero to `date`, at most the horizon; null where undecided. */
  days: number | null
  /** Of the event, of the competing event, or of the end of follow-up. */
  date: string | null
  /** OID of the competing event. */
  cause: string | null
  rule: { met: boolean | null; date: string | null }
  criteria: readonly CriterionVerdict[]
  competing: readonly { oid: string; date: string | null }[]
  censor: string | null
  adjudication: { met: boolean; date: string | null; reason: Value } | null
}

type Ask = (expression: string) => Value

/**
 * Never throws. Days are whole days from time zero, which is day 0. Under a clinical cut-off nothing after the day counts; a subject
 * who is known from later data to have been free of the event on it is followed up to it.
 */
export function endpointVerdict(
  { value: ask, cutOff }: Pick<AnalysisSubject, 'value' | 'cutOff'>,
  endpoint: EndpointDef,
): EndpointVerdict {
  const facts = factsOf(ask, endpoint)
  const verdict = { ...facts, ...settled(facts, endpoint.horizon) }
  if (!cutOff || (facts.adjudication ?? facts.rule).met !== false) return verdict
  if (facts.zero === null || verdict.status === 'competing') return verdict
  const later = factsOf(cutOff.beyond, endpoint)
  const met = later.adjudication ?? later.rule
  // Who had the event later was followed to it, whenever he was last seen without it.
  const last = met.met === true ? met.date : later.censor
  const ends = [last, ...later.competing.map((one) => one.date)]
  const days = daysBetween(facts.zero, cutOff.day)
  const end = earliestDate(ends)
  if (end === null || days === null || days < 0) return verdict
  if (compareDates(imputeDate(end), cutOff.day) !== 1) return verdict
  return { ...verdict, ...endOfFollowUp(days, cutOff.day, endpoint.horizon) }
}

function factsOf(ask: Ask, endpoint: EndpointDef): Facts {
  const date = (text: string): string | null => {
    const value = ask(text)
    return typeof value === 'string' ? value : null
  }
  const found = criteriaOf(endpoint)
  const criteria = (found?.criteria ?? []).map(({ oid, rule, date: when }): CriterionVerdict => {
    const value = ask(rule)
    const met = typeof value === 'boolean' ? value : null
    return { oid, met, date: met === true ? date(when) : null }
  })
  const own = found
    ? { met: truth(ask(eventRule(endpoint))), date: dateOfKth(criteria, found.needed) }
    : single(date(eventRule(endpoint)))
  const rule = own.met === true ? own : { met: own.met, date: null }
  const adjudication = adjudicationOf(ask, endpoint)
  const competing = (endpoint.competing ?? []).map((one) => ({
    oid: one.oid,
    date: date(one.date),
  }))
  return {
    zero: date(endpoint.timeZero),
    rule,
    criteria,
    competing,
    censor: date(endpoint.censor),
    adjudication,
  }
}

type Facts = Pick<
  EndpointVerdict,
  'zero' | 'rule' | 'criteria' | 'competing' | 'censor' | 'adjudication'
>
type Settled = Pick<EndpointVerdict, 'status' | 'because' | 'days' | 'date' | 'cause'>

function settled(facts: Facts, horizon: number): Settled {
  const { zero, adjudication } = facts
  const undecided = (because: EndpointReason): Settled => ({
    status: 'undecided',
    because,
    days: null,
    date: null,
    cause: null,
  })
  if (zero === null) return undecided('no-time-zero')
  const { met, date } = adjudication ?? facts.rule
  if (met === null) return undecided('criteria-undecided')
  if (met && date === null) return undecided('event-without-date')
  const since = (when: string): number | null => {
    const days = daysBetween(zero, when)
    return days === null || days < 0 ? null : days
  }
  const eventDay = date === null ? null : since(date)
  if (met && eventDay === null) return undecided('date-not-usable')
  const known = facts.competing.flatMap(({ oid, date: when }) =>
    when === null ? [] : [{ oid, when, days: since(when) }],
  )
  if (known.some(({ days }) => days === null)) return undecided('date-not-usable')
  // Of two on one day the endpoint's own event counts, then the one that is written first.
  const [first] = known.sort((a, b) => (a.days as number) - (b.days as number))
  if (first && (eventDay === null || (first.days as number) < eventDay)) {
    if ((first.days as number) > horizon) return atHorizon(horizon)
    const { oid: cause, when, days } = first
    return { status: 'competing', because: 'competing', days, date: when, cause }
  }
  if (eventDay !== null) {
    if (eventDay > horizon) return atHorizon(horizon)
    const because = adjudication ? 'adjudicated' : 'rule'
    return { status: 'event', because, days: eventDay, date, cause: null }
  }
  if (facts.censor === null) return undecided('no-follow-up')
  const days = since(facts.censor)
  if (days === null) return undecided('date-not-usable')
  return endOfFollowUp(days, facts.censor, horizon)
}

function atHorizon(horizon: number): Settled {
  return { status: 'censored', because: 'horizon', days: horizon, date: null, cause: null }
}

function endOfFollowUp(days: number, date: string, horizon: number): Settled {
  if (days > horizon) return atHorizon(horizon)
  return { status: 'censored', because: 'end-of-follow-up', days, date, cause: null }
}

function single(date: string | null): { met: boolean; date: string | null } {
  return { met: date !== null, date }
}

/** The day on which the k-th criterion was met, of those whose date is known; null while fewer are. */
function dateOfKth(criteria: readonly CriterionVerdict[], needed: number): string | null {
  const dates = criteria.flatMap(({ met, date }) => (met === true && date !== null ? [date] : []))
  dates.sort((a, b) => compareDates(imputeDate(a), imputeDate(b)) ?? 0)
  return dates[needed - 1] ?? null
}

/** The expressions that read a decision. */
export function adjudicationTexts(
  { form, decision, date, reason, about }: AdjudicationDef,
  endpoint: string,
): { decision: string; date: string; reason: string; index: string } {
  const mine = about === undefined ? '' : ` && r.${about} == '${endpoint}'`
  const last = (item: string) =>
    `${form}.filter(r, coalesce(known(r.${decision})${mine}, false)).last(r, r.${item})`
  return {
    decision: last(decision),
    date: last(date),
    reason: last(reason),
    index: last('index'),
  }
}

function adjudicationOf(ask: Ask, endpoint: EndpointDef): EndpointVerdict['adjudication'] {
  if (!endpoint.adjudication) return null
  const texts = adjudicationTexts(endpoint.adjudication, endpoint.oid)
  const decision = ask(texts.decision)
  if (decision !== 'Y' && decision !== 'N') return null
  const met = decision === 'Y'
  const date = met ? ask(texts.date) : null
  return { met, date: typeof date === 'string' ? date : null, reason: ask(texts.reason) }
}

function truth(value: Value): boolean | null {
  return typeof value === 'boolean' ? value : null
}

/** Everything an endpoint asks of a subject, for those who gather answers before they are needed. */
export function endpointTexts(endpoint: EndpointDef): string[] {
  const texts = [endpoint.timeZero, eventRule(endpoint), endpoint.censor]
  for (const { rule, date } of criteriaOf(endpoint)?.criteria ?? []) texts.push(rule, date)
  for (const { date } of endpoint.competing ?? []) texts.push(date)
  if (endpoint.adjudication)
    texts.push(...Object.values(adjudicationTexts(endpoint.adjudication, endpoint.oid)))
  return texts
}
