/** What people read in the audit trail has words, not names of tables and columns. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { auditedTables } from '#db/audited-tables.ts'
import { type TestDatabase, testDatabase } from '#db/testing/test-database.ts'

type Catalogue = {
  action: Record<string, string>
  entity: Record<string, string>
  column: Record<string, Record<string, string>>
}
const languages = ['en', 'ja', 'zh'] as const
const catalogues = new Map(
  languages.map((language) => [
    language,
    JSON.parse(readFileSync(join('messages', language, 'audit.json'), 'utf8')) as Catalogue,
  ]),
)
const catalogue = (language: (typeof languages)[number]) => catalogues.get(language) as Catalogue

let database: TestDatabase
/** Columns that the trail can hold, by table. */
let columns: Map<string, Set<string>>
beforeAll(async () => {
  database = await testDatabase()
  const { rows } = await database.ownerPool.query<{ table: string; column: string }>(
    `select table_name as "table", column_name as "column" from information_schema.columns
     where table_schema = 'casebook'`,
  )
  columns = new Map(
    auditedTables.map(({ table, excluded }) => [
      table,
      new Set(
        rows.flatMap((row) =>
          row.table === table && !excluded.includes(row.column) ? [row.column] : [],
        ),
      ),
    ]),
  )
  // Kept item by item; the trigger names these itself.
  columns.set('form_record', new Set(['state', 'version_number', 'place']))
})
afterAll(() => database.drop())

it.each(languages)('every audited table and column has words in %s', (language) => {
  const { entity, column } = catalogue(language)
  const lacking: string[] = []
  for (const [table, names] of columns) {
    expect(names.size, table).toBeGreaterThan(0)
    if (!entity[table]?.trim()) lacking.push(table)
    for (const name of names) {
      const words = column[table]?.[name] ?? column.common?.[name]
      if (!words?.trim() || words === name) lacking.push(`${table}.${name}`)
    }
  }
  expect(lacking).toEqual([])
})

it('no words are kept for a column that is none', () => {
  const all = new Set([...columns.values()].flatMap((names) => [...names]))
  const idle = Object.entries(catalogue('en').column).flatMap(([table, words]) =>
    Object.keys(words)
      .filter((name) => !(table === 'common' ? all : columns.get(table))?.has(name))
      .map((name) => `${table}.${name}`),
  )
  expect(idle).toEqual([])
})

it('every act of a person and every event has words', () => {
  const sources = readdirSync('server', { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
    .map((path) => readFileSync(join('server', path), 'utf8'))
  const acts = sources.flatMap((text) =>
    [...text.matchAll(/= command\(\{\s*name: '([\w.-]+)'/g)].map((match) => match[1] as string),
  )
  const personal = sources.flatMap((text) =>
    [...text.matchAll(/= personal\(\{\s*name: '([\w.-]+)',\s*access: 'write'/g)].map(
      (match) => match[1] as string,
    ),
  )
  const events = [
    ...readFileSync('server/audit-event.ts', 'utf8').matchAll(/^ {2}\| '([\w.-]+)'$/gm),
  ].map((match) => match[1] as string)
  expect(acts.length).toBeGreaterThan(30)
  expect(personal.length).toBeGreaterThan(2)
  expect(events.length).toBeGreaterThan(5)
  const { action } = catalogue('en')
  const lacking = [...acts, ...personal, ...events].filter(
    (name) => !action[name.replace('.', '-')],
  )
  expect(lacking).toEqual([])
})
