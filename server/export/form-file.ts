/**
 * One form as a table: a row per record or, where the form has a repeating group, per row of it, with the items outside the
 * group repeated. Each item has its value as typed or calculated; codes also their label, entered items the reason where
 * there is none.
 */
import {
  type FormValues,
  isMissingValue,
  itemPath,
  parseItemPath,
  type StoredValue,
} from '#domain/casebook/record.ts'
import type { FormDef, ItemDef, ItemGroupDef, Language } from '#domain/definition/definition.ts'
import { codeLabel } from '#domain/values/format.ts'
import type { ExportedStudy } from './all-versions.ts'

export type FormFile = {
  /** Without extension, e.g. `F_LB`. */
  name: string
  form: FormDef
  /** The repeating group whose rows are the rows of the file; null: a row per record. */
  group: ItemGroupDef | null
}

/** The files of a form: one, or one per repeating group where it has several. */
export function filesOf(form: FormDef): FormFile[] {
  const repeating = form.groups.filter((group) => group.repeats !== 'none')
  if (repeating.length === 0) return [{ name: form.oid, form, group: null }]
  const alone = repeating.length === 1
  return repeating.map((group) => ({
    name: alone ? form.oid : `${form.oid}_${group.oid}`,
    form,
    group,
  }))
}

const fixedColumns = [
  'SUBJECT',
  'SITE',
  'EVENT',
  'EVENT_REPEAT',
  'FORM_REPEAT',
  'FORM_STATE',
  'STUDY_VERSION',
] as const

export const fixedColumnMeanings: Readonly<Record<string, string>> = {
  SUBJECT: 'Subject key',
  SITE: 'Site code',
  EVENT: 'Visit or log (StudyEventOID)',
  EVENT_REPEAT: 'Which of several unscheduled visits (StudyEventRepeatKey)',
  FORM_REPEAT: 'Which instance of a log form (FormRepeatKey)',
  FORM_STATE: 'State of the form when exported',
  STUDY_VERSION: 'Study version the form was entered under',
  ROW: 'Row of the grid (ItemGroupRepeatKey)',
}

export type ItemColumns = {
  item: ItemDef
  group: ItemGroupDef
  hasLabel: boolean
  hasMissing: boolean
}

export function itemColumns({ form, group }: FormFile): ItemColumns[] {
  return form.groups
    .filter((one) => one.repeats === 'none' || one === group)
    .flatMap((one) =>
      one.items.map((item) => ({
        item,
        group: one,
        hasLabel: (item.type === 'code' || item.type === 'codes') && item.codeList !== undefined,
        hasMissing: item.derive === undefined || (item.entry ?? 'never') !== 'never',
      })),
    )
}

export function columnNames(file: FormFile): string[] {
  const items = itemColumns(file).flatMap(({ item, hasLabel, hasMissing }) => [
    item.oid,
    ...(hasLabel ? [`${item.oid}_LABEL`] : []),
    ...(hasMissing ? [`${item.oid}_MISSING`] : []),
  ])
  return [...fixedColumns, ...(file.group ? ['ROW'] : []), ...items]
}

export type ExportRecord = {
  subjectKey: string
  siteCode: string
  event: string
  eventRepeat: number
  formRepeat: number
  state: string
  versionNumber: number
  data: FormValues
  derived: FormValues
}

/** A reader of one file, prepared once; its function turns a record into rows. */
export function rowsOf(
  study: Pick<ExportedStudy, 'codeLists'>,
  file: FormFile,
  language: Language,
): (record: ExportRecord) => string[][] {
  const columns = itemColumns(file).map((column) => ({
    ...column,
    list:
      column.item.codeList === undefined ? undefined : study.codeLists.get(column.item.codeList),
    isRowName: column.group.rowItem === column.item.oid,
  }))
  const fixedRows = new Set((file.group?.rows ?? []).map((row) => row.key))
  return (record) => {
    const head = [
      record.subjectKey,
      record.siteCode,
      record.event,
      String(record.eventRepeat),
      String(record.formRepeat),
      record.state,
      String(record.versionNumber),
    ]
    const rows = file.group ? enteredRows(record, file.group) : [null]
    return rows.map((row) => {
      const cells = file.group ? [...head, row ?? ''] : [...head]
      for (const { item, group, hasLabel, hasMissing, list, isRowName } of columns) {
        const inGroup = group.repeats !== 'none'
        const path = itemPath(group.oid, inGroup ? row : null, item.oid)
        const stored =
          inGroup && row === null
            ? undefined
            : (record.data[path] ??
              record.derived[path] ??
              (isRowName && row !== null && fixedRows.has(row) ? row : undefined))
        cells.push(valueText(stored))
        if (hasLabel) cells.push(labelText(stored, (code) => codeLabel(code, language, list)))
        if (hasMissing) cells.push(stored && isMissingValue(stored) ? stored.missing : '')
      }
      return cells
    })
  }
}

const separator = ';'

function valueText(stored: StoredValue | undefined): string {
  if (stored === undefined || isMissingValue(stored)) return ''
  return typeof stored === 'string' ? stored : stored.join(separator)
}

function labelText(stored: StoredValue | undefined, label: (code: string) => string): string {
  if (stored === undefined || isMissingValue(stored)) return ''
  return typeof stored === 'string' ? label(stored) : stored.map(label).join(separator)
}

/** Rows with something entered, in the order of the form and then of entry; a record without any keeps one line. */
function enteredRows(record: ExportRecord, group: ItemGroupDef): (string | null)[] {
  const found = new Set<string>()
  const prefix = `${group.oid}[`
  for (const path of Object.keys(record.data)) {
    if (!path.startsWith(prefix)) continue
    const row = parseItemPath(path)?.row
    if (row) found.add(row)
  }
  if (found.size === 0) return [null]
  const fixed = (group.rows ?? []).map((row) => row.key).filter((key) => found.has(key))
  const added = [...found].filter((key) => !fixed.includes(key)).sort()
  return [...fixed, ...added]
}
