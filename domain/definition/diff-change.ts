/** How a difference becomes a sentence with a place; shared by the parts of the comparison. */
import type { Label, Language } from './definition.ts'
import { type ChangeCode, type ChangeSeverity, sentenceOf, severityOf } from './diff-text.ts'
import { canonicalJson } from './hash.ts'

export type DefinitionChange = {
  /** Stable, kebab-case: tests and tools may rely on it. */
  code: ChangeCode
  severity: ChangeSeverity
  /** What it is about: `F_VS.WEIGHT`, `CL_NY.Y`, `W4`, `EC-03`; names of the newer version where both have it. */
  place: string
  /** The form, and the item of it, whose stored values it concerns. */
  form: string | null
  item: string | null
  text: Required<Label>
  /** Texts of both sides where the sentence does not hold them: rules, conditions, derivations. */
  before: string | null
  after: string | null
}

export type Told = {
  place: string
  /** What the sentence calls it; the place itself where it has no label. */
  name?: Label | undefined
  form?: string
  item?: string
  before?: Label | string | undefined
  after?: Label | string | undefined
  /** Rules, put beside the sentence. */
  texts?: readonly [string | undefined, string | undefined]
}

export type Tell = (code: ChangeCode, told: Told) => void

export function teller(changes: DefinitionChange[]): Tell {
  return (code, { place, name, form, item, before, after, texts }) => {
    changes.push({
      code,
      severity: severityOf(code),
      place,
      form: form ?? null,
      item: item ?? null,
      text: sentenceOf(code, {
        place,
        name: named(place, name),
        ...(before === undefined ? {} : { before }),
        ...(after === undefined ? {} : { after }),
      }),
      before: texts?.[0] ?? null,
      after: texts?.[1] ?? null,
    })
  }
}

/** `Weight (F_VS.WEIGHT)`, in each language. */
export function named(place: string, label: Label | undefined): Required<Label> {
  const say = (language: Language) => {
    const text = label === undefined ? undefined : (label[language] ?? label.en)
    return text === undefined || text === place ? place : `${text} (${place})`
  }
  return { en: say('en'), ja: say('ja'), zh: say('zh') }
}

export const same = (a: unknown, b: unknown): boolean =>
  canonicalJson(a ?? null) === canonicalJson(b ?? null)

/** A rule or a setting as text; undefined where there is none. */
export const ruleText = (rule: string | boolean | undefined): string | undefined =>
  rule === undefined ? undefined : String(rule)

export const listText = (values: readonly string[]): string => values.join(', ') || '–'

export type Range = readonly [number | null, number | null]

export const rangeText = (range: Range | 'row' | undefined): string =>
  range === undefined ? '–' : range === 'row' ? 'row' : `[${range[0] ?? ''}, ${range[1] ?? ''}]`

/** Whether a range lets through less, more, or partly other numbers than before; an absent one lets through all. */
export function rangeChange(
  before: Range | 'row' | undefined,
  after: Range | 'row' | undefined,
): 'tightened' | 'loosened' | 'changed' | null {
  if (same(before, after)) return null
  if (before === 'row' || after === 'row') return 'changed'
  const [low, high] = before ?? [null, null]
  const [newLow, newHigh] = after ?? [null, null]
  const least = (end: number | null) => end ?? Number.NEGATIVE_INFINITY
  const most = (end: number | null) => end ?? Number.POSITIVE_INFINITY
  const isWithin = least(newLow) >= least(low) && most(newHigh) <= most(high)
  const isAround = least(newLow) <= least(low) && most(newHigh) >= most(high)
  if (isWithin && isAround) return null
  return isWithin ? 'tightened' : isAround ? 'loosened' : 'changed'
}

/** Tells of another order of what both sides have. */
export function orderChanged(
  before: readonly { oid: string }[],
  after: readonly { oid: string }[],
): boolean {
  const old = new Set(before.map(({ oid }) => oid))
  const both = after.map(({ oid }) => oid).filter((oid) => old.has(oid))
  const kept = new Set(both)
  return !same(
    before.map(({ oid }) => oid).filter((oid) => kept.has(oid)),
    both,
  )
}

/** Keys beyond those that have sentences of their own whose values differ. */
export function otherKeys(before: object, after: object, known: readonly string[]): string[] {
  const a = before as Record<string, unknown>
  const b = after as Record<string, unknown>
  return [...new Set([...Object.keys(a), ...Object.keys(b)])]
    .filter((key) => !known.includes(key) && !same(a[key], b[key]))
    .sort()
}

/** Both wordings in each language, falling back to English where one is not translated. */
export function inFull(before: Label, after: Label): [Label, Label] {
  const only = (['ja', 'zh'] as const).filter((language) => before[language] !== after[language])
  if (before.en !== after.en || only.length === 0) return [before, after]
  // The English is the same: say which translation became which.
  const [language] = only
  const text = (label: Label) => label[language as 'ja' | 'zh'] ?? '–'
  return [{ en: text(before) }, { en: text(after) }]
}
