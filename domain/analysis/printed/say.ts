import type { Label, Language } from '#domain/definition/definition.ts'
import { labelText } from '#domain/definition/label-text.ts'
import type { TestResult } from '../report-result.ts'
import type { PrintedLine } from './printed-report.ts'
import { type PrintedWords, printedWords } from './words.ts'

/** What the printers of the kinds share: labels in the reader's language, tests in words, and the notes of one table. */
export type Say = {
  language: Language
  words: PrintedWords
  label: (label: Label) => string
}

export function sayIn(language: Language): Say {
  return {
    language,
    words: printedWords[language],
    label: (label) => labelText(label, language),
  }
}

/** `p = 0.023`, `p < 0.001`; a dash where there is none. */
export function pText(text: string): string {
  return /^[<>]/.test(text) ? `p ${text}` : `p = ${text}`
}

/** Collects the reasons behind missing numbers; the same reason has one mark. */
export class Notes {
  private readonly texts: string[] = []

  /** `NA a)`: the text with the mark of its reason, or alone where it needs none. */
  mark(text: string, note: string | null | undefined): string {
    if (!note) return text
    const known = this.texts.indexOf(note)
    const at = known < 0 ? this.texts.push(note) - 1 : known
    return `${text} ${letter(at)})`
  }

  all(): string[] {
    return this.texts.map((text, at) => `${letter(at)}) ${text}`)
  }
}

function letter(at: number): string {
  const last = String.fromCharCode(97 + (at % 26))
  return at < 26 ? last : `${letter(Math.floor(at / 26) - 1)}${last}`
}

/** A test in a column of p-values: the number, and quietly the name of the test. */
export function testLine(test: TestResult, say: Say, notes: Notes): PrintedLine {
  return {
    text: notes.mark(test.text, test.note && say.label(test.note)),
    quiet: say.words.tests[test.name],
  }
}

/** A test under a number: `p = 0.02` with its name, all of it quiet. */
export function quietTest(test: TestResult, say: Say, notes: Notes, named = true): PrintedLine {
  const text = notes.mark(pText(test.text), test.note && say.label(test.note))
  return { text: '', quiet: named ? `${text} ${say.words.tests[test.name]}` : text }
}
