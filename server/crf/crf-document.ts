/**
 * The case report form on paper, from the definition alone: blank, to be filled by pen where the network is down or to be
 * filed with the protocol, or annotated with names, types, lists, limits and checks, as reviewers of a study expect it.
 */

import type { Content, TableCell } from 'pdfmake/interfaces.js'
import { studyChecks } from '#domain/casebook/study-checks.ts'
import type {
  FixedRowDef,
  FormDef,
  ItemDef,
  ItemGroupDef,
  Language,
  StudyDefinition,
} from '#domain/definition/definition.ts'
import { inLanguage } from '../display.ts'
import type { PrintedDocument } from '../document/pdf.ts'
import { crfWords } from './crf-words.ts'
import {
  cellSpace,
  codesOf,
  entrySpace,
  longestChoice,
  noteColour,
  type Print,
} from './entry-space.ts'
import { schedulePages } from './schedule-pages.ts'

export type CrfOptions = {
  language: Language
  annotated: boolean
  /** One form alone; without it the whole book with schedule and contents. */
  form?: string
  version: { number: number; label: string; hash: string }
}

/** The book, or one form of it. Throws nothing: a form the study does not have gives an empty book, so ask before. */
export function crfDocument(definition: StudyDefinition, options: CrfOptions): PrintedDocument {
  const { language, annotated, version } = options
  const word = crfWords(language)
  const print: Print = {
    language,
    annotated,
    word,
    codeLists: new Map(definition.codeLists.map((list) => [list.oid, list])),
  }
  const title = word(annotated ? 'annotatedTitle' : 'blankTitle')
  const name = inLanguage(definition.name, language)
  const forms = definition.forms.filter((form) => !options.form || form.oid === options.form)
  const isBook = options.form === undefined
  return {
    language,
    pageSize: 'A4',
    pageMargins: [40, 54, 40, 46],
    info: { title: `${name}, ${title}`, subject: inLanguage(definition.title, language) },
    header: () => ({
      margin: [40, 22, 40, 0],
      columns: [
        { text: name, bold: true, width: 'auto' },
        { text: title, alignment: 'right', color: '#444444' },
      ],
    }),
    footer: (page, pages) => ({
      margin: [40, 10, 40, 0],
      fontSize: 7,
      color: '#444444',
      columns: [
        {
          text: `${word('version')} ${version.label} (${version.number}) · ${version.hash.slice(0, 16)}`,
        },
        { text: `${page} / ${pages}`, alignment: 'right', width: 50 },
      ],
    }),
    content: [
      ...(isBook ? [cover(definition, title, options, print)] : []),
      ...(isBook
        ? [
            {
              toc: { title: { text: word('contents'), bold: true, fontSize: 13 } },
              pageBreak: 'before' as const,
            },
            ...schedulePages(definition, print),
          ]
        : []),
      ...forms.map((form, index) => formPages(definition, form, print, isBook || index > 0)),
    ],
  }
}

function cover(
  definition: StudyDefinition,
  title: string,
  { version }: CrfOptions,
  { language, word }: Print,
): Content {
  return {
    margin: [0, 150, 0, 0],
    stack: [
      { text: inLanguage(definition.name, language), fontSize: 22, bold: true },
      { text: inLanguage(definition.title, language), fontSize: 12, margin: [0, 10, 0, 30] },
      { text: title, fontSize: 16, margin: [0, 0, 0, 20] },
      { text: `${word('protocol')} ${definition.protocol.version}` },
      { text: `${word('version')} ${version.label} (${version.number})` },
      { text: `${word('hash')} ${version.hash}`, fontSize: 8 },
    ],
  }
}

function formPages(
  definition: StudyDefinition,
  form: FormDef,
  print: Print,
  isNewPage: boolean,
): Content {
  const { language, annotated, word } = print
  const address = [word('site'), word('subject'), word('visit')]
  if (form.repeats) address.push(word('entry'))
  return {
    ...(isNewPage ? { pageBreak: 'before' as const, pageOrientation: 'portrait' as const } : {}),
    stack: [
      heading(form, print),
      ...(form.system ? [{ text: word('system'), color: '#777777' }] : []),
      {
        margin: [0, 6, 0, 6],
        table: {
          widths: address.map(() => '*'),
          body: [
            address.map(
              (label): TableCell => ({ text: `${label}\n `, fontSize: 7, color: '#444444' }),
            ),
          ],
        },
        layout: grid,
      },
      ...(form.hint ? [{ text: inLanguage(form.hint, language), color: '#444444' }] : []),
      ...form.groups.map((group) => groupBlock(group, print)),
      ...longLists(form, print),
      ...(annotated ? checkLines(definition, form, print) : []),
      ...(form.signature
        ? [
            {
              margin: [0, 14, 0, 0] as [number, number, number, number],
              stack: [
                { text: inLanguage(form.signature.meaning, language) },
                { text: word('signature'), color: '#444444', margin: [0, 3, 0, 16] as never },
                {
                  canvas: [{ type: 'line' as const, x1: 0, y1: 0, x2: 320, y2: 0, lineWidth: 0.6 }],
                },
              ],
            },
          ]
        : []),
    ],
  }
}

