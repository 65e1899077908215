/**
 * What changed between two versions of a study, in words, for people who must approve an amendment. Pure: it knows nothing of
 * stored data, only what kind of change does what to data. Parts without a sentence of their own are told by name, so that
 * two definitions with different content never compare as equal.
 */
import { studyChecks } from '#domain/casebook/study-checks.ts'
import type { AllocationDef, CheckDef, CodeListDef, Label, StudyDefinition } from './definition.ts'
import {
  type DefinitionChange,
  inFull,
  listText,
  orderChanged,
  otherKeys,
  same,
  type Tell,
  teller,
} from './diff-change.ts'
import { diffForms } from './diff-forms.ts'
import { diffSchedule } from './diff-schedule.ts'
import type { ChangeCode, ChangeSeverity } from './diff-text.ts'
import { pairsOf } from './renames.ts'

export type { DefinitionChange } from './diff-change.ts'

/** Every change from one version to the other, grouped by part of the definition. */
export function diffDefinitions(
  before: StudyDefinition,
  after: StudyDefinition,
): DefinitionChange[] {
  const changes: DefinitionChange[] = []
  const tell = teller(changes)
  diffStudy(before, after, tell)
  diffForms(before, after, tell)
  diffLists(before, after, tell)
  diffSchedule(before, after, tell)
  diffChecks(before, after, tell)
  diffCalculated(before, after, tell)
  diffAnalysis(before, after, tell)
  diffAllocation(before, after, tell)
  if (!same(before.derivationTests, after.derivationTests)) {
    tell('derivation-tests-changed', { place: 'derivationTests' })
  }
  for (const key of otherKeys(before, after, studyKeys)) {
    tell('part-changed', { place: key })
  }
  return changes
}

const order: readonly ChangeSeverity[] = ['none', 'reevaluated', 'risk', 'forbidden']

/** The gravest of them; `none` where there is no change. */
export function worstSeverity(
  changes: readonly Pick<DefinitionChange, 'severity'>[],
): ChangeSeverity {
  const worst = Math.max(0, ...changes.map(({ severity }) => order.indexOf(severity)))
  return order[worst] as ChangeSeverity
}

const studyKeys = [
  'oid',
  'name',
  'title',
  'protocol',
  'version',
  'languages',
  'mode',
  'subjectKeyDigits',
  'plannedSubjects',
  'plannedSites',
  'anchor',
  'consent',
  'visitDate',
  'visitOccurred',
  'subjectColumns',
  'subjectStates',
  'followUpAfterDiscontinuation',
  'parameters',
  'codeLists',
  'forms',
  'events',
  'variables',
  'checks',
  'derivationTests',
  'allocation',
  'populations',
  'endpoints',
  'reports',
  'paper',
]

const parts: Readonly<Record<string, Label>> = {
  oid: { en: 'Study OID', ja: '試験OID', zh: '研究OID' },
  name: { en: 'Name', ja: '略称', zh: '简称' },
  title: { en: 'Title', ja: '名称', zh: '标题' },
  version: { en: 'Version label', ja: '版の表記', zh: '版本标识' },
  protocol: { en: 'Protocol', ja: '計画書', zh: '方案' },
  subjectKeyDigits: {
    en: 'Digits of subject keys',
    ja: '被験者番号の桁数',
    zh: '受试者编号位数',
  },
  plannedSubjects: { en: 'Planned subjects', ja: '予定被験者数', zh: '计划受试者数' },
  plannedSites: { en: 'Planned sites', ja: '予定施設', zh: '计划中心' },
}

function diffStudy(before: StudyDefinition, after: StudyDefinition, tell: Tell): void {
  for (const [key, name] of Object.entries(parts)) {
    const old = before[key as keyof StudyDefinition]
    const now = after[key as keyof StudyDefinition]
    if (same(old, now)) continue
    const [a, b] =
      key === 'name' || key === 'title'
        ? inFull(before[key], after[key])
        : [settingText(old), settingText(now)]
    tell('study-text-changed', { place: key, name: { ...name }, before: a, after: b })
  }
  if (before.mode !== after.mode) {
    tell('mode-changed', { place: 'mode', before: before.mode, after: after.mode })
  }
  if (!same(before.languages, after.languages)) {
    const texts = { before: listText(before.languages), after: listText(after.languages) }
    tell('languages-changed', { place: 'languages', ...texts })
  }
  for (const [key, code] of [
    ['anchor', 'anchor-changed'],
    ['consent', 'consent-changed'],
  ] as const) {
    if (before[key] !== after[key]) tell(code, { place: key, texts: [before[key], after[key]] })
  }
  for (const key of ['visitDate', 'visitOccurred'] as const) {
    if (before[key] === after[key]) continue
    const texts = { before: before[key] ?? '–', after: after[key] ?? '–' }
    tell('visit-date-changed', { place: key, ...texts })
  }
  if (!same(before.subjectStates, after.subjectStates)) {
    tell('subject-states-changed', { place: 'subjectStates' })
  }
  const followed = ({ followUpAfterDiscontinuation: goesOn = true }: StudyDefinition) => goesOn
  if (followed(before) !== followed(after)) {
    const code = followed(after) ? 'follow-up-goes-on' : 'follow-up-ends'
    tell(code, { place: 'followUpAfterDiscontinuation' })
  }
  each(before.subjectColumns, after.subjectColumns, 'column', tell)
}

