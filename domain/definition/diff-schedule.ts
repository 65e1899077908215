/** What changed in the schedule: visits, their days and windows, and the forms they have. */
import type { StudyDefinition, StudyEventDef } from './definition.ts'
import {
  inFull,
  orderChanged,
  otherKeys,
  rangeChange,
  rangeText,
  same,
  type Tell,
} from './diff-change.ts'
import { pairsOf } from './renames.ts'

export function diffSchedule(before: StudyDefinition, after: StudyDefinition, tell: Tell): void {
  const formNames = new Map(
    pairsOf(before.forms, after.forms).flatMap(({ before: old, after: now, renamed }) =>
      renamed && old && now ? [[old.oid, now.oid] as const] : [],
    ),
  )
  for (const pair of pairsOf(before.events, after.events)) {
    const event = pair.after ?? pair.before
    const about = { place: event.oid, name: event.label }
    if (pair.before === null) tell('event-added', about)
    else if (pair.after === null) tell('event-removed', about)
    else {
      if (pair.renamed) tell('event-renamed', { ...about, before: pair.before.oid })
      diffEvent(pair.before, pair.after, tell)
      diffEventForms(pair.before, pair.after, formNames, tell)
    }
  }
  if (orderChanged(before.events, after.events)) {
    tell('order-changed', { place: 'events', name: { en: 'visits', ja: '来院', zh: '访视' } })
  }
}

const eventKeys = ['oid', 'renamedFrom', 'label', 'kind', 'day', 'window', 'forms']

function diffEvent(before: StudyEventDef, after: StudyEventDef, tell: Tell): void {
  const about = { place: after.oid, name: after.label }
  if (!same(before.label, after.label)) {
    const [old, now] = inFull(before.label, after.label)
    tell('event-relabelled', { ...about, before: old, after: now })
  }
  if (before.kind !== after.kind) {
    tell('event-kind-changed', { ...about, before: before.kind, after: after.kind })
  }
  if (before.day !== after.day) {
    const day = ({ day }: StudyEventDef) => String(day ?? '–')
    tell('event-day-moved', { ...about, before: day(before), after: day(after) })
  }
  const change = rangeChange(before.window, after.window)
  if (change) {
    const code = change === 'changed' ? 'window-moved' : (`window-${change}` as const)
    const texts = { before: rangeText(before.window), after: rangeText(after.window) }
    tell(code, { ...about, ...texts })
  }
  for (const key of otherKeys(before, after, eventKeys)) {
    tell('event-setting-changed', { ...about, after: key })
  }
}

function diffEventForms(
  before: StudyEventDef,
  after: StudyEventDef,
  formNames: ReadonlyMap<string, string>,
  tell: Tell,
): void {
  const about = { place: after.oid, name: after.label }
  const named = ({ forms }: StudyEventDef, names?: ReadonlyMap<string, string>) =>
    forms.map((entry) => {
      const oid = names?.get(entry.form) ?? entry.form
      return { oid, entry: { ...entry, form: oid } }
    })
  const old = named(before, formNames)
  const now = named(after)
  for (const pair of pairsOf(old, now)) {
    if (pair.before === null) {
      tell('form-scheduled', { ...about, form: pair.after.oid, after: pair.after.oid })
    } else if (pair.after === null) {
      tell('form-unscheduled', { ...about, form: pair.before.oid, before: pair.before.oid })
    } else if (!same(pair.before.entry, pair.after.entry)) {
      tell('form-schedule-changed', { ...about, form: pair.after.oid, after: pair.after.oid })
    }
  }
  if (orderChanged(old, now)) tell('order-changed', about)
}
