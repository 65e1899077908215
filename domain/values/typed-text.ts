/** Reads what people type: Japanese keyboards give full-width digits and signs, spreadsheets odd dashes and spaces. */

const dashes = /[\u2010-\u2015\u2212\u30fc\uff0d\ufe63]/g

/** Full-width ASCII to ASCII, any kind of space to a plain one, trimmed. The typed text itself is kept elsewhere. */
export function narrowText(typed: string): string {
  return typed
    .replace(/[\uff01-\uff5e]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
    .replace(/[\u3000\u00a0\u2002-\u200a\u202f]/g, ' ')
    .trim()
}

/** As `narrowText`, and every kind of dash is a hyphen: for numbers, dates and times. */
export function narrowFigures(typed: string): string {
  return narrowText(typed.replace(dashes, '-')).replace(/[\u3002\uff61]/g, '.')
}

export const qualifiers = ['EQ', 'LT', 'LE', 'GT', 'GE'] as const
export type Qualifier = (typeof qualifiers)[number]

const signs: Record<string, Qualifier> = {
  '<': 'LT',
  '<=': 'LE',
  '≤': 'LE',
  '≦': 'LE',
  '>': 'GT',
  '>=': 'GE',
  '≥': 'GE',
  '≧': 'GE',
  '=': 'EQ',
}

/**
 * Splits a result such as `>1650` into the qualifier item's code and the number's text; a plain number has EQ. Null
 * where what is left is not a number.
 */
export function splitQualifier(typed: string): { qualifier: Qualifier; text: string } | null {
  const narrow = narrowFigures(typed)
  const match = /^(<=|>=|[<>=≤≥≦≧])?\s*([+-]?(?:\d+(?:\.\d*)?|\.\d+))$/.exec(narrow)
  if (!match) return null
  const qualifier = match[1] === undefined ? 'EQ' : signs[match[1]]
  return qualifier === undefined ? null : { qualifier, text: match[2] as string }
}
