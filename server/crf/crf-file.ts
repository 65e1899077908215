import type { StudyDefinition } from '#domain/definition/definition.ts'
import { pdfOf } from '../document/pdf.ts'
import { type CrfOptions, crfDocument } from './crf-document.ts'

export type CrfFile = { name: string; bytes: Buffer }

/** A version never changes, so neither does its print; the newest few are kept. */
const kept = new Map<string, Promise<CrfFile>>()
const mostKept = 24

/** The case report form as a PDF file with a name that says what it is. */
export function crfFile(definition: StudyDefinition, options: CrfOptions): Promise<CrfFile> {
  const { language, annotated, form, version } = options
  const key = [definition.oid, version.number, version.hash, language, annotated, form].join(' ')
  const known = kept.get(key)
  if (known) return known
  const made = pdfOf(crfDocument(definition, options)).then((bytes) => ({
    name: `${[
      definition.oid,
      form,
      annotated ? 'annotated' : 'blank',
      `v${version.number}`,
      language,
    ]
      .filter(Boolean)
      .join('_')}.pdf`,
    bytes,
  }))
  made.catch(() => kept.delete(key))
  kept.set(key, made)
  const [oldest] = kept.keys()
  if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest)
  return made
}
