/** Words findings: the built-in ones in every language of the project, those of checks with their marks filled in. */

import type { Label, Language } from '#domain/definition/definition.ts'
import type { Compiled } from '#domain/expression/compile.ts'
import { explain } from '#domain/expression/explain.ts'
import type { Frame, Value, ValueType } from '#domain/expression/types.ts'
import { roundTo } from '#domain/values/decimal.ts'
import { codeLabel, formatDate, formatValue } from '#domain/values/format.ts'
import { unitSign } from '#domain/values/unit-sign.ts'
import type { CheckPlan, ItemPlan } from './compile-study.ts'
import type { CasebookEnvironment } from './environment.ts'
import { isOutside, type Limits, type RecordState, type Refusal } from './item-reader.ts'
import type { Finding, ItemPath, StoredValue } from './record.ts'

type Message = Finding['message']
type Texts = Required<Message>

function text(label: Label, language: Language): string {
  return label[language] ?? label.en
}

/** `Weight`, in a grid `Creatinine: Result`. */
function itemName(
  environment: CasebookEnvironment,
  record: RecordState,
  item: ItemPlan,
  row: string | null,
  language: Language,
): string {
  const label = text(item.indexed.item.label, language)
  const definition = row === null ? undefined : environment.rowDef(record, item, row)
  return definition ? `${text(definition.label, language)}: ${label}` : label
}

function each(make: (language: Language) => string): Texts {
  return { en: make('en'), ja: make('ja'), zh: make('zh') }
}

function shown(stored: StoredValue | undefined, derived: Value | undefined): string {
  if (typeof stored === 'string') return stored.length > 60 ? `${stored.slice(0, 60)}…` : stored
  if (Array.isArray(stored)) return stored.join(', ')
  if (stored !== undefined && typeof stored === 'object' && 'missing' in stored)
    return stored.missing
  return derived === undefined ? '' : formatValue(derived, 'en')
}

function rangeText(limits: {
  low: number | null
  high: number | null
  unit: string | null
}): string {
  const sign = limits.unit === null ? '' : unitSign(limits.unit)
  const unit = sign === '' ? '' : ` ${sign}`
  if (limits.low === null) return `≤ ${limits.high}${unit}`
  if (limits.high === null) return `≥ ${limits.low}${unit}`
  return `${limits.low}–${limits.high}${unit}`
}

/** A value that cannot stand: refused at once where it was typed; where it was derived, the form cannot be completed. */
export function refusalFinding(
  environment: CasebookEnvironment,
  record: RecordState,
  item: ItemPlan,
  path: ItemPath,
  row: string | null,
  refusal: Refusal,
  stored: StoredValue | undefined,
  derived: Value | undefined,
): Finding {
  const typed = stored !== undefined && item.entry !== 'never'
  const value = shown(typed ? stored : undefined, derived)
  const name = (language: Language): string => itemName(environment, record, item, row, language)
  let message: Texts
  let rule: string
  switch (refusal.check) {
    case 'TYPE':
    case 'CODE':
      message = each((language) => joined(name(language), refusal.message[language], language))
      rule =
        refusal.check === 'TYPE' ? item.indexed.item.type : (item.indexed.item.codeList ?? 'code')
      break
    case 'REASON':
      message = {
        en: `${name('en')}: ${value} is not a reason that is offered here.`,
        ja: `${name('ja')}：${value} はここでは選べない理由です。`,
        zh: `${name('zh')}：此处不能选择 ${value}。`,
      }
      rule = (item.indexed.item.missing ?? ['ND', 'UNK']).join(', ')
      break
    case 'FUTURE':
      message = {
        en: `${name('en')}: ${value} lies in the future.`,
        ja: `${name('ja')}：${value} は未来の日付です。`,
        zh: `${name('zh')}：${value} 是将来的日期。`,
      }
      rule = `<= ${environment.today}`
      break
    case 'HARD': {
      const range = rangeText(refusal)
      message = {
        en: `${name('en')}: ${value} is outside the possible range ${range}.`,
        ja: `${name('ja')}：${value} はあり得る範囲（${range}）の外です。`,
        zh: `${name('zh')}：${value} 超出可能的范围（${range}）。`,
      }
      rule = range
      break
    }
  }
  return {
    check: refusal.check === 'REASON' ? 'TYPE' : refusal.check,
    key: record.data.key,
    path,
    level: 'hard',
    at: typed ? 'save' : 'complete',
    message,
    rule,
    reads: [{ name: item.indexed.item.oid, value }],
  }
}

