import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { extname } from 'node:path'
import { type Language, languages } from '#domain/definition/definition.ts'
import { definitionHash } from '#domain/definition/hash.ts'
import type { BookSource } from '#server/book/book.ts'
import { type BookFormat, bookFile, bookFormats } from '#server/book/book-file.ts'
import { studyDefinition } from '#studies/demo/study-definition.ts'
import { cohortReports } from './report-cohort.ts'
import { cohortOf } from './report-script.ts'
import type { Say } from './say.ts'

export type BookAsked = { folder: string; out: string; language?: string | undefined }

/** The report book of a demo cohort, from its reports computed in memory. */
export function cohortBook(name: string): BookSource {
  const { definition } = studyDefinition(name)
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
  const version = { number: 1, label: definition.version, hash: definitionHash(definition, sha256) }
  const results = cohortReports(name).map((result) => ({ ...result, studyVersion: version }))
  const [first] = results
  if (!first) throw new Error(`${name} has no reports`)
  return {
    study: definition,
    version,
    dataAsOf: first.dataAsOf,
    cut: null,
    arms: first.arms,
    parameters: {},
    engineVersion: first.engineVersion,
    names: definition,
    results,
  }
}

/** `casebook report book`: exit status 2 for a folder without a cohort, an ending or a language that is not known. */
export async function reportBook(
  { folder, out, language = 'en' }: BookAsked,
  say: Say,
): Promise<number> {
  const format = extname(out).slice(1)
  if (!isFormat(format)) {
    say.error(`${out}: the book is written as ${bookFormats.map((one) => `.${one}`).join(' or ')}.`)
    return 2
  }
  if (!isLanguage(language)) {
    say.error(`${language} is none of the languages ${languages.join(', ')}.`)
    return 2
  }
  const name = cohortOf(folder, say)
  if (name === null) return 2
  const source = cohortBook(name)
  const { bytes } = await bookFile(source, { format, language })
  writeFileSync(out, bytes)
  say.out(`${source.results.length} reports, ${bytes.length} bytes in ${out}`)
  return 0
}

const isFormat = (text: string): text is BookFormat =>
  (bookFormats as readonly string[]).includes(text)
const isLanguage = (text: string): text is Language =>
  (languages as readonly string[]).includes(text)
