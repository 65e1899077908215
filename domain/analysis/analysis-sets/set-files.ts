/** Analysis sets as files: CSV, Dataset-JSON or its NDJSON form, with the list of variables and a page that explains them. */
import { csvLine } from '#domain/exchange/csv.ts'
import {
  type Dataset,
  type DatasetColumn,
  datasetJson,
  datasetNdjson,
} from '#domain/exchange/dataset-json.ts'
import type { AnalysisSet, SetVariable } from './analysis-set.ts'
import type { SetFormat } from './set-formats.ts'

export type SetFile = { name: string; text: Iterable<string> }

/** What the files say of themselves. */
export type SetSource = {
  studyOid: string
  studyName: string
  /** Label and hash of the definition. */
  version: { number: number; label: string; hash: string }
  /** ISO with zone. */
  dataAsOf: string
  createdAt: string
  engineVersion: string
  /** False where arms were left out. */
  hasArms: boolean
  /** The cut the sets are of; null for the data as they are. */
  cut: string | null
}

/** One file a set, `variables.csv` and `README.txt`. */
export function setFiles(
  sets: readonly AnalysisSet[],
  format: SetFormat,
  source: SetSource,
): SetFile[] {
  return [
    { name: 'README.txt', text: [readme(sets, format, source)] },
    { name: 'variables.csv', text: variablesCsv(sets) },
    ...sets.map((set) => ({
      name: `${set.name.toLowerCase()}.${format}`,
      text: setText(set, format, source),
    })),
  ]
}

export function setText(set: AnalysisSet, format: SetFormat, source: SetSource): Iterable<string> {
  if (format === 'csv') return setCsv(set)
  const dataset = datasetOf(set, source)
  return format === 'json' ? datasetJson(dataset) : datasetNdjson(dataset)
}

/** UTF-8 without a byte order mark; missing values are empty, dates ISO, numbers with every digit they have. */
export function* setCsv({ variables, rows }: AnalysisSet): Generator<string> {
  yield csvLine(variables.map(({ name }) => name))
  for (const row of rows) yield csvLine(row.map((cell) => (cell === null ? '' : String(cell))))
}

function* variablesCsv(sets: readonly AnalysisSet[]): Generator<string> {
  yield csvLine(['SET', 'NUMBER', 'NAME', 'LABEL', 'TYPE', 'LENGTH', 'KEY', 'ORIGIN'])
  for (const { name, variables } of sets)
    for (const [at, { name: variable, label, type, length, key, origin }] of variables.entries())
      yield csvLine([
        name,
        String(at + 1),
        variable,
        label,
        type,
        String(length ?? ''),
        String(key ?? ''),
        origin,
      ])
}

export function datasetOf(set: AnalysisSet, source: SetSource): Dataset {
  return {
    datasetJSONCreationDateTime: source.createdAt,
    datasetJSONVersion: '1.1.0',
    fileOID: `${source.studyOid}.${source.version.number}.${source.dataAsOf}.${set.name}`,
    dbLastModifiedDateTime: source.dataAsOf,
    originator: 'Casebook',
    sourceSystem: { name: 'Casebook', version: source.engineVersion },
    studyOID: source.studyOid,
    metaDataVersionOID: `MDV.${source.version.hash}`,
    itemGroupOID: `IG.${set.name}`,
    records: set.rows.length,
    name: set.name,
    label: set.label,
    columns: set.variables.map((variable) => columnOf(set.name, variable)),
    rows: set.rows,
  }
}

/** Dates are text here and numbers to a program (`E8601DA.`), as analysis data sets have them. */
function columnOf(set: string, { name, label, type, length, key }: SetVariable): DatasetColumn {
  const base = { itemOID: `IT.${set}.${name}`, name, label }
  const keySequence = key === null ? {} : { keySequence: key }
  if (type === 'text')
    return { ...base, dataType: 'string', ...(length === null ? {} : { length }), ...keySequence }
  if (type === 'date')
    return {
      ...base,
      dataType: 'date',
      targetDataType: 'integer',
      displayFormat: 'E8601DA.',
      ...keySequence,
    }
  if (type === 'dateTime') return { ...base, dataType: 'datetime', ...keySequence }
  return { ...base, dataType: type, ...keySequence }
}

function readme(sets: readonly AnalysisSet[], format: SetFormat, source: SetSource): string {
  const { version } = source
  const how =
    format === 'csv'
      ? [
          'CSV (RFC 4180), UTF-8. Missing values are empty. A text that a spreadsheet would take for a formula has one apostrophe',
          'before it, and so has a text that begins with an apostrophe: take away one leading apostrophe and the value is exact. In R:',
          '  read <- function(file) { d <- read.csv(file, colClasses = "character", na.strings = "", encoding = "UTF-8")',
          '    d[] <- lapply(d, function(x) sub("^\'", "", x)); d }',
          '  d <- read("adsl.csv"); v <- read("variables.csv"); v <- v[v$SET == "ADSL", ]',
          '  for (n in v$NAME[v$TYPE %in% c("integer", "float")]) d[[n]] <- as.numeric(d[[n]])',
          '  for (n in v$NAME[v$TYPE == "date"]) d[[n]] <- as.Date(d[[n]])',
        ]
      : [
          `CDISC Dataset-JSON 1.1${format === 'ndjson' ? ' as NDJSON: metadata on the first line, then a row a line' : ''}.`,
        ]
  return [
    `Analysis sets of ${source.studyName} (${source.studyOid})`,
    '',
    `Definition ${version.label} (version ${version.number}, ${version.hash})`,
    `Data as of ${source.dataAsOf}${source.cut === null ? '' : `, cut ${source.cut}`}`,
    `Engine ${source.engineVersion}, written ${source.createdAt}`,
    source.hasArms ? '' : 'Arms and what tells them are left out.',
    '',
    ...how,
    '',
    'variables.csv has every variable with its label, type, place in the key and origin.',
    '',
    ...sets.map(
      ({ name, label, rows, variables }) =>
        `${name.padEnd(8)} ${label}: ${rows.length} rows, ${variables.length} variables`,
    ),
    '',
  ].join('\r\n')
}
