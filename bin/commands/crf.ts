import { existsSync, statSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { type Language, languages } from '#domain/definition/definition.ts'
import { findingText, hasErrors } from '#domain/definition/finding.ts'
import { crfDocument } from '#server/crf/crf-document.ts'
import { pdfOf } from '#server/document/pdf.ts'
import { type Say, streams } from './say.ts'
import { loadStudy } from './study-files.ts'

const usage = [
  'casebook crf print <folder> [--annotated] [--language en|ja|zh] [--form OID] [--out FILE]',
  '    prints the case report form of a study definition as PDF, blank or with names, types, lists and checks',
  'Exit status: 0 written, 1 the definition has errors, 2 bad use.',
].join('\n')

/** `casebook crf print`: the case report form on paper, straight from a folder. */
export async function crf(words: string[], say: Say = streams): Promise<number> {
  const asked = readWords(words)
  if (!asked || !existsSync(asked.folder) || !statSync(asked.folder).isDirectory()) {
    if (asked) say.error(`There is no folder ${asked.folder}.`)
    say.error(usage)
    return 2
  }
  const { definition, findings, hash } = loadStudy(asked.folder)
  if (!definition || hasErrors(findings)) {
    for (const finding of findings.filter(({ severity }) => severity === 'error'))
      say.error(findingText(finding))
    return 1
  }
  const { form, language, annotated } = asked
  if (form && !definition.forms.some((one) => one.oid === form)) {
    say.error(
      `${definition.oid} has no form ${form}: known are ${definition.forms.map((one) => one.oid).join(', ')}.`,
    )
    return 2
  }
  const version = { number: 0, label: definition.version, hash: hash ?? '' }
  const bytes = await pdfOf(crfDocument(definition, { language, annotated, form, version }))
  const file = asked.out ?? `${definition.oid}${form ? `_${form}` : ''}_crf_${language}.pdf`
  writeFileSync(file, bytes)
  say.out(`${file}: ${Math.round(bytes.length / 1024)} kB`)
  return 0
}

type Asked = {
  folder: string
  annotated: boolean
  language: Language
  form: string | undefined
  out: string | undefined
}

function readWords(words: string[]): Asked | null {
  try {
    const { values, positionals } = parseArgs({
      args: words,
      allowPositionals: true,
      options: {
        annotated: { type: 'boolean', default: false },
        language: { type: 'string', default: 'en' },
        form: { type: 'string' },
        out: { type: 'string' },
      },
    })
    const [verb, folder, ...rest] = positionals
    const language = languages.find((one) => one === values.language)
    if (verb !== 'print' || folder === undefined || rest.length > 0 || !language) return null
    return { folder, annotated: values.annotated, language, form: values.form, out: values.out }
  } catch {
    return null
  }
}