function joined(name: string, what: string, language: Language): string {
  return language === 'en' ? `${name}: ${what}.` : `${name}：${what}。`
}

/** Null where the value is plausible. */
export function softFinding(
  environment: CasebookEnvironment,
  record: RecordState,
  item: ItemPlan,
  path: ItemPath,
  row: string | null,
  value: number,
): Finding | null {
  if (item.indexed.item.soft === undefined) return null
  const limits: Limits | null = environment.limits(record, item, row, 'soft')
  if (limits === null || !isOutside(value, limits)) return null
  const range = rangeText(limits)
  const digits = item.derive === null ? undefined : item.indexed.item.digits
  const figure = formatValue(value, 'en', digits)
  const name = (language: Language): string => itemName(environment, record, item, row, language)
  return {
    check: 'SOFT',
    key: record.data.key,
    path,
    level: 'soft',
    at: 'complete',
    message: {
      en: `${name('en')}: ${figure} is outside the plausible range ${range}. Please check it.`,
      ja: `${name('ja')}：${figure} は通常の範囲（${range}）の外です。確認してください。`,
      zh: `${name('zh')}：${figure} 超出常见范围（${range}）。请核对。`,
    },
    rule: range,
    reads: [{ name: item.indexed.item.oid, value: figure }],
  }
}

export function requiredFinding(
  environment: CasebookEnvironment,
  record: RecordState,
  item: ItemPlan,
  path: ItemPath,
  row: string | null,
): Finding {
  const name = (language: Language): string => itemName(environment, record, item, row, language)
  return {
    check: 'REQUIRED',
    key: record.data.key,
    path,
    level: 'hard',
    at: 'complete',
    message: {
      en: `${name('en')} is not filled in.`,
      ja: `${name('ja')}が未入力です。`,
      zh: `${name('zh')}未填写。`,
    },
    rule: typeof item.indexed.item.required === 'string' ? item.indexed.item.required : 'required',
    reads: [],
  }
}

export function checkFinding(
  environment: CasebookEnvironment,
  record: RecordState,
  plan: CheckPlan,
  path: ItemPath,
  frame: Frame,
): Finding {
  const { check } = plan
  const message: Message = { en: check.message.en }
  for (const { language, parts } of plan.messages) {
    message[language] = parts
      .map((part) =>
        typeof part === 'string' ? part : markText(environment, part.compiled, frame, language),
      )
      .join('')
  }
  return {
    check: check.id,
    key: record.data.key,
    path,
    level: check.level,
    at: check.at,
    message,
    rule: check.rule,
    reads: explain(plan.rule, environment, frame).map(({ name, value }) => ({
      name,
      value: value === null ? '–' : formatValue(value, 'en'),
    })),
  }
}

function markText(
  environment: CasebookEnvironment,
  compiled: Compiled | null,
  frame: Frame,
  language: Language,
): string {
  const value = compiled?.evaluate(environment, frame) ?? null
  if (value === null || compiled === null) return '–'
  return typedText(environment, value, compiled.type, language)
}

/** A value as a person reads it: codes by their label, dates in words, numbers without binary noise. */
export function typedText(
  environment: CasebookEnvironment,
  value: Value,
  type: ValueType,
  language: Language,
): string {
  if ((type.kind === 'code' || type.kind === 'codes') && value !== null) {
    const list = environment.compiled.index.codeLists.get(type.list)
    const codes = Array.isArray(value) ? (value as readonly string[]) : [String(value)]
    return codes
      .map((code) => codeLabel(code, language, list))
      .join(language === 'en' ? ', ' : '、')
  }
  if (type.kind === 'date' && typeof value === 'string') return formatDate(value, language)
  if (typeof value === 'number') return formatValue(shortened(value), language)
  return formatValue(value, language)
}

/** A computed figure with as many decimals as say something. */
function shortened(value: number): number {
  return Math.abs(value) >= 1 ? roundTo(value, 3) : Number(value.toPrecision(3))
}