function heading(form: FormDef, { language, annotated }: Print): Content {
  const label = { text: inLanguage(form.label, language), tocItem: true, fontSize: 14, bold: true }
  return annotated
    ? {
        columns: [
          { ...label, width: 'auto' },
          { ...note(form.oid), margin: [8, 6, 0, 0] },
        ],
      }
    : label
}

function groupBlock(group: ItemGroupDef, print: Print): Content {
  const { language, annotated, word } = print
  const isGrid =
    group.repeats === 'fixed' ||
    group.repeats === 'fixedOpen' ||
    (group.repeats === 'rows' && group.items.length <= 7)
  return {
    margin: [0, 8, 0, 0],
    stack: [
      ...(group.label || annotated
        ? [
            {
              text: [
                ...(group.label
                  ? [{ text: inLanguage(group.label, language), bold: true, fontSize: 10.5 }]
                  : []),
                ...(annotated ? [note(`  ${group.oid}`)] : []),
              ],
            },
          ]
        : []),
      ...(group.hint ? [{ text: inLanguage(group.hint, language), color: '#444444' }] : []),
      ...(annotated && group.when ? [note(`${word('onlyWhen')}: ${group.when}`)] : []),
      isGrid ? gridTable(group, print) : itemTable(group, print),
      ...(isGrid ? gridNotes(group, print) : []),
    ],
  }
}

function itemTable(group: ItemGroupDef, print: Print): Content {
  return {
    margin: [0, 3, 0, 0],
    table: {
      widths: ['42%', '*'],
      dontBreakRows: true,
      body: group.items.map((item) => [
        itemLabel(item, print),
        entrySpace(item, print, item.unit === 'row' ? undefined : item.unit),
      ]),
    },
    layout: thin,
  }
}

function gridTable(group: ItemGroupDef, print: Print): Content {
  const { annotated } = print
  const rows: readonly (FixedRowDef | null)[] = [
    ...(group.repeats === 'rows' ? [] : (group.rows ?? [])),
    ...(group.repeats === 'fixed' ? [] : Array.from({ length: 5 }, () => null)),
  ]
  const columns = group.items.filter(
    (item) =>
      (group.repeats === 'rows' || item.oid !== group.rowItem) &&
      (annotated || item.derive === undefined || (item.entry ?? 'never') !== 'never'),
  )
  const hasRowLabels = group.repeats !== 'rows'
  const rowItem = group.items.find((item) => item.oid === group.rowItem)
  const head: TableCell[] = [
    ...(hasRowLabels ? [rowItem ? columnLabel(rowItem, print) : { text: '' }] : []),
    ...columns.map((item) => columnLabel(item, print)),
  ]
  const size = columns.length > 6 ? 7 : 8
  return {
    margin: [0, 3, 0, 0],
    fontSize: size,
    table: {
      headerRows: 1,
      dontBreakRows: true,
      widths: [
        ...(hasRowLabels ? [columns.length > 6 ? 80 : 120] : []),
        ...columns.map(() => '*' as const),
      ],
      body: [
        head,
        ...rows.map((row): TableCell[] => [
          ...(hasRowLabels ? [row ? rowLabel(row, print) : { text: ' \n ' }] : []),
          ...columns.map((item) => cellSpace(item, print)),
        ]),
      ],
    },
    layout: grid,
  }
}

/** Hints, and in the annotated form everything else, of a grid's items: its columns are too narrow for them. */
function gridNotes(group: ItemGroupDef, print: Print): Content[] {
  const { language, annotated } = print
  const lines = group.items.flatMap((item) => {
    const hint = item.hint ? inLanguage(item.hint, language) : ''
    if (annotated) return [`${annotation(item, print)}${hint ? ` · ${hint}` : ''}`]
    return hint ? [`${inLanguage(item.label, language)}: ${hint}`] : []
  })
  return lines.map((text) =>
    annotated ? { ...note(text), margin: [0, 1, 0, 0] } : { text, fontSize: 7, color: '#444444' },
  )
}

