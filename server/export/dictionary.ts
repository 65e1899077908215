/** What the columns of an export mean: a table for machines and a page for people. */
import type { Language } from '#domain/definition/definition.ts'
import { inLanguage } from '../display.ts'
import type { ExportedStudy } from './all-versions.ts'
import { columnNames, type FormFile, fixedColumnMeanings, itemColumns } from './form-file.ts'

export const dictionaryColumns = [
  'FILE',
  'COLUMN',
  'FORM',
  'GROUP',
  'LABEL',
  'TYPE',
  'UNIT',
  'CODES',
  'DERIVED',
  'SOURCE',
] as const

export function dictionaryRows(
  study: ExportedStudy,
  files: readonly FormFile[],
  language: Language,
): string[][] {
  const concealed = study.concealed.map(({ form, group, item }) => {
    const inGroup = group.repeats === 'none' ? '' : group.oid
    const [formLabel, label] = [form.label, item.label].map((one) => inLanguage(one, language))
    return ['', item.oid, formLabel ?? '', inGroup, label ?? '', 'concealed', '', '', '', '']
  })
  const shown = files.flatMap((file) => {
    const formLabel = inLanguage(file.form.label, language)
    const rows: string[][] = []
    for (const [column, meaning] of Object.entries(fixedColumnMeanings)) {
      if (columnNames(file).includes(column)) {
        rows.push([file.name, column, formLabel, '', meaning, 'text', '', '', '', ''])
      }
    }
    for (const { item, group, hasLabel, hasMissing } of itemColumns(file)) {
      const label = inLanguage(item.label, language)
      const inGroup = group.repeats === 'none' ? '' : group.oid
      const list = item.codeList === undefined ? undefined : study.codeLists.get(item.codeList)
      const codes = (list?.codes ?? [])
        .filter(({ code }) => item.codes === undefined || item.codes.includes(code))
        .map((entry) => `${entry.code}=${inLanguage(entry.label, language)}`)
        .join('; ')
      const unit = item.unit === 'row' ? 'by row' : (item.unit ?? '')
      const head = [file.name, item.oid, formLabel, inGroup]
      rows.push([...head, label, item.type, unit, codes, item.derive ?? '', item.source ?? ''])
      if (hasLabel) {
        rows.push([
          file.name,
          `${item.oid}_LABEL`,
          formLabel,
          inGroup,
          `${label} (label of the code)`,
          'text',
          '',
          '',
          '',
          '',
        ])
      }
      if (hasMissing) {
        const reasons = 'ND=Not done; NA=Not applicable; UNK=Unknown; NASK=Not asked'
        rows.push([
          file.name,
          `${item.oid}_MISSING`,
          formLabel,
          inGroup,
          `${label} (reason why there is no value)`,
          'text',
          '',
          reasons,
          '',
          '',
        ])
      }
    }
    return rows
  })
  return [...shown, ...concealed]
}

export function readme(
  study: ExportedStudy,
  facts: { at: string; by: string; sites: string; hasBom: boolean },
): string {
  const { definition } = study
  return `${definition.name.en}: ${definition.title.en}

Exported ${facts.at} by ${facts.by}
Sites: ${facts.sites}
Study version ${study.number} (${study.label}), SHA-256 ${study.hash}

One CSV file a form, UTF-8${facts.hasBom ? ' with byte order mark' : ''}, lines end with CR LF, fields quoted as in RFC 4180.
A form with a grid or a table has one line for each row of it; the items outside the table are repeated
on each line. A form without a row entered keeps one line with an empty ROW. Removed forms are left out.

Values are as typed ("3.50" stays "3.50", a partial date stays "2016-03") or as calculated by the study's rules.
COLUMN_LABEL holds the words for a code; several codes are separated by ";".
COLUMN_MISSING holds the recorded reason where there is no value: ND not done, NA not applicable, UNK unknown,
NASK not asked. Value and reason both empty: nothing was entered.

Spreadsheets take a text that begins with = + - @ for a formula. Such a text, and one that begins with an
apostrophe, has one apostrophe put before it. Take that one away to get the exact value. Numbers are never changed.

STUDY_VERSION is the version of the study that the subject is on. Once data are on a later version than the first,
retired-items.csv holds the values that their version has no item for any more, one line a value, with the last
version that had it. Nothing that was ever entered is left out because a version dropped or renamed an item.

data-dictionary.csv names every column with its label, type, unit, codes and, where it is calculated, the rule.
${
  study.concealed.length === 0
    ? ''
    : `
Arms are concealed from the person who made this export. What would tell them is in no file; data-dictionary.csv names it with the
type "concealed".
`
}`
}