/** Settings as people read them; objects by their parts. */
function settingText(value: unknown): string {
  if (value === undefined || value === null) return '–'
  if (typeof value !== 'object') return String(value)
  if (Array.isArray(value)) return listText(value.map(settingText))
  return Object.entries(value)
    .map(([key, part]) => `${key} ${settingText(part)}`)
    .join(', ')
}

type Kind = 'column' | 'population' | 'endpoint' | 'report'

/** Parts that are added, removed or changed as wholes. */
function each(
  before: readonly { oid: string; label?: Label; title?: Label }[],
  after: readonly { oid: string; label?: Label; title?: Label }[],
  kind: Kind,
  tell: Tell,
): void {
  for (const pair of pairsOf(before, after)) {
    const def = pair.after ?? pair.before
    const about = { place: def.oid, name: def.label ?? def.title }
    const code: ChangeCode | null =
      pair.before === null
        ? `${kind}-added`
        : pair.after === null
          ? `${kind}-removed`
          : same(pair.before, pair.after)
            ? null
            : `${kind}-changed`
    if (code) tell(code, about)
  }
  if (orderChanged(before, after)) {
    tell('order-changed', { place: `${kind}s`, name: { en: `${kind}s` } })
  }
}

function diffLists(before: StudyDefinition, after: StudyDefinition, tell: Tell): void {
  for (const pair of pairsOf(before.codeLists, after.codeLists)) {
    if (pair.before === null) tell('list-added', { place: pair.after.oid })
    else if (pair.after === null) tell('list-removed', { place: pair.before.oid })
    else diffList(pair.before, pair.after, tell)
  }
}

function diffList(before: CodeListDef, after: CodeListDef, tell: Tell): void {
  const place = after.oid
  const codes = ({ codes }: CodeListDef) =>
    codes.map((entry) => ({ oid: entry.code, renamedFrom: entry.replaces, entry }))
  const worded = (code: string, label: Label) =>
    ({
      en: `${code} (${label.en})`,
      ...(label.ja === undefined ? {} : { ja: `${code}（${label.ja}）` }),
      ...(label.zh === undefined ? {} : { zh: `${code}（${label.zh}）` }),
    }) as Label
  for (const { before: old, after: now } of pairsOf(codes(before), codes(after))) {
    const texts = {
      place,
      ...(old ? { before: worded(old.oid, old.entry.label) } : {}),
      ...(now ? { after: worded(now.oid, now.entry.label) } : {}),
    }
    if (old === null) tell('code-added', texts)
    else if (now === null) tell('code-removed', texts)
    else {
      if (old.oid !== now.oid) tell('code-replaced', texts)
      else if (!same(old.entry.label, now.entry.label)) {
        const [a, b] = inFull(old.entry.label, now.entry.label)
        tell('code-relabelled', {
          ...texts,
          before: worded(old.oid, a),
          after: worded(now.oid, b),
        })
      }
      if (old.entry.missing !== now.entry.missing) tell('code-missing-changed', texts)
    }
  }
  if (orderChanged(codes(before), codes(after))) {
    tell('order-changed', { place, name: { en: place } })
  }
}

const levels: readonly CheckDef['level'][] = ['info', 'soft', 'hard']

function diffChecks(before: StudyDefinition, after: StudyDefinition, tell: Tell): void {
  const named = (checks: readonly CheckDef[]) => checks.map((check) => ({ oid: check.id, check }))
  const all = (study: StudyDefinition) => named(studyChecks(study).map(({ check }) => check))
  for (const pair of pairsOf(all(before), all(after))) {
    const { check } = pair.after ?? pair.before
    const about = { place: check.id, form: check.form, item: check.item }
    if (pair.before === null) tell('check-added', { ...about, texts: [undefined, check.rule] })
    else if (pair.after === null) {
      tell('check-removed', { ...about, texts: [check.rule, undefined] })
    } else diffCheck(pair.before.check, pair.after.check, tell)
  }
}

function diffCheck(before: CheckDef, after: CheckDef, tell: Tell): void {
  const about = { place: after.id, form: after.form, item: after.item }
  if (before.form !== after.form || before.item !== after.item) {
    const at = ({ form, item }: CheckDef) => `${form}.${item}`
    tell('check-moved', { ...about, before: at(before), after: at(after) })
  }
  if (before.rule !== after.rule) {
    tell('check-rule-changed', { ...about, texts: [before.rule, after.rule] })
  }
  const bite = ({ level, at }: CheckDef) => levels.indexOf(level) * 2 + (at === 'save' ? 1 : 0)
  if (before.level !== after.level || before.at !== after.at) {
    const words = ({ level, at }: CheckDef) => (level === 'hard' ? `${level}, ${at}` : level)
    tell(bite(after) < bite(before) ? 'check-loosened' : 'check-tightened', {
      ...about,
      before: words(before),
      after: words(after),
    })
  }
  if (!same(before.message, after.message)) {
    tell('check-message-changed', { ...about, texts: [before.message.en, after.message.en] })
  }
  if (!same(before.tests, after.tests)) tell('check-tests-changed', about)
  for (const key of otherKeys(before, after, checkKeys)) {
    tell('source-changed', { ...about, name: { en: `${after.id} ${key}` } })
  }
}

