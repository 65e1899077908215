/**
 * From what was typed to the value that logic uses. The stored text is source data and is never changed here; it is read
 * by the item's data type each time it is used.
 */
import type { StoredValue } from '#domain/casebook/record.ts'
import type { CodeListDef, ItemDef, Label } from '#domain/definition/definition.ts'
import type { MissingReason } from '#domain/definition/missing-reasons.ts'
import type { Value } from '#domain/expression/types.ts'
import { isInstant } from '#domain/values/instant.ts'
import { isFullDate, isPartialDate } from '#domain/values/partial-date.ts'
import { narrowFigures, narrowText } from '#domain/values/typed-text.ts'

/** What of an item decides how its values are read. */
export type TypedItem = Pick<ItemDef, 'type' | 'length' | 'digits' | 'codes'>
/** `TYPE`: not a value of this type; `CODE`: not a code of this list. */
export type ValueFinding = { code: 'TYPE' | 'CODE'; message: Required<Label> }
export type ParsedValue = { value: Value } | { finding: ValueFinding }

/** Years outside are slips of the keyboard (0214, 3014), not dates of a study. */
const firstYear = 1850
const lastYear = 2199
/** Significant digits that a number keeps exactly. */
const mostDigits = 15

function wrong(en: string, ja: string, zh: string, code: 'TYPE' | 'CODE' = 'TYPE'): ParsedValue {
  return { finding: { code, message: { en, ja, zh } } }
}

/**
 * The value of a stored entry: number, ISO date text, code, codes or text; null for a missing reason, for empty text and
 * for a code that means missing. A finding says why the text is none of the type. `codeList` is needed for code items.
 */
export function parseStored(
  item: TypedItem,
  stored: StoredValue,
  codeList?: CodeListDef,
): ParsedValue {
  if (typeof stored !== 'string') {
    if (!Array.isArray(stored)) return { value: null }
    return parseCodes(item, stored, codeList)
  }
  const narrow = narrowText(stored)
  if (narrow === '') return { value: null }
  switch (item.type) {
    case 'text':
      return parseText(item, stored)
    case 'file':
      return { value: stored }
    case 'integer':
      return parseInteger(item, stored)
    case 'decimal':
      return parseDecimal(item, stored)
    case 'date':
    case 'partialDate':
      return parseDate(item, stored)
    case 'dateTime':
      return parseDateTime(stored)
    case 'time':
      return parseTime(stored)
    case 'code':
      return parseCode(item, narrow, codeList)
    case 'codes':
      return parseCodes(item, [stored], codeList)
  }
}

/** Why a stored entry has no value: its recorded reason or that of its code; null where it has a value. */
export function missingReasonOf(
  item: TypedItem,
  stored: StoredValue | null | undefined,
  codeList?: CodeListDef,
): MissingReason | 'BLANK' | null {
  if (stored === null || stored === undefined) return 'BLANK'
  if (typeof stored === 'string') {
    const narrow = narrowText(stored)
    if (narrow === '') return 'BLANK'
    if (item.type !== 'code') return null
    return codeList?.codes.find((c) => c.code === narrow)?.missing ?? null
  }
  if ('missing' in stored) return stored.missing
  return stored.length === 0 ? 'BLANK' : null
}

/**
 * The tidy text of an entry: figures narrow, dates in ISO form. Logic does not need it (`parseStored` reads both); forms
 * may offer it, and exports use it. Null where the text is not of the type.
 */
export function tidyText(item: TypedItem, typed: string): string | null {
  switch (item.type) {
    case 'integer':
    case 'decimal': {
      const text = narrowFigures(typed)
      return decimalPattern.test(text) ? text : null
    }
    case 'date':
    case 'partialDate':
      return isoDate(narrowFigures(typed))
    case 'dateTime':
      return isoDateTime(typed)
    case 'time':
      return isoTime(typed)
    case 'code':
      return narrowText(typed)
    default:
      return typed
  }
}

function parseText(item: TypedItem, typed: string): ParsedValue {
  const most = item.length
  const size = [...typed].length
  if (most !== undefined && size > most) {
    return wrong(
      `longer than ${most} characters (${size})`,
      `${most}文字を超えています（${size}文字）`,
      `超过${most}个字符（${size}个）`,
    )
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly these must not be stored
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(typed)) {
    return wrong('contains control characters', '制御文字が含まれています', '含有控制字符')
  }
  return { value: typed }
}

const decimalPattern = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/

function parseInteger(item: TypedItem, typed: string): ParsedValue {
  const text = narrowFigures(typed)
  if (!/^[+-]?\d+$/.test(text)) {
    return wrong(
      `${shown(typed)} is not a whole number`,
      `${shown(typed)} は整数ではありません`,
      `${shown(typed)} 不是整数`,
    )
  }
  return limited(item.length, 0, text)
}

function parseDecimal(item: TypedItem, typed: string): ParsedValue {
  const text = narrowFigures(typed)
  if (decimalPattern.test(text)) return limited(item.length, item.digits, text)
  if (/^[+-]?[\d.]+(,\d+)+(\.\d+)?$/.test(text)) {
    return wrong(
      `${shown(typed)}: write the decimal sign as a point and no thousands separator`,
      `${shown(typed)}：小数点はピリオドで、桁区切りなしで入力してください`,
      `${shown(typed)}：小数点请用句点，不要使用千位分隔符`,
    )
  }
  return wrong(
    `${shown(typed)} is not a number`,
    `${shown(typed)} は数値ではありません`,
    `${shown(typed)} 不是数字`,
  )
}

