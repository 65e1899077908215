import { isMissingValue, type StoredValue } from '#domain/casebook/record.ts'
import type { CodeListDef, FixedRowDef, ItemDef, Language } from '#domain/definition/definition.ts'
import { labelText } from '#domain/definition/label-text.ts'
import { unitSign } from '#domain/values/unit-sign.ts'

/** The text an input shows for a stored value; a missing reason is shown by a chip instead. */
export function typedText(value: StoredValue | undefined): string {
  return typeof value === 'string' ? value : ''
}

/** A computed number without the zeros that only its number of places brings: `15.0000` is shown as `15`. */
export function computedText(value: StoredValue | undefined, item: ItemDef): string {
  const text = typedText(value)
  return item.type === 'decimal' && /^-?\d+\.\d*0$/.test(text) ? text.replace(/\.?0+$/, '') : text
}

/** A stored value in words: code labels, joined codes, the missing reason. */
export function valueText(
  value: StoredValue | null | undefined,
  item: ItemDef,
  codeLists: ReadonlyMap<string, CodeListDef>,
  language: Language,
  missingWord: (reason: string) => string,
): string {
  if (value === null || value === undefined) return ''
  if (isMissingValue(value)) return missingWord(value.missing)
  const list = item.codeList === undefined ? undefined : codeLists.get(item.codeList)
  const word = (code: string) => {
    const entry = list?.codes.find((candidate) => candidate.code === code)
    return entry ? labelText(entry.label, language) : code
  }
  if (Array.isArray(value)) return value.map(word).join(', ')
  return list ? word(value as string) : (value as string)
}

/** Codes of an item in list order, narrowed by the item's own subset. */
export function codesOf(item: ItemDef, codeLists: ReadonlyMap<string, CodeListDef>) {
  const list = item.codeList === undefined ? undefined : codeLists.get(item.codeList)
  if (!list) return []
  return item.codes ? list.codes.filter((entry) => item.codes?.includes(entry.code)) : list.codes
}

export function unitOf(item: ItemDef, row: FixedRowDef | null): string | null {
  const ucum = item.unit === 'row' ? row?.unit : item.unit
  return ucum === undefined ? null : unitSign(ucum) || null
}

/** The plausible range as faint text: `30–120`, `≥ 0`; null where there is none. */
export function rangeText(item: ItemDef, row: FixedRowDef | null): string | null {
  const range = item.soft === 'row' ? row?.soft : item.soft
  if (!range) return null
  const [low, high] = range
  if (low !== null && high !== null) return `${low}–${high}`
  if (low !== null) return `≥ ${low}`
  return high === null ? null : `≤ ${high}`
}

const monthNames = [
  'jan',
  'feb',
  'mar',
  'apr',
  'may',
  'jun',
  'jul',
  'aug',
  'sep',
  'oct',
  'nov',
  'dec',
]

/**
 * Reads the ways people type dates (`20160305`, `2016/3/5`, `5 mar 2016`, `2016年3月5日`, `2016-03`) into ISO text; text that
 * is not clearly one date is left as typed, for the rules to refuse. Day-month order without a month name is never guessed.
 */
export function isoFromTyped(typed: string): string {
  const text = typed.normalize('NFKC').trim()
  const pad = (part: string) => part.padStart(2, '0')
  let match = /^(\d{4})(\d{2})(\d{2})$/.exec(text)
  if (match) return `${match[1]}-${match[2]}-${match[3]}`
  match = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/.exec(text)
  if (match) return `${match[1]}-${pad(match[2] as string)}-${pad(match[3] as string)}`
  match = /^(\d{4})[-/.年](\d{1,2})月?$/.exec(text)
  if (match) return `${match[1]}-${pad(match[2] as string)}`
  match = /^(?:(\d{1,2})[ -])?([A-Za-z]{3})[a-z]*[ -](\d{4})$/.exec(text)
  if (match) {
    const month = monthNames.indexOf((match[2] as string).toLowerCase()) + 1
    if (month > 0) {
      const head = `${match[3]}-${pad(String(month))}`
      return match[1] ? `${head}-${pad(match[1])}` : head
    }
  }
  return text
}

/** Splits `>1650`, `< 5`, `≧10` into the qualifier code and the number; null when there is no qualifier. */
export function splitQualified(
  typed: string,
): { qualifier: 'LT' | 'GT' | 'LE' | 'GE'; number: string } | null {
  const match = /^(<=|>=|<|>|≤|≥|≦|≧)\s*(\d+(?:\.\d+)?)$/.exec(typed.normalize('NFKC').trim())
  if (!match) return null
  const qualifier = {
    '<': 'LT',
    '>': 'GT',
    '<=': 'LE',
    '≤': 'LE',
    '≦': 'LE',
    '>=': 'GE',
    '≥': 'GE',
    '≧': 'GE',
  } as const
  return { qualifier: qualifier[match[1] as keyof typeof qualifier], number: match[2] as string }
}

/** Typing `nd`, `na`, `unk` instead of a value records the missing reason, where the item offers it. */
export function missingFromTyped(
  typed: string,
  item: ItemDef,
): 'ND' | 'NA' | 'UNK' | 'NASK' | null {
  const word = typed.trim().toUpperCase()
  const offered = item.missing ?? ['ND', 'UNK']
  return offered.find((reason) => reason === word) ?? null
}
