/** What changed in the items of a form that both versions have. */
import type { FormDef, ItemDef, ItemType, StudyDefinition } from './definition.ts'
import {
  inFull,
  listText,
  otherKeys,
  rangeChange,
  rangeText,
  ruleText,
  same,
  type Tell,
} from './diff-change.ts'
import { typeWords } from './diff-text.ts'
import { type PlacedItem, pairsOf, placedItems } from './renames.ts'

type Versions = { before: StudyDefinition; after: StudyDefinition }

export function diffItems(before: FormDef, after: FormDef, versions: Versions, tell: Tell): void {
  const form = after.oid
  for (const pair of pairsOf(placedItems(before), placedItems(after))) {
    const { item } = pair.after ?? pair.before
    const about = { place: `${form}.${item.oid}`, name: item.label, form, item: item.oid }
    if (pair.before === null) {
      const isAsked = item.required !== undefined && item.required !== false
      tell(isAsked ? 'item-added-required' : 'item-added', about)
    } else if (pair.after === null) {
      tell('item-removed', about)
    } else {
      if (pair.renamed) tell('item-renamed', { ...about, before: pair.before.oid })
      diffGroupOf(pair.before, pair.after, form, tell)
      diffItem(pair.before.item, pair.after.item, form, versions, tell)
    }
  }
}

function diffGroupOf(before: PlacedItem, after: PlacedItem, form: string, tell: Tell): void {
  const old = before.group
  const now = after.group
  if (old.oid === now.oid || now.renamedFrom === old.oid) return
  const goesAlong = old.repeats === 'none' && now.repeats === 'none'
  tell(goesAlong ? 'item-moved' : 'item-moved-apart', {
    place: `${form}.${after.oid}`,
    name: after.item.label,
    form,
    item: after.oid,
    before: old.oid,
    after: now.oid,
  })
}

const itemKeys = [
  'oid',
  'renamedFrom',
  'label',
  'hint',
  'type',
  'length',
  'digits',
  'unit',
  'codeList',
  'codes',
  'soft',
  'hard',
  'required',
  'when',
  'derive',
  'entry',
  'preset',
  'missing',
  'future',
  'source',
]

function diffItem(
  before: ItemDef,
  after: ItemDef,
  form: string,
  versions: Versions,
  tell: Tell,
): void {
  const place = `${form}.${after.oid}`
  const about = { place, name: after.label, form, item: after.oid }
  if (!same(before.label, after.label)) {
    const [old, now] = inFull(before.label, after.label)
    tell('item-relabelled', { ...about, before: old, after: now })
  }
  if (!same(before.hint, after.hint)) tell('item-hint-changed', about)
  if (before.type !== after.type) {
    tell(isWider(before.type, after.type) ? 'item-retyped-wider' : 'item-retyped', {
      ...about,
      before: typeWords[before.type],
      after: typeWords[after.type],
    })
  }
  diffLength(before, after, about, tell)
  if (before.unit !== after.unit) {
    const texts = { before: before.unit ?? '–', after: after.unit ?? '–' }
    tell('item-unit-changed', { ...about, ...texts })
  }
  diffList(before, after, versions, about, tell)
  for (const [key, code] of [
    ['soft', 'range'],
    ['hard', 'limits'],
  ] as const) {
    const change = rangeChange(before[key], after[key])
    const texts = { before: rangeText(before[key]), after: rangeText(after[key]) }
    if (change) tell(`${code}-${change}`, { ...about, ...texts })
  }
  diffRules(before, after, about, tell)
  for (const key of otherKeys(before, after, itemKeys)) {
    tell('item-setting-changed', { ...about, after: key })
  }
}

type About = { place: string; name: ItemDef['label']; form: string; item: string }

/** Whether every text that was valid for the one type is for the other. */
function isWider(before: ItemType, after: ItemType): boolean {
  if (after === 'text') return before !== 'codes' && before !== 'file'
  return (
    (before === 'integer' && after === 'decimal') || (before === 'date' && after === 'partialDate')
  )
}

