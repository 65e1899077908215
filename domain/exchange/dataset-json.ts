/**
 * CDISC Dataset-JSON 1.1, as one JSON object or as NDJSON (the metadata on the first line, then an array per row). Written in
 * the order and spelling of the standard; read strictly: what does not fit the standard is refused with its place, and
 * what fits is kept as it is.
 */
import { z } from 'zod'

const dateTime =
  /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?([+-]([01]\d|2[0-3]):[0-5]\d|Z)?$/

const columnSchema = z.strictObject({
  itemOID: z.string(),
  name: z.string(),
  label: z.string(),
  dataType: z.enum([
    'string',
    'integer',
    'decimal',
    'float',
    'double',
    'boolean',
    'datetime',
    'date',
    'time',
    'URI',
  ]),
  /** What the value is, where text stands for it: `integer` of a date that programs keep as a number. */
  targetDataType: z.enum(['integer', 'decimal']).optional(),
  length: z.int().min(1).optional(),
  displayFormat: z.string().optional(),
  keySequence: z.int().min(1).optional(),
})
export type DatasetColumn = z.infer<typeof columnSchema>

const metadataSchema = z.strictObject({
  datasetJSONCreationDateTime: z.string().regex(dateTime),
  datasetJSONVersion: z.string().regex(/^1\.1(\.(0|[1-9]\d*))?$/),
  fileOID: z.string().optional(),
  dbLastModifiedDateTime: z.string().regex(dateTime).optional(),
  originator: z.string().optional(),
  sourceSystem: z.strictObject({ name: z.string(), version: z.string() }).optional(),
  studyOID: z.string().optional(),
  metaDataVersionOID: z.string().optional(),
  metaDataRef: z.string().optional(),
  itemGroupOID: z.string(),
  records: z.int().min(0),
  name: z.string(),
  label: z.string(),
  columns: z.array(columnSchema),
})
/** All of a data set but its rows. */
export type DatasetMetadata = z.infer<typeof metadataSchema>

const cellSchema = z.union([z.string(), z.number(), z.boolean(), z.null()])
const rowSchema = z.array(cellSchema)
export type DatasetCell = z.infer<typeof cellSchema>
export type DatasetRow = readonly DatasetCell[]
export type Dataset = DatasetMetadata & { rows: readonly DatasetRow[] }

/** Why a text is no Dataset-JSON, with the line or the place in the object. */
export class DatasetJsonProblem extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'DatasetJsonProblem'
  }
}

/** One JSON object, piece by piece so that a large set need not be one text. `records` is the number of rows. */
export function* datasetJson({ rows, ...metadata }: Dataset): Generator<string> {
  const head = JSON.stringify(ordered({ ...metadata, records: rows.length }))
  yield `${head.slice(0, -1)},"rows":[`
  let at = 0
  for (const row of rows) {
    yield `${at === 0 ? '' : ','}\n${JSON.stringify(row)}`
    at++
  }
  yield at === 0 ? ']}\n' : '\n]}\n'
}

/** NDJSON: the same metadata without rows, then a row a line; lines end with LF. */
export function* datasetNdjson({ rows, ...metadata }: Dataset): Generator<string> {
  yield `${JSON.stringify(ordered({ ...metadata, records: rows.length }))}\n`
  for (const row of rows) yield `${JSON.stringify(row)}\n`
}

/** Keys in the order in which the standard lists them. */
function ordered(metadata: DatasetMetadata): DatasetMetadata {
  return metadataSchema.parse(metadata)
}

/** Reads either form. Throws `DatasetJsonProblem`. A file without rows (metadata alone) has none. */
export function readDatasetJson(text: string): Dataset {
  const body = text.startsWith('\uFEFF') ? text.slice(1) : text
  const first = body.slice(0, body.indexOf('\n') + 1 || undefined)
  const whole = parsed(first, 1)
  return whole === undefined || isObjectWithRows(whole)
    ? fromObject(whole ?? parsedOrThrow(body))
    : fromLines(body, whole)
}

function isObjectWithRows(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'rows' in value
}

function fromObject(value: unknown): Dataset {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new DatasetJsonProblem('Dataset-JSON is an object')
  const { rows, ...metadata } = value as { rows?: unknown }
  const head = checked(metadataSchema, metadata, 'metadata')
  const found = rows === undefined ? [] : checked(z.array(z.unknown()), rows, 'rows')
  return withRows(
    head,
    found.map((row, at) => checked(rowSchema, row, `rows[${at}]`)),
  )
}

function fromLines(body: string, first: unknown): Dataset {
  const head = checked(metadataSchema, first, 'line 1')
  const lines = body.split('\n').slice(1)
  const rows: DatasetRow[] = []
  lines.forEach((line, at) => {
    if (line.trim() === '') return
    const place = `line ${at + 2}`
    const row = parsed(line, at + 2)
    if (row === undefined) throw new DatasetJsonProblem(`${place} is no JSON`)
    rows.push(checked(rowSchema, row, place))
  })
  return withRows(head, rows)
}

function withRows(head: DatasetMetadata, rows: readonly DatasetRow[]): Dataset {
  if (rows.length > 0 && rows.length !== head.records)
    throw new DatasetJsonProblem(`records says ${head.records}, there are ${rows.length} rows`)
  const wrong = rows.findIndex((row) => row.length !== head.columns.length)
  if (wrong >= 0)
    throw new DatasetJsonProblem(
      `row ${wrong + 1} has ${rows[wrong]?.length} values for ${head.columns.length} columns`,
    )
  return { ...head, rows }
}

function parsed(text: string, line: number): unknown {
  try {
    return JSON.parse(text)
  } catch {
    if (line > 1) throw new DatasetJsonProblem(`line ${line} is no JSON`)
    return undefined
  }
}

function parsedOrThrow(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new DatasetJsonProblem(error instanceof Error ? error.message : 'no JSON')
  }
}

function checked<T>(schema: z.ZodType<T>, value: unknown, place: string): T {
  const read = schema.safeParse(value)
  if (read.success) return read.data
  const [issue] = read.error.issues
  const where = issue?.path.length ? `${place}.${issue.path.join('.')}` : place
  throw new DatasetJsonProblem(`${where}: ${issue?.message ?? 'is not as the standard says'}`)
}