const checkKeys = ['id', 'form', 'item', 'level', 'at', 'rule', 'message', 'tests']

function diffCalculated(before: StudyDefinition, after: StudyDefinition, tell: Tell): void {
  for (const pair of pairsOf(before.parameters, after.parameters)) {
    const def = pair.after ?? pair.before
    const about = { place: def.oid, name: def.label }
    if (pair.before === null) tell('parameter-added', { ...about, after: String(def.value) })
    else if (pair.after === null) tell('parameter-removed', about)
    else if (!same(pair.before, pair.after)) {
      const texts = { before: String(pair.before.value), after: String(pair.after.value) }
      tell('parameter-changed', { ...about, ...texts })
    }
  }
  for (const pair of pairsOf(before.variables, after.variables)) {
    const def = pair.after ?? pair.before
    const about = { place: def.oid, name: def.label }
    if (pair.before === null) tell('variable-added', about)
    else if (pair.after === null) tell('variable-removed', about)
    else if (!same(pair.before, pair.after)) {
      tell('variable-changed', { ...about, texts: [pair.before.value, pair.after.value] })
    }
  }
  for (const [name, a, b] of [
    ['parameters', before.parameters, after.parameters],
    ['variables', before.variables, after.variables],
  ] as const) {
    if (orderChanged(a, b)) tell('order-changed', { place: name, name: { en: name } })
  }
}

function diffAnalysis(before: StudyDefinition, after: StudyDefinition, tell: Tell): void {
  each(before.populations, after.populations, 'population', tell)
  each(before.endpoints, after.endpoints, 'endpoint', tell)
  each(before.reports, after.reports, 'report', tell)
  if (!same(before.paper, after.paper)) tell('paper-changed', { place: 'paper' })
}

function diffAllocation(before: StudyDefinition, after: StudyDefinition, tell: Tell): void {
  const old = before.allocation
  const now = after.allocation
  const place = 'allocation'
  if (!old || !now) {
    if (now) tell('allocation-added', { place })
    if (old) tell('allocation-removed', { place })
    return
  }
  const strata = ({ strata }: AllocationDef) => listText(strata.map(({ code }) => code))
  const arms = ({ arms }: AllocationDef) =>
    arms.map(({ code, ratio }) => `${code}:${ratio}`).join(', ')
  if (strata(old) !== strata(now)) {
    tell('strata-changed', { place, before: strata(old), after: strata(now) })
  }
  if (old.stratum !== now.stratum) {
    tell('stratum-rule-changed', { place, texts: [old.stratum, now.stratum] })
  }
  if (arms(old) !== arms(now)) tell('arms-changed', { place, before: arms(old), after: arms(now) })
  if (old.form !== now.form) {
    tell('allocation-form-changed', { place, before: old.form, after: now.form })
  }
  if (old.openLabel !== now.openLabel) tell('blinding-changed', { place })
  diffBlinding(old, now, tell)
  if (!same(old.preconditions, now.preconditions)) tell('preconditions-changed', { place })
  const labels = (def: AllocationDef) => [
    def.strata.map(({ label }) => label),
    def.arms.map(({ label }) => label),
  ]
  if (strata(old) === strata(now) && arms(old) === arms(now) && !same(labels(old), labels(now))) {
    tell('allocation-relabelled', { place })
  }
  for (const key of otherKeys(old, now, allocationKeys)) {
    tell('part-changed', { place: `allocation.${key}` })
  }
}

const allocationKeys = [
  'form',
  'stratum',
  'strata',
  'arms',
  'openLabel',
  'blinding',
  'preconditions',
]

/** To conceal more is possible at any time; to conceal less would be unblinding without the act. */
function diffBlinding(old: AllocationDef, now: AllocationDef, tell: Tell): void {
  const place = 'allocation.blinding'
  if (same(old.blinding, now.blinding)) return
  const parts = ({ blinding }: AllocationDef) => [
    ...(blinding?.arm ?? []).map((role) => `arm: ${role}`),
    ...(blinding?.byArm ?? []).map((role) => `byArm: ${role}`),
    ...(blinding?.conceals ?? []).map((name) => `conceals: ${name}`),
    ...(blinding?.board === 'shown' ? [] : ['board: masked']),
  ]
  const text = (def: AllocationDef) => parts(def).join(', ')
  const kept = new Set(parts(now))
  const isLess = parts(old).some((part) => !kept.has(part))
  tell(isLess ? 'blinding-loosened' : 'blinding-tightened', {
    place,
    before: text(old),
    after: text(now),
  })
}
