/** Texts of R code. Everything that comes from a definition goes through here, so that no text can become code. */

/** An R string: ASCII with escapes, so that the locale in which R runs does not matter. */
export function rString(text: string): string {
  let escaped = ''
  for (const character of text) {
    const code = character.codePointAt(0) as number
    if (character === '"' || character === '\\') escaped += `\\${character}`
    else if (code >= 0x20 && code < 0x7f) escaped += character
    else if (code === 0) escaped += ''
    else if (code <= 0xffff) escaped += `\\u${code.toString(16).padStart(4, '0')}`
    else escaped += `\\U${code.toString(16).padStart(8, '0')}`
  }
  return `"${escaped}"`
}

export function rStrings(texts: readonly string[]): string {
  return texts.length === 0 ? 'character(0)' : `c(${texts.map(rString).join(', ')})`
}

/** `c("A" = "Label of A")`; an empty vector where there is nothing. */
export function rNamed(entries: readonly (readonly [string, string])[]): string {
  if (entries.length === 0) return 'character(0)'
  return `c(${entries.map(([name, value]) => `${rString(name)} = ${rString(value)}`).join(', ')})`
}

/** One line of comment: printable ASCII stays, other characters become question marks, lines cannot end it. */
export function rComment(text: string): string {
  return `# ${text.replaceAll(/[^\x20-\x7e]/g, (one) => (/\s/.test(one) ? ' ' : '?'))}`
}

export function rNumber(value: number): string {
  return Number.isFinite(value) ? String(value) : 'NA'
}

export function rNumbers(values: readonly number[]): string {
  return `c(${values.map(rNumber).join(', ')})`
}