function diffLength(before: ItemDef, after: ItemDef, about: About, tell: Tell): void {
  if (before.length === after.length && before.digits === after.digits) return
  const size = ({ length, digits }: ItemDef) =>
    digits === undefined ? `${length ?? '–'}` : `${length ?? '–'}.${digits}`
  const room = (value: number | undefined) => value ?? Number.POSITIVE_INFINITY
  const before_ = room(before.length) - (before.digits ?? 0)
  const isNarrower =
    room(after.length) - (after.digits ?? 0) < before_ ||
    room(after.digits) < room(before.digits) ||
    room(after.length) < room(before.length)
  tell(isNarrower ? 'item-length-narrowed' : 'item-length-widened', {
    ...about,
    before: size(before),
    after: size(after),
  })
}

/** Another list, or other codes of it; changes inside a list are told of the list. */
function diffList(
  before: ItemDef,
  after: ItemDef,
  versions: Versions,
  about: About,
  tell: Tell,
): void {
  if (before.codeList !== after.codeList && before.codeList && after.codeList) {
    const texts = { before: before.codeList, after: after.codeList }
    tell('item-list-changed', { ...about, ...texts })
  } else if (before.codeList !== after.codeList && before.type === after.type) {
    tell('item-list-changed', {
      ...about,
      before: before.codeList ?? '–',
      after: after.codeList ?? '–',
    })
  }
  if (same(before.codes, after.codes)) return
  const all = (definition: StudyDefinition, item: ItemDef) =>
    definition.codeLists.find(({ oid }) => oid === item.codeList)?.codes.map(({ code }) => code) ??
    []
  const old = before.codes ?? all(versions.before, before)
  const now = after.codes ?? all(versions.after, after)
  const lost = old.filter((code) => !now.includes(code))
  const added = now.filter((code) => !old.includes(code))
  if (lost.length > 0) tell('item-codes-removed', { ...about, before: listText(lost) })
  if (added.length > 0) tell('item-codes-added', { ...about, after: listText(added) })
  if (lost.length === 0 && added.length === 0) {
    tell('item-setting-changed', { ...about, after: 'codes' })
  }
}

function diffRules(before: ItemDef, after: ItemDef, about: About, tell: Tell): void {
  if (!same(before.required ?? false, after.required ?? false)) {
    const texts = [ruleText(before.required), ruleText(after.required)] as const
    const code =
      (before.required ?? false) === false
        ? 'item-required'
        : (after.required ?? false) === false
          ? 'item-not-required'
          : after.required === true
            ? 'item-required'
            : 'item-required-changed'
    tell(code, { ...about, texts })
  } else if (before.required !== after.required) {
    tell('item-setting-changed', { ...about, after: 'required' })
  }
  if (before.when !== after.when) {
    tell('item-condition-changed', { ...about, texts: [before.when, after.when] })
  }
  if (before.derive !== after.derive) {
    const code =
      before.derive === undefined
        ? 'derivation-added'
        : after.derive === undefined
          ? 'derivation-removed'
          : 'derivation-changed'
    tell(code, { ...about, texts: [before.derive, after.derive] })
  }
  if (before.entry !== after.entry) {
    const texts = { before: before.entry ?? 'never', after: after.entry ?? 'never' }
    tell('entry-mode-changed', { ...about, ...texts })
  }
  if (before.preset !== after.preset) {
    tell('preset-changed', { ...about, texts: [before.preset, after.preset] })
  }
  if (!same(before.missing, after.missing)) {
    const reasons = (item: ItemDef) => listText(item.missing ?? ['ND', 'UNK'])
    tell('missing-reasons-changed', { ...about, before: reasons(before), after: reasons(after) })
  }
  if (before.future !== after.future) tell('future-changed', about)
  if (before.source !== after.source) tell('source-changed', about)
}
