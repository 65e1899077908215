/** What changed in forms, their groups and rows; items have a file of their own. */
import type { FixedRowDef, FormDef, ItemGroupDef, Label, StudyDefinition } from './definition.ts'
import {
  inFull,
  named,
  orderChanged,
  otherKeys,
  rangeChange,
  rangeText,
  ruleText,
  same,
  type Tell,
} from './diff-change.ts'
import { diffItems } from './diff-items.ts'
import { pairsOf } from './renames.ts'

export function diffForms(before: StudyDefinition, after: StudyDefinition, tell: Tell): void {
  for (const pair of pairsOf(before.forms, after.forms)) {
    const form = pair.after ?? pair.before
    const about = { place: form.oid, name: form.label, form: form.oid }
    if (pair.before === null) tell('form-added', about)
    else if (pair.after === null) tell('form-removed', about)
    else {
      if (pair.renamed) tell('form-renamed', { ...about, before: pair.before.oid })
      diffForm(pair.before, pair.after, tell)
      diffItems(pair.before, pair.after, { before, after }, tell)
    }
  }
  if (orderChanged(before.forms, after.forms)) {
    tell('order-changed', { place: 'forms', name: { en: 'forms', ja: 'フォーム', zh: '表单' } })
  }
}

function diffForm(before: FormDef, after: FormDef, tell: Tell): void {
  const about = { place: after.oid, name: after.label, form: after.oid }
  if (!same(before.label, after.label)) {
    const [old, now] = inFull(before.label, after.label)
    tell('form-relabelled', { ...about, before: old, after: now })
  }
  if (before.repeats !== after.repeats) {
    const now = after.repeats
      ? { en: 'has any number of entries', ja: '何件でも記入', zh: '可有任意多条记录' }
      : { en: 'is filled once', ja: '1件のみ記入', zh: '只填写一次' }
    tell('form-repeats-changed', { ...about, after: now })
  }
  if ((before.system ?? false) !== (after.system ?? false)) {
    const now = after.system
      ? { en: 'is filled by the system', ja: 'システムが記入', zh: '由系统填写' }
      : { en: 'is filled by people', ja: '人が記入', zh: '由人填写' }
    tell('form-system-changed', { ...about, after: now })
  }
  if (!same(before.signature, after.signature)) tell('signature-changed', about)
  for (const key of otherKeys(before, after, formKeys)) {
    tell('form-settings-changed', { ...about, after: key })
  }
  diffGroups(before, after, tell)
}

const formKeys = ['oid', 'renamedFrom', 'label', 'repeats', 'system', 'signature', 'groups']

function diffGroups(before: FormDef, after: FormDef, tell: Tell): void {
  const form = after.oid
  for (const pair of pairsOf(before.groups, after.groups)) {
    const group = pair.after ?? pair.before
    const about = { place: `${form}.${group.oid}`, name: group.label, form }
    if (pair.before === null) tell('group-added', about)
    else if (pair.after === null) tell('group-removed', about)
    else {
      if (pair.renamed) tell('group-renamed', { ...about, before: pair.before.oid })
      diffGroup(pair.before, pair.after, form, tell)
    }
  }
  if (orderChanged(before.groups, after.groups)) {
    tell('order-changed', { place: form, name: named(form, after.label), form })
  }
}

const repeatWords: Readonly<Record<ItemGroupDef['repeats'], Label>> = {
  none: { en: 'none', ja: 'なし', zh: '无' },
  rows: { en: 'added by people', ja: '追記式', zh: '可添加' },
  fixed: { en: 'pre-printed', ja: '固定', zh: '固定' },
  fixedOpen: { en: 'pre-printed and added', ja: '固定＋追記', zh: '固定并可添加' },
}

function diffGroup(before: ItemGroupDef, after: ItemGroupDef, form: string, tell: Tell): void {
  const place = `${form}.${after.oid}`
  const about = { place, name: after.label, form }
  if (!same(before.label, after.label) || !same(before.hint, after.hint)) {
    tell('group-relabelled', about)
  }
  if (before.repeats !== after.repeats) {
    const words = { before: repeatWords[before.repeats], after: repeatWords[after.repeats] }
    tell('group-repeats-changed', { ...about, ...words })
  }
  if (before.when !== after.when) {
    tell('group-condition-changed', {
      ...about,
      texts: [ruleText(before.when), ruleText(after.when)],
    })
  }
  const isShown = before.layout === after.layout && before.rowItem === after.rowItem
  if (!isShown) tell('group-layout-changed', about)
  for (const key of otherKeys(before, after, groupKeys)) {
    tell('item-setting-changed', { ...about, after: key })
  }
  diffRows(before, after, form, tell)
  if (!same(before.rowSets, after.rowSets)) tell('row-sets-changed', about)
  if (orderChanged(before.items, after.items)) tell('order-changed', about)
}

const groupKeys = [
  'oid',
  'renamedFrom',
  'label',
  'hint',
  'repeats',
  'when',
  'layout',
  'rowItem',
  'rows',
  'rowSets',
  'items',
]

function diffRows(before: ItemGroupDef, after: ItemGroupDef, form: string, tell: Tell): void {
  const group = `${form}.${after.oid}`
  const named = (rows: readonly FixedRowDef[] | undefined) =>
    (rows ?? []).map((row) => ({ oid: row.key, row }))
  const pairs = pairsOf(named(before.rows), named(after.rows))
  for (const pair of pairs) {
    const key = (pair.after ?? pair.before).oid
    const about = { place: `${group}[${key}]`, name: after.label, form }
    if (pair.before === null) tell('row-added', { ...about, after: key })
    else if (pair.after === null) tell('row-removed', { ...about, before: key })
    else diffRow(pair.before.row, pair.after.row, form, `${group}[${key}]`, tell)
  }
  if (orderChanged(named(before.rows), named(after.rows))) {
    tell('order-changed', { place: group, name: after.label, form })
  }
}

function diffRow(
  before: FixedRowDef,
  after: FixedRowDef,
  form: string,
  place: string,
  tell: Tell,
): void {
  const about = { place, name: after.label, form }
  if (!same(before.label, after.label) || !same(before.note, after.note)) {
    tell('row-relabelled', { ...about, name: { en: form }, after: after.key })
  }
  if (before.unit !== after.unit) {
    tell('row-unit-changed', { ...about, before: before.unit ?? '–', after: after.unit ?? '–' })
  }
  if (!same(before.units, after.units)) tell('row-units-changed', about)
  if (!same(before.reference, after.reference)) {
    const texts = { before: rangeText(before.reference), after: rangeText(after.reference) }
    tell('row-reference-changed', { ...about, ...texts })
  }
  for (const [key, code] of [
    ['soft', 'range'],
    ['hard', 'limits'],
  ] as const) {
    const change = rangeChange(before[key], after[key])
    const texts = { before: rangeText(before[key]), after: rangeText(after[key]) }
    if (change) tell(`${code}-${change}`, { ...about, ...texts })
  }
  if ((before.required ?? true) !== (after.required ?? true)) {
    tell((after.required ?? true) ? 'row-required' : 'row-not-required', about)
  }
  for (const key of otherKeys(before, after, rowKeys)) {
    tell('item-setting-changed', { ...about, after: key })
  }
}

const rowKeys = ['key', 'label', 'note', 'unit', 'units', 'reference', 'soft', 'hard', 'required']