/** dec(5,1): at most four digits before the point and one after it. Trailing zeros after the point do not count. */
function limited(
  length: number | undefined,
  digits: number | undefined,
  text: string,
): ParsedValue {
  const [whole = '', fraction = ''] = text.replace(/^[+-]/, '').split('.')
  const before = whole.replace(/^0+/, '').length
  const after = fraction.replace(/0+$/, '').length
  if (digits !== undefined && after > digits) {
    return wrong(
      `at most ${digits} decimals`,
      `小数点以下は${digits}桁までです`,
      `小数最多${digits}位`,
    )
  }
  if (length !== undefined && before > length - (digits ?? 0)) {
    const most = length - (digits ?? 0)
    return wrong(
      `at most ${most} digits before the point`,
      `整数部は${most}桁までです`,
      `整数部分最多${most}位`,
    )
  }
  if (before + after > mostDigits) {
    return wrong(
      `more than ${mostDigits} digits`,
      `${mostDigits}桁を超えています`,
      `超过${mostDigits}位数字`,
    )
  }
  return { value: Number(text) + 0 }
}

/**
 * ISO form of a date typed year first: `2016-3-15`, `2016/3/15`, `2016.03.15`, `2016年3月15日`, `20160315`, or as far as
 * known. Null for anything else; whether such a day exists is asked separately.
 */
function isoDate(text: string): string | null {
  const match =
    /^(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?$/.exec(text) ??
    /^(\d{4})年(?:(\d{1,2})月(?:(\d{1,2})日)?)?$/.exec(text) ??
    /^(\d{4})(\d{2})(\d{2})$/.exec(text)
  if (!match) return null
  return [match[1], match[2], match[3]]
    .filter((part) => part !== undefined)
    .map((part) => part.padStart(2, '0'))
    .join('-')
}

function parseDate(item: TypedItem, typed: string): ParsedValue {
  const iso = isoDate(narrowFigures(typed))
  const [year] = iso ? iso.split('-') : []
  const isReal = iso !== null && isPartialDate(iso)
  if (!isReal || Number(year) < firstYear || Number(year) > lastYear) {
    return wrong(
      `${shown(typed)} is not a date; write 2016-03-15`,
      `${shown(typed)} は日付ではありません（例：2016-03-15）`,
      `${shown(typed)} 不是日期（例：2016-03-15）`,
    )
  }
  if (item.type === 'date' && !isFullDate(iso)) {
    return wrong(
      `${shown(typed)}: the full date is needed`,
      `${shown(typed)}：年月日すべてが必要です`,
      `${shown(typed)}：需要完整的年月日`,
    )
  }
  return { value: iso }
}

function isoDateTime(typed: string): string | null {
  const match = /^(.+?)[T ]+(\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?) ?(Z|[+-]\d{2}:?\d{2})$/i.exec(
    narrowFigures(typed),
  )
  if (!match) return null
  const [, day = '', time = '', zone = ''] = match
  const date = isoDate(day)
  const offset = zone.toUpperCase().replace(/^([+-]\d{2}):?(\d{2})$/, '$1:$2')
  const text = `${date}T${time.padStart(time.indexOf(':') === 1 ? time.length + 1 : 0, '0')}${offset}`
  return date !== null && isInstant(text) ? text : null
}

function parseDateTime(typed: string): ParsedValue {
  const text = isoDateTime(typed)
  if (text !== null) return { value: text }
  return wrong(
    `${shown(typed)} is not a date and time with offset; write 2016-03-15T09:30+09:00`,
    `${shown(typed)} は時差つきの日時ではありません（例：2016-03-15T09:30+09:00）`,
    `${shown(typed)} 不是带时差的日期时间（例：2016-03-15T09:30+09:00）`,
  )
}

function isoTime(typed: string): string | null {
  const match = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(narrowFigures(typed))
  if (!match) return null
  const [, hour = '', minute = '', second] = match
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second ?? 0) > 59) return null
  return `${hour.padStart(2, '0')}:${minute}${second === undefined ? '' : `:${second}`}`
}

function parseTime(typed: string): ParsedValue {
  const time = isoTime(typed)
  if (time !== null) return { value: time }
  return wrong(
    `${shown(typed)} is not a time; write 09:30`,
    `${shown(typed)} は時刻ではありません（例：09:30）`,
    `${shown(typed)} 不是时间（例：09:30）`,
  )
}

function parseCode(item: TypedItem, code: string, codeList: CodeListDef | undefined): ParsedValue {
  const entry = codeList?.codes.find((c) => c.code === code)
  const isOffered = !item.codes || item.codes.includes(code)
  if (!entry || !isOffered) return strangeCode(code)
  return { value: entry.missing ? null : entry.code }
}

function parseCodes(
  item: TypedItem,
  stored: readonly string[],
  codeList: CodeListDef | undefined,
): ParsedValue {
  if (item.type !== 'codes') {
    return wrong('one value is needed', '値は1つだけです', '只能有一个值')
  }
  const codes = [...new Set(stored.map(narrowText))].filter((code) => code !== '')
  for (const code of codes) {
    const found = parseCode(item, code, codeList)
    if ('finding' in found) return found
  }
  return { value: codes.length === 0 ? null : codes }
}

function strangeCode(code: string): ParsedValue {
  return wrong(
    `${shown(code)} is not one of the codes of this list`,
    `${shown(code)} はこのリストのコードではありません`,
    `${shown(code)} 不是此列表中的代码`,
    'CODE',
  )
}

/** What was typed, cut so that a message stays a message. */
function shown(typed: string): string {
  return typed.length > 40 ? `${typed.slice(0, 40)}…` : typed
}
