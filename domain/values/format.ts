/** How values are shown to people. Only dates change with the language; numbers stay as they were typed. */
import type { StoredValue } from '#domain/casebook/record.ts'
import type { CodeListDef, ItemDef, Language } from '#domain/definition/definition.ts'
import type { MissingReason } from '#domain/definition/missing-reasons.ts'
import type { Value } from '#domain/expression/types.ts'
import { parseStored } from '#domain/values/data-type.ts'
import { numberText } from '#domain/values/decimal.ts'

const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

/** `21 Nov 2026`, `Nov 2026`, `2026`; in Japanese and Chinese `2026年11月21日` and so on. */
export function formatDate(date: string, language: Language): string {
  const [year = '', month, day] = date.split('-')
  if (language === 'en') {
    const name = month === undefined ? undefined : months[Number(month) - 1]
    return [day === undefined ? undefined : String(Number(day)), name, year]
      .filter((part) => part !== undefined)
      .join(' ')
  }
  const monthText = month === undefined ? '' : `${Number(month)}月`
  const dayText = day === undefined ? '' : `${Number(day)}日`
  return `${year}年${monthText}${dayText}`
}

/** `21 Nov 2026, 09:30 +09:00`: the local time of the place, with its offset. */
export function formatDateTime(text: string, language: Language): string {
  const match = /^(.{10})T(\d{2}:\d{2}(?::\d{2})?)(?:\.\d+)?(.*)$/.exec(text)
  if (!match) return text
  const [, date = '', time = '', zone = ''] = match
  const separator = language === 'en' ? ', ' : ' '
  return `${formatDate(date, language)}${separator}${time} ${zone === 'Z' ? 'UTC' : zone}`
}

const reasons: Record<MissingReason | 'BLANK', Record<Language, string>> = {
  ND: { en: 'Not done', ja: '実施せず', zh: '未做' },
  NA: { en: 'Not applicable', ja: '該当なし', zh: '不适用' },
  UNK: { en: 'Unknown', ja: '不明', zh: '不详' },
  NASK: { en: 'Not asked', ja: '聴取せず', zh: '未询问' },
  BLANK: { en: 'Not entered', ja: '未入力', zh: '未填写' },
}

export function missingReasonText(reason: MissingReason | 'BLANK', language: Language): string {
  return reasons[reason][language]
}

const yesNo: Record<Language, readonly [string, string]> = {
  en: ['Yes', 'No'],
  ja: ['はい', 'いいえ'],
  zh: ['是', '否'],
}

/** A stored entry as shown: what was typed, dates in words, codes by their label, a missing value by its reason. */
export function formatStored(
  item: Pick<ItemDef, 'type' | 'length' | 'digits' | 'codes'>,
  stored: StoredValue | null | undefined,
  language: Language,
  codeList?: CodeListDef,
): string {
  if (stored === null || stored === undefined) return ''
  if (typeof stored !== 'string') {
    if ('missing' in stored) return missingReasonText(stored.missing, language)
    const separator = language === 'en' ? ', ' : '、'
    return stored.map((code) => codeLabel(code, language, codeList)).join(separator)
  }
  if (item.type === 'code' || item.type === 'codes') return codeLabel(stored, language, codeList)
  const isDate = item.type === 'date' || item.type === 'partialDate'
  if (!isDate && item.type !== 'dateTime') return stored
  const parsed = parseStored(item, stored)
  // What cannot be read is shown as it was typed.
  if (!('value' in parsed) || typeof parsed.value !== 'string') return stored
  return isDate ? formatDate(parsed.value, language) : formatDateTime(parsed.value, language)
}

export function codeLabel(code: string, language: Language, codeList?: CodeListDef): string {
  const label = codeList?.codes.find((c) => c.code === code)?.label
  return label?.[language] ?? label?.en ?? code
}

/** A computed value as shown; `digits` rounds numbers. Dates are recognised by their form. */
export function formatValue(value: Value, language: Language, digits?: number): string {
  if (value === null) return ''
  if (typeof value === 'number') return numberText(value, digits)
  if (typeof value === 'boolean') return yesNo[language][value ? 0 : 1]
  if (typeof value === 'string') {
    if (/^\d{4}-\d{2}(-\d{2})?$/.test(value)) return formatDate(value, language)
    return /^\d{4}-\d{2}-\d{2}T/.test(value) ? formatDateTime(value, language) : value
  }
  if (Array.isArray(value)) return value.join(language === 'en' ? ', ' : '、')
  const duration = value as { months: number; days: number }
  return `${duration.months} mo ${duration.days} d`
}

/**
 * A computed value in the encoding of stored values, for derived items: numbers rounded to the item's digits where it has
 * them, yes/no as Y and N. Null where there is none.
 */
export function storedText(
  item: Pick<ItemDef, 'type' | 'digits'>,
  value: Value,
): string | readonly string[] | null {
  if (value === null) return null
  if (typeof value === 'number') {
    const digits = item.type === 'integer' ? 0 : item.digits
    return numberText(value, digits)
  }
  if (typeof value === 'boolean') return value ? 'Y' : 'N'
  if (typeof value === 'string' || Array.isArray(value)) return value as string | readonly string[]
  return null
}