function columnLabel(item: ItemDef, { language, annotated }: Print): Content {
  const label = `${inLanguage(item.label, language)}${item.required === true ? ' *' : ''}`
  return annotated ? { text: [label, note(`\n${item.oid}`)] } : { text: label }
}

function rowLabel(row: FixedRowDef, { language, annotated }: Print): Content {
  const unit = row.unit ? `, ${row.unit}` : ''
  const text = `${inLanguage(row.label, language)}${unit}`
  if (!annotated) return { text }
  const limits = [range('', row.soft), range('', row.hard)].filter(Boolean).join(' / ')
  return { text: [text, note(`\n${row.key}${limits ? ` ${limits}` : ''}`)] }
}

function itemLabel(item: ItemDef, print: Print): Content {
  const { language, annotated } = print
  const label = `${inLanguage(item.label, language)}${item.required === true ? ' *' : ''}`
  const hint = item.hint
    ? [{ text: `\n${inLanguage(item.hint, language)}`, fontSize: 7, color: '#444444' }]
    : []
  if (!annotated) return { text: [label, ...hint] }
  return { text: [label, ...hint, note(`\n${annotation(item, print)}`)] }
}

/** What a reviewer wants to know of an item, in one paragraph. */
function annotation(item: ItemDef, { word }: Print): string {
  const size = item.length ? `(${item.length}${item.digits ? `,${item.digits}` : ''})` : ''
  return [
    `${item.oid}: ${item.type}${size}${item.unit ? ` ${item.unit}` : ''}`,
    item.codeList,
    item.required === true ? word('required') : '',
    typeof item.required === 'string' ? `${word('required')}: ${item.required}` : '',
    range(word('plausible'), item.soft),
    range(word('possible'), item.hard),
    item.when ? `${word('onlyWhen')}: ${item.when}` : '',
    item.derive ? `${word('derivation')}: ${item.derive}` : '',
    item.missing ? `${word('missing')}: ${item.missing.join(' ')}` : '',
  ]
    .filter(Boolean)
    .join(' · ')
}

function range(label: string, limits: ItemDef['soft']): string {
  if (!limits || limits === 'row') return ''
  const [low, high] = limits
  const text = low === null ? `≤ ${high}` : high === null ? `≥ ${low}` : `${low}–${high}`
  return label ? `${label} ${text}` : text
}

/** Lists too long for the place of the item, in words and codes. */
function longLists(form: FormDef, print: Print): Content[] {
  const { language, word } = print
  const seen = new Map<string, ItemDef>()
  for (const item of form.groups.flatMap((group) => group.items)) {
    if (item.codeList && codesOf(item, print).length > longestChoice)
      seen.set(`${item.codeList} ${item.codes?.join() ?? ''}`, item)
  }
  if (seen.size === 0) return []
  return [
    { text: word('codeLists'), bold: true, fontSize: 10.5, margin: [0, 12, 0, 2] },
    ...[...seen.values()].map(
      (item): Content => ({
        margin: [0, 2, 0, 2],
        fontSize: 7.5,
        text: [
          { text: `${item.codeList}  `, bold: true },
          codesOf(item, print)
            .map(({ code, label }) => `${code} ${inLanguage(label, language)}`)
            .join(' · '),
        ],
      }),
    ),
  ]
}

const levelWords = { hard: 'refuses', soft: 'asks', info: 'notes' } as const

function checkLines(definition: StudyDefinition, form: FormDef, print: Print): Content[] {
  const { language, word } = print
  const checks = studyChecks(definition)
    .map(({ check }) => check)
    .filter((check) => check.form === form.oid)
  if (checks.length === 0) return []
  return [
    { text: word('checks'), bold: true, fontSize: 10.5, margin: [0, 12, 0, 2] },
    {
      fontSize: 7.5,
      table: {
        headerRows: 0,
        dontBreakRows: true,
        widths: [62, 42, '*', '*'],
        body: checks.map((check) => [
          { text: check.id, bold: true },
          { text: word(levelWords[check.level]) },
          { text: [`${inLanguage(check.message, language)} `, note(check.item)] },
          note(check.rule),
        ]),
      },
      layout: thin,
    },
  ]
}

function note(text: string) {
  return { text, color: noteColour, fontSize: 6.5 }
}

const grid = {
  hLineWidth: () => 0.4,
  vLineWidth: () => 0.3,
  hLineColor: () => '#aaaaaa',
  vLineColor: () => '#cccccc',
  paddingTop: () => 2,
  paddingBottom: () => 2,
}

const thin = {
  hLineWidth: () => 0.4,
  vLineWidth: () => 0,
  hLineColor: () => '#aaaaaa',
  paddingTop: () => 3,
  paddingBottom: () => 3,
}
